"""Who of the operator's people is at their desk: those who have a page of theirs open and in view."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from parley.journal.moment import now
from parley.messenger.models import Presence
from parley.parties.models import ROLES_OF, Membership, PartyKind

HOLDS_FOR = timedelta(seconds=150)
"""After the last look that found their page open. Such a look is had once a minute."""


def note_there(memberships: Collection[int]) -> None:
    """Note that these are at their desks now; of them, the operator's people alone count."""
    if not memberships:
        return
    operators = Membership.objects.filter(
        pk__in=memberships, role__in=ROLES_OF[PartyKind.OPERATOR], active=True
    )
    until = now() + HOLDS_FOR
    Presence.objects.bulk_create(
        [
            Presence(membership_id=key, until=until)
            for key in operators.values_list("pk", flat=True)
        ],
        update_conflicts=True,
        unique_fields=["membership"],
        update_fields=["until"],
    )


def someone_is_there() -> bool:
    """Whether any of the operator's people is at their desk."""
    return Presence.objects.filter(until__gt=now(), membership__active=True).exists()
