"""How the assistant does: what it said and what became of it, counted apart, for a period (M7).

Helped as somebody said and assumed because they went silent are never one number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Count, DateField
from django.db.models.functions import TruncDate

from parley.assistant.models import Helped, Outcome, Question
from parley.assistant.roles import may_look
from parley.parties.models import Membership

K = TypeVar("K")
LONGEST_PERIOD = timedelta(days=366)
"""More than that is not counted at a time."""


@dataclass(frozen=True)
class Cell:
    """So many questions of one day and language that ended alike."""

    day: date
    language: str
    outcome: str
    helped: str
    times: int


@dataclass
class Report:
    """What is known of a period's questions; the keys are values of `Outcome` and `Helped`."""

    cells: list[Cell] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(cell.times for cell in self.cells)

    @property
    def by_outcome(self) -> Counter[str]:
        """What it said."""
        return _counted((cell.outcome, cell.times) for cell in self.cells)

    @property
    def by_end(self) -> Counter[str]:
        """What became of it."""
        return _counted((cell.helped, cell.times) for cell in self.cells)

    @property
    def crossed(self) -> Counter[tuple[str, str]]:
        """What became of each kind of answer: (outcome, helped)."""
        return _counted(((cell.outcome, cell.helped), cell.times) for cell in self.cells)

    @property
    def languages(self) -> list[str]:
        return sorted({cell.language for cell in self.cells})

    def of_language(self, language: str) -> Report:
        """The same for one language."""
        return Report([cell for cell in self.cells if cell.language == language])

    @property
    def by_day(self) -> dict[date, Counter[str]]:
        """What became of the questions of each day on which there were some."""
        days: dict[date, Counter[str]] = {}
        for cell in self.cells:
            days.setdefault(cell.day, Counter())[cell.helped] += cell.times
        return dict(sorted(days.items()))


def report(reader: Membership, since: datetime, until: datetime, zone: ZoneInfo) -> Report:
    """The questions asked in [`since`, `until`), in days of `zone`; one query along an index.

    A period longer than LONGEST_PERIOD is cut to its end. Empty for those who may not look.
    """
    if not may_look(reader):
        return Report()
    day = TruncDate("asked_at", tzinfo=zone, output_field=DateField())
    rows = (
        Question.objects.filter(
            asked_at__gte=max(since, until - LONGEST_PERIOD), asked_at__lt=until
        )
        .values_list(day, "language", "outcome", "helped")
        .annotate(times=Count("*"))
        .order_by()
    )
    return Report([Cell(*row) for row in rows])


OUTCOMES = (
    Outcome.ANSWER,
    Outcome.OFFER,
    Outcome.UNKNOWN,
    Outcome.FAILED,
    Outcome.PERSON,
    Outcome.NONE,
)
ENDS = (Helped.SAID, Helped.ASSUMED, Helped.HANDED_OVER, Helped.ASKED_ON, Helped.NONE)


def _counted(pairs: Iterable[tuple[K, int]]) -> Counter[K]:
    counted: Counter[K] = Counter()
    for key, times in pairs:
        counted[key] += times
    return counted
