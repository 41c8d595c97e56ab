"""Every mail is answered from the mailbox, and the answer goes no further than what it answers."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest

from cast import Cast
from notifications.conftest import Tell
from notifications.mailbox import Mailbox as Server
from notifications.mailbox import html_of, text_of
from parley.conversations.models import Audience
from parley.journal.moment import now
from parley.mail_parsing.understood import Address, Understood
from parley.mailboxes.events import MailTaken
from parley.mailboxes.models import Mailbox, RawMail, ReplyAddress, Way
from parley.mailboxes.reply_addresses import find, revoke, token_of
from parley.notifications import mailing
from parley.notifications.acknowledging import acknowledge
from parley.notifications.mailing import send_due
from parley.notifications.models import Mail
from parley.tickets.disputing import step_in
from parley.tickets.ending import close
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.states import Side


@pytest.fixture
def desk(db: None) -> Mailbox:
    return Mailbox.objects.create(address="support@market.example")


def answers(mail: EmailMessage) -> list[ReplyAddress | None]:
    """What an answer to the mail is found to answer: by its address, and by its thread alone."""
    by_address = Understood(sender=None, to=(Address.of(str(mail["Reply-To"])),))
    by_thread = Understood(sender=None, in_reply_to=(str(mail["Message-ID"]),))
    return [find(by_address), find(by_thread)]


def test_an_answer_is_bound_to_its_reader_and_their_ticket(
    cast: Cast, tell: Tell, mailbox: Server, desk: Mailbox
) -> None:
    ticket = cast.ticket()
    tell()
    send_due()
    for who in (cast.supplier, cast.supplier_member):
        (mail,) = mailbox.to(who)
        row = ReplyAddress.objects.get(person=who.person)
        assert answers(mail) == [row, row]
        assert (row.ticket, row.party, row.audience) == (ticket, who.party, Audience.EVERYONE)
    mail = mailbox.to(cast.supplier)[0]
    assert str(mail["Reply-To"]).startswith("Harbour Market <support+r")
    for words in (text_of(mail), html_of(mail)):
        assert "Just reply to this mail: your words go onto the ticket" in words


def test_it_comes_in_the_writers_name_and_from_the_desks_address(
    cast: Cast, tell: Tell, mailbox: Server, desk: Mailbox
) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="Here it is."), by=cast.supplier)
    close(ticket.pk, by=cast.supplier)
    tell()
    send_due()
    written, ended = mailbox.to(cast.seller)
    (sender,) = written["From"].addresses
    assert sender.display_name == "Nora North (Northwind Supply) via Harbour Market"
    assert sender.addr_spec == "desk@desk.example"
    assert str(ended["From"]) == "Harbour Market <desk@desk.example>"
    for mail in mailbox.mails:
        assert str(mail["X-Parley"]) == "desk.example"
    for mail, recipient in zip(mailbox.mails, mailbox.recipients, strict=True):
        others = {who.person.email for who in cast.everybody.values()} - {recipient}
        assert not [email for email in others if email in mail.as_string()]


def test_an_answer_to_a_note_is_a_note(
    cast: Cast, tell: Tell, mailbox: Server, desk: Mailbox
) -> None:
    ticket = cast.ticket()
    step_in(ticket.pk, "Let me see.", by=cast.agent)
    reply(ticket.pk, Reply(text="ZEBRA", audience=Audience.OPERATOR), by=cast.lead)
    private = Reply(text="To you alone.", audience=Audience.SIDE, side=Side.COUNTERPARTY)
    reply(ticket.pk, private, by=cast.agent)
    tell()
    send_due()
    note = mailbox.to(cast.agent)[-1]
    row, same = answers(note)
    assert row == same
    assert row is not None
    assert row.audience == Audience.OPERATOR
    said_apart = mailbox.to(cast.supplier)[-1]
    row, same = answers(said_apart)
    assert row is not None
    assert (row, row.audience, row.audience_party) == (same, Audience.SIDE, cast.northwind)
    assert "Northwind Supply and the operator alone read it" in text_of(said_apart)


def test_without_a_mailbox_the_mail_says_that_a_reply_does_not_arrive(
    cast: Cast, tell: Tell, mailbox: Server
) -> None:
    cast.ticket()
    tell()
    send_due()
    mail = mailbox.to(cast.supplier)[0]
    assert mail["Reply-To"] is None
    assert "a reply to this mail does not arrive there" in text_of(mail)
    assert not ReplyAddress.objects.exists()


def test_sent_again_after_a_crash_it_is_the_same_mail(
    cast: Cast, tell: Tell, mailbox: Server, desk: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when what it is answered with was made for it, and ended meanwhile."""
    cast.ticket()
    tell()
    Mail.objects.filter(notice__person=cast.supplier_member.person).delete()

    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mailing, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            send_due()
    revoke(cast.supplier.person_id, by=cast.supplier)
    assert send_due() == 1
    first, second = mailbox.to(cast.supplier)
    assert first["Message-ID"] == second["Message-ID"]


