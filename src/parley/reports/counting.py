"""From what happened to a ticket to the cells it counts in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from parley.reports.models import Dimension, Grain
from parley.reports.spreading import bucket_of
from parley.reports.walking import Facts, Happening, What


class Place(NamedTuple):
    """A cell."""

    dimension: str
    key: str
    grain: str
    day: date


class Amount(NamedTuple):
    """What is counted there: in a column, or in a spread by its key."""

    place: Place
    name: str
    by: str = ""


COLUMN = {
    What.OPENED: "opened",
    What.TAKEN: "opened",
    What.OPEN: "open",
    What.REPLIED: "replies",
    What.ANSWERED: "answered",
    What.KEPT: "kept",
    What.MISSED: "missed",
    What.DISPUTED: "disputed",
    What.DECIDED: "decided",
    What.COMPLETED: "completed",
    What.CANCELLED: "cancelled",
    What.RATED: "rated",
}
SUM = {What.DECIDED: "decided_seconds", What.ELAPSED: "elapsed_seconds", What.RATED: "stars"}
COLUMNS = tuple(dict.fromkeys([*COLUMN.values(), *SUM.values()]))


def amounts_of(facts: Facts) -> Counter[Amount]:
    """All that a ticket with these facts adds to the cells."""
    counted: Counter[Amount] = Counter()
    for one in facts.happenings:
        day, hour = _day_and_hour(one.at // 3600, one.at % 3600 // 900, facts.zone)
        amounts = list(_amounts(one, hour))
        for dimension, key in _slices(one, facts):
            for grain, first in ((Grain.DAY, day), (Grain.MONTH, day.replace(day=1))):
                place = Place(dimension.value, key, grain.value, first)
                for name, by, number in amounts:
                    counted[Amount(place, name, by)] += number
    return counted


def _amounts(one: Happening, hour: int) -> Iterator[tuple[str, str, int]]:
    what = What(one.what)
    if what in COLUMN:
        yield COLUMN[what], "", 1
    if what in SUM:
        yield SUM[what], "", one.value
    if what is What.OPENED:
        yield "hours", str(hour), 1
    elif what is What.ANSWERED:
        yield "answered", str(bucket_of(one.value)), 1
    elif what is What.COMPLETED:
        yield "resolved", str(bucket_of(one.value)), 1
    elif what is What.RATED:
        yield "stars", str(one.value), 1
    elif what is What.OUTCOME:
        yield "outcomes", str(one.value), 1


def _slices(one: Happening, facts: Facts) -> Iterator[tuple[Dimension, str]]:
    if one.what != What.TAKEN:
        yield Dimension.ALL, ""
        yield Dimension.TOPIC, str(facts.topic)
        yield Dimension.CHANNEL, facts.channel
        yield Dimension.OPENER, str(facts.opener)
        if one.party:
            yield Dimension.PARTY, str(one.party)
    if one.agent:
        yield Dimension.AGENT, str(one.agent)


# A batch of tickets is mostly of few days; a zone's offset changes at a quarter of an hour at the finest.
@lru_cache(maxsize=65_536)
def _day_and_hour(hours: int, quarter: int, zone: str) -> tuple[date, int]:
    """The day of a moment, and its hour of the week (0: Monday from midnight to one)."""
    local = datetime.fromtimestamp(hours * 3600 + quarter * 900, ZoneInfo(zone))
    return local.date(), local.weekday() * 24 + local.hour
