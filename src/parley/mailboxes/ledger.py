"""The ledger of a mailbox: which of its mails were taken in, by UIDVALIDITY and UID (RFC 9051, 2.3.1.1).

What a mailbox calls seen, or what it lists as recent, is never asked: other programs read it as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from parley.journal.moment import now
from parley.mailboxes.models import Arrival, Mailbox

BEFORE = "before"
"""Why a mail was left alone (`Arrival.skipped`): it lay there before the mailbox was set up."""
UNREADABLE = "unreadable"
"""The server would not give it out, however often it was asked."""
SOURCE = ("imap_host", "imap_port", "imap_user", "folder")
"""What makes a mailbox another one: the numbers of the mails in it mean nothing there any more."""
_AT_ONCE = 5000


class NotThatMailbox(Exception):
    """The mailbox was removed, or set up to be another one, since its mails were asked for."""


def hold_still(mailbox: Mailbox) -> None:
    """See to it that the mailbox stays, for the rest of the transaction, the one that was read.

    Raises NotThatMailbox: numbers of the old one in the ledger would hide mails of the new one.
    """
    source = {name: getattr(mailbox, name) for name in SOURCE}
    same = Mailbox.objects.select_for_update(no_key=True).filter(pk=mailbox.pk, **source)
    if same.values_list("pk").first() is None:
        raise NotThatMailbox


def entered(mailbox_id: int, uidvalidity: int, uids: Iterable[int] | None = None) -> set[int]:
    """Which UIDs are in the ledger: of `uids`, or of all."""
    rows = Arrival.objects.filter(mailbox_id=mailbox_id, uidvalidity=uidvalidity)
    if uids is not None:
        rows = rows.filter(uid__in=list(uids))
    return set(rows.values_list("uid", flat=True))


def leave_alone(mailbox: Mailbox, uidvalidity: int, uids: Sequence[int], why: str) -> None:
    """Enter mails that are not taken in; what is in the ledger already stays as it is.

    Raises NotThatMailbox.
    """
    at = now()
    for first in range(0, len(uids), _AT_ONCE):
        with transaction.atomic():
            hold_still(mailbox)
            Arrival.objects.bulk_create(
                [
                    Arrival(mailbox=mailbox, uidvalidity=uidvalidity, uid=uid, skipped=why, at=at)
                    for uid in uids[first : first + _AT_ONCE]
                ],
                ignore_conflicts=True,
            )


def look_again(mailbox_id: int, *, before: datetime | None = None) -> None:
    """Forget what the server would not give out (`before` then), so that it is asked for once more."""
    refused = Arrival.objects.filter(mailbox_id=mailbox_id, skipped=UNREADABLE)
    if before is not None:
        refused = refused.filter(at__lt=before)
    refused.delete()


def forget_from(mailbox_id: int, uidvalidity: int, uid: int) -> int:
    """Forget the numbers from `uid` on: they are to be given to other mails. Gives how many.

    What was taken in by them stays taken in.
    """
    rows = Arrival.objects.filter(mailbox_id=mailbox_id, uidvalidity=uidvalidity, uid__gte=uid)
    return rows.delete()[0]
