"""Spans of constant UTC offset of a time zone, found from the zone's own rules.

`zoneinfo` tells the offset at a moment but not when it changes; working time needs the changes,
because wall-clock intervals stretch and shrink exactly there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = 86_400
LAST_YEAR = 9_998
"""The last year looked at: datetimes end in 9999, and local time needs a day of room."""

Span = tuple[int, int, int]


def offset_spans(time_zone: str, since: int) -> Iterator[Span]:
    """Give the zone's spans of constant offset, in order, from the one that holds `since`.

    `since` is in seconds since the epoch; a span is (begin, end, offset), begin and end in seconds
    since the epoch, end not included, offset in seconds east of UTC. Ends with the year 9998.
    Raises `zoneinfo.ZoneInfoNotFoundError` for a zone that does not exist.
    """
    first_year = datetime.fromtimestamp(since, UTC).year
    for year in range(first_year, LAST_YEAR + 1):
        for begin, end, offset in _spans_of_year(time_zone, year):
            if end > since:
                yield begin, end, offset


@lru_cache(maxsize=512)
def _spans_of_year(time_zone: str, year: int) -> tuple[Span, ...]:
    zone = ZoneInfo(time_zone)
    year_begin, year_end = _new_year(year), _new_year(year + 1)
    begins = [year_begin, *_changes(zone, year_begin, year_end)]
    ends = [*begins[1:], year_end]
    return tuple(
        (begin, end, _offset(zone, begin)) for begin, end in zip(begins, ends, strict=True)
    )


def _changes(zone: ZoneInfo, begin: int, end: int) -> Iterator[int]:
    # Looked for a day at a time: no zone changes its offset and changes it back within a day.
    for day in range(begin, end, DAY):
        low, high = day, min(day + DAY, end - 1)
        while _offset(zone, low) != _offset(zone, high):
            low = _first_change(zone, low, high)
            yield low


def _first_change(zone: ZoneInfo, low: int, high: int) -> int:
    before = _offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(zone: ZoneInfo, moment: int) -> int:
    offset = datetime.fromtimestamp(moment, zone).utcoffset()
    assert offset is not None
    return offset.days * DAY + offset.seconds


def _new_year(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
