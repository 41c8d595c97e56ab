"""For how long mails are kept as they came: what was made of them stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet

from parley.journal.moment import now
from parley.mailboxes.models import MailedMessage, Outcome, RawMail
from parley.mailboxes.storing import FOLDER
from parley.parties.models import Person
from parley.parties.settling import Settled, settled

MOST_DAYS = 3650
BATCH = 500
STRAY_DAYS = 7
"""How far back strays are looked for, each night."""


def _is_days(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST_DAYS


KEPT_DAYS: Settled[int] = Settled("mail.kept_days", 90, _is_days)
"""For how many days after it was settled a mail is kept as it came; 0: for good."""


def forget_raw() -> int:
    """Throw away the bytes of mails that were settled long enough ago; gives how many.

    What waits for somebody stays, and what has files that were left out of its message.
    """
    days = settled(KEPT_DAYS)
    if not days:
        return 0
    before, count = now() - timedelta(days=days), 0
    while True:
        with transaction.atomic():
            old = RawMail.objects.filter(done_at__lt=before).exclude(stored_as="")
            old = old.exclude(reason__files__isnull=False)
            gone = _empty(old)
        if not gone:
            return count
        count += gone


def forget_strays() -> int:
    """Throw away files of the last days that no mail names; gives how many.

    Who is killed while a mail is kept, or loses the database just then, leaves one behind. What is
    younger than a day may be about to get its row.
    """
    moment, count = now(), 0
    for folder in {f"{FOLDER}/{moment - timedelta(days=days):%Y/%m}" for days in (0, STRAY_DAYS)}:
        try:
            names = default_storage.listdir(folder)[1]
        except FileNotFoundError:
            continue
        paths = [path for name in names if _is_days_old(path := f"{folder}/{name}", moment)]
        for first in range(0, len(paths), BATCH):
            some = paths[first : first + BATCH]
            named = RawMail.objects.filter(stored_as__in=some).values_list("stored_as", flat=True)
            strays = sorted(set(some).difference(named))
            _delete(strays)
            count += len(strays)
    return count


def _is_days_old(path: str, moment: datetime) -> bool:
    try:
        age = moment - default_storage.get_modified_time(path)
    except FileNotFoundError:
        return False
    return timedelta(days=1) < age < timedelta(days=STRAY_DAYS + 1)


def mails_of(person: Person) -> QuerySet[RawMail]:
    """The mails of a person: what they wrote, bears their address as its sender, or came back from it."""
    theirs = Q(person=person)
    if person.mailbox:
        theirs |= Q(sender=person.mailbox.lower())
        theirs |= Q(outcome=Outcome.BOUNCE, reason__address__iexact=person.mailbox)
    return RawMail.objects.filter(theirs)


def forget_mails_of(person: Person) -> int:
    """Take out of the mails of a person what they say of them; gives how many there were.

    The rows stay, so that a mailbox is not read again for them; and so do the messages. Must run in
    the caller's transaction.
    """
    MailedMessage.objects.filter(message__person=person).delete()
    mails = mails_of(person).order_by("pk").select_for_update(of=("self",))
    keys = list(mails.values_list("pk", flat=True))
    paths = blank(keys)
    transaction.on_commit(lambda: _delete(paths))
    return len(keys)


def blank(keys: list[int]) -> list[str]:
    """Take out of mails all that they say of anybody; gives where their bytes are, which are to go."""
    mails = RawMail.objects.filter(pk__in=keys)
    paths = [path for path in mails.values_list("stored_as", flat=True) if path]
    mails.update(
        stored_as="", sender="", subject="", message_id="", envelope_from="", envelope_to=[],
        person=None, reason={},
    )  # fmt: skip
    return paths


def told_of() -> QuerySet[RawMail]:
    """The mails that are settled and still say something of somebody."""
    return RawMail.objects.filter(done_at__isnull=False).exclude(sender="", stored_as="")


def _empty(mails: QuerySet[RawMail]) -> int:
    locked = mails.order_by("pk").select_for_update(of=("self",), skip_locked=True)
    rows = list(locked.values_list("pk", "stored_as")[:BATCH])
    RawMail.objects.filter(pk__in=[pk for pk, _path in rows]).update(stored_as="")
    paths = [path for _pk, path in rows]
    transaction.on_commit(lambda: _delete(paths))
    return len(rows)


def _delete(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)
