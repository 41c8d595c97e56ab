"""What becomes of a mail: to whom it belongs, who reads it, and what is never written."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from cast import Cast
from mailboxes.letters import DESK, desk, kept, letter, proven, taken
from parley.conversations.models import Audience, Message
from parley.guard.models import Flag, HeldReply
from parley.guard.modes import MODE
from parley.guard.reviewing import decline, release
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.journal.recording import run_later
from parley.mailboxes import limiting, taking
from parley.mailboxes.access import mailed_of
from parley.mailboxes.message_ids import own_mark
from parley.mailboxes.models import Mailbox, MailedMessage, Outcome, RawMail, ReplyAddress
from parley.mailboxes.reply_addresses import address_of, mail_address, revoke, token_of
from parley.mailboxes.storing import store
from parley.orders.models import Stage
from parley.parties.models import PartyKind, Person, PinUse
from parley.parties.pinning import pin_to_show
from parley.parties.settling import settle
from parley.tickets.disputing import step_in
from parley.tickets.ending import close
from parley.tickets.merging import merge
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.splitting import Part, split
from parley.tickets.states import Side
from shop import Shop

SECRET_LINE = "You will get 40 % off, but do not tell the supplier."


def said_on(ticket: Ticket) -> list[Message]:
    return list(Message.objects.filter(conversation=ticket.conversation_id).order_by("id"))


def why(mail: RawMail) -> str:
    return str(mail.reason.get("code", ""))


# --- a reply address


def test_who_answers_from_their_mailbox_writes_on_the_ticket(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    to = address_of(cast.supplier, ticket=ticket)
    mail = taken(letter(cast.supplier, "It left on Monday.", to=to))
    assert mail.outcome == Outcome.POSTED
    message = said_on(ticket)[-1]
    assert (message.text, message.person, message.party) == (
        "It left on Monday.", cast.supplier.person, cast.northwind,
    )  # fmt: skip
    assert (mail.ticket, mail.person, mail.verified) == (ticket, cast.supplier.person, "token")
    ticket.refresh_from_db()
    assert ticket.turn_party == cast.bright_home
    entry = Entry.objects.get(kind="MailTaken")
    assert entry.data["message"] == message.pk
    assert not entry.data["opened"]
    to.refresh_from_db()
    assert to.used_at is not None


def test_the_token_in_what_is_answered_is_as_good_as_the_address(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    token = token_of(address_of(cast.supplier, ticket=ticket))
    raw = letter(cast.supplier, In_Reply_To=f"<notice-1.ticket-{ticket.pk}.{token}@localhost>")
    assert taken(raw).ticket == ticket


def test_a_token_in_other_hands_writes_nothing(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    to = address_of(cast.supplier, ticket=ticket)
    with proven():
        mail = taken(letter("Eve <eve@elsewhere.example>", to=to))
    assert (mail.outcome, why(mail), mail.person) == (Outcome.REVIEW, "other_sender", None)
    assert len(said_on(ticket)) == 1


def test_a_token_that_was_guessed_is_none(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    right = mail_address(address_of(cast.supplier, ticket=ticket))
    local, _at, host = right.partition("@")
    wrong = f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{host}"
    mail = taken(letter(cast.supplier, to=wrong))
    assert (mail.outcome, why(mail)) == (Outcome.REVIEW, "unproven")
    assert len(said_on(ticket)) == 1


def test_a_revoked_address_writes_nothing(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    to = address_of(cast.supplier, ticket=ticket)
    revoke(cast.supplier.person_id, by=cast.supplier)
    mail = taken(letter(cast.supplier, to=mail_address(to)))
    assert (mail.outcome, why(mail)) == (Outcome.REVIEW, "revoked")
    assert len(said_on(ticket)) == 1


def test_an_answer_to_a_note_is_a_note(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    to = address_of(cast.agent, ticket=ticket, audience=Audience.OPERATOR)
    taken(letter(cast.agent, "I would refund it.", to=to))
    assert said_on(ticket)[-1].audience == Audience.OPERATOR


def test_an_answer_to_one_side_stays_on_that_side(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    step_in(ticket.pk, "We look into it.", by=cast.agent)
    of_side = {"audience": Audience.SIDE, "audience_party": cast.bright_home}
    by_seller = address_of(cast.seller, ticket=ticket, **of_side)  # type: ignore[arg-type]
    by_agent = address_of(cast.agent, ticket=ticket, **of_side)  # type: ignore[arg-type]
    for who, to in ((cast.seller, by_seller), (cast.agent, by_agent)):
        assert taken(letter(who, SECRET_LINE, to=to)).outcome == Outcome.POSTED
        message = said_on(ticket)[-1]
        assert (message.audience, message.audience_party) == (Audience.SIDE, cast.bright_home)


def test_whoever_acts_for_the_company_no_more_writes_nothing(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    to = address_of(cast.supplier, ticket=ticket)
    cast.supplier.active = False
    cast.supplier.save()
    mail = taken(letter(cast.supplier, to=to))
    assert (mail.outcome, why(mail)) == (Outcome.REVIEW, "revoked")


def test_a_token_does_not_help_where_our_own_server_says_it_is_forged(cast: Cast) -> None:
    # Whoever was sent a notice on has the token, and writes any sender there.
    box = desk()
    box.authserv = "mx.market.example"
    box.save()
    ticket = cast.ticket()
    to = address_of(cast.supplier, ticket=ticket)
    domain = cast.supplier.person.email.rpartition("@")[2]
    for result, outcome in (("fail", Outcome.REVIEW), ("none", Outcome.POSTED)):
        said = f"mx.market.example; dmarc={result} (p=reject) header.from={domain}"
        mail = taken(letter(cast.supplier, to=to, Authentication_Results=said))
        assert mail.outcome == outcome
    assert RawMail.objects.first().reason == {
        "code": "unproven", "why": "dmarc_failed", "address": cast.supplier.person.email,
    }  # fmt: skip
    assert len(said_on(ticket)) == 2


def test_two_answering_machines_fall_silent(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    away = "I am away until Monday, and will answer then."
    outcomes = []
    for turn in range(8):
        who = (cast.seller, cast.supplier)[turn % 2]
        to = address_of(who, ticket=ticket)
        outcomes.append(taken(letter(who, f"{away}\n\n{who.party.name}", to=to)).outcome)
    assert outcomes == [Outcome.POSTED] * 6 + [Outcome.REVIEW] * 2
    assert why(RawMail.objects.latest("pk")) == "repeats"
    # Who says something else goes on.
    to = address_of(cast.seller, ticket=ticket)
    assert taken(letter(cast.seller, "Now I am here.", to=to)).outcome == Outcome.POSTED


# --- without a reply address


def test_whoever_is_on_the_ticket_and_proven_writes_by_its_number(cast: Cast) -> None:
    ticket = cast.ticket()
    with proven("dmarc"):
        mail = taken(letter(cast.supplier, "On its way.", subject=f"Re: [{ticket.number}] parcel"))
    assert (mail.outcome, mail.verified) == (Outcome.POSTED, "dmarc")
    assert said_on(ticket)[-1].text == "On its way."


def test_what_was_written_to_somebody_else_and_sent_on_waits(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    for subject in (f"Re: [{ticket.number}] parcel", "Between the two of us"):
        with proven("dkim"):
            mail = taken(letter(cast.supplier, to="friend@elsewhere.example", subject=subject))
        assert (mail.outcome, why(mail)) == (Outcome.REVIEW, "not_to_us")
    assert len(said_on(ticket)) == 1


def test_a_forged_sender_never_writes_into_a_ticket(cast: Cast) -> None:
    ticket = cast.ticket()
    with proven("", why="dkim_fails"):
        mail = taken(letter(cast.supplier, subject=f"Re: [{ticket.number}] parcel"))
    assert mail.outcome == Outcome.REVIEW
    assert mail.reason["why"] == "dkim_fails"
    assert (mail.person, mail.ticket) == (None, None)
    assert len(said_on(ticket)) == 1


@pytest.mark.parametrize("way", ["imap", "smtp", "webhook"])
def test_a_mailboxs_server_is_believed_of_what_came_through_it(cast: Cast, way: str) -> None:
    box = desk()
    box.imap_host, box.authserv = "imap.market.example", "mx.market.example"
    box.save()
    passed = f"mx.market.example; dmarc=pass header.from={cast.seller.person.email.split('@')[1]}"
    raw = f"Authentication-Results: {passed}\r\n".encode() + letter(cast.seller)
    arrival = (1, 1) if way == "imap" else None
    mail = store(raw, way=way, mailbox=box, arrival=arrival)
    taking.take(mail.pk)
    mail.refresh_from_db()
    assert mail.verified == ("dmarc" if way == "imap" else "")
    assert mail.outcome == (Outcome.OPENED if way == "imap" else Outcome.REVIEW)


def test_who_is_proven_but_not_on_the_ticket_does_not_write_on_it(cast: Cast) -> None:
    ticket = cast.ticket()
    with proven():
        mail = taken(letter(cast.other_seller, subject=f"[{ticket.number}] let me see"))
    assert mail.outcome == Outcome.OPENED
    assert mail.ticket != ticket
    assert len(said_on(ticket)) == 1


def test_what_may_answer_a_word_to_one_side_is_not_shown_to_everybody(cast: Cast) -> None:
    ticket = cast.ticket()
    step_in(ticket.pk, "We look into it.", by=cast.agent)
    only_seller = Reply(text=SECRET_LINE, audience=Audience.SIDE, side=Side.OPENER)
    reply(ticket.pk, only_seller, by=cast.agent)
    count = len(said_on(ticket))
    with proven():
        seller, supplier = (
            taken(letter(who, subject=f"Re: [{ticket.number}] parcel"))
            for who in (cast.seller, cast.supplier)
        )
    assert (seller.outcome, why(seller)) == (Outcome.REVIEW, "who_reads")
    # Nothing was said to the supplier's side alone.
    assert supplier.outcome == Outcome.POSTED
    assert len(said_on(ticket)) == count + 1


def test_nor_when_that_word_stands_on_another_ticket_by_now(cast: Cast) -> None:
    merged, parted, other = cast.ticket(), cast.ticket(), cast.ticket()
    for ticket in (merged, parted):
        said = Reply(text=SECRET_LINE, audience=Audience.SIDE, side=Side.OPENER)
        reply(ticket.pk, said, by=cast.agent)
        of_side = {"audience": Audience.SIDE, "audience_party": cast.bright_home}
        if ticket is parted:
            address_of(cast.seller, ticket=ticket, **of_side)  # type: ignore[arg-type]
    merge(merged.pk, other.pk, by=cast.agent)
    reply(parted.pk, Reply(text="And the invoice?"), by=cast.seller)
    part = Part(messages=[one.pk for one in said_on(parted)[1:]], title="The rest")
    split(parted.pk, part, by=cast.agent)
    with proven():
        for ticket in (merged, parted):
            mail = taken(letter(cast.seller, subject=f"Re: [{ticket.number}] parcel"))
            assert (mail.outcome, why(mail)) == (Outcome.REVIEW, "who_reads")


def test_while_names_cannot_be_looked_up_it_waits(cast: Cast) -> None:
    with proven("", why="dns", temporary=True):
        mail = taken(letter(cast.supplier))
    assert (mail.outcome, why(mail)) == (Outcome.WAITING, "later")
    RawMail.objects.update(try_at=mail.received_at)
    with proven():
        assert taking.sweep() == 1
    mail.refresh_from_db()
    assert mail.outcome == Outcome.OPENED


def test_in_the_end_somebody_looks_at_what_cannot_be_looked_up(cast: Cast) -> None:
    mail = kept(letter(cast.supplier))
    with proven("", why="dns", temporary=True):
        for _time in range(taking.MOST_ATTEMPTS):
            RawMail.objects.update(try_at=mail.received_at)
            taking.take(mail.pk)
    mail.refresh_from_db()
    assert (mail.outcome, why(mail)) == (Outcome.REVIEW, "unproven")


# --- new tickets


def test_one_of_our_people_opens_a_ticket(cast: Cast) -> None:
    with proven():
        mail = taken(letter(cast.seller_member, "Где деньги?", subject="Re: Выплата"))
    assert mail.outcome == Outcome.OPENED
    ticket = mail.ticket
    assert ticket is not None
    assert (ticket.title, ticket.opener, ticket.counterparty) == (
        "Выплата", cast.bright_home, cast.operator,
    )  # fmt: skip
    assert ticket.opener_person == cast.seller_member.person
    taken_ = Entry.objects.get(kind="MailTaken").data
    assert taken_["opened"]
    assert taken_["answered"]
    assert cast.seller_member.person.email not in str(taken_)
    assert Entry.objects.get(kind="TicketOpened").data["via"] == "mail"


def test_a_second_new_matter_within_minutes_is_not_lost(cast: Cast) -> None:
    with proven():
        first, second = (taken(letter(cast.seller, f"Matter {n}", subject=f"{n}")) for n in (1, 2))
    assert {first.outcome, second.outcome} == {Outcome.OPENED}
    assert first.ticket != second.ticket


def test_what_goes_on_an_own_mail_goes_into_its_ticket(cast: Cast) -> None:
    with proven():
        first = taken(letter(cast.seller, "One thing."))
        second = taken(letter(cast.seller, "And another.", References=first.message_id))
    assert second.outcome == Outcome.POSTED
    assert second.ticket == first.ticket


def test_who_was_sent_a_copy_goes_on_in_the_ticket_of_their_company(cast: Cast) -> None:
    with proven():
        first = taken(letter(cast.seller, "One thing.", Cc=cast.seller_member.person.email))
        colleague, stranger = (
            taken(letter(who, "Me, too.", In_Reply_To=first.message_id))
            for who in (cast.seller_member, "copied@elsewhere.example")
        )
    assert (colleague.outcome, colleague.ticket) == (Outcome.POSTED, first.ticket)
    assert stranger.ticket != first.ticket


def test_a_stranger_opens_a_ticket_for_review(cast: Cast) -> None:
    with proven(""):
        mail = taken(letter("Petra Stranger <petra@elsewhere.example>", "Do you ship to Malta?"))
    assert (mail.outcome, why(mail)) == (Outcome.REVIEW, "stranger")
    ticket = mail.ticket
    assert ticket is not None
    assert ticket.opener.kind == PartyKind.VISITOR
    assert ticket.counterparty == cast.operator
    assert ticket.opener_person is not None
    assert ticket.opener_person.mailbox == "petra@elsewhere.example"
    assert not Entry.objects.get(kind="MailTaken").data["answered"]
    assert Entry.objects.get(kind="MailHeldForReview").data["why"] == "stranger"


def test_a_known_address_that_is_not_proven_is_attributed_to_nobody(cast: Cast) -> None:
    with proven(""):
        mail = taken(letter(cast.seller, "Change my bank account."))
    assert (mail.outcome, why(mail), mail.person, mail.ticket) == (
        Outcome.REVIEW, "unproven", None, None,
    )  # fmt: skip
    assert not Ticket.objects.exists()


def test_strangers_are_one_visitor_an_address(cast: Cast) -> None:
    with proven():
        first, second = (taken(letter("P@elsewhere.example", f"{n}")) for n in (1, 2))
    assert first.person == second.person
    assert Person.objects.filter(contact__iexact="p@elsewhere.example").count() == 1


def test_an_address_that_only_looks_the_same_is_somebody_elses(cast: Cast) -> None:
    desk()
    with proven():
        first = taken(letter("Boris <boris@mail.example>", "Where is it?"))
    assert first.ticket is not None
    for lookalike in ("boris@ma\u0131l.example", "boris@xn--mal-nza.example"):
        with proven():
            mail = taken(
                letter(f"Boris <{lookalike}>", "Send it on.", In_Reply_To=first.message_id)
            )
        assert mail.person != first.person
        assert mail.ticket != first.ticket


def test_copies_make_nobody_a_participant(cast: Cast) -> None:
    ticket = cast.ticket()
    sides, people = ticket.sides.count(), Person.objects.count()
    with proven():
        taken(letter(cast.supplier, subject=f"[{ticket.number}]", Cc="x@elsewhere.example"))
    assert (ticket.sides.count(), Person.objects.count()) == (sides, people)


def test_the_operators_own_people_open_nothing_by_mail(cast: Cast) -> None:
    with proven():
        mail = taken(letter(cast.agent))
    assert (mail.outcome, why(mail)) == (Outcome.REVIEW, "own_people")


def test_the_mailboxs_topic_is_that_of_its_tickets(cast: Cast) -> None:
    box = desk()
    box.topic = cast.payouts
    box.save()
    with proven():
        known = taken(letter(cast.seller))
        stranger = taken(letter("s@elsewhere.example"))
    assert known.ticket is not None
    assert known.ticket.topic == cast.payouts
    assert stranger.ticket is not None  # who may not open that one, opens one by mail all the same
    assert stranger.ticket.topic != cast.payouts


# --- the same mail


def test_the_same_mail_over_two_ways_makes_one_message(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    raw = letter(cast.supplier, to=address_of(cast.supplier, ticket=ticket))
    first = taken(raw)
    second = taken(b"Received: from somewhere else\r\n" + raw)
    assert (first.outcome, second.outcome) == (Outcome.POSTED, Outcome.DUPLICATE)
    assert second.reason == {"code": "same_as", "mail": first.pk}
    assert second.ticket == ticket
    assert len(said_on(ticket)) == 2


@pytest.mark.parametrize(
    "above", [b"List-Id: <all.market.example>\r\n", b"Auto-Submitted: auto-generated\r\n"]
)
def test_a_copy_by_a_mailing_list_does_not_stand_in_for_the_mail(cast: Cast, above: bytes) -> None:
    desk()
    ticket = cast.ticket()
    raw = letter(cast.supplier, to=address_of(cast.supplier, ticket=ticket))
    copy, again = taken(above + raw), taken(above + b"X-Way: another\r\n" + raw)
    assert (copy.outcome, again.outcome) == (Outcome.AUTOMATIC, Outcome.DUPLICATE)
    mail = taken(raw)
    assert (mail.outcome, mail.ticket) == (Outcome.POSTED, ticket)
    copy.refresh_from_db()
    assert (copy.outcome, copy.reason["mail"]) == (Outcome.DUPLICATE, mail.pk)
    assert taken(b"X-Way: a third\r\n" + raw).outcome == Outcome.DUPLICATE
    assert len(said_on(ticket)) == 2


def test_a_copy_that_proves_nothing_does_not_stand_in_for_one_that_does(cast: Cast) -> None:
    raw = letter(cast.seller)
    with proven(""):
        copy = taken(raw)
    assert copy.outcome == Outcome.REVIEW
    with proven():
        mail = taken(b"X-Way: another\r\n" + raw)
    assert mail.outcome == Outcome.OPENED
    copy.refresh_from_db()
    assert (copy.outcome, copy.ticket) == (Outcome.DUPLICATE, mail.ticket)


def test_a_message_id_that_is_used_again_for_something_else_is_another_mail(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    to = address_of(cast.supplier, ticket=ticket)
    for text in ("One.", "Two."):
        taken(letter(cast.supplier, text, to=to, Message_ID="<same@printer.example>"))
    assert [message.text for message in said_on(ticket)[1:]] == ["One.", "Two."]


def test_what_was_taken_in_is_not_taken_in_again(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    mail = taken(letter(cast.supplier, to=address_of(cast.supplier, ticket=ticket)))
    taking.take(mail.pk)
    assert len(said_on(ticket)) == 2


# --- robots


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.shop.example>"},
        {"X_Auto_Response_Suppress": "All", "Auto_Submitted": "auto-generated"},
    ],
)
def test_what_no_person_wrote_is_listed_and_nothing_else(
    cast: Cast, headers: dict[str, str]
) -> None:
    desk()
    ticket = cast.ticket()
    mail = taken(letter(cast.supplier, to=address_of(cast.supplier, ticket=ticket), **headers))
    assert mail.outcome == Outcome.AUTOMATIC
    assert mail.reason["code"]
    assert len(said_on(ticket)) == 1
    assert not Entry.objects.filter(kind="MailTaken").exists()


def test_a_mail_without_a_sender_for_its_server_is_a_machines(cast: Cast) -> None:
    assert taken(letter(cast.supplier), envelope_from="<>").outcome == Outcome.AUTOMATIC


def test_our_own_mail_that_comes_back_is_ours(cast: Cast) -> None:
    desk()
    ours = letter(f"Market <{DESK}>", to=DESK)
    marked = letter(cast.supplier, X_Parley=own_mark(), Auto_Submitted="auto-generated")
    assert {taken(ours).outcome, taken(marked).outcome} == {Outcome.OWN}


def test_an_address_is_answered_by_a_machine_once_an_hour(cast: Cast) -> None:
    assert limiting.may_answer("a@shop.example")
    assert not limiting.may_answer("A@shop.example ")
    assert limiting.may_answer("b@shop.example")


# --- bounds


def test_more_than_an_hours_mails_of_one_sender_wait(cast: Cast) -> None:
    settle(limiting.PER_SENDER, 2, by=cast.admin)
    with proven():
        outcomes = [taken(letter(cast.seller, f"{n}")).outcome for n in range(3)]
    assert outcomes == [Outcome.OPENED, Outcome.OPENED, Outcome.REVIEW]


def test_forged_mails_do_not_shut_out_whose_name_they_bear(cast: Cast) -> None:
    settle(limiting.PER_SENDER, 2, by=cast.admin)
    with proven(""):
        for n in range(3):
            assert taken(letter(cast.seller, f"{n}")).outcome == Outcome.REVIEW
            taken(letter(cast.seller, f"away {n}", Auto_Submitted="auto-replied"))
    with proven():
        assert taken(letter(cast.seller)).outcome == Outcome.OPENED


def test_what_has_lain_in_a_mailbox_is_no_flood(cast: Cast) -> None:
    settle(limiting.PER_SENDER, 1, by=cast.admin)
    box, days_ago = desk(), format_datetime(now() - timedelta(days=2))
    with proven():
        for n in range(3):
            raw = letter(cast.seller, f"{n}", Date=days_ago)
            taking.take(store(raw, way="imap", mailbox=box, arrival=(1, n + 1)).pk)
    assert {mail.outcome for mail in RawMail.objects.all()} == {Outcome.OPENED}


def test_a_flood_of_strangers_opens_no_flood_of_tickets(cast: Cast) -> None:
    settle(limiting.STRANGERS, 2, by=cast.admin)
    with proven(""):
        mails = [taken(letter(f"s{n}@elsewhere.example")) for n in range(3)]
    assert [mail.ticket is not None for mail in mails] == [True, True, False]
    assert why(mails[2]) == "many_strangers"


# --- the ticket's own rules


def test_an_answer_to_an_ended_ticket_opens_another_about_it(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    to = address_of(cast.seller, ticket=ticket)
    close(ticket.pk, by=cast.seller)
    mail = taken(letter(cast.seller, "It broke again.", to=to))
    assert mail.outcome == Outcome.OPENED
    assert mail.reason == {"code": "follow_up", "ticket": ticket.pk}
    assert mail.ticket is not None
    assert (mail.ticket.continues, mail.ticket.counterparty) == (ticket, cast.northwind)


def test_what_such_an_answer_quotes_is_not_shown_to_the_other_side(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    to = address_of(cast.seller, ticket=ticket)
    close(ticket.pk, by=cast.seller)
    quote = f"On Mon, 2 Mar 2026 at 10:00, Olga <olga@market.example> wrote:\n> {SECRET_LINE}\n"
    mail = taken(letter(cast.seller, quote, to=to, files={"photo.bin": b"broken"}))
    assert mail.ticket is not None
    assert mail.ticket.counterparty == cast.northwind
    (message,) = said_on(mail.ticket)
    assert SECRET_LINE not in message.text
    assert MailedMessage.objects.get(message=message).folded


def test_the_other_side_goes_on_with_the_operator(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    to = address_of(cast.supplier, ticket=ticket)
    close(ticket.pk, by=cast.seller)
    mail = taken(letter(cast.supplier, to=to))
    assert mail.ticket is not None
    assert (mail.ticket.continues, mail.ticket.counterparty) == (ticket, cast.operator)


def test_an_answer_to_a_merged_ticket_goes_where_that_went(cast: Cast) -> None:
    desk()
    source, target = cast.ticket(), cast.ticket()
    to = address_of(cast.seller, ticket=source)
    merge(source.pk, target.pk, by=cast.agent)
    mail = taken(letter(cast.seller, to=to))
    assert (mail.outcome, mail.ticket) == (Outcome.POSTED, target)


def test_the_guard_holds_what_leads_away(cast: Cast) -> None:
    desk()
    settle(MODE, "hold", by=cast.admin)
    ticket = cast.ticket()
    to = address_of(cast.supplier, ticket=ticket)
    mail = taken(letter(cast.supplier, "Call me: +44 20 7946 0958", to=to))
    assert (mail.outcome, mail.ticket) == (Outcome.HELD, ticket)
    assert HeldReply.objects.get().sender == cast.supplier
    assert len(said_on(ticket)) == 1


def test_what_was_held_and_is_released_came_by_mail_all_the_same(cast: Cast) -> None:
    desk()
    settle(MODE, "hold", by=cast.admin)
    to = address_of(cast.supplier, ticket=cast.ticket())
    mails = [
        taken(letter(cast.supplier, f"Call +44 20 7946 0958, {word}\n\n-- \nNora", to=to))
        for word in ("please", "now")
    ]
    first, second = HeldReply.objects.order_by("id")
    release(first.pk, by=cast.agent)
    decline(second.pk, "Not by phone.", by=cast.agent)
    for entry in Entry.objects.filter(kind__startswith="HeldReply"):
        run_later(entry.pk)
    assert [RawMail.objects.get(pk=mail.pk).outcome for mail in mails] == [
        Outcome.POSTED, Outcome.DECLINED,
    ]  # fmt: skip
    assert "Nora" in MailedMessage.objects.get().signature


def test_the_guard_that_warns_lets_it_go(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    to = address_of(cast.supplier, ticket=ticket)
    mail = taken(letter(cast.supplier, "Call me: +44 20 7946 0958", to=to))
    assert mail.outcome == Outcome.POSTED
    assert not Flag.objects.exists()  # it is flagged by the reaction of every message, told later


def test_a_pin_is_verified_and_masked_wherever_it_stands(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    pin = pin_to_show(by=cast.supplier).digits
    text = f"My PIN is {pin}.\n\n-- \nNora\nPIN {pin}\n"
    to = address_of(cast.supplier, ticket=ticket)
    mail = taken(letter(cast.supplier, text, to=to, subject=f"PIN {pin}"))
    message = said_on(ticket)[-1]
    beside = MailedMessage.objects.get(message=message)
    for kept_text in (message.text, beside.signature, beside.folded, mail.subject):
        assert pin not in kept_text
    assert PinUse.objects.get().outcome == "right"


# --- what stands beside the text


def test_quote_and_signature_are_kept_for_the_writers_side_and_the_operator(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    text = "Yes.\n\n-- \nNora North\n\nOn Monday, Selma Seller wrote:\n> Is it there?\n"
    taken(letter(cast.supplier, text, to=address_of(cast.supplier, ticket=ticket)))
    message = said_on(ticket)[-1]
    assert message.text.startswith("Yes.")
    readers = (cast.supplier_member, cast.agent, cast.seller)
    seen = [message.pk in mailed_of(reader, [message.pk]) for reader in readers]
    assert seen == [True, True, False]


def test_files_come_along(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    raw = letter(
        cast.supplier,
        to=address_of(cast.supplier, ticket=ticket),
        files={"note.pdf": b"%PDF-1.4 x"},
    )
    taken(raw)
    assert [file.name for file in said_on(ticket)[-1].attachments.all()] == ["note.pdf"]


def test_a_file_that_is_too_large_is_left_out_and_said(cast: Cast, settings: object) -> None:
    settings.FILE_LIMIT = 100  # type: ignore[attr-defined]
    desk()
    ticket = cast.ticket()
    files = {"small.txt": b"x" * 50, "large.bin": b"\x00" * 200}
    mail = taken(letter(cast.supplier, to=address_of(cast.supplier, ticket=ticket), files=files))
    assert mail.outcome == Outcome.POSTED
    assert mail.reason == {"code": "left_out", "files": [["large.bin", "too_large"]]}
    assert [file.name for file in said_on(ticket)[-1].attachments.all()] == ["small.txt"]


def test_a_mail_with_nothing_new_in_it_waits(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    mail = taken(letter(cast.supplier, " \n", to=address_of(cast.supplier, ticket=ticket)))
    assert (mail.outcome, why(mail)) == (Outcome.REVIEW, "empty")


@pytest.mark.parametrize("below", ["", "\n\nYes, on Tuesday."])
def test_an_answer_that_is_all_quote_is_not_shown_to_those_who_did_not_get_it(
    cast: Cast, below: str
) -> None:
    desk()
    ticket = cast.ticket()
    quote = (
        "-----Original Message-----\nFrom: Harbour Market <support@market.example>\n"
        "Sent: Monday, November 2, 2026 10:04 AM\nTo: Sami Supplier\n"
        "Subject: Re: Late parcel\n\nBetween us: the seller has been warned twice."
    )
    to = address_of(cast.supplier, ticket=ticket)
    mail = taken(letter(cast.supplier, quote + below, to=to))
    assert (mail.outcome, why(mail)) == (Outcome.REVIEW, "quote_first")
    assert "Between us" not in said_on(ticket)[-1].text


def test_what_is_longer_than_a_message_goes_along_as_a_file(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    text = "\n".join(f"Line {n} of what the driver told me." for n in range(3_000))
    taken(letter(cast.supplier, text, to=address_of(cast.supplier, ticket=ticket)))
    message = said_on(ticket)[-1]
    assert message.text.startswith("Line 0 ")
    assert [file.name for file in message.attachments.all()] == ["mail.txt"]


# --- one that can't be read


def test_one_mail_that_breaks_us_holds_no_other_up(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = kept(letter(cast.seller, "BREAK")), kept(letter(cast.seller, "Fine."))
    real = taking.understand

    def understand(raw: bytes) -> object:
        if b"BREAK" in raw:
            raise ZeroDivisionError
        return real(raw)

    monkeypatch.setattr(taking, "understand", understand)
    with proven():
        assert taking.sweep() == 2
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.outcome, why(broken)) == (Outcome.SET_ASIDE, "unreadable")
    assert fine.outcome == Outcome.OPENED


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 100,
        b"\xff\xfe\r\n\r\n\xff",
        b"no header at all",
        b"From: <a\x00b@shop.example>\r\nSubject: \x00\r\n\r\n\x00",
        b"From: =?utf-8?q?=ED=A0=80?= <x@shop.example>\r\nSubject: =?utf-8?q?=ED=A0=80?=\r\n\r\nx",
        b"From: " + b"a" * 400 + b"@shop.example\r\nSubject: long\r\n\r\nx",
        b"From: x@visitors.invalid\r\n\r\nx",
        b"From: x@shop.example\r\nIn-Reply-To: <\x00>\r\nReferences: " + b"<a@b> " * 9_000
        + b"\r\nSubject: [T-999999999999999999] " + b"y" * 9_000 + b"\r\n\r\nx",
        b"From: x@shop.example\r\nAuto-Submitted: \xff\x00auto-replied\r\n\r\nx",
    ],
)  # fmt: skip
def test_whatever_comes_is_settled(cast: Cast, raw: bytes) -> None:
    with proven(""):
        mail = taken(raw)
    assert mail.outcome in (Outcome.REVIEW, Outcome.AUTOMATIC), (mail.outcome, mail.reason)


def test_a_mail_that_takes_its_workers_with_it_is_set_aside(cast: Cast) -> None:
    mail = kept(letter(cast.seller))
    RawMail.objects.update(attempts=taking.MOST_ATTEMPTS)
    taking.take(mail.pk)
    mail.refresh_from_db()
    assert (mail.outcome, why(mail)) == (Outcome.SET_ASIDE, "given_up")


def test_a_killed_worker_leaves_a_mail_to_the_next(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk()
    ticket = cast.ticket()
    mail = kept(letter(cast.supplier, to=address_of(cast.supplier, ticket=ticket)))

    def killed(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("parley.mailboxes.writing.keep_beside", killed)
        with pytest.raises(KeyboardInterrupt):
            taking.take(mail.pk)
    assert len(said_on(ticket)) == 1
    assert taking.sweep() == 0  # not due: somebody may be at it still
    RawMail.objects.update(try_at=mail.received_at)
    assert taking.sweep() == 1
    assert len(said_on(ticket)) == 2


def test_a_reply_address_without_a_mailbox_is_none(cast: Cast) -> None:
    assert not Mailbox.objects.exists()
    assert mail_address(ReplyAddress(pk=1, nonce="x")) == ""


def test_an_answer_to_a_mail_about_an_order_is_a_ticket_about_it(shop: Shop) -> None:
    desk()
    order = shop.order(stage=Stage.QUEUED)
    mail = taken(letter(shop.cast.seller, "Why?", to=address_of(shop.cast.seller, order=order)))
    assert mail.ticket is not None
    assert (mail.ticket.order, mail.ticket.counterparty) == (order, shop.cast.operator)
