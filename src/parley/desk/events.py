"""What can happen to the operator's tools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class TeamMade(Event):
    """There is a team of this name; `fields` as in TeamChanged, each from None."""

    team: int
    fields: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"team:{self.team}"


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Event):
    """A team is otherwise than before: field → (before, after), of what differs."""

    team: int
    fields: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"team:{self.team}"


@dataclass(frozen=True, kw_only=True)
class DutyChanged(Event):
    """One of the operator's people takes tickets no more (`away`), or again, or at other hours."""

    membership: int
    fields: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"membership:{self.membership}"
