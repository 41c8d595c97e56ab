"""Walking through a ticket's journal: what of it counts, when, and for whom.

`walk` is a pure function of the entries of one ticket and a few facts about it. docs/reports.md says
in words what each figure means; `tests/reports/recomputing.py` computes them once more, the slow way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from parley.sla.events import ClockRanOut
from parley.tickets.events import (
    DisputeDecided,
    InformationAsked,
    OperatorAsked,
    OperatorSteppedIn,
    ReplyPosted,
    TicketAssigned,
    TicketCancelled,
    TicketMerged,
    TicketOpened,
    TicketRated,
)
from parley.tickets.states import CLOCKED, ENDED, Dispute, Status

ANSWERS = frozenset({ReplyPosted.__name__, InformationAsked.__name__, DisputeDecided.__name__})
SPOKEN = ANSWERS | {OperatorAsked.__name__, OperatorSteppedIn.__name__}
WITHDRAWN = "withdrawn"
"""How a dispute ends that its opener calls off; beside `tickets.models.Outcome`."""


class What(StrEnum):
    """What of a ticket counts. The value of one that has any is in the comment."""

    OPENED = "opened"
    OPEN = "open"
    TAKEN = "taken"
    REPLIED = "replied"
    ANSWERED = "answered"  # working seconds from the opening
    KEPT = "kept"
    MISSED = "missed"
    DISPUTED = "disputed"
    DECIDED = "decided"  # seconds since it became a dispute
    OUTCOME = "outcome"  # a value of Outcome, or WITHDRAWN
    COMPLETED = "completed"  # working seconds from the opening until it was resolved
    ELAPSED = "elapsed"  # seconds, of the same
    CANCELLED = "cancelled"
    MERGED = "merged"  # counted nowhere: it goes on in another ticket
    RATED = "rated"  # stars


ENDS = (What.COMPLETED, What.CANCELLED, What.MERGED)


class Happening(NamedTuple):
    """Something that counts: at a moment (seconds since 1970), for a party and an agent (0: none)."""

    what: str
    at: int
    party: int = 0
    agent: int = 0
    value: Any = 0


class Said(NamedTuple):
    """An entry of the journal, as far as it matters here."""

    at: datetime
    kind: str
    person: int | None
    party: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class About:
    """What is known of a ticket beside its journal."""

    topic: int
    opener: int
    counterparty: int
    operator: int
    of_chat: bool = False
    zone: str = "UTC"


@dataclass(frozen=True)
class Facts:
    """What one ticket contributes to the figures, and where: the whole of it, made anew each time."""

    topic: int
    opener: int
    channel: str
    zone: str
    happenings: tuple[Happening, ...]

    @classmethod
    def kept(cls, written: Mapping[str, Any]) -> Facts:
        """Facts as they were kept."""
        happenings = tuple(Happening(*one) for one in written["happenings"])
        return cls(
            written["topic"], written["opener"], written["channel"], written["zone"], happenings
        )

    def to_keep(self) -> dict[str, Any]:
        """The facts ready for JSON."""
        return {
            "topic": self.topic,
            "opener": self.opener,
            "channel": self.channel,
            "zone": self.zone,
            "happenings": [list(one) for one in self.happenings],
        }

    @property
    def opened_on(self) -> date:
        return day_of(self.happenings[0].at, self.zone)

    @property
    def ended_on(self) -> date | None:
        ends = [one for one in self.happenings if one.what in ENDS]
        return day_of(ends[-1].at, self.zone) if ends else None


def day_of(at: int, zone: str) -> date:
    """The day of a moment (seconds since 1970) in a zone."""
    return datetime.fromtimestamp(at, ZoneInfo(zone)).date()


Measure = Callable[[datetime, datetime], int]
"""Gives the working seconds between two moments."""


def walk(said: Iterable[Said], about: About, measure: Measure) -> Facts | None:
    """What counts of the ticket with these entries, in the order in which they were written.

    None when its opening is not among them: then nothing is known of it.
    """
    walker = _Walker(about, measure)
    for one in sorted(said, key=lambda entry: entry.at):
        walker.take(one)
    return walker.facts()


@dataclass
class _Walker:
    about: About
    measure: Measure
    opened: Said | None = None
    happened: list[Happening] = field(default_factory=list)
    assignee: int = 0
    last_agent: int = 0
    taken_by: set[int] = field(default_factory=set)
    owing: int = 0
    """The party whose clock runs and has not run out; 0 when there is none."""
    answered: bool = False
    rested: datetime | None = None
    """Since when it stands answered, if it does."""
    ended: Happening | None = None
    disputed: datetime | None = None
    decision: list[Happening] = field(default_factory=list)
    rating: Happening | None = None

    def take(self, one: Said) -> None:
        if one.kind == TicketOpened.__name__:
            self.opened = one
            self._count(What.OPENED, one.at, self.about.counterparty)
            self._run_clock(one)
        elif self.opened is None:
            return
        elif one.kind == TicketAssigned.__name__:
            self.assignee = one.data["assignee"] or 0
            self._take_on(one.at, self.assignee)
        elif one.kind == ClockRanOut.__name__:
            self._run_out(one)
        elif "status" in one.data:
            self._move(one)

    def facts(self) -> Facts | None:
        if self.opened is None:
            return None
        self.happened += self.decision
        if self.ended is not None:
            self._end(self.ended)
        else:
            at = self.happened[0].at
            self.happened.append(
                Happening(What.OPEN, at, self.about.counterparty, self.responsible)
            )
        if self.rating is not None:
            self.happened.append(self.rating)
        return Facts(
            self.about.topic,
            self.about.opener,
            self._channel(),
            self.about.zone,
            tuple(self.happened),
        )

    @property
    def responsible(self) -> int:
        """Whose it is at the operator: the assignee's, or whoever answered last there."""
        return self.assignee or self.last_agent

    def _move(self, one: Said) -> None:
        by_operator = one.party == self.about.operator
        agent = (one.person or 0) if by_operator else 0
        if one.kind in SPOKEN:
            self._speak(one, agent)
        if one.kind in (OperatorAsked.__name__, OperatorSteppedIn.__name__):
            self.disputed = one.at
            self._count(What.DISPUTED, one.at, self.about.counterparty)
        elif one.kind == DisputeDecided.__name__:
            self._decide(one, agent, one.data["outcome"])
        elif one.kind == TicketCancelled.__name__ and one.data["dispute"] == Dispute.WITHDRAWN:
            self.decision = [
                Happening(What.OUTCOME, _second(one.at), self.about.counterparty, 0, WITHDRAWN)
            ]
        elif one.kind == TicketRated.__name__:
            self.rating = self._rating(one)
        if one.data["clock_moved"]:
            self._pass_turn(one, agent)
        self._rest_or_end(one)

    def _speak(self, one: Said, agent: int) -> None:
        if agent:
            self.last_agent = agent
            self._take_on(one.at, agent)
        self._count(What.REPLIED, one.at, one.party or 0, agent)
        if one.kind in ANSWERS and one.party != self.about.opener and not self.answered:
            self.answered = True
            seconds = self.measure(self._opened_at, one.at)
            self._count(What.ANSWERED, one.at, one.party or 0, agent, seconds)

    def _decide(self, one: Said, agent: int, outcome: str) -> None:
        # Decided anew, only what holds now counts.
        seconds = int((one.at - self.disputed).total_seconds()) if self.disputed else 0
        at, party = _second(one.at), self.about.counterparty
        self.decision = [
            Happening(What.DECIDED, at, party, agent, seconds),
            Happening(What.OUTCOME, at, party, agent, outcome),
        ]

    def _pass_turn(self, one: Said, agent: int) -> None:
        if self.owing and one.kind in ANSWERS and one.party == self.owing:
            self._count(What.KEPT, one.at, self.owing, agent)
        self._run_clock(one)

    def _run_clock(self, one: Said) -> None:
        runs = one.data["status"] in CLOCKED
        self.owing = self._party_of(one.data["turn"]) if runs else 0

    def _run_out(self, one: Said) -> None:
        party = one.data["party"]
        agent = self.responsible if party == self.about.operator else 0
        self._count(What.MISSED, one.at, party, agent)
        if self.owing == party:
            self.owing = 0

    def _rest_or_end(self, one: Said) -> None:
        status = one.data["status"]
        if status in ENDED:
            if self.ended is None:
                self.ended = Happening(
                    _end_of(one), _second(one.at), self.about.counterparty, self.responsible
                )
            return
        # It goes on, whatever ended it before.
        self.ended = None
        if status != Status.ANSWERED:
            self.rested = None
        elif one.kind in ANSWERS or self.rested is None:
            self.rested = one.at

    def _end(self, end: Happening) -> None:
        if end.what != What.COMPLETED:
            self.happened.append(end)
            return
        resolved = self.rested or datetime.fromtimestamp(end.at, UTC)
        worked = self.measure(self._opened_at, resolved)
        elapsed = max(0, int((resolved - self._opened_at).total_seconds()))
        self.happened.append(end._replace(value=worked))
        self.happened.append(end._replace(what=What.ELAPSED, value=elapsed))

    def _rating(self, one: Said) -> Happening:
        return Happening(
            What.RATED,
            _second(one.at),
            self.about.counterparty,
            self.responsible,
            one.data["stars"],
        )

    def _take_on(self, at: datetime, agent: int) -> None:
        if agent and agent not in self.taken_by:
            self.taken_by.add(agent)
            self._count(What.TAKEN, at, 0, agent)

    def _count(self, what: What, at: datetime, party: int, agent: int = 0, value: Any = 0) -> None:
        self.happened.append(Happening(what, _second(at), party, agent, value))

    def _party_of(self, side: str) -> int:
        return {
            "opener": self.about.opener,
            "counterparty": self.about.counterparty,
            "operator": self.about.operator,
        }.get(side, 0)

    @property
    def _opened_at(self) -> datetime:
        assert self.opened is not None
        return self.opened.at

    def _channel(self) -> str:
        assert self.opened is not None
        if via := self.opened.data.get("via"):
            return str(via)
        if self.about.of_chat:
            return "messenger"
        return "desk" if self.about.opener == self.about.operator else "portal"


def _end_of(one: Said) -> What:
    if one.kind == TicketMerged.__name__:
        return What.MERGED
    return What.CANCELLED if one.data["status"] == Status.CANCELLED else What.COMPLETED


def _second(at: datetime) -> int:
    return int(at.timestamp())
