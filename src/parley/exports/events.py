"""What can happen to an export. Its supplier is told, and the operator may look."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class ExportEvent(Event):
    """`party` is the supplier."""

    export: int
    party: int

    @property
    def subject(self) -> str:
        return f"export:{self.export}"

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"exports/{self.party}",)


@dataclass(frozen=True, kw_only=True)
class ExportMade(ExportEvent):
    """It was set up, and is active."""

    name: str


@dataclass(frozen=True, kw_only=True)
class ExportChanged(ExportEvent):
    """Settings of it were changed; `fields` are their names. Secrets are never written down."""

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ExportSwitched(ExportEvent):
    """On or off."""

    active: bool


@dataclass(frozen=True, kw_only=True)
class HostKeyPinned(ExportEvent):
    """The server's host key was seen for the first time; another one is refused from now on."""

    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class ExportAsked(ExportEvent):
    """A person asked for a run now, or for a file to be sent again."""

    run: int
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class ExportDelivered(ExportEvent):
    """A file is at its place, whole."""

    run: int
    orders: int
    file_name: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ExportFailed(ExportEvent):
    """A file could not be brought to its place, however often it was tried.

    `trouble` is as `transfer.troubles` keeps it: `in_words(trouble)` says it in a reader's language.
    """

    run: int
    trouble: dict[str, Any] = field(default_factory=dict)
