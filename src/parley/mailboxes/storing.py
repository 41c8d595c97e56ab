"""Keeping mails as they came, before anything is made of them.

The bytes are a file, the row that names it says what became of the mail; whoever brought it is told
that it was taken only once both are there. What it means is found out by a job, and can be found out
again.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from parley.journal.moment import now
from parley.journal.recording import record
from parley.mail_parsing.understanding import understand
from parley.mailboxes.events import MailHeldForReview
from parley.mailboxes.ledger import hold_still
from parley.mailboxes.models import Arrival, Mailbox, Outcome, RawMail
from parley.mailboxes.noting import note
from parley.postgres.waiting import one_at_a_time

FOLDER = "mail"
"""Where the files are, by year and month."""
MOST_RECIPIENTS = 100
LONGEST_ADDRESS = 320
_AFTER_OTHERS = -10


class MailTooLarge(ValueError):
    """A mail is over the limit; `size` and `limit` are in bytes."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"{size} bytes, over the limit of {limit}")
        self.size, self.limit = size, limit


class MailGone(Exception):
    """The bytes of a mail are kept no longer, or not there."""


def store(
    raw: bytes,
    *,
    way: str,
    mailbox: Mailbox | None,
    envelope_from: str = "",
    envelope_to: Iterable[str] = (),
    arrival: tuple[int, int] | None = None,
    set_aside: dict[str, Any] | None = None,
    old: bool = False,
) -> RawMail:
    """Keep a mail, and have it taken in by a job.

    `envelope_from` (`<>`: nobody) and `envelope_to` are what the server was told; `arrival` is the
    mailbox's UIDVALIDITY and the mail's UID there. One that is in the ledger already is not kept again:
    the mail of that time is given. `set_aside` is a reason why it is only listed, and not taken in: so
    are the headers kept of one that is too large. An `old` one is taken in after newer ones.

    When this returns, file, row and job are committed, unless the caller is in a transaction of its
    own. Raises MailTooLarge, and NotThatMailbox where it was set up anew meanwhile; then nothing is kept.
    """
    if len(raw) > settings.MAIL_LIMIT:
        raise MailTooLarge(len(raw), settings.MAIL_LIMIT)
    if arrival is not None and (known := _arrived(mailbox, arrival)):
        return known
    path = f"{FOLDER}/{now():%Y/%m}/{uuid.uuid4().hex}"
    try:
        path = default_storage.save(path, ContentFile(raw))
        _flush(path)
        with transaction.atomic():
            if arrival is not None and mailbox is not None:
                one_at_a_time("arrival", mailbox.pk, *arrival)
                hold_still(mailbox)
                if known := _arrived(mailbox, arrival):
                    default_storage.delete(path)
                    return known
            mail = RawMail.objects.create(
                mailbox=mailbox,
                way=way,
                envelope_from=_fit(envelope_from),
                envelope_to=[_fit(one) for one in list(envelope_to)[:MOST_RECIPIENTS]],
                sha256=hashlib.sha256(raw).hexdigest(),
                size=len(raw),
                stored_as=path,
                outcome=Outcome.SET_ASIDE if set_aside else Outcome.WAITING,
                reason=set_aside or {},
            )
            if arrival is not None and mailbox is not None:
                _enter(mail, mailbox, arrival)
            if set_aside:
                note(mail, understand(raw))
                record(MailHeldForReview(mail=mail.pk, why=set_aside["code"]), by=None)
            else:
                take_later(mail.pk, old=old)
    except BaseException:
        _give_up(path)
        raise
    return mail


def _give_up(path: str) -> None:
    """Leave no file behind that no row names.

    The database may have committed and gone before it said so: then the row needs its file. While that
    can't be asked, the file stays; `forgetting.forget_strays` finds it.
    """
    with suppress(Exception):
        if not RawMail.objects.filter(stored_as=path).exists():
            default_storage.delete(path)


def take_later(mail_id: int, *, old: bool = False) -> None:
    """Have a mail that waits taken in by a job, in the caller's transaction; new ones before `old`."""
    from parley.mailboxes.jobs import take_mail

    take_mail.configure(priority=_AFTER_OTHERS if old else 0).defer(mail_id=mail_id)


def bytes_of(mail: RawMail) -> bytes:
    """The mail as it came. Raises MailGone, and OSError where the storage is away."""
    if not mail.stored_as:
        raise MailGone
    try:
        with default_storage.open(mail.stored_as) as file:
            return bytes(file.read())
    except FileNotFoundError:
        raise MailGone from None


def _arrived(mailbox: Mailbox | None, arrival: tuple[int, int]) -> RawMail | None:
    validity, uid = arrival
    row = (
        Arrival.objects.select_related("mail")
        .filter(mailbox=mailbox, uidvalidity=validity, uid=uid)
        .first()
    )
    return row.mail if row is not None else None


def _enter(mail: RawMail, mailbox: Mailbox, arrival: tuple[int, int]) -> None:
    """Note it in the ledger, where it may stand as one that was left alone until now."""
    validity, uid = arrival
    Arrival.objects.update_or_create(
        mailbox=mailbox,
        uidvalidity=validity,
        uid=uid,
        defaults={"mail": mail, "skipped": "", "at": now()},
    )


def _flush(path: str) -> None:
    """See to it that the bytes are on the disk, and not only on their way: a mail is acknowledged once."""
    try:
        place = Path(default_storage.path(path))
    except NotImplementedError:  # a storage that is no disk of ours
        return
    for one in (place, *place.parents[:4]):  # a month's or a year's first mail makes folders, too
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _fit(address: str) -> str:
    """An address of an envelope as it can be kept: bytes that are no letters become question marks."""
    readable = address.encode("utf-8", "replace").decode()
    return readable.replace("\x00", "")[:LONGEST_ADDRESS]
