"""From which confidence on the assistant answers, and offers: as set, or else as measured."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from parley.assistant.models import Outcome
from parley.assistant.models import Thresholds as Kept

ANSWER, OFFER = 0.6, 0.25
"""Where false answers to neighbouring questions are few and most answerable ones are answered."""


@dataclass(frozen=True)
class Thresholds:
    """Confidence (0 to 1) from which on a question is answered, and from which on articles are offered."""

    answer: float
    offer: float

    def outcome(self, confidence: float) -> Outcome:
        """What to do with a question of this confidence."""
        if confidence >= self.answer:
            return Outcome.ANSWER
        return Outcome.OFFER if confidence >= self.offer else Outcome.UNKNOWN


MEASURED = Thresholds(ANSWER, OFFER)


def thresholds() -> Thresholds:
    """Those in force; one query."""
    kept = Kept.objects.order_by("pk").values_list("answer", "offer").first()
    return Thresholds(*kept) if kept else MEASURED


CURVE = Path(__file__).with_name("curve.json")
"""What `bin/bench assistant --keep-curve` measured last."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """What would come of answering from this confidence on: shares, from 0 to 1.

    Of the questions whose article there is: how many would be `answered`, and `right`ly. Falsely
    answered: of questions about a neighbouring matter (`near`), of those whose own article was left
    out (`gone`), and of those from elsewhere (`far`).
    """

    confidence: float
    answered: float
    right: float
    near: float
    gone: float
    far: float


@cache
def curve() -> tuple[Point, ...]:
    """What was measured with the labelled questions, from low confidence to high; empty if nothing was."""
    if not CURVE.exists():
        return ()
    return tuple(Point(**point) for point in json.loads(CURVE.read_text(encoding="utf-8")))
