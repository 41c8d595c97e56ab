"""What a person has read."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from parley.parties.models import Membership
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import Reading


def mark_read(ticket_id: int, up_to: datetime, *, by: Membership) -> bool:
    """Note that `by` has read the ticket up to a moment; it never goes back.

    False when there is no such ticket for this reader.
    """
    if not tickets_visible_to(by).filter(pk=ticket_id).exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_reading (person_id, ticket_id, read_at)"
            " VALUES (%s, %s, %s) ON CONFLICT (ticket_id, person_id) DO UPDATE"
            " SET read_at = greatest(tickets_reading.read_at, excluded.read_at)",
            [by.person_id, ticket_id, up_to],
        )
    return True


def start_read(ticket_id: int, moment: datetime, *, by: Membership) -> None:
    """Note that `by` has read the ticket they have just opened."""
    Reading.objects.create(ticket_id=ticket_id, person_id=by.person_id, read_at=moment)


def keep_read(ticket_id: int, moment: datetime, *, seen_up_to: datetime, by: Membership) -> None:
    """What one says oneself is read, if all before it was: up to `seen_up_to`."""
    Reading.objects.filter(
        ticket=ticket_id, person=by.person_id, read_at__gte=seen_up_to, read_at__lt=moment
    ).update(read_at=moment)
