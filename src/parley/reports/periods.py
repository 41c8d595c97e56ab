"""Periods of whole days: what came before one, and which cells it is read from."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from parley.reports.models import Grain

DAY = timedelta(days=1)
BY_DAYS = 93
"""Periods longer than so many days are told, and read, by months."""
LONGEST = 3_653
"""Days. More than ten years are not told at a time."""


class Span(NamedTuple):
    """Cells of one grain, from one to another by their day."""

    grain: str
    first: date
    last: date


@dataclass(frozen=True)
class Period:
    """From the beginning of `first` to the end of `last`, in the marketplace's zone.

    Raises ValueError when it ends before it begins.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period ends after it begins")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def by_months(self) -> bool:
        """Whether its parts are months; otherwise they are days."""
        return self.days > BY_DAYS

    @property
    def before(self) -> Period:
        """The period to compare with: as many whole months before whole months, else as many days."""
        last = self.first - DAY
        if self.first.day == 1 and _is_last(self.last):
            months = _month_number(self.last) - _month_number(self.first) + 1
            return Period(_first_of(_month_number(self.first) - months), last)
        return Period(self.first - timedelta(days=self.days), last)

    @property
    def spans(self) -> list[Span]:
        """The cells that hold it: whole months as months, when it is long, and the rest as days."""
        if not self.by_months:
            return [Span(Grain.DAY, self.first, self.last)]
        first_whole = _month_number(self.first) + (self.first.day > 1)
        last_whole = _month_number(self.last) - (not _is_last(self.last))
        months = Span(Grain.MONTH, _first_of(first_whole), _first_of(last_whole))
        edges = [
            Span(Grain.DAY, self.first, months.first - DAY),
            Span(Grain.DAY, _first_of(last_whole + 1), self.last),
        ]
        return [months, *(edge for edge in edges if edge.first <= edge.last)]

    @property
    def parts(self) -> list[Period]:
        """Its days, or its months (the first and the last as far as they are in it)."""
        if not self.by_months:
            return [Period(day, day) for day in self.each_day]
        numbers = range(_month_number(self.first), _month_number(self.last) + 1)
        return [
            Period(max(self.first, _first_of(n)), min(self.last, _first_of(n + 1) - DAY))
            for n in numbers
        ]

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def each_day(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.days)]


def month_of(day: date) -> Period:
    """The whole month a day is in."""
    return Period(day.replace(day=1), _first_of(_month_number(day) + 1) - DAY)


def year(number: int) -> Period:
    """A whole year."""
    return Period(date(number, 1, 1), date(number, 12, 31))


def _is_last(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_of(month_number: int) -> date:
    return date(month_number // 12, month_number % 12 + 1, 1)
