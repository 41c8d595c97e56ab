"""Keeping the promises of the past: what the worker would have done, had it been running then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Min, Q

from parley.journal.moment import at
from parley.sla.sweeping import tell_due_soon, tell_ran_out
from parley.tickets.completing import claim_completions, claim_reminders
from parley.tickets.models import Ticket

SWEPT_AFTER = timedelta(minutes=1)
"""How long after a deadline a sweep comes by."""

_SWEEPS: dict[str, Callable[[], int]] = {
    "due_at": tell_ran_out,
    "due_soon_at": tell_due_soon,
    "reminder_at": claim_reminders,
    "completes_at": claim_completions,
}
_NEXT = {
    "due_at": Min("due_at", filter=Q(ran_out_at=None)),
    "due_soon_at": Min("due_soon_at", filter=Q(due_soon_told_at=None, ran_out_at=None)),
    "reminder_at": Min("reminder_at", filter=Q(reminded_at=None)),
    "completes_at": Min("completes_at"),
}


def keep_promises(until: datetime, meanwhile: Callable[[datetime], None]) -> None:
    """Sweep at each deadline up to `until`: due soon, ran out, reminded, completed by itself.

    `meanwhile` is called before a ticket completes, with the moment.

    It looks for the next deadline instead of sweeping every minute of two months.
    """
    while due := _due(until):
        moment = min(until, min(due.values()) + SWEPT_AFTER)
        if due.get("completes_at", until) <= moment:
            meanwhile(moment)
        with at(moment):
            for column, deadline in due.items():
                if deadline <= moment:
                    _SWEEPS[column]()


def _due(until: datetime) -> dict[str, datetime]:
    """The next deadline of each kind, of those that are over by `until`."""
    found = Ticket.objects.aggregate(**{f"next_{column}": least for column, least in _NEXT.items()})
    return {
        column: deadline
        for column in _SWEEPS
        if (deadline := found[f"next_{column}"]) is not None and deadline <= until
    }
