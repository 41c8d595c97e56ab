"""Working time against the most obvious thing that could be right: walking it minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.sla.days_off import public_holidays
from parley.sla.working_time import (
    Interval,
    WorkingHours,
    add_working_seconds,
    working_seconds_between,
)

HALF_DAY = 43_200
DAY = 86_400
COUNTRIES = {
    "Europe/London": ("GB", "SCT"),
    "Europe/Moscow": ("RU", ""),
    "America/New_York": ("US", ""),
    "Asia/Kolkata": ("IN", "MH"),
    "Australia/Lord_Howe": ("AU", "NSW"),
    "Africa/Casablanca": ("MA", ""),
}
# Around these the clock of at least one of the zones changes, or a year does.
TURNING_POINTS = [
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    datetime(2026, 2, 15, 2, tzinfo=UTC),
    datetime(2026, 3, 22, 2, tzinfo=UTC),
    datetime(2014, 10, 25, 22, tzinfo=UTC),
    datetime(2011, 3, 26, 23, tzinfo=UTC),
    datetime(2027, 1, 1, tzinfo=UTC),
]


def is_working(hours: WorkingHours, moment: datetime) -> bool:
    """The definition, read aloud."""
    wall = moment.astimezone(ZoneInfo(hours.time_zone))
    seconds = wall.hour * 3600 + wall.minute * 60 + wall.second
    return starts_on(hours, wall.date(), seconds) or starts_on(
        hours, wall.date() - timedelta(days=1), seconds + DAY
    )


def starts_on(hours: WorkingHours, day: date, seconds: int) -> bool:
    if day in hours.own_days:
        return False
    if hours.country and day in public_holidays(hours.country, hours.subdivision, day.year):
        return False
    return any(opens <= seconds < closes for opens, closes in hours.weekly[day.weekday()])


def walk(hours: WorkingHours, start: datetime, end: datetime, step: int) -> int:
    """Count working seconds step by step; right if nothing opens or closes inside a step."""
    worked, here = 0, start
    while here < end:
        past_the_step = int(here.timestamp()) % step
        onwards = min(here + timedelta(seconds=step - past_the_step), end)
        if is_working(hours, here):
            worked += int((onwards - here).total_seconds())
        here = onwards
    return worked


@st.composite
def intervals(draw: st.DrawFn, unit: int) -> Interval:
    opens = draw(st.integers(0, DAY // unit - 1))
    length = draw(st.integers(1, DAY // unit))
    return opens * unit, (opens + length) * unit


@st.composite
def calendars(draw: st.DrawFn, unit: int) -> WorkingHours:
    zone = draw(st.sampled_from(sorted(COUNTRIES)))
    country, subdivision = COUNTRIES[zone] if draw(st.booleans()) else ("", "")
    day = st.lists(intervals(unit), max_size=3).map(lambda found: tuple(sorted(found)))
    around = draw(st.sampled_from(TURNING_POINTS)).date()
    days_off = st.integers(-4, 4).map(lambda n: around + timedelta(days=n))
    return WorkingHours(
        zone,
        tuple(draw(day) for _ in range(7)),
        country,
        subdivision,
        frozenset(draw(st.lists(days_off, max_size=3))),
    )


def moments(within: int) -> st.SearchStrategy[datetime]:
    """Moments at most `within` seconds from a turning point."""
    return st.builds(
        lambda point, seconds: point + timedelta(seconds=seconds),
        st.sampled_from(TURNING_POINTS),
        st.integers(-within, within),
    )


@settings(deadline=None, max_examples=150)
@given(calendars(unit=60), moments(within=3 * DAY), st.integers(0, 4 * DAY))
def test_seconds_between_as_walked_by_minutes(
    hours: WorkingHours, start: datetime, length: int
) -> None:
    end = start + timedelta(seconds=length)
    assert working_seconds_between(hours, start, end) == walk(hours, start, end, step=60)


@settings(deadline=None, max_examples=100)
@given(calendars(unit=1), moments(within=HALF_DAY), st.integers(0, 7200))
def test_seconds_between_as_walked_by_seconds(
    hours: WorkingHours, start: datetime, length: int
) -> None:
    end = start + timedelta(seconds=length)
    assert working_seconds_between(hours, start, end) == walk(hours, start, end, step=1)


@settings(deadline=None, max_examples=150)
@given(calendars(unit=60), moments(within=3 * DAY), st.integers(1, 3 * DAY))
def test_added_seconds_end_at_the_first_moment_they_have_passed(
    hours: WorkingHours, start: datetime, length: int
) -> None:
    worked = walk(hours, start, start + timedelta(seconds=length), step=60)
    if not worked:
        return

    due = add_working_seconds(hours, start, worked)

    assert due <= start + timedelta(seconds=length)
    assert walk(hours, start, due, step=60) == worked
    assert is_working(hours, due - timedelta(seconds=1))


@settings(deadline=None, max_examples=300)
@given(calendars(unit=1), moments(within=20 * DAY), st.integers(0, 60 * DAY))
def test_adding_and_counting_undo_each_other(
    hours: WorkingHours, start: datetime, seconds: int
) -> None:
    if not any(hours.weekly) or sum(b - a for day in hours.weekly for a, b in day) < 3600:
        return
    due = add_working_seconds(hours, start, seconds)

    assert working_seconds_between(hours, start, due) == seconds
    assert add_working_seconds(hours, start, seconds) == due
    if seconds:
        just_before = due - timedelta(seconds=1)
        assert working_seconds_between(hours, start, just_before) == seconds - 1


@settings(deadline=None, max_examples=100)
@given(
    calendars(unit=60),
    moments(within=20 * DAY),
    st.integers(0, 400 * DAY),
    st.integers(0, 400 * DAY),
)
def test_counting_adds_up(hours: WorkingHours, start: datetime, first: int, second: int) -> None:
    middle = start + timedelta(seconds=first)
    end = middle + timedelta(seconds=second)
    assert working_seconds_between(hours, start, end) == (
        working_seconds_between(hours, start, middle) + working_seconds_between(hours, middle, end)
    )


@pytest.mark.parametrize("zone", sorted(COUNTRIES))
def test_a_year_round_the_week_is_the_whole_year(zone: str) -> None:
    hours = WorkingHours(zone, (((0, DAY),),) * 7)
    start, end = datetime(2025, 6, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    assert working_seconds_between(hours, start, end) == 365 * DAY
