"""What a person has read."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from parley.parties.models import Membership
from parley.tickets.access import tickets_visible_to


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
