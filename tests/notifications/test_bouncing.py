"""Mails that come back: no more are sent to an address nobody has, until somebody says otherwise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cast import Cast
from notifications.conftest import Tell
from notifications.mailbox import Mailbox as Server
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.mailboxes.events import MailTaken
from parley.mailboxes.message_ids import marked
from parley.mailboxes.models import Mailbox, Outcome, RawMail, ReplyAddress, Way
from parley.mailboxes.reply_addresses import token_of
from parley.mailboxes.telling import came_back
from parley.notifications.bouncing import (
    MayNotTryAgain,
    note_bounce,
    note_sign_of_life,
    try_again,
    try_mine_again,
    undeliverable_visible_to,
)
from parley.notifications.mailing import send_due
from parley.notifications.models import Fate, Mail, Undeliverable
from parley.parties.models import Membership
from parley.tickets.models import Ticket

ADDRESS = "supplier@northwind.example"


@pytest.fixture
def sent(cast: Cast, tell: Tell, mailbox: Server) -> Mail:
    """A mail that a supplier's person got."""
    Mailbox.objects.create(address="support@market.example")
    cast.ticket()
    tell()
    send_due()
    return Mail.objects.get(notice__person=cast.supplier.person)


def come_back(about: str, **fields: Any) -> None:
    told = {
        "address": ADDRESS,
        "status": "5.1.1",
        "permanent": True,
        "words": f"No such user: <{ADDRESS}>",
    }
    event = came_back(mail=1, about=about, **told | fields)  # type: ignore[arg-type]
    assert "@" not in str([event.words, event.people]), "the journal holds no addresses"
    note_bounce(event, None)  # type: ignore[arg-type]


def write(who: Membership, verified: str) -> RawMail:
    """A mail of theirs, taken in now."""
    ticket = Ticket.objects.latest("pk")
    return RawMail.objects.create(
        way=Way.IMAP, size=1, person=who.person, verified=verified, ticket=ticket,
        sender=who.person.mailbox, outcome=Outcome.POSTED,
    )  # fmt: skip


def test_an_address_that_the_server_does_not_know_is_tried_once(
    cast: Cast, tell: Tell, mailbox: Server
) -> None:
    mailbox.refuses = {ADDRESS}
    cast.ticket()
    tell()
    assert send_due() == 2
    assert len(mailbox.to(cast.supplier_member)) == 1
    mail = Mail.objects.get(notice__person=cast.supplier.person)
    assert mail.fate == Fate.CAME_BACK
    assert mail.trouble == "The mail server refused the address: 550 5.1.1 No such person here"
    (row,) = undeliverable_visible_to(cast.agent)
    assert (row.person, row.address, row.status) == (cast.supplier.person, ADDRESS, "5.1.1")
    assert not undeliverable_visible_to(cast.supplier_member)
    cast.supplier.person.refresh_from_db()
    assert cast.supplier.person.is_out_of_reach


def test_nothing_more_goes_there_until_it_is_tried_again(
    cast: Cast, tell: Tell, mailbox: Server, sent: Mail
) -> None:
    come_back(sent.message_id)
    come_back(sent.message_id)
    sent.refresh_from_db()
    assert sent.fate == Fate.CAME_BACK
    row = Undeliverable.objects.get()
    cast.ticket()
    tell()
    send_due()
    assert len(mailbox.to(cast.supplier)) == 1
    with pytest.raises(MayNotTryAgain):
        try_again(row.pk, by=cast.supplier_member)
    try_mine_again(by=cast.supplier)
    try_again(row.pk, by=cast.agent)
    cast.ticket()
    tell()
    send_due()
    assert len(mailbox.to(cast.supplier)) == 2
    kinds = list(Entry.objects.filter(kind__startswith="Address").values_list("kind", flat=True))
    assert kinds == ["AddressFailed", "AddressTriedAgain"]
    assert ADDRESS not in str(list(Entry.objects.values_list("data", flat=True)))


def test_with_another_address_the_person_is_reached(cast: Cast, sent: Mail) -> None:
    come_back(sent.message_id)
    person = cast.supplier.person
    person.refresh_from_db()
    person.email = "nora@northwind.example"
    assert not person.is_out_of_reach


