"""Sweeping: what is due soon or has run out is claimed and told in one transaction.

The claim is a conditional UPDATE that skips what another worker holds. Claim and journal entry
stand or fall together, so that any number of workers, killed at any moment, tell each clock's
end exactly once.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from parley.journal.events import Event
from parley.journal.recording import record
from parley.sla.events import ClockDueSoon, ClockRanOut
from parley.tickets.claiming import Claimed, claim_due_soon, claim_ran_out

BATCH = 200


def sweep() -> int:
    """Tell of every clock that has run out or is due soon by now; gives how many."""
    return _all(tell_ran_out) + _all(tell_due_soon)


def tell_due_soon(limit: int = BATCH) -> int:
    """Tell of up to `limit` clocks that are due soon; gives how many."""
    with transaction.atomic():
        claimed = claim_due_soon(limit)
        for one in claimed:
            record(_event(ClockDueSoon, one), by=None)
    return len(claimed)


def tell_ran_out(limit: int = BATCH) -> int:
    """Tell of up to `limit` clocks that have run out; gives how many."""
    with transaction.atomic():
        claimed = claim_ran_out(limit)
        for one in claimed:
            record(_event(ClockRanOut, one), by=None)
    return len(claimed)


def _all(tell: Callable[[int], int]) -> int:
    told = 0
    while batch := tell(BATCH):
        told += batch
    return told


def _event(kind: type[ClockDueSoon | ClockRanOut], one: Claimed) -> Event:
    return kind(ticket=one.ticket, seen=one.seen, party=one.party, due_at=one.due_at.isoformat())
