"""When an export runs next, by its own clock."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, time, timedelta

from parley.exports.models import Every, Export

MIDNIGHT = time(0, 0)


def next_run(export: Export, after: datetime) -> datetime:
    """The first moment after `after` at which the export is to run, in UTC.

    A time of day that the clocks skip in spring counts as an hour later; one that comes twice in
    autumn, the first time.
    """
    if export.every == Every.MINUTES:
        return after + timedelta(minutes=export.minutes)
    if export.every == Every.HOURLY:
        return after.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    zone = zone_of(export)
    day = after.astimezone(zone).date()
    for _day in range(9):
        moment = datetime.combine(day, export.at_time or MIDNIGHT, zone).astimezone(UTC)
        if moment > after and (export.every == Every.DAILY or day.weekday() < 5):
            return moment
        day += timedelta(days=1)
    raise AssertionError("there is a working day in every nine")


def zone_of(export: Export) -> zoneinfo.ZoneInfo:
    """The export's time zone; UTC where there is none of that name any more."""
    try:
        return zoneinfo.ZoneInfo(export.zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
