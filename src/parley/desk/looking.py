"""Who of the operator's people looks at a ticket, and who of them is writing an answer."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Q

from parley.desk.models import Looking
from parley.journal.moment import now
from parley.journal.telling import tell
from parley.messenger.events import typing_topic
from parley.parties.models import Membership
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import Ticket

LOOKS_FOR = timedelta(seconds=50)
"""After the last word of a page that has the ticket open: it says so every twenty seconds."""
TYPES_FOR = timedelta(seconds=8)
"""After the last key; a page says it again every three seconds."""


class Seen(NamedTuple):
    """One who has the ticket open."""

    name: str
    types: bool


def note_looking(ticket_id: int, *, types: bool, by: Membership) -> None:
    """Note that `by` has the ticket open now, and whether they are writing an answer.

    The others' pages are told when that is news. Raises Ticket.DoesNotExist.
    """
    ticket = _seen(ticket_id, by)
    moment = now()
    before = Looking.objects.filter(ticket=ticket, membership=by).first()
    Looking.objects.bulk_create(
        [
            Looking(
                ticket=ticket,
                membership=by,
                until=moment + LOOKS_FOR,
                types_until=moment + TYPES_FOR if types else None,
            )
        ],
        update_conflicts=True,
        unique_fields=["ticket", "membership"],
        update_fields=["until", "types_until"],
    )
    if before is None or before.until <= moment or _typed(before) != types:
        _tell(ticket, by)


def look_away(ticket_id: int, *, by: Membership) -> None:
    """The page has gone to another ticket, or away. Raises Ticket.DoesNotExist."""
    ticket = _seen(ticket_id, by)
    if Looking.objects.filter(ticket=ticket, membership=by).delete()[0]:
        _tell(ticket, by)


def others_looking(ticket_id: int, reader: Membership) -> list[Seen]:
    """The others who have it open, those who are writing first, by name; at most five."""
    moment = now()
    others = (
        Looking.objects.select_related("membership__person")
        .filter(
            ticket=ticket_id,
            until__gt=moment,
            membership__party=reader.party_id,
            membership__active=True,
        )
        .exclude(membership__person=reader.person_id)
    )
    seen = [
        Seen(one.membership.person.name, bool(one.types_until and one.types_until > moment))
        for one in others.order_by("membership__person__name", "id")[:5]
    ]
    return sorted(seen, key=lambda one: not one.types)


def forget_gone() -> int:
    """Drop what is not known any more; gives how many."""
    gone = Looking.objects.filter(Q(until__lt=now() - LOOKS_FOR))
    return gone.delete()[0]


def _typed(before: Looking) -> bool:
    return before.types_until is not None and before.types_until > now()


def _seen(ticket_id: int, by: Membership) -> Ticket:
    if not by.is_operator:
        raise Ticket.DoesNotExist
    return tickets_visible_to(by).only("id", "conversation_id").get(pk=ticket_id)


def _tell(ticket: Ticket, by: Membership) -> None:
    tell(typing_topic(ticket.conversation_id, by.party_id))
