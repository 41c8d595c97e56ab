"""How many tickets were open at the end of each day, by age: taken once the day is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Max

from parley.journal.moment import now
from parley.parties.settling import settled
from parley.reports.models import Backlog
from parley.reports.settings import TIME_ZONE

AGES = (0, 1, 3, 7, 30)
"""The classes of age, by the whole days from which on a ticket is in it."""
TAKEN_AGAIN = timedelta(days=3)
"""So many days are taken once more, should something of them have come in late."""


def age_class(days: int) -> int:
    """The class of a ticket opened so many days ago."""
    return max(age for age in AGES if age <= max(0, days))


def today() -> date:
    """The day it is in the zone that is counted by."""
    return now().astimezone(ZoneInfo(settled(TIME_ZONE))).date()


def take_backlogs(*, anew: bool = False) -> int:
    """Take the backlog of every day that is over and has none, and of the last few again; how many.

    With `anew`, of every day since the first ticket.
    """
    first, last = _first_opening(), today() - timedelta(days=1)
    if first is None:
        return 0
    taken = Backlog.objects.aggregate(last=Max("day"))["last"]
    if taken is not None and not anew:
        first = max(first, taken - TAKEN_AGAIN)
    rows = [Backlog(day=day, ages=ages) for day, ages in _backlogs(first, last)]
    if anew:
        Backlog.objects.all().delete()
    Backlog.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["day"], update_fields=["ages"]
    )
    return len(rows)


def _first_opening() -> date | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(opened_on) FROM reports_ticketfacts")
        row = cursor.fetchone()
    return row[0] if row else None


def _backlogs(first: date, last: date) -> Iterator[tuple[date, dict[str, int]]]:
    """For each day, how many of each class were open at its end.

    What was open at a day's end was opened then or before, and ended later or not at all. Tickets of
    the same two days are counted together, so that years of them are a few thousand rows.
    """
    open_now: Counter[date] = Counter()
    opening: dict[date, Counter[date]] = {}
    ending: dict[date, Counter[date]] = {}
    for opened, ended, tickets in _lives(first):
        if ended is not None and ended <= opened:
            continue
        if opened <= first:
            open_now[opened] += tickets
        else:
            opening.setdefault(opened, Counter())[opened] += tickets
        if ended is not None:
            ending.setdefault(ended, Counter())[opened] += tickets
    for day in _days(first, last):
        open_now.update(opening.get(day, {}))
        open_now.subtract(ending.get(day, {}))
        yield day, _by_age(open_now, day)


def _lives(since: date) -> Iterable[tuple[date, date | None, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT opened_on, ended_on, count(*) FROM reports_ticketfacts
            WHERE ended_on IS NULL OR ended_on > %s GROUP BY 1, 2
            """,
            [since],
        )
        return cursor.fetchall()  # type: ignore[no-any-return]


def _by_age(open_now: Mapping[date, int], day: date) -> dict[str, int]:
    ages: Counter[str] = Counter()
    for opened, tickets in open_now.items():
        if tickets:
            ages[str(age_class((day - opened).days))] += tickets
    return dict(ages)


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)
