"""Weekly hours as people write them and as they are kept: `{"mon": [["09:00", "17:30"]], …}`."""

from __future__ import annotations

import itertools
import re
from typing import Any

from parley.sla.working_time import Interval, Week
from parley.sla.zones import DAY

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?|24:00(?::00)?", re.ASCII)


class NotWeeklyHours(ValueError):
    """The text of weekly hours cannot be read; says where."""


def week_from(written: Any) -> Week:
    """Read weekly hours: a list of [from, until] for each day that has any.

    Times are `HH:MM` or `HH:MM:SS`; until 24:00 is the end of the day, and an end before its
    beginning is on the next day. Raises `NotWeeklyHours`, also for intervals that overlap.
    """
    if not isinstance(written, dict) or not written.keys() <= set(WEEKDAYS):
        raise NotWeeklyHours("Weekly hours name the days " + ", ".join(WEEKDAYS))
    return tuple(_day_from(day, written.get(day, [])) for day in WEEKDAYS)


def _day_from(day: str, written: Any) -> tuple[Interval, ...]:
    if not isinstance(written, list):
        raise NotWeeklyHours(f"{day} takes a list of intervals")
    intervals = sorted(_interval_from(day, pair) for pair in written)
    for earlier, later in itertools.pairwise(intervals):
        if later[0] < earlier[1]:
            raise NotWeeklyHours(f"The intervals of {day} overlap")
    return tuple(intervals)


def _interval_from(day: str, pair: Any) -> Interval:
    if not isinstance(pair, list) or len(pair) != 2:
        raise NotWeeklyHours(f"An interval of {day} is a pair: from, until")
    opens, closes = _seconds_from(day, pair[0]), _seconds_from(day, pair[1])
    if opens in {closes, DAY}:
        raise NotWeeklyHours(f"An interval of {day} has no length")
    return opens, closes if closes > opens else closes + DAY


def _seconds_from(day: str, written: Any) -> int:
    found = TIME.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise NotWeeklyHours(f"{written!r} on {day} is not a time such as 09:00")
    if written.startswith("24"):
        return DAY
    hour, minute, second = found.groups(default="0")
    return int(hour) * 3600 + int(minute) * 60 + int(second)
