"""What can happen to a ticket. `seen` are the parties that may know of it: nobody else is told."""

from __future__ import annotations

from dataclasses import dataclass

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class TicketEvent(Event):
    ticket: int
    seen: tuple[int, ...]

    @property
    def subject(self) -> str:
        return f"ticket:{self.ticket}"

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(
            topic
            for party in self.seen
            for topic in (f"ticket/{self.ticket}/{party}", f"party/{party}")
        )


@dataclass(frozen=True, kw_only=True)
class Moved(TicketEvent):
    """The root of the events that are transitions.

    They say where the ticket stands afterwards, whether a clock has to start or stop, and whose turn
    it was before.
    """

    status: str
    turn: str
    dispute: str
    clock_moved: bool
    was: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketOpened(Moved):
    """`via` says by which way it came in, where the parties and the topic don't tell: `api`."""

    message: int
    via: str = ""


@dataclass(frozen=True, kw_only=True)
class ReplyPosted(Moved):
    message: int


@dataclass(frozen=True, kw_only=True)
class InformationAsked(Moved):
    message: int
    asked: str


@dataclass(frozen=True, kw_only=True)
class MessagePosted(TicketEvent):
    """A message for one side and the operator, or an internal note: it moves nobody's turn."""

    message: int


@dataclass(frozen=True, kw_only=True)
class TicketCancelled(Moved):
    pass


@dataclass(frozen=True, kw_only=True)
class TicketClosed(Moved):
    pass


@dataclass(frozen=True, kw_only=True)
class TicketRated(Moved):
    stars: int


@dataclass(frozen=True, kw_only=True)
class TicketExpired(Moved):
    """Neither continued nor rated in time: completed by itself."""


@dataclass(frozen=True, kw_only=True)
class OperatorAsked(Moved):
    """A party asked the operator to decide."""

    message: int


@dataclass(frozen=True, kw_only=True)
class OperatorSteppedIn(Moved):
    message: int


@dataclass(frozen=True, kw_only=True)
class DisputeDecided(Moved):
    message: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class TicketAssigned(TicketEvent):
    assignee: int | None


@dataclass(frozen=True, kw_only=True)
class TicketPassed(TicketEvent):
    """It is another team's now, or no team's; `name` is what that one is called."""

    team: int | None
    was: int | None
    name: str


@dataclass(frozen=True, kw_only=True)
class PriorityChanged(TicketEvent):
    priority: str
    was: str


@dataclass(frozen=True, kw_only=True)
class CompletionReminded(TicketEvent):
    """It will complete by itself in a day."""

    completes_at: str


@dataclass(frozen=True, kw_only=True)
class EvidenceTaken(TicketEvent):
    """Somebody took the evidence file; the hash is that of its list of hashes."""

    sha256: str


@dataclass(frozen=True, kw_only=True)
class PersonVerified(TicketEvent):
    """An agent was told a person's support PIN, and it was right; only the operator knows."""

    person: int
