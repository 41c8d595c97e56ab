"""What can happen to a clock. `party` is whose it is; `due_at` is ISO 8601."""

from __future__ import annotations

from dataclasses import dataclass

from parley.tickets.events import TicketEvent


@dataclass(frozen=True, kw_only=True)
class ClockDueSoon(TicketEvent):
    """A quarter of the time is left, or half an hour."""

    party: int
    due_at: str


@dataclass(frozen=True, kw_only=True)
class ClockRanOut(TicketEvent):
    """The time is over and the answer still owed."""

    party: int
    due_at: str
