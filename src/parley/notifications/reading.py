"""Reading notices: on one device is on all of them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from parley.journal.moment import now
from parley.notifications.models import Notice
from parley.notifications.telling import ring
from parley.parties.models import Membership, Person


def read_notices(by: Membership, *, ticket_id: int | None = None, upto: int | None = None) -> int:
    """Mark the reader's unread notices read: of one ticket, up to one notice, or all. Gives how many."""
    unread = Notice.objects.filter(person_id=by.person_id, read_at=None)
    if ticket_id is not None:
        unread = unread.filter(ticket_id=ticket_id)
    if upto is not None:
        unread = unread.filter(pk__lte=upto)
    with transaction.atomic():
        count = unread.update(read_at=now())
        if count:
            Person.objects.filter(pk=by.person_id).update(
                unread_notices=Greatest(F("unread_notices") - count, 0)
            )
            ring([by.person_id])
    return count
