"""What can happen to money beside orders. `seen` are the parties that may know of it."""

from __future__ import annotations

from dataclasses import dataclass

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class BalanceToppedUp(Event):
    """The operator put money on a seller's balance."""

    party: int
    seen: tuple[int, ...]
    currency: str
    amount_minor: int
    transfer: int

    @property
    def subject(self) -> str:
        return f"balance:{self.party}"

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(f"balance/{party}" for party in self.seen)
