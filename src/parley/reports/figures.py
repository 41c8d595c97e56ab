"""Figures of a slice in a period, added up from cells. docs/reports.md defines each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from parley.reports.counting import COLUMNS
from parley.reports.models import Cell, Dimension
from parley.reports.spreading import percentile

TYPICAL, SLOW = 0.5, 0.9
"""The median, and what nine of ten stay below."""
ENOUGH = 5
"""From so many on, a share or a percentile says something of a company or a person."""


class Slice(NamedTuple):
    """What figures are of: everything, one topic, company, agent or way in."""

    dimension: str = Dimension.ALL
    key: str = ""


@dataclass
class Figures:
    """Counts and spreads; add cells or other figures to them."""

    counts: Counter[str] = field(default_factory=Counter)
    spreads: dict[str, Counter[str]] = field(default_factory=dict)

    def add_cell(self, cell: Cell) -> None:
        for name in COLUMNS:
            self.counts[name] += getattr(cell, name)
        for name, spread in cell.spreads.items():
            self.spreads.setdefault(name, Counter()).update(spread)

    def add(self, other: Figures) -> Figures:
        """Add these; gives itself."""
        self.counts.update(other.counts)
        for name, spread in other.spreads.items():
            self.spreads.setdefault(name, Counter()).update(spread)
        return self

    @property
    def opened(self) -> int:
        return self.counts["opened"]

    @property
    def answered(self) -> int:
        return self.counts["answered"]

    @property
    def replies(self) -> int:
        return self.counts["replies"]

    @property
    def completed(self) -> int:
        return self.counts["completed"]

    @property
    def cancelled(self) -> int:
        return self.counts["cancelled"]

    @property
    def disputed(self) -> int:
        return self.counts["disputed"]

    @property
    def decided(self) -> int:
        return self.counts["decided"]

    @property
    def kept(self) -> int:
        return self.counts["kept"]

    @property
    def missed(self) -> int:
        return self.counts["missed"]

    @property
    def clocks(self) -> int:
        return self.kept + self.missed

    @property
    def within(self) -> float | None:
        """The share of clocks that were kept; None when none ended."""
        return self.kept / self.clocks if self.clocks else None

    @property
    def rated(self) -> int:
        return self.counts["rated"]

    @property
    def rating(self) -> float | None:
        """Stars on average."""
        return self.counts["stars"] / self.rated if self.rated else None

    @property
    def stars(self) -> list[tuple[int, int]]:
        """How many ratings of five stars, of four, and so on."""
        spread = self.spreads.get("stars", Counter())
        return [(stars, spread[str(stars)]) for stars in (5, 4, 3, 2, 1)]

    @property
    def outcomes(self) -> Counter[str]:
        return self.spreads.get("outcomes", Counter())

    @property
    def hours(self) -> Counter[int]:
        """How many were opened in each hour of the week, from Monday midnight on."""
        return Counter({int(hour): n for hour, n in self.spreads.get("hours", {}).items()})

    @property
    def first_response(self) -> Times:
        """Working time from opening to the first answer."""
        return self._times("answered")

    @property
    def resolution(self) -> Times:
        """Working time from opening until it was resolved."""
        return self._times("resolved")

    @property
    def days_to_process(self) -> float | None:
        """Days by the clock from opening until it was resolved, on average."""
        return self.counts["elapsed_seconds"] / self.completed / 86_400 if self.completed else None

    @property
    def days_to_decide(self) -> float | None:
        """Days by the clock from when a dispute began to its decision, on average."""
        return self.counts["decided_seconds"] / self.decided / 86_400 if self.decided else None

    def _times(self, name: str) -> Times:
        counts = Counter(
            {int(bucket): times for bucket, times in self.spreads.get(name, {}).items()}
        )
        return Times(sum(counts.values()), percentile(counts, TYPICAL), percentile(counts, SLOW))


class Times(NamedTuple):
    """How long so many of them took, in working seconds: the median, and nine of ten."""

    of: int
    typical: float | None
    slow: float | None
