"""From which confidence on the assistant answers, and offers: as set, or else as measured."""

from __future__ import annotations

from dataclasses import dataclass

from parley.assistant.models import Outcome
from parley.assistant.models import Thresholds as Kept

ANSWER, OFFER = 0.45, 0.2
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
