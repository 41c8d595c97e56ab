"""Working time, case by case; test_working_time_walked.py compares it with a walker at random."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from parley.sla.working_time import (
    NO_HOURS,
    NoWorkingTime,
    WorkingHours,
    add_working_seconds,
    working_seconds_between,
)

HOUR = 3600
OFFICE = (9 * HOUR, 17 * HOUR + 1800)
OFFICE_WEEK = ((OFFICE,),) * 5 + ((), ())
LONDON = WorkingHours("Europe/London", OFFICE_WEEK, country="GB", subdivision="ENG")
WORKING_DAY = 8 * HOUR + 1800


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/London"))


def every_day(*intervals: tuple[int, int], zone: str = "Europe/London") -> WorkingHours:
    return WorkingHours(zone, (intervals,) * 7)


@pytest.mark.parametrize(
    ("start", "seconds", "expected"),
    [
        ("2026-03-11 09:00", WORKING_DAY, "2026-03-11 17:30"),
        ("2026-03-11 10:15", WORKING_DAY, "2026-03-12 10:15"),
        ("2026-03-11 17:30", 1, "2026-03-12 09:00:01"),
        ("2026-03-11 03:00", 60, "2026-03-11 09:01"),
        ("2026-03-13 16:30", 2 * HOUR, "2026-03-16 10:00"),
        # Good Friday and Easter Monday 2026 are 3 and 6 April.
        ("2026-04-02 17:00", HOUR, "2026-04-07 09:30"),
        # Boxing Day 2026 is a Saturday, its substitute the Monday.
        ("2026-12-24 17:00", HOUR, "2026-12-29 09:30"),
        # The clocks go forward on the Sunday between, which costs no working time.
        ("2026-03-27 17:00", WORKING_DAY, "2026-03-30 17:00"),
    ],
)
def test_a_london_office(start: str, seconds: int, expected: str) -> None:
    due = add_working_seconds(LONDON, london(start), seconds)

    assert due == london(expected)
    assert due.tzinfo is UTC
    assert working_seconds_between(LONDON, london(start), due) == seconds


def test_no_seconds_give_the_start_even_at_night() -> None:
    assert add_working_seconds(LONDON, utc("2026-03-14 02:00"), 0) == utc("2026-03-14 02:00")


def test_fractions_of_a_second_are_dropped() -> None:
    start = utc("2026-03-11 10:00:00.999999")
    assert add_working_seconds(LONDON, start, 60) == utc("2026-03-11 10:01")
    assert working_seconds_between(LONDON, start, utc("2026-03-11 10:00:01.000001")) == 1


def test_backwards_is_nothing() -> None:
    assert working_seconds_between(LONDON, utc("2026-03-12 12:00"), utc("2026-03-11 12:00")) == 0
    with pytest.raises(ValueError, match="forwards"):
        add_working_seconds(LONDON, utc("2026-03-11 12:00"), -1)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        add_working_seconds(LONDON, datetime(2026, 3, 11), 1)


def test_a_skipped_hour_shrinks_its_interval() -> None:
    nights = every_day((0, 4 * HOUR))
    # Sunday 29 March 2026, 01:00 to 02:00 does not exist in London.
    assert working_seconds_between(nights, utc("2026-03-29 00:00"), utc("2026-03-29 12:00")) == (
        3 * HOUR
    )


def test_an_interval_wholly_in_the_skipped_hour_is_gone() -> None:
    dawn = every_day((HOUR + 600, HOUR + 1200))
    assert add_working_seconds(dawn, utc("2026-03-29 00:00"), 1) == utc("2026-03-30 00:10:01")


def test_a_repeated_hour_counts_twice() -> None:
    dawn = every_day((HOUR, HOUR + 1800))
    # Sunday 25 October 2026, 01:00 to 02:00 in London comes twice: from 00:00 and 01:00 UTC.
    assert working_seconds_between(dawn, utc("2026-10-25 00:00"), utc("2026-10-25 12:00")) == HOUR
    assert add_working_seconds(dawn, utc("2026-10-25 00:00"), 1800) == utc("2026-10-25 00:30")
    assert add_working_seconds(dawn, utc("2026-10-25 00:00"), 1801) == utc("2026-10-25 01:00:01")


def test_lord_howe_changes_by_half_an_hour() -> None:
    # On 5 April 2026 at 02:00 the clock there goes back to 01:30.
    dawn = every_day((HOUR, 2 * HOUR), zone="Australia/Lord_Howe")
    assert working_seconds_between(dawn, utc("2026-04-04 12:00"), utc("2026-04-05 12:00")) == 5400


def test_a_night_shift_belongs_to_the_day_it_starts_on() -> None:
    night = (22 * HOUR, 30 * HOUR)
    wednesday = date(2026, 3, 11)
    hours = WorkingHours("UTC", ((night,),) * 7, own_days=frozenset({wednesday}))

    # Tuesday's shift runs into the day off, the day off's own does not start.
    assert working_seconds_between(hours, utc("2026-03-10 22:00"), utc("2026-03-12 22:00")) == (
        8 * HOUR
    )
    assert add_working_seconds(hours, utc("2026-03-11 05:59:59"), 2) == utc("2026-03-12 22:00:01")


def test_overlapping_intervals_count_once() -> None:
    hours = every_day((6 * HOUR, 12 * HOUR), (8 * HOUR, 10 * HOUR), (22 * HOUR, 31 * HOUR))
    day = working_seconds_between(hours, utc("2026-01-12 00:00"), utc("2026-01-13 00:00"))
    assert day == (7 + 5 + 2) * HOUR


def test_several_intervals_a_day() -> None:
    hours = every_day((9 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR), zone="Asia/Kolkata")
    # 11:30 in Kolkata is 06:00 UTC; an hour later, lunch taken out, it is 13:30.
    assert add_working_seconds(hours, utc("2026-01-12 06:00"), HOUR) == utc("2026-01-12 08:00")


def test_round_the_clock_knows_no_holidays() -> None:
    hours = WorkingHours("Europe/London", country="GB", round_the_clock=True)
    christmas = utc("2026-12-25 00:00")
    assert add_working_seconds(hours, christmas, 90) == christmas + timedelta(seconds=90)
    assert working_seconds_between(hours, christmas, christmas + timedelta(days=2)) == 48 * HOUR


@pytest.mark.parametrize(
    "hours",
    [
        WorkingHours("Europe/London", NO_HOURS),
        WorkingHours(
            "UTC",
            ((OFFICE,),) * 7,
            own_days=frozenset(date(2026, 3, 11) + timedelta(days=n) for n in range(6 * 366)),
        ),
    ],
)
def test_a_calendar_without_working_time_says_so(hours: WorkingHours) -> None:
    with pytest.raises(NoWorkingTime):
        add_working_seconds(hours, utc("2026-03-11 00:00"), 1)
    assert working_seconds_between(hours, utc("2026-03-11 00:00"), utc("2030-03-11 00:00")) == 0


def test_the_end_of_time_is_no_endless_loop() -> None:
    with pytest.raises(NoWorkingTime):
        add_working_seconds(every_day((0, 1)), utc("9998-06-01 00:00"), 86_400)


def test_one_second_a_week_takes_its_years() -> None:
    hours = WorkingHours("UTC", (((0, 1),), (), (), (), (), (), ()))
    monday = utc("2026-01-05 00:00")
    assert add_working_seconds(hours, monday, 1000) == monday + timedelta(weeks=999, seconds=1)


@pytest.mark.parametrize(
    "week",
    [
        ((OFFICE,),) * 6,
        (((17 * HOUR, 9 * HOUR),),) * 7,
        (((0, 25 * HOUR),),) * 7,
        (((-1, HOUR),),) * 7,
        (((24 * HOUR, 25 * HOUR),),) * 7,
        (((13 * HOUR, 14 * HOUR), (9 * HOUR, 12 * HOUR)),) * 7,
    ],
)
def test_a_week_that_is_none_is_refused(week: tuple[tuple[tuple[int, int], ...], ...]) -> None:
    with pytest.raises(ValueError, match="day"):
        WorkingHours("UTC", week)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(KeyError):
        WorkingHours("Europe/Atlantis", OFFICE_WEEK)
