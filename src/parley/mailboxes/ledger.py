"""The ledger of a mailbox: which of its mails were taken in, by UIDVALIDITY and UID (RFC 9051, 2.3.1.1).

What a mailbox calls seen, or what it lists as recent, is never asked: other programs read it as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from parley.journal.moment import now
from parley.mailboxes.models import Arrival, Mailbox

BEFORE = "before"
"""Why a mail was left alone (`Arrival.skipped`): it lay there before the mailbox was set up."""
UNREADABLE = "unreadable"
"""The server would not give it out, however often it was asked."""
_AT_ONCE = 5000


def entered(mailbox_id: int, uidvalidity: int, uids: Iterable[int] | None = None) -> set[int]:
    """Which UIDs are in the ledger: of `uids`, or of all."""
    rows = Arrival.objects.filter(mailbox_id=mailbox_id, uidvalidity=uidvalidity)
    if uids is not None:
        rows = rows.filter(uid__in=list(uids))
    return set(rows.values_list("uid", flat=True))


def leave_alone(mailbox: Mailbox, uidvalidity: int, uids: Sequence[int], why: str) -> None:
    """Enter mails that are not taken in; what is in the ledger already stays as it is."""
    at = now()
    for first in range(0, len(uids), _AT_ONCE):
        Arrival.objects.bulk_create(
            [
                Arrival(mailbox=mailbox, uidvalidity=uidvalidity, uid=uid, skipped=why, at=at)
                for uid in uids[first : first + _AT_ONCE]
            ],
            ignore_conflicts=True,
        )


def look_again(mailbox_id: int) -> None:
    """Forget what the server would not give out, so that it is asked for once more."""
    Arrival.objects.filter(mailbox_id=mailbox_id, skipped=UNREADABLE).delete()
