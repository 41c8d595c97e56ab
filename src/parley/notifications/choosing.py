"""Choosing what to be told of, and by which way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from parley.journal.moment import now
from parley.notifications.models import Kind, Mute, Notice, Preference, Way
from parley.notifications.zones import zone_of
from parley.parties.models import Membership, PartyKind
from parley.tickets.access import tickets_visible_to

DIGEST_HOUR = 8
"""The digest comes at eight in the morning, by the clock of whoever reads it."""
ONLY_FOR: dict[Kind, frozenset[str]] = {
    Kind.NOTE: frozenset({PartyKind.OPERATOR}),
    Kind.ASSIGNED: frozenset({PartyKind.OPERATOR}),
    Kind.MENTIONED: frozenset({PartyKind.OPERATOR}),
    Kind.PASSED: frozenset({PartyKind.OPERATOR}),
    Kind.WOKEN: frozenset({PartyKind.OPERATOR}),
    Kind.ORDER_UNPAID: frozenset({PartyKind.SELLER}),
    Kind.EXPORT_FAILED: frozenset({PartyKind.SUPPLIER}),
    Kind.CHANNEL_TROUBLE: frozenset({PartyKind.SELLER}),
    Kind.JOIN_ASKED: frozenset({PartyKind.SELLER, PartyKind.SUPPLIER}),
}
"""Kinds that reach the people of some kinds of party alone."""
SAID_TO_ONE = frozenset({Kind.ASSIGNED, Kind.MENTIONED, Kind.NOT_SENT, Kind.WOKEN})
"""Kinds that are meant for one person, so that a muted ticket doesn't keep them back."""


class ChoiceUnknown(ValueError):
    """The kind or the way is not one of those there are."""


def kinds_for(reader: Membership) -> list[Kind]:
    """The kinds of notice that can reach the reader, in the order a page lists them."""
    of = reader.party.kind
    return [kind for kind in Kind if kind not in ONLY_FOR or of in ONLY_FOR[kind]]


def choose_ways(by: Membership, ways: Mapping[str, str]) -> None:
    """Set by which way `by` hears of each kind by mail. Raises ChoiceUnknown, and sets nothing."""
    if not set(ways) <= set(Kind.values) or not set(ways.values()) <= set(Way.values):
        raise ChoiceUnknown
    set_ways(by.person_id, ways)


def set_ways(person_id: int, ways: Mapping[str, str]) -> None:
    """Set a person's way for each of these kinds."""
    Preference.objects.bulk_create(
        [Preference(person_id=person_id, kind=kind, way=way) for kind, way in ways.items()],
        update_conflicts=True,
        unique_fields=["person", "kind"],
        update_fields=["way"],
    )


def mute(ticket_id: int, *, by: Membership) -> bool:
    """No more notices of this ticket for `by`; False when they may not see it.

    Its mails that have not gone out yet don't. What the bell has told already stays there.
    """
    if not tickets_visible_to(by).filter(pk=ticket_id).exists():
        return False
    Mute.objects.bulk_create(
        [Mute(person_id=by.person_id, ticket_id=ticket_id)], ignore_conflicts=True
    )
    return True


def unmute(ticket_id: int, *, by: Membership) -> None:
    """Notices of this ticket again."""
    Mute.objects.filter(person_id=by.person_id, ticket_id=ticket_id).delete()


def wants_mail(notice: Notice) -> bool:
    """Whether the person still wants a mail for this notice.

    Not when they have read it meanwhile: whoever has seen it needs no mail about it. Not when they
    have muted the ticket, or turned the kind off, since it was made.
    """
    if notice.read_at is not None:
        return False
    of_person = {"person": notice.person_id}
    off = Preference.objects.filter(**of_person, kind=notice.kind, way=Way.OFF)
    muted = Mute.objects.filter(**of_person, ticket__isnull=False, ticket=notice.ticket_id)
    if off.exists():
        return False
    return notice.kind in SAID_TO_ONE or not muted.exists()


def first_try(way: str, time_zone: str) -> datetime:
    """When a mail on this way is to go out first: now, or with the reader's next digest."""
    return next_digest(zone_of(time_zone)) if way == Way.DIGEST else now()


def next_digest(zone: ZoneInfo) -> datetime:
    """The next eight in the morning in the zone."""
    local = now().astimezone(zone)
    eight = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0, fold=0)
    return eight if eight > local else eight + timedelta(days=1)
