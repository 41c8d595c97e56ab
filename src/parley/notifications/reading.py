"""Reading notices: on one device is on all of them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parley.journal.moment import now
from parley.notifications.counting import count_anew, lock_numbers
from parley.notifications.models import Notice
from parley.notifications.ringing import ring
from parley.parties.models import Membership


def read_notices(
    by: Membership,
    *,
    ticket_id: int | None = None,
    order_id: int | None = None,
    path: str = "",
    upto: int | None = None,
    until: datetime | None = None,
) -> int:
    """Mark the reader's unread notices read; gives how many.

    All of them, or those of one ticket, order or page, up to one notice (`upto`), or of things that
    happened until a moment: what came after a page was drawn has not been read on it.
    """
    unread = Notice.objects.filter(person_id=by.person_id, read_at=None)
    if ticket_id is not None:
        unread = unread.filter(ticket_id=ticket_id)
    if order_id is not None:
        unread = unread.filter(order_id=order_id)
    if path:
        unread = unread.filter(path=path)
    if upto is not None:
        unread = unread.filter(pk__lte=upto)
    if until is not None:
        unread = unread.filter(at__lte=until)
    if not unread.exists():
        return 0
    with transaction.atomic():
        lock_numbers([by.person_id])
        count = unread.update(read_at=now())
        count_anew(by.person_id)
        ring([by.person_id])
    return count