def test_a_thread_goes_on_with_mails_from_before_and_with_the_persons_own(
    cast: Cast, tell: Tell, mailbox: Server, desk: Mailbox
) -> None:
    ticket = cast.ticket()
    tell()
    send_due()
    Mail.objects.update(message_id="")  # as they were kept before there were tokens
    notice = Mail.objects.get(notice__person=cast.supplier.person).notice_id
    RawMail.objects.create(
        way=Way.SMTP,
        sha256="0" * 64,
        size=1,
        person=cast.supplier.person,
        ticket=ticket,
        message_id="<mine@northwind.example>",
        received_at=now(),
    )
    reply(ticket.pk, Reply(text="It isn't."), by=cast.seller)
    tell()
    send_due()
    second = mailbox.to(cast.supplier)[1]
    assert str(second["References"]).split() == [
        f"<ticket-{ticket.pk}@desk.example>",
        f"<notice-{notice}.ticket-{ticket.pk}@desk.example>",
        "<mine@northwind.example>",
    ]
    assert str(second["In-Reply-To"]) == "<mine@northwind.example>"


# --- the answer that no person writes ---


def taken(ticket: Ticket, who: Any, **fields: Any) -> MailTaken:
    mail = RawMail.objects.create(
        way=Way.SMTP,
        sha256="0" * 64,
        size=1,
        person=who.person,
        ticket=ticket,
        message_id="<asked@northwind.example>",
        sender=fields.pop("sender", who.person.email),
    )
    told = {"opened": True, "verified": "dkim", "answered": True}
    return MailTaken(mail=mail.pk, ticket=ticket.pk, message=1, **told | fields)


def test_who_opens_a_ticket_by_mail_is_told_its_number_once_an_hour(
    cast: Cast, mailbox: Server, desk: Mailbox
) -> None:
    ticket = cast.ticket()
    acknowledge(taken(ticket, cast.seller), None)  # type: ignore[arg-type]
    acknowledge(taken(cast.ticket(), cast.seller), None)  # type: ignore[arg-type]
    (mail,) = mailbox.to(cast.seller)
    assert str(mail["Auto-Submitted"]) == "auto-replied"
    assert str(mail["In-Reply-To"]) == "<asked@northwind.example>"
    assert str(mail["Subject"]) == f"[{ticket.number}] {ticket.title}"
    assert f"ticket {ticket.number}" in text_of(mail)
    assert token_of(ReplyAddress.objects.get()) in str(mail["Reply-To"])


def test_nobody_else_is_answered_by_a_machine(cast: Cast, mailbox: Server, desk: Mailbox) -> None:
    ticket = cast.ticket()
    for event in (
        taken(ticket, cast.seller, opened=False),
        taken(ticket, cast.seller, answered=False),
        taken(ticket, cast.seller, sender="victim@elsewhere.example"),
        taken(ticket, cast.other_seller),  # they may not see it
    ):
        acknowledge(event, None)  # type: ignore[arg-type]
    assert not mailbox.mails
