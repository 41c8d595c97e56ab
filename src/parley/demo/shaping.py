"""How the tickets of a load stand: the same shares at any number of them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from parley.demo.scripts import Does
from parley.tickets.states import Dispute, Side, State, Status

DAY = 86_400
YEARS = 3 * 365 * DAY
"""How far back the tickets of a load go, in seconds."""
LATELY = 8 * DAY
NEW_SHARE = 0.05
"""So many of all tickets are from the last days; only they are still open."""
NOTED = 0.08
"""How many tickets carry an internal note."""

_O = (Side.OPENER, Does.REPLIES)
_C = (Side.COUNTERPARTY, Does.REPLIES)
_NOTE = (Side.OPERATOR, Does.NOTES)


@dataclass(frozen=True)
class Shape:
    """Where five messages lead: what each does (the first opens), and how the ticket then stands.

    `ends` is how it ended; `clock_since` is the message with which the running clock started.
    """

    turns: tuple[tuple[Side, Does], ...]
    state: State
    ends: Does | None = None
    clock_since: int | None = None

    @property
    def is_disputed(self) -> bool:
        return self.state.dispute is not Dispute.NONE


_ANSWERED = (_O, _C, _O, _O, _C)
CREATED = Shape((_O, _O, _O, _O, _O), State(Status.CREATED, Side.COUNTERPARTY), clock_since=0)
IN_PROGRESS = Shape(
    (_O, _C, _O, _C, _O), State(Status.IN_PROGRESS, Side.COUNTERPARTY), clock_since=4
)
ANSWERED = Shape(_ANSWERED, State(Status.ANSWERED, Side.OPENER))
WAITING = Shape(
    (_O, _C, _O, _C, (Side.COUNTERPARTY, Does.ASKS)),
    State(Status.WAITING, Side.OPENER),
    clock_since=4,
)
DISPUTED = Shape(
    (_O, _C, _O, _C, (Side.OPENER, Does.DISPUTES)),
    State(Status.IN_PROGRESS, Side.OPERATOR, Dispute.OPEN),
    clock_since=4,
)
DECIDED = Shape(
    (_O, _C, (Side.OPENER, Does.DISPUTES), _C, (Side.OPERATOR, Does.DECIDES)),
    State(Status.COMPLETED, Side.NOBODY, Dispute.DECIDED),
    ends=Does.RATES,
)
CANCELLED = Shape((_O, _C, _O, _C, _O), State(Status.CANCELLED, Side.NOBODY), ends=Does.CANCELS)
_COMPLETED = State(Status.COMPLETED, Side.NOBODY)
RATED = Shape(_ANSWERED, _COMPLETED, ends=Does.RATES)
CLOSED = Shape(_ANSWERED, _COMPLETED, ends=Does.CLOSES)
EXPIRED = Shape(_ANSWERED, _COMPLETED)

NEW = {
    CREATED: 20,
    IN_PROGRESS: 20,
    WAITING: 12,
    ANSWERED: 26,
    DISPUTED: 4,
    RATED: 16,
    CANCELLED: 2,
}
OLD = {RATED: 48, CLOSED: 16, EXPIRED: 30, CANCELLED: 4, DECIDED: 2}
SHAPES = tuple(dict.fromkeys([*NEW, *OLD]))


def age_of(rank: float) -> float:
    """The age in seconds of the ticket at `rank`: 0 is the oldest of a load, 1 the newest."""
    if rank < 1 - NEW_SHARE:
        return YEARS - rank / (1 - NEW_SHARE) * (YEARS - LATELY)
    return (1 - rank) / NEW_SHARE * LATELY


class Shaping:
    """Picks shapes by their shares."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._old = (list(OLD), list(OLD.values()))
        self._new = (list(NEW), list(NEW.values()))

    def pick(self, age: float, *, may_be_disputed: bool) -> Shape:
        """A shape for a ticket of that age (seconds)."""
        shapes, shares = self._new if age < LATELY else self._old
        shape = self._rng.choices(shapes, shares)[0]
        if shape.is_disputed and not may_be_disputed:
            return IN_PROGRESS if shape is DISPUTED else CLOSED
        return shape

    def noted(self, shape: Shape) -> tuple[tuple[Side, Does], ...]:
        """The turns of a shape, in some tickets with a note in place of the fourth message.

        A note moves nothing, and the fourth message of these shapes doesn't either.
        """
        if self._rng.random() < NOTED and shape in _NOTABLE:
            return (*shape.turns[:3], _NOTE, shape.turns[4])
        return shape.turns


_NOTABLE = frozenset({CREATED, ANSWERED, RATED, CLOSED, EXPIRED, DECIDED})
