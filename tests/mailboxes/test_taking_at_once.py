"""Mails that are taken in at the same moment are taken in once, and stand in nobody's way."""

from __future__ import annotations

from pathlib import Path

import pytest

from cast import Cast
from crowd import all_at_once, crowd, failures
from mailboxes.letters import desk, kept, letter, proven
from parley.conversations.models import Message
from parley.mailboxes import limiting, reviewing, taking
from parley.mailboxes.models import MailedMessage, Outcome, RawMail
from parley.mailboxes.reply_addresses import address_of
from parley.mailboxes.reviewing import NothingToReview
from parley.mailboxes.storing import store
from parley.parties.models import Person
from parley.site.cli.mail_taking import _take_all
from parley.tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("transactional_db")


def outcomes() -> list[str]:
    return sorted(RawMail.objects.values_list("outcome", flat=True))


def test_one_mail_that_eight_workers_take_is_written_once(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    mail = kept(letter(cast.supplier, to=address_of(cast.supplier, ticket=ticket)))
    assert crowd(8, lambda: taking.take(mail.pk)) == [None] * 8
    assert Message.objects.filter(conversation=ticket.conversation_id).count() == 2
    assert outcomes() == [Outcome.POSTED]


def test_the_same_mail_by_eight_ways_at_once_is_one_message(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    raw = letter(cast.supplier, to=address_of(cast.supplier, ticket=ticket), files={"a.bin": b"\0"})
    mails = [kept(f"Received: by way {n}\r\n".encode() + raw) for n in range(8)]
    got = all_at_once([lambda mail=mail: taking.take(mail.pk) for mail in mails])
    assert got == [None] * 8
    assert outcomes() == [Outcome.DUPLICATE] * 7 + [Outcome.POSTED]
    assert MailedMessage.objects.get().message.attachments.count() == 1


def test_the_same_place_in_a_mailbox_is_kept_once(cast: Cast) -> None:
    box, raw = desk(), letter(cast.seller)
    got = crowd(8, lambda: store(raw, way="imap", mailbox=box, arrival=(1, 1)))
    assert {mail.pk for mail in got if isinstance(mail, RawMail)} == {RawMail.objects.get().pk}
    assert not failures(got)


def test_eight_mails_of_one_stranger_make_one_visitor(cast: Cast) -> None:
    raws = [letter("petra@elsewhere.example", f"Question {n}") for n in range(8)]
    mails = [kept(raw) for raw in raws]
    with proven():
        got = all_at_once([lambda mail=mail: taking.take(mail.pk) for mail in mails])
    assert got == [None] * 8
    assert Person.objects.filter(contact="petra@elsewhere.example").count() == 1
    assert Ticket.objects.count() == 8


def test_an_address_is_answered_once_however_many_ask(cast: Cast) -> None:
    from django.db import transaction

    def ask() -> bool:
        with transaction.atomic():
            return limiting.may_answer("a@shop.example")

    assert sorted(map(str, crowd(8, ask))) == ["False"] * 7 + ["True"]


def test_two_who_look_at_one_mail_decide_once(cast: Cast) -> None:
    ticket = cast.ticket()
    with proven(""):
        mail = kept(letter(cast.supplier, subject=f"[{ticket.number}]"))
        taking.take(mail.pk)
    acts = [reviewing.let_in, reviewing.decline] * 3
    got = all_at_once([lambda act=act: act(mail.pk, by=cast.agent) for act in acts])
    # What was declined may be let in after all; what is written is written once.
    assert Message.objects.filter(conversation=ticket.conversation_id).count() <= 2
    refused = failures(got)
    assert all(isinstance(one, NothingToReview) for one in refused), refused


def test_the_command_says_of_each_what_became_of_it(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "1.eml").write_bytes(letter(cast.seller, "One."))
    (tmp_path / "2.eml").write_bytes((tmp_path / "1.eml").read_bytes())
    with proven():
        code = _take_all([str(tmp_path), str(tmp_path / "none")], None)
    told = capsys.readouterr()
    number = Ticket.objects.get().number
    assert code == 1
    assert told.out.splitlines() == [
        f"{tmp_path}/1.eml: opened {number}",
        f"{tmp_path}/2.eml: duplicate {number} (same_as)",
        "1 opened, 1 duplicate, 1 unread",
    ]
    assert "none" in told.err
