"""Reading notices: on one device is on all of them.

The number in the bell is kept with the person, and not counted on every page. It is only ever
changed under the lock on that person's row: telling adds to it after writing the notices,
reading counts anew. So it can't drift, and what drifted by another cause (someone left a party)
is set right at the next reading, or by `recount_all` at night.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from parley.journal.moment import now
from parley.notifications.access import notices_for
from parley.notifications.models import Notice
from parley.notifications.ringing import ring
from parley.parties.models import Membership, Person


def read_notices(
    by: Membership,
    *,
    ticket_id: int | None = None,
    upto: int | None = None,
    until: datetime | None = None,
) -> int:
    """Mark the reader's unread notices read; gives how many.

    All of them, or those of one ticket, up to one notice (`upto`), or of things that happened until
    a moment: what came after a page was drawn has not been read on it.
    """
    unread = Notice.objects.filter(person_id=by.person_id, read_at=None)
    if ticket_id is not None:
        unread = unread.filter(ticket_id=ticket_id)
    if upto is not None:
        unread = unread.filter(pk__lte=upto)
    if until is not None:
        unread = unread.filter(at__lte=until)
    if not unread.exists():
        return 0
    with transaction.atomic():
        _lock(by.person_id)
        count = unread.update(read_at=now())
        _count_anew(by.person_id)
        ring([by.person_id])
    return count


def recount_all() -> int:
    """Set right the numbers that are wrong; gives how many were."""
    unread = (
        notices_for(OuterRef("pk"))
        .filter(read_at=None)
        .order_by()
        .values("person_id")
        .annotate(n=Count("pk"))
        .values("n")
    )
    counted = Coalesce(Subquery(unread, output_field=IntegerField()), 0)
    wrong = Person.objects.annotate(counted=counted).exclude(unread_notices=F("counted"))
    people = list(wrong.values_list("pk", flat=True))
    for person_id in people:
        with transaction.atomic():
            _lock(person_id)
            _count_anew(person_id)
            ring([person_id])
    return len(people)


def _lock(person_id: int) -> None:
    # A statement of its own: what counts after it sees everything that was written under the lock.
    locked = Person.objects.select_for_update(no_key=True).filter(pk=person_id)
    list(locked.values_list("pk"))


def _count_anew(person_id: int) -> None:
    unread = notices_for(person_id).filter(read_at=None).count()
    Person.objects.filter(pk=person_id).update(unread_notices=unread)
