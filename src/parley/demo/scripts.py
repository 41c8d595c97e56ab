"""The scripts of tickets, as written in `content/scenarios/`, and where each of them leads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from parley.demo.reading_content import content, names_in
from parley.tickets.states import START, Action, Side, State, after

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Does(StrEnum):
    """What a turn of a script does."""

    OPENS = "opens"
    REPLIES = "replies"
    ASKS = "asks"
    CONFIDES = "confides"
    NOTES = "notes"
    DISPUTES = "disputes"
    STEPS_IN = "steps_in"
    DECIDES = "decides"
    CLOSES = "closes"
    CANCELS = "cancels"
    RATES = "rates"


ACTION_OF = {
    Does.REPLIES: Action.REPLY,
    Does.ASKS: Action.ASK,
    Does.DISPUTES: Action.ESCALATE,
    Does.STEPS_IN: Action.STEP_IN,
    Does.DECIDES: Action.DECIDE,
    Does.CLOSES: Action.CLOSE,
    Does.CANCELS: Action.CANCEL,
    Does.RATES: Action.RATE,
}
"""What turns mean to the state machine; the others (opening, notes, asides) move nobody's turn."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One step: by which side, what, with which words; `to` is whom it asks or confides in."""

    by: Side
    does: Does
    says: str
    to: Side
    after: timedelta
    stars: int | None
    outcome: str
    files: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Script:
    """A ticket as it may go; `opener` and `counterparty` are kinds of party.

    `goods` is the kind of product it is about, `products` are the very products, if it matters.
    """

    key: str
    topic: str
    opener: str
    counterparty: str
    language: str
    priority: str
    goods: str
    products: tuple[str, ...]
    titles: tuple[str, ...]
    turns: tuple[Turn, ...]

    @property
    def ends_open(self) -> bool:
        """Whether somebody still owes an answer when the script is over."""
        return states_of(self.turns)[-1].status in {"created", "in_progress", "waiting"}


def states_of(turns: Sequence[Turn]) -> list[State]:
    """Where the ticket stands after each turn. Raises NotAllowed where the machine refuses."""
    state = START
    walked = []
    for turn in turns:
        if turn.does in ACTION_OF:
            state = after(state, ACTION_OF[turn.does], turn.by, turn.to)
        walked.append(state)
    return walked


@cache
def scripts() -> tuple[Script, ...]:
    """All scripts, in a fixed order."""
    return tuple(
        _script(table) for name in names_in("scenarios") for table in content(name)["scenario"]
    )


def _script(table: dict[str, Any]) -> Script:
    return Script(
        key=table["key"],
        topic=table["topic"],
        opener=table["opener"],
        counterparty=table["counterparty"],
        language=table["language"],
        priority=table["priority"],
        goods=table.get("goods", ""),
        products=tuple(table.get("products", ())),
        titles=tuple(table["titles"]),
        turns=tuple(_turn(turn) for turn in table["turn"]),
    )


def _turn(table: dict[str, Any]) -> Turn:
    return Turn(
        by=Side(table["by"]),
        does=Does(table["does"]),
        says=table.get("says", ""),
        to=Side(table.get("to", "")),
        after=_duration(table.get("after", "2h")),
        stars=table.get("stars"),
        outcome=table.get("outcome", ""),
        files=tuple(table.get("files", ())),
    )


def _duration(text: str) -> timedelta:
    number, unit = re.fullmatch(r"(\d+)([mhd])", text).groups()  # type: ignore[union-attr]
    return timedelta(**{_UNITS[unit]: int(number)})