@pytest.mark.parametrize(
    "about",
    [
        "",
        "<whatever@elsewhere.example>",
        "<notice-{notice}.ticket-{ticket}@desk.example>",
        "<notice-{notice}.ticket-{ticket}.r1.aaaaaaaaaaaaaaaaaaaa@desk.example>",
        # Who got a copy of an answer knows the address that it went to.
        "<notice-{notice}.{token}@desk.example>",
        "<anything.{token}@desk.example>",
        "<digest-1@desk.example>",
        "<letter-1.m000000000000000000000000@desk.example>",
    ],
)
def test_a_bounce_that_somebody_made_up_silences_nobody(sent: Mail, about: str) -> None:
    token = token_of(ReplyAddress.objects.get(person=sent.notice.person, ticket=sent.notice.ticket))
    come_back(about.format(notice=sent.notice_id, ticket=sent.notice.ticket_id, token=token))
    assert not Undeliverable.objects.exists()
    sent.refresh_from_db()
    assert sent.fate == Fate.SENT


def test_whoever_got_a_letter_of_ours_silences_themselves_alone(cast: Cast, sent: Mail) -> None:
    theirs = marked("letter-1", "mallory@elsewhere.example")
    come_back(theirs)
    assert not Undeliverable.objects.exists()
    come_back(marked("letter-1", ADDRESS))
    assert Undeliverable.objects.get().person == cast.supplier.person


@pytest.mark.parametrize("verified", ["token", "dkim", "dmarc"])
def test_who_has_written_since_is_there(cast: Cast, sent: Mail, verified: str) -> None:
    # Whoever was sent the mail on knows its Message-ID.
    write(cast.supplier, verified)
    come_back(sent.message_id)
    assert not Undeliverable.objects.exists()


def test_what_only_bears_their_name_says_nothing(cast: Cast, sent: Mail) -> None:
    write(cast.supplier, "let_in")
    come_back(sent.message_id)
    assert Undeliverable.objects.get().person == cast.supplier.person


def test_who_writes_from_an_address_is_written_to_there_again(cast: Cast, sent: Mail) -> None:
    come_back(sent.message_id)
    for verified, there in (("let_in", False), ("token", True)):
        mail = write(cast.supplier, verified)
        assert mail.ticket_id is not None
        come_in = MailTaken(
            mail=mail.pk, ticket=mail.ticket_id, message=1, opened=False, verified=verified
        )
        note_sign_of_life(come_in, None)  # type: ignore[arg-type]
        cast.supplier.person.refresh_from_db()
        assert cast.supplier.person.is_out_of_reach is not there
    assert not undeliverable_visible_to(cast.agent)


def test_what_comes_back_after_weeks_does_not(sent: Mail) -> None:
    with at(now() + timedelta(days=11)):
        come_back(sent.message_id)
    assert not Undeliverable.objects.exists()


def test_what_was_sent_to_an_address_before_says_nothing_of_the_next(
    cast: Cast, sent: Mail
) -> None:
    person = cast.supplier.person
    person.email = "nora@northwind.example"
    person.save()
    come_back(sent.message_id)
    person.refresh_from_db()
    assert not person.is_out_of_reach
    assert not Undeliverable.objects.exists()


def test_a_provider_is_believed(cast: Cast, sent: Mail) -> None:
    come_back("its-own-name-for-it", proven=True)
    assert Undeliverable.objects.get().person == cast.supplier.person


@pytest.mark.parametrize("status", ["5.2.2", "5.3.4", "5.7.1", "5.6.0"])
def test_what_is_about_one_mail_leaves_the_address_in_use(sent: Mail, status: str) -> None:
    come_back(sent.message_id, status=status)
    sent.refresh_from_db()
    assert sent.fate == Fate.CAME_BACK
    assert status in sent.trouble
    assert not Undeliverable.objects.exists()


def test_a_mail_that_is_late_has_not_come_back(sent: Mail) -> None:
    come_back(sent.message_id, status="4.4.7", permanent=False)
    sent.refresh_from_db()
    assert sent.fate == Fate.SENT
