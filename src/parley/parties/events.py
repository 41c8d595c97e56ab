"""What can happen to a party."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class CompanyChanged(Event):
    """What stands on its papers was changed: field → (before, after), of what differs."""

    party: int
    fields: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"party:{self.party}"


@dataclass(frozen=True, kw_only=True)
class SettingChanged(Event):
    """Something that holds for the whole marketplace was settled otherwise."""

    key: str
    was: Any
    now: Any

    @property
    def subject(self) -> str:
        return f"setting:{self.key}"
