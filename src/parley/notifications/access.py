"""The door to notices: each person's own, and only of tickets they may still see."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from parley.notifications.models import Kind, Mute, Notice, Preference, Way
from parley.parties.models import Membership


def notices_of(reader: Membership) -> QuerySet[Notice]:
    """The reader's own notices, newest first, with what a list shows of them."""
    return (
        Notice.objects.filter(
            person_id=reader.person_id, ticket__sides__party_id=reader.party_id
        )
        .select_related("ticket", "actor")
        .order_by("-id")
    )


def ways_of(reader: Membership) -> dict[str, str]:
    """By which way the reader hears of each kind of notice by mail."""
    chosen = dict(
        Preference.objects.filter(person_id=reader.person_id).values_list("kind", "way")
    )
    return {kind: chosen.get(kind, Way.AT_ONCE.value) for kind in Kind.values}


def muted_by(reader: Membership) -> Exists:
    """Whether the reader has muted the ticket of a row that has a `ticket_id`."""
    return Exists(Mute.objects.filter(person_id=reader.person_id, ticket=OuterRef("ticket_id")))
