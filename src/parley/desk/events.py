"""What can happen to the operator's tools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class TeamEvent(Event):
    """Something about a team: field → (before, after)."""

    team: int
    fields: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"team:{self.team}"


@dataclass(frozen=True, kw_only=True)
class TeamMade(TeamEvent):
    """There is a team of this name; each field is from None."""


@dataclass(frozen=True, kw_only=True)
class TeamChanged(TeamEvent):
    """A team is otherwise than before; of its fields those that differ."""


@dataclass(frozen=True, kw_only=True)
class DutyChanged(Event):
    """One of the operator's people takes tickets no more (`away`), or again, or at other hours."""

    membership: int
    fields: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"membership:{self.membership}"


@dataclass(frozen=True, kw_only=True)
class ViewsChanged(Event):
    """A saved view was added, changed or dropped (`what`): field → (before, after)."""

    view: int
    what: str
    fields: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"view:{self.view}"


@dataclass(frozen=True, kw_only=True)
class MacrosChanged(Event):
    """A macro was added or changed (`what`): field → (before, after)."""

    macro: int
    what: str
    fields: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"macro:{self.macro}"


@dataclass(frozen=True, kw_only=True)
class MacroUsed(Event):
    """Somebody used a macro on a ticket; what it did stands beside it in the journal."""

    ticket: int
    macro: int
    name: str

    @property
    def subject(self) -> str:
        return f"ticket:{self.ticket}"


@dataclass(frozen=True, kw_only=True)
class BulkEvent(Event):
    bulk: int

    @property
    def subject(self) -> str:
        return f"bulk:{self.bulk}"


@dataclass(frozen=True, kw_only=True)
class BulkBegun(BulkEvent):
    """Somebody changes many tickets: to each of them this is done, and stands in its history."""

    action: str
    value: Any
    total: int


@dataclass(frozen=True, kw_only=True)
class BulkFinished(BulkEvent):
    """All of its tickets were come to; `fates`: what became of how many."""

    fates: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class BulkUndoing(BulkEvent):
    """Somebody takes it back, where nothing has been changed since."""


@dataclass(frozen=True, kw_only=True)
class BulkUndone(BulkEvent):
    """It was taken back; `fates` as in BulkFinished."""

    fates: dict[str, int]
