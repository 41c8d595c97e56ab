"""How support PINs are used: what an administrator looks at before making them hold longer or shorter."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from parley.journal.moment import now
from parley.parties.models import PinOutcome, PinUse, PinWay, SupportPin
from parley.parties.pinning import DAYS
from parley.parties.settling import settled

LOOKED_BACK = 30
"""Days."""


@dataclass(frozen=True)
class PinFigures:
    """The last LOOKED_BACK days, today among them.

    `ways`: (way in words, right, expired, wrong). `days`: (day, right, not right), the newest first,
    of those on which there was any. `in_force` counts the people who have a PIN that holds.
    """

    ways: list[tuple[str, int, int, int]]
    days: list[tuple[date, int, int]]
    in_force: int
    holds_for: int


def pin_figures() -> PinFigures:
    """The figures, days being those of the active time zone; three queries."""
    holds_for, moment = settled(DAYS), now()
    first = (timezone.localtime(moment) - timedelta(days=LOOKED_BACK - 1)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    counted: Counter[tuple[date, str, str]] = Counter()
    by_day = PinUse.objects.filter(at__gte=first).annotate(day=TruncDate("at"))
    rows = by_day.values_list("day", "way", "outcome").annotate(uses=Count("pk")).order_by()
    for day, way, outcome, uses in rows:
        counted[day, way, outcome] = uses
    return PinFigures(
        ways=[
            (
                str(way.label),
                *(_sum(counted, way=way, outcome=outcome) for outcome in _COLUMNS),  # type: ignore[misc]
            )
            for way in PinWay
        ],
        days=[_day(counted, day) for day in sorted({day for day, _w, _o in counted}, reverse=True)],
        in_force=SupportPin.objects.filter(made_at__gt=moment - timedelta(days=holds_for)).count(),
        holds_for=holds_for,
    )


_COLUMNS = (PinOutcome.RIGHT, PinOutcome.EXPIRED, PinOutcome.WRONG)


def _day(counted: Counter[tuple[date, str, str]], day: date) -> tuple[date, int, int]:
    all_of_it = sum(uses for (one, _way, _outcome), uses in counted.items() if one == day)
    right = sum(
        uses
        for (one, _way, outcome), uses in counted.items()
        if one == day and outcome == PinOutcome.RIGHT
    )
    return day, right, all_of_it - right


def _sum(counted: Counter[tuple[date, str, str]], *, way: str, outcome: str) -> int:
    return sum(uses for (_day, w, o), uses in counted.items() if (w, o) == (way, outcome))
