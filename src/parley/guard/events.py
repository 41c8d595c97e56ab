"""What the guard does. No event says what was found, only of which kinds: `found`."""

from __future__ import annotations

from dataclasses import dataclass

from parley.tickets.events import TicketEvent


@dataclass(frozen=True, kw_only=True)
class MessageFlagged(TicketEvent):
    """A message that was sent leads away from the marketplace. Only the operator knows."""

    message: int
    found: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReplyHeld(TicketEvent):
    """A reply waits to be looked at; its sender's party and the operator know."""

    held: int
    found: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class HeldReplyReleased(TicketEvent):
    """It was looked at, and is sent."""

    held: int
    message: int


@dataclass(frozen=True, kw_only=True)
class HeldReplyDeclined(TicketEvent):
    """It was looked at, and is not sent. `sender` is the person who is told."""

    held: int
    sender: int


@dataclass(frozen=True, kw_only=True)
class HeldReplyTakenBack(TicketEvent):
    """Its sender took it back before it was looked at, or what was declined into their draft."""

    held: int
