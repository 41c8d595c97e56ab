"""Looking at mails that were not written as they came."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from cast import Cast
from mailboxes.letters import desk, letter, proven, taken
from parley.conversations.models import Audience, Message
from parley.journal.models import Entry
from parley.mailboxes import depth, reviewing
from parley.mailboxes.access import mailboxes_visible_to, mails_visible_to, raw_of
from parley.mailboxes.models import Outcome, RawMail
from parley.mailboxes.reasons import TOO_LARGE, reason
from parley.mailboxes.reply_addresses import address_of
from parley.mailboxes.reviewing import CannotBeLetIn, NothingToReview
from parley.mailboxes.storing import MailGone, store
from parley.parties.models import PartyKind
from parley.tickets.disputing import step_in
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.states import Side


def said_on(ticket: Ticket) -> list[Message]:
    return list(Message.objects.filter(conversation=ticket.conversation_id).order_by("id"))


def unproven(cast: Cast, ticket: Ticket) -> RawMail:
    with proven(""):
        return taken(letter(cast.supplier, "It left.", subject=f"[{ticket.number}]"))


def test_what_is_let_in_is_written_as_whom_its_address_names(cast: Cast) -> None:
    ticket = cast.ticket()
    mail = unproven(cast, ticket)
    assert reviewing.let_in(mail.pk, by=cast.agent) == ticket
    message = said_on(ticket)[-1]
    assert (message.text, message.person) == ("It left.", cast.supplier.person)
    mail.refresh_from_db()
    assert (mail.outcome, mail.verified, mail.reviewed_by) == (
        Outcome.POSTED, "let_in", cast.agent.person,
    )  # fmt: skip
    reviewed = Entry.objects.get(kind="MailReviewed")
    assert (reviewed.person_id, reviewed.data["outcome"]) == (cast.agent.person_id, "let_in")


def test_it_is_let_in_once(cast: Cast) -> None:
    ticket = cast.ticket()
    mail = unproven(cast, ticket)
    reviewing.let_in(mail.pk, by=cast.agent)
    with pytest.raises(NothingToReview):
        reviewing.let_in(mail.pk, by=cast.lead)
    assert len(said_on(ticket)) == 2


def test_an_answer_from_another_address_is_let_in_as_whose_token_it_has(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    mail = taken(letter("nora@home.example", to=address_of(cast.supplier, ticket=ticket)))
    assert mail.reason["code"] == "other_sender"
    reviewing.let_in(mail.pk, by=cast.agent)
    assert said_on(ticket)[-1].person == cast.supplier.person


def test_what_may_be_for_one_side_is_let_in_for_no_more(cast: Cast) -> None:
    ticket = cast.ticket()
    step_in(ticket.pk, "We look into it.", by=cast.agent)
    word = Reply(text="Only for you.", audience=Audience.SIDE, side=Side.OPENER)
    reply(ticket.pk, word, by=cast.agent)
    with proven():
        mail = taken(letter(cast.seller, "I see.", subject=f"[{ticket.number}]"))
    assert mail.reason["code"] == "who_reads"
    reviewing.let_in(mail.pk, by=cast.agent)
    message = said_on(ticket)[-1]
    assert (message.audience, message.audience_party) == (Audience.SIDE, cast.bright_home)


def test_a_robot_that_was_a_person_is_let_in(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    raw = letter(cast.supplier, to=address_of(cast.supplier, ticket=ticket), Precedence="bulk")
    mail = taken(raw)
    assert mail.outcome == Outcome.AUTOMATIC
    reviewing.let_in(mail.pk, by=cast.agent)
    assert len(said_on(ticket)) == 2


def test_what_an_address_may_not_write_is_not_let_in(cast: Cast) -> None:
    ticket = cast.ticket()
    mail = unproven(cast, ticket)
    cast.supplier.person.is_active = False
    cast.supplier.person.save()
    with pytest.raises(CannotBeLetIn) as refused:
        reviewing.let_in(mail.pk, by=cast.agent)
    assert refused.value.reason["code"] == "no_account"
    mail.refresh_from_db()
    assert mail.outcome == Outcome.REVIEW


def test_a_ticket_can_be_opened_in_nobodys_name(cast: Cast) -> None:
    with proven(""):
        mail = taken(letter(cast.seller, "Change my bank account."))
    ticket = reviewing.open_from(mail.pk, by=cast.agent)
    assert ticket.opener.kind == PartyKind.VISITOR
    assert ticket.opener_person != cast.seller.person
    mail.refresh_from_db()
    assert (mail.outcome, mail.ticket) == (Outcome.OPENED, ticket)
    assert Entry.objects.get(kind="MailReviewed").data["outcome"] == "opened"


@pytest.mark.parametrize("sender", ["Nobody <not an address>", "x@mail.invalid" + "x" * 300, "a@b"])
def test_nobody_is_made_of_what_is_no_address(cast: Cast, sender: str) -> None:
    mail = taken(letter(sender))
    assert mail.outcome == Outcome.REVIEW
    with pytest.raises(CannotBeLetIn):
        reviewing.open_from(mail.pk, by=cast.agent)


def test_a_strangers_ticket_is_found_good(cast: Cast) -> None:
    with proven():
        mail = taken(letter("petra@elsewhere.example"))
        assert reviewing.let_in(mail.pk, by=cast.agent) == mail.ticket
        again = taken(letter("petra@elsewhere.example", "One more thing."))
    mail.refresh_from_db()
    # Whoever was looked at once, and shows that it is them, is not looked at again.
    assert {mail.outcome, again.outcome} == {Outcome.OPENED}
    assert Ticket.objects.count() == 2


def test_declining_ends_the_ticket_of_a_stranger(cast: Cast) -> None:
    with proven(""):
        mail = taken(letter("spam@elsewhere.example", "Buy!"))
    reviewing.decline(mail.pk, by=cast.agent)
    mail.refresh_from_db()
    assert (mail.outcome, mail.reviewed_by) == (Outcome.DECLINED, cast.agent.person)
    assert mail.ticket is not None
    assert mail.ticket.status == "cancelled"


def test_a_stranger_who_was_declined_by_mistake_gets_a_ticket_after_all(cast: Cast) -> None:
    with proven(""):
        mail = taken(letter("petra@elsewhere.example", "It never came."))
    reviewing.decline(mail.pk, by=cast.agent)
    ticket = reviewing.let_in(mail.pk, by=cast.lead)
    assert ticket != mail.ticket
    assert [message.text for message in said_on(ticket)] == ["It never came."]
    mail.refresh_from_db()
    assert (mail.outcome, mail.ticket) == (Outcome.OPENED, ticket)


def test_what_was_declined_by_mistake_can_be_let_in(cast: Cast) -> None:
    ticket = cast.ticket()
    mail = unproven(cast, ticket)
    reviewing.decline(mail.pk, by=cast.agent)
    reviewing.let_in(mail.pk, by=cast.lead)
    assert len(said_on(ticket)) == 2


def test_trying_again_decides_anew(cast: Cast) -> None:
    ticket = cast.ticket()
    mail = unproven(cast, ticket)
    reviewing.try_again(mail.pk, by=cast.agent)
    mail.refresh_from_db()
    assert mail.outcome == Outcome.WAITING
    from parley.mailboxes import taking

    with proven():
        taking.take(mail.pk)
    mail.refresh_from_db()
    assert mail.outcome == Outcome.POSTED
    with pytest.raises(NothingToReview):
        reviewing.try_again(mail.pk, by=cast.agent)


def test_what_was_too_large_to_fetch_is_listed_and_declined_at_most(cast: Cast) -> None:
    why = reason(TOO_LARGE, size=60_000_000, limit=50_000_000)
    mail = store(letter(cast.seller, subject="Film"), way="imap", mailbox=desk(), set_aside=why)
    assert (mail.outcome, mail.subject, mail.sender) == (
        Outcome.SET_ASIDE, "Film", cast.seller.person.email,
    )  # fmt: skip
    with pytest.raises(MailGone):
        reviewing.let_in(mail.pk, by=cast.agent)
    reviewing.decline(mail.pk, by=cast.agent)


def test_it_is_the_operators_people_who_look_at_mail(cast: Cast) -> None:
    mail = unproven(cast, cast.ticket())
    assert not mails_visible_to(cast.seller).exists()
    assert mails_visible_to(cast.agent).get() == mail
    for act in (reviewing.let_in, reviewing.open_from, reviewing.decline, reviewing.try_again):
        with pytest.raises(PermissionDenied):
            act(mail.pk, by=cast.seller)


def test_the_raw_mail_is_for_administrators_and_that_they_took_it_is_journalled(cast: Cast) -> None:
    mail = unproven(cast, cast.ticket())
    with pytest.raises(PermissionDenied):
        raw_of(mail, cast.lead)
    assert b"It left." in raw_of(mail, cast.admin)
    assert Entry.objects.get(kind="MailDownloaded").person_id == cast.admin.person_id
    desk()
    assert not mailboxes_visible_to(cast.lead).exists()
    assert mailboxes_visible_to(cast.admin).count() == 1


def test_how_much_waits(cast: Cast) -> None:
    assert depth.queue() == depth.Queue(waiting=0, oldest=None, review=0, set_aside=0)
    unproven(cast, cast.ticket())
    waiting = store(letter(cast.seller), way="lmtp", mailbox=None)
    store(b"Subject: x\r\n\r\n", way="imap", mailbox=None, set_aside=reason(TOO_LARGE, size=9))
    queue = depth.queue()
    assert (queue.waiting, queue.review, queue.set_aside) == (1, 1, 1)
    assert queue.oldest == waiting.received_at
