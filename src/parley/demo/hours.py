"""When people do things: mostly by day and on weekdays, in their own time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

DAY_BEGINS, DAY_ENDS = 8, 19
WORKS_AT_WEEKENDS = 0.15
"""How often somebody does on a Saturday or Sunday what can wait until Monday."""


def awake(moment: datetime, zone: str, rng: Random) -> datetime:
    """`moment`, or a time soon after it when a person in `zone` is at work."""
    local = moment.astimezone(ZoneInfo(zone))
    if local.hour >= DAY_ENDS:
        local = _morning(local + timedelta(days=1), rng)
    elif local.hour < DAY_BEGINS:
        local = _morning(local, rng)
    if local.weekday() >= 5 and rng.random() > WORKS_AT_WEEKENDS:
        local = _morning(local + timedelta(days=7 - local.weekday()), rng)
    return local.astimezone(moment.tzinfo)


def some_time(first: datetime, last: datetime, zone: str, rng: Random) -> datetime:
    """A moment between the two when a person in `zone` is at work, if one can be found."""
    span = (last - first).total_seconds()
    for _ in range(20):
        moment = awake(first + timedelta(seconds=rng.random() * span), zone, rng)
        if moment <= last:
            return moment
    return last


def _morning(local: datetime, rng: Random) -> datetime:
    # Weighted to the morning's first hours, when the inbox is read.
    minutes = int(rng.triangular(0, 240, 40))
    begins = local.replace(hour=DAY_BEGINS, minute=0, second=rng.randrange(60), microsecond=0)
    return begins + timedelta(minutes=minutes)


def earlier(moment: datetime, gap: timedelta, zone: str) -> datetime:
    """`gap` before `moment`, or the evening before that when it would be at night in `zone`."""
    local = (moment - gap).astimezone(ZoneInfo(zone))
    if local.hour >= DAY_ENDS:
        local = local.replace(hour=DAY_ENDS - 1)
    elif local.hour < DAY_BEGINS:
        local = (local - timedelta(days=1)).replace(hour=DAY_ENDS - 2)
    return local.astimezone(moment.tzinfo)
