"""What can happen to a clock. `party` is whose it is; `due_at` is ISO 8601."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parley.journal.events import Event
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


@dataclass(frozen=True, kw_only=True)
class PolicyKept(Event):
    """The operator added, changed or removed (`what`) a policy; `changed`: field → (before, after)."""

    policy: int
    what: str
    changed: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"policy:{self.policy}"


@dataclass(frozen=True, kw_only=True)
class CalendarKept(Event):
    """The operator added, changed or removed (`what`) a calendar; `changed`: field → (before, after)."""

    calendar: int
    what: str
    changed: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"calendar:{self.calendar}"
