"""Working time: how many working seconds lie between two moments, and when so many are over.

A moment is working time when the wall clock of the calendar's zone stands inside one of its
weekly intervals. From that one sentence follows the rest:

- an interval holds its first second and not its last moment: 9:00 to 17:30 is 8 h 30;
- an interval may run over midnight; it belongs to the day it starts on. A day off takes out the
  intervals that start on it, whole, and nothing else: the night shift of the eve ends as usual;
- where intervals overlap, a second counts once;
- daylight saving: the part of an interval in an hour the clock skips does not exist, and the part
  in an hour the clock repeats counts twice;
- round the clock, every second counts, on holidays too.

Inside, moments are whole seconds since the epoch and days are counted from 1 January 1970.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from parley.sla.days_off import public_holidays
from parley.sla.zones import DAY, offset_spans

Interval = tuple[int, int]
"""From when until when, in seconds from local midnight; an end past 86400 is the next day's."""

Week = tuple[tuple[Interval, ...], ...]
"""The intervals of each weekday, Monday first."""

LOOK_AHEAD = 5 * 366 * DAY
"""So long, in seconds, may a calendar go without working time before it counts as having none."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
SECOND = timedelta(seconds=1)
NO_HOURS: Week = ((),) * 7


class NoWorkingTime(ValueError):
    """The calendar has no working time within the years looked ahead."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When someone works: a week of intervals in a time zone, less holidays; or always.

    `country` and `subdivision` name whose public holidays are off ('' for none), `own_days` are
    further days off. Raises ValueError when the week is not one.
    """

    time_zone: str
    weekly: Week = NO_HOURS
    country: str = ""
    subdivision: str = ""
    own_days: frozenset[date] = frozenset()
    round_the_clock: bool = False

    def __post_init__(self) -> None:
        ZoneInfo(self.time_zone)  # a zone that does not exist is refused here, not at a deadline
        if len(self.weekly) != 7:
            raise ValueError("a week has seven days")
        for intervals in self.weekly:
            _check_intervals(intervals)

    def intervals_on(self, day: int) -> tuple[Interval, ...]:
        """Give the intervals that start on a local day, counted from 1 January 1970."""
        intervals = self.weekly[(day + 3) % 7]  # 1 January 1970 was a Thursday
        if intervals and self._is_off(date.fromordinal(day + EPOCH_ORDINAL)):
            return ()
        return intervals

    def _is_off(self, day: date) -> bool:
        return day in self.own_days or day in public_holidays(
            self.country, self.subdivision, day.year
        )


def add_working_seconds(hours: WorkingHours, start: datetime, seconds: int) -> datetime:
    """Give the first moment at which `seconds` of working time have passed since `start`.

    `start` is aware, its fraction of a second is dropped; the answer is in UTC. Nought seconds
    give `start` itself, working time or not. Raises ValueError for less than nought seconds and
    `NoWorkingTime` for a calendar that never gets there.
    """
    if seconds < 0:
        raise ValueError("working time runs forwards only")
    since, left = _to_seconds(start), seconds
    if not left or hours.round_the_clock:
        return EPOCH + timedelta(seconds=since + left)
    while True:
        last = since
        for begin, end in _working_spans(hours, since, since + LOOK_AHEAD):
            if end - begin >= left:
                return EPOCH + timedelta(seconds=begin + left)
            left -= end - begin
            last = end
        if last == since:
            raise NoWorkingTime(f"No working time in the five years after {start:%Y-%m-%d}")
        since = last


def working_seconds_between(hours: WorkingHours, start: datetime, end: datetime) -> int:
    """Give the working seconds from `start` to `end`, both aware; 0 when `end` is not later."""
    since, until = _to_seconds(start), _to_seconds(end)
    if hours.round_the_clock:
        return max(0, until - since)
    return sum(closes - opens for opens, closes in _working_spans(hours, since, until))


def _working_spans(hours: WorkingHours, since: int, until: int) -> Iterator[Interval]:
    """Give the stretches of working time in [since, until), in order, none touched twice."""
    reached = since
    for span_begin, span_end, offset in offset_spans(hours.time_zone, since):
        if span_begin >= until:
            return
        first, last = max(span_begin, since), min(span_end, until)
        for opens, closes in _wall_intervals(hours, first, last, offset):
            begin, end = max(opens, first, reached), min(closes, last)
            if begin < end:
                yield begin, end
                reached = end


def _wall_intervals(hours: WorkingHours, begin: int, end: int, offset: int) -> Iterator[Interval]:
    """Give the intervals that may touch [begin, end), as if `offset` held all the time."""
    day_before = (begin + offset) // DAY - 1  # its last interval may run into this day
    last_day = (end + offset - 1) // DAY
    for day in range(day_before, last_day + 1):
        midnight = day * DAY - offset
        for opens, closes in hours.intervals_on(day):
            yield midnight + opens, midnight + closes


def _check_intervals(intervals: tuple[Interval, ...]) -> None:
    for opens, closes in intervals:
        if not (0 <= opens < DAY and opens < closes <= opens + DAY):
            raise ValueError(f"not an interval of a day: {opens} to {closes} seconds")
    if list(intervals) != sorted(intervals):
        raise ValueError("the intervals of a day go in order")


def _to_seconds(moment: datetime) -> int:
    if moment.utcoffset() is None:
        raise ValueError("working time needs moments with a time zone")
    return (moment - EPOCH) // SECOND
