"""Reading figures: a few hundred cells along an index, however many tickets they were made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import F, Q, Sum

from parley.parties.models import Membership
from parley.reports.backlog import age_class
from parley.reports.figures import Figures, Slice
from parley.reports.models import Backlog, Cell, Grain
from parley.reports.periods import Period
from parley.reports.roles import MayNotLook, may_look

MOST = 50
"""So many rows of a table of topics, companies or agents; those with the most tickets."""
EVERYTHING = Slice()


@dataclass(frozen=True)
class Overview:
    """A period, what came before it, and its parts (days or months) in order."""

    period: Period
    whole: Figures
    before: Figures
    parts: list[tuple[Period, Figures]]


def overview(reader: Membership, of: Slice, period: Period) -> Overview:
    """The figures of one slice. One query. Raises MayNotLook."""
    _check(reader)
    return overview_of(of, period)


def overview_of(of: Slice, period: Period) -> Overview:
    """The same for callers that have decided that the reader may see it."""
    whole, before = Figures(), Figures()
    parts = [(part, Figures()) for part in period.parts]
    by_day = {(_month(part.first) if period.by_months else part.first): f for part, f in parts}
    for cell in _cells(of.dimension, [of.key], [period, period.before]):
        if cell.day in period:
            whole.add_cell(cell)
            by_day[_month(cell.day) if period.by_months else cell.day].add_cell(cell)
        else:
            before.add_cell(cell)
    return Overview(period, whole, before, parts)


def daily(reader: Membership, of: Slice, period: Period) -> list[tuple[date, Figures]]:
    """The figures of each day of a period, for taking along. One query. Raises MayNotLook."""
    _check(reader)
    days: dict[date, Figures] = {}
    found = Cell.objects.filter(
        dimension=of.dimension, key=of.key, grain=Grain.DAY, day__range=(period.first, period.last)
    )
    for cell in found:
        days.setdefault(cell.day, Figures()).add_cell(cell)
    return sorted(days.items())


def table(
    reader: Membership, dimension: str, period: Period, most: int | None = MOST
) -> list[tuple[str, Figures]]:
    """The figures of each topic (company, agent, way in), those with the most tickets first.

    Two queries. Raises MayNotLook.
    """
    _check(reader)
    ranked = (
        Cell.objects.filter(_in(period.spans), dimension=dimension)
        .values("key")
        .annotate(tickets=Sum("opened"), dealt=Sum(F("answered") + F("completed")))
        .exclude(tickets=0, dealt=0)
        .order_by("-tickets", "-dealt", "key")
        .values_list("key", flat=True)
    )
    keys = list(ranked[:most] if most else ranked)
    return list(of_each(dimension, keys, period).items())


def of_each(dimension: str, keys: Sequence[str], period: Period) -> dict[str, Figures]:
    """The figures of each of these slices, in their order. One query."""
    figures = {key: Figures() for key in keys}
    for cell in _cells(dimension, keys, [period]):
        figures[cell.key].add_cell(cell)
    return figures


def open_by_age(of: Slice, today: date) -> dict[int, int]:
    """How many tickets are open now, by class of age. One query along an index of open days."""
    opened = Cell.objects.filter(
        dimension=of.dimension, key=of.key, grain=Grain.DAY, open__gt=0
    ).values_list("day", "open")
    ages: dict[int, int] = {}
    for day, tickets in opened:
        age = age_class((today - day).days)
        ages[age] = ages.get(age, 0) + tickets
    return ages


def backlogs(reader: Membership, period: Period) -> dict[date, dict[int, int]]:
    """How many were open at the end of each day (of each month's last, when it is long), by age.

    One query. Raises MayNotLook.
    """
    _check(reader)
    days = [part.last for part in period.parts]
    taken = Backlog.objects.filter(day__in=days).order_by("day")
    return {row.day: {int(age): n for age, n in row.ages.items()} for row in taken}


def _cells(dimension: str, keys: Collection[str], periods: Iterable[Period]) -> Iterable[Cell]:
    spans = [span for period in periods for span in period.spans]
    keys = list(keys)
    which = Q(key=keys[0]) if len(keys) == 1 else Q(key__in=keys)
    return Cell.objects.filter(_in(spans), which, dimension=dimension)


def _in(spans: Iterable[tuple[str, date, date]]) -> Q:
    return reduce(or_, (Q(grain=grain, day__range=(first, last)) for grain, first, last in spans))


def _month(day: date) -> date:
    return day.replace(day=1)


def _check(reader: Membership) -> None:
    if not may_look(reader):
        raise MayNotLook
