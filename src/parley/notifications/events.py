"""What can happen to the addresses that notices are mailed to."""

from __future__ import annotations

from dataclasses import dataclass

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class AddressEvent(Event):
    """Something about a person's address; it is not named here, since it may have to be erased."""

    person: int
    undeliverable: int

    @property
    def subject(self) -> str:
        return f"person:{self.person}"


@dataclass(frozen=True, kw_only=True)
class AddressFailed(AddressEvent):
    """Mails to it come back, for good, with this status (RFC 3463): none are sent there any more."""

    status: str


@dataclass(frozen=True, kw_only=True)
class AddressTriedAgain(AddressEvent):
    """Somebody asked for mails to go there again."""
