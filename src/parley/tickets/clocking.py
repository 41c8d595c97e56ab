"""The clock's columns of a ticket. What they are set to is reckoned by the room `sla`."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from parley.postgres.questions import Given, Question
from parley.tickets.models import NO_CLOCK, Ticket, TicketSide

_COLUMNS = [
    "clock_started_at", "clock_seconds", "due_at", "due_soon_at",
    "due_soon_told_at", "ran_out_at", "queue_at",
]  # fmt: skip


def set_clock(
    ticket: Ticket, *, started_at: datetime, due_at: datetime, due_soon_at: datetime, seconds: int
) -> None:
    """Let a clock run from `started_at` to `due_at`: `seconds` of working time."""
    ticket.clock_started_at, ticket.clock_seconds = started_at, seconds
    ticket.due_at, ticket.due_soon_at = due_at, due_soon_at
    ticket.due_soon_told_at = ticket.ran_out_at = None
    ticket.queue_at = due_at
    ticket.save(update_fields=_COLUMNS)


def stop_clock(ticket: Ticket) -> None:
    """No clock runs any more, and nothing is overdue. What ran out stays in the journal."""
    if ticket.clock_started_at is None:
        return
    ticket.clock_started_at = ticket.clock_seconds = ticket.due_at = ticket.due_soon_at = None
    ticket.due_soon_told_at = ticket.ran_out_at = None
    ticket.queue_at = NO_CLOCK
    ticket.save(update_fields=_COLUMNS)


def keep_clock_left(ticket: Ticket, side: str, seconds: int | None) -> None:
    """Keep the working seconds left of a side's paused clock, or None when it is not paused."""
    TicketSide.objects.filter(ticket=ticket, side=side).update(clock_left=seconds)


def clocked_ticket(ticket_id: int) -> Ticket:
    """The ticket with its sides and their parties loaded, in one query, for setting its clock.

    For reactions, which run in the transaction that has locked and moved it.
    """
    sides = _whole_sides().ask(ticket=ticket_id)
    ticket = sides[0].ticket
    ticket.loaded_sides = sides  # type: ignore[attr-defined]
    return ticket


@cache
def _whole_sides() -> Question[TicketSide]:
    sides = TicketSide.objects.filter(ticket_id=Given("ticket"))
    return Question(sides.select_related("party", "ticket"))
