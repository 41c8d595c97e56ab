"""Completing by itself what was answered and neither continued nor rated (T8), and the reminder.

Both are claimed by a conditional UPDATE in the transaction that records the event, so that any number
of workers, killed at any moment, do each exactly once.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from parley.journal.moment import now
from parley.journal.recording import record
from parley.tickets.events import CompletionReminded, TicketExpired
from parley.tickets.models import Ticket, TicketSide
from parley.tickets.moving import everyone_on, move
from parley.tickets.states import Action, Side

BATCH = 200


def claim_completions(limit: int = BATCH) -> int:
    """Complete up to `limit` tickets whose time has come; gives how many."""
    with transaction.atomic():
        due = _claimed(Ticket.objects.filter(completes_at__lte=now()), limit)
        for ticket in due:
            record(TicketExpired(**move(ticket, Action.EXPIRE, Side.NOBODY)), by=None)
    return len(due)


def claim_reminders(limit: int = BATCH) -> int:
    """Remind the openers of up to `limit` tickets that complete in a day; gives how many."""
    with transaction.atomic():
        waiting = Ticket.objects.filter(
            reminder_at__lte=now(), reminded_at=None, completes_at__gt=now()
        )
        due = _claimed(waiting, limit)
        Ticket.objects.filter(pk__in=[t.pk for t in due]).update(reminded_at=now())
        for ticket in due:
            assert ticket.completes_at is not None
            event = CompletionReminded(
                ticket=ticket.pk,
                seen=everyone_on(ticket),
                completes_at=ticket.completes_at.isoformat(),
            )
            record(event, by=None)
    return len(due)


def _claimed(tickets: QuerySet[Ticket], limit: int) -> list[Ticket]:
    """Lock what no other worker holds, with sides loaded."""
    claimed = list(tickets.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:limit])
    sides: dict[int, list[TicketSide]] = {ticket.pk: [] for ticket in claimed}
    for side in TicketSide.objects.filter(ticket__in=claimed):
        sides[side.ticket_id].append(side)
    for ticket in claimed:
        ticket.loaded_sides = sides[ticket.pk]  # type: ignore[attr-defined]
    return claimed
