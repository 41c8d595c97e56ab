"""Claiming the clocks that are due soon or have run out: each is given to one caller, once.

Called inside the transaction that tells of them. A claim that is not committed was never made, and
a ticket that someone else holds at the moment is left for the next sweep.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from parley.journal.moment import now


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claimed clock: the ids of its ticket, of the party that owes, of all that may know."""

    ticket: int
    party: int
    due_at: datetime
    seen: tuple[int, ...]


def claim_due_soon(limit: int) -> list[Claimed]:
    """Mark up to `limit` clocks as told due soon, and give them; what ran out is not soon."""
    return _claim(
        """
        WITH due AS MATERIALIZED (
            SELECT id FROM tickets_ticket
            WHERE due_soon_told_at IS NULL AND due_soon_at <= %(now)s AND due_at > %(now)s
            ORDER BY due_soon_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
        )
        UPDATE tickets_ticket AS ticket SET due_soon_told_at = %(now)s
        """,
        limit,
    )


def claim_ran_out(limit: int) -> list[Claimed]:
    """Mark up to `limit` clocks as run out, and give them. Nobody is told any more it is soon."""
    return _claim(
        """
        WITH due AS MATERIALIZED (
            SELECT id FROM tickets_ticket
            WHERE ran_out_at IS NULL AND due_at <= %(now)s
            ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
        )
        UPDATE tickets_ticket AS ticket
        SET ran_out_at = %(now)s, due_soon_told_at = coalesce(ticket.due_soon_told_at, %(now)s)
        """,
        limit,
    )


def _claim(update: str, limit: int) -> list[Claimed]:
    # MATERIALIZED: the rows are picked and locked once, whatever plan the UPDATE takes.
    returning = """
        FROM due WHERE ticket.id = due.id
        RETURNING ticket.id, ticket.turn_party_id, ticket.due_at, ARRAY(
            SELECT party_id FROM tickets_ticketside AS side
            WHERE side.ticket_id = ticket.id ORDER BY party_id
        )
    """
    with connection.cursor() as cursor:
        cursor.execute(update + returning, {"now": now(), "limit": limit})
        return [
            Claimed(ticket, party, due_at, tuple(seen))
            for ticket, party, due_at, seen in cursor.fetchall()
        ]
