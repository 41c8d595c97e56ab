"""Choosing what to be told of, and by which way."""

from __future__ import annotations

from collections.abc import Mapping

from parley.notifications.models import Kind, Mute, Preference, Way
from parley.parties.models import Membership
from parley.tickets.access import tickets_visible_to


class ChoiceUnknown(ValueError):
    """The kind or the way is not one of those there are."""


def choose_ways(by: Membership, ways: Mapping[str, str]) -> None:
    """Set by which way `by` hears of each kind by mail. Raises ChoiceUnknown; then nothing is set."""
    if not set(ways) <= set(Kind.values) or not set(ways.values()) <= set(Way.values):
        raise ChoiceUnknown
    Preference.objects.bulk_create(
        [Preference(person_id=by.person_id, kind=kind, way=way) for kind, way in ways.items()],
        update_conflicts=True,
        unique_fields=["person", "kind"],
        update_fields=["way"],
    )


def mute(ticket_id: int, *, by: Membership) -> bool:
    """No more notices of this ticket for `by`; False when they may not see it."""
    if not tickets_visible_to(by).filter(pk=ticket_id).exists():
        return False
    Mute.objects.get_or_create(person_id=by.person_id, ticket_id=ticket_id)
    return True


def unmute(ticket_id: int, *, by: Membership) -> None:
    """Notices of this ticket again."""
    Mute.objects.filter(person_id=by.person_id, ticket_id=ticket_id).delete()
