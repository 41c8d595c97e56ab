"""Mails are kept as they came before anything is made of them, once, and for so long."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from cast import Cast
from mailboxes.letters import DESK, desk, kept, letter, proven, taken
from parley.journal.moment import at, now
from parley.mail_parsing.understanding import understand
from parley.mailboxes import storing, taking
from parley.mailboxes.forgetting import KEPT_DAYS, forget_raw, forget_strays
from parley.mailboxes.identity import identity_of
from parley.mailboxes.models import Arrival, Mailbox, Outcome, RawMail
from parley.mailboxes.reply_addresses import address_of
from parley.mailboxes.storing import MailGone, MailTooLarge, bytes_of, store
from parley.parties.settling import settle
from parley.privacy.erasing import erase
from parley.privacy.exporting import PARTS
from parley.site.cli.mail_files import mails_in


def files_below_mail() -> list[str]:
    root = Path(default_storage.path("mail"))
    return sorted(str(path) for path in root.rglob("*") if path.is_file())


def test_it_is_kept_as_it_came_and_understood_later(cast: Cast) -> None:
    raw = letter(cast.seller)
    mail = kept(raw)
    assert bytes_of(mail) == raw
    assert (mail.sha256, mail.size) == (hashlib.sha256(raw).hexdigest(), len(raw))
    assert mail.outcome == Outcome.WAITING
    job = ProcrastinateJob.objects.get(task_name="mailboxes.take")
    assert job.args == {"mail_id": mail.pk}


def test_one_that_is_too_large_is_not_kept(cast: Cast, settings: object) -> None:
    settings.MAIL_LIMIT = 10  # type: ignore[attr-defined]
    with pytest.raises(MailTooLarge) as refused:
        kept(letter(cast.seller))
    assert refused.value.limit == 10
    assert not RawMail.objects.exists()


def test_what_a_mailbox_holds_is_kept_once(cast: Cast) -> None:
    box, raw = desk(), letter(cast.seller)
    before = files_below_mail()
    first, second = (store(raw, way="imap", mailbox=box, arrival=(7, 41)) for _time in range(2))
    assert first == second
    assert len(files_below_mail()) == len(before) + 1
    # A rebuilt mailbox numbers anew: then the mail itself says that it came before.
    third = store(raw, way="imap", mailbox=box, arrival=(8, 1))
    with proven():
        taking.take(first.pk)
        taking.take(third.pk)
    assert RawMail.objects.get(pk=third.pk).outcome == Outcome.DUPLICATE
    assert Arrival.objects.count() == 2


def test_what_was_left_alone_can_be_taken_in_later(cast: Cast) -> None:
    box = desk()
    Arrival.objects.create(mailbox=box, uidvalidity=7, uid=3, skipped="before")
    mail = store(letter(cast.seller), way="imap", mailbox=box, arrival=(7, 3))
    row = Arrival.objects.get()
    assert (row.mail, row.skipped) == (mail, "")


def test_without_its_row_no_file_stays(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files_below_mail()

    def broken(_mail: int, **_about: object) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(storing, "take_later", broken)
    with pytest.raises(RuntimeError):
        kept(letter(cast.seller))
    assert files_below_mail() == before


def test_of_a_disk_that_is_full_nothing_is_left(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, save = files_below_mail(), default_storage.save

    def half(path: str, content: ContentFile[bytes]) -> str:
        save(path, ContentFile(content.read()[:100]))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", half)
    with pytest.raises(OSError, match="No space"):
        kept(letter(cast.seller))
    assert files_below_mail() == before


def test_a_mail_that_was_committed_keeps_its_file(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database commits, and is gone before it says so."""

    class Transaction:
        @contextmanager
        def atomic(self) -> Iterator[None]:
            with transaction.atomic():
                yield
            raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(storing, "transaction", Transaction())
    raw = letter(cast.seller)
    with pytest.raises(OperationalError):
        kept(raw)
    assert bytes_of(RawMail.objects.get()) == raw


def test_files_that_no_mail_names_are_thrown_away(cast: Cast) -> None:
    mail = kept(letter(cast.seller))
    stray = default_storage.save(f"{mail.stored_as.rpartition('/')[0]}/stray", ContentFile(b"x"))
    assert forget_strays() == 0  # its row may be on its way
    with at(now() + timedelta(days=2)):
        assert forget_strays() == 1
    assert not default_storage.exists(stray)
    assert bytes_of(mail)


def test_its_bytes_are_thrown_away_when_they_are_old(
    cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    with proven():
        done, waits = taken(letter(cast.seller)), taken(letter(cast.agent))
    assert waits.outcome == Outcome.REVIEW
    settle(KEPT_DAYS, 30, by=cast.admin)
    path = done.stored_as
    with at(now() + timedelta(days=29)):
        assert forget_raw() == 0
    with at(now() + timedelta(days=31)), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert forget_raw() == 1
    done.refresh_from_db()
    waits.refresh_from_db()
    assert not default_storage.exists(path)
    with pytest.raises(MailGone):
        bytes_of(done)
    assert bytes_of(waits)


def test_an_erased_persons_mails_say_nothing_of_them(cast: Cast) -> None:
    desk()
    ticket = cast.ticket()
    person = cast.seller_member.person
    with proven():
        mail = taken(letter(cast.seller_member, to=address_of(cast.seller_member, ticket=ticket)))
    names = [row["subject"] for row in PARTS["mails"](person)]
    assert names == [mail.subject]
    assert list(PARTS["reply_addresses"](person))
    erase(person.pk, person.email, by=cast.admin)
    mail.refresh_from_db()
    said = (mail.sender, mail.subject, mail.message_id, mail.person, mail.stored_as)
    assert said == ("", "", "", None, "")
    assert mail.outcome == Outcome.POSTED


def test_an_identity_is_what_was_said_and_not_how_it_came() -> None:
    raw = letter("a@shop.example")
    first, second = understand(raw), understand(b"X-Spam: no\r\n" + raw)
    assert identity_of(first) == identity_of(second)
    bare = letter("a@shop.example", "ok", Message_ID="", Date="")
    assert identity_of(understand(bare), "1" * 64) != identity_of(understand(bare), "2" * 64)


def test_files_folders_and_mbox_files_are_read(tmp_path: Path) -> None:
    one, two = letter("a@shop.example", "One."), letter("a@shop.example", "Two.\n\n>From here on.")
    (tmp_path / "cur").mkdir()
    (tmp_path / "tmp").mkdir()
    (tmp_path / "cur" / "1:2,S").write_bytes(one)
    (tmp_path / "tmp" / "2").write_bytes(two)
    (tmp_path / ".hidden").write_bytes(two)
    box = (
        b"From a Mon Jan  1 00:00:00 2024\n" + one + b"\n\nFrom b Mon Jan  1 00:00:00 2024\n" + two
    )
    (tmp_path / "cur" / "old.mbox").write_bytes(box + b"\n")
    read = [raw for _name, raw in mails_in(str(tmp_path), unmarked=True)]
    texts = [understand(raw).text.strip() for raw in read]
    assert texts == ["One.", "One.", "Two.\n\nFrom here on."]


def test_a_mailbox_that_is_removed_leaves_its_mails(cast: Cast) -> None:
    mail = kept(letter(cast.seller))
    Mailbox.objects.get(address=DESK).delete()
    mail.refresh_from_db()
    assert mail.mailbox is None
