"""What happens to what is kept of people. No event says a name or an address."""

from __future__ import annotations

from dataclasses import dataclass

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class DataTaken(Event):
    """Somebody took an export of what is kept of a person: themselves, or an administrator for them."""

    person: int
    sha256: str

    @property
    def subject(self) -> str:
        return f"person:{self.person}"


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """A person's name, address and belongings are gone; `removed` counts rows by what they were."""

    person: int
    removed: dict[str, int]

    @property
    def subject(self) -> str:
        return f"person:{self.person}"


@dataclass(frozen=True, kw_only=True)
class OldRemoved(Event):
    """What was older than its rule allows was removed: `removed` of `kind`, older than `days`."""

    kind: str
    days: int
    removed: int

    @property
    def subject(self) -> str:
        return f"retention:{self.kind}"
