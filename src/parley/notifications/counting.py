"""The number in the bell.

It is kept with the person, and not counted on every page. It is only ever changed under the lock on
that person's row: telling adds to it after writing the notices, reading counts anew. So it can't
drift by what happens at the same time; and what drifts by another cause (someone left a party) is
set right at the next reading, or by `recount_all` at night.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from parley.notifications.access import notices_for
from parley.notifications.ringing import ring
from parley.parties.models import Person


def lock_numbers(people: Collection[int]) -> None:
    """Keep these people's numbers from being changed by others until this transaction ends.

    In order, so that two that want the same people don't wait for each other. In a statement of its
    own: what is counted after it sees all that was written under the lock before.
    """
    locked = Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk")
    list(locked.values_list("pk"))


def add_one(people: Collection[int]) -> None:
    """One more unread notice for each; they are written already, and the numbers locked."""
    Person.objects.filter(pk__in=people).update(unread_notices=F("unread_notices") + 1)


def count_anew(person_id: int) -> None:
    """Set the number to what is unread; it is locked."""
    unread = notices_for(person_id).filter(read_at=None).count()
    Person.objects.filter(pk=person_id).update(unread_notices=unread)


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
            lock_numbers([person_id])
            count_anew(person_id)
            ring([person_id])
    return len(people)
