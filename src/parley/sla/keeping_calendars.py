"""The operator's keeping of calendars: when whom is at work (T10, S5)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, ProtectedError, QuerySet
from django.utils.translation import gettext as _

from parley.conversations.typed import typed_line
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.sla.days_off import public_holidays
from parley.sla.events import CalendarKept
from parley.sla.keeping_policies import must_keep_policies
from parley.sla.models import Calendar
from parley.sla.weekly_hours import WEEKDAYS

LONGEST = 100
MOST_OWN_DAYS = 400
_INTERVAL = re.compile(
    r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|to|до)\s*(\d{1,2})(?:[:.](\d{2}))?", re.ASCII
)


class CalendarRefused(ValueError):
    """A calendar can't be kept so; `problems` says why, field by field, for the reader."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


class StillUsed(Exception):
    """A calendar that policies go by can't be removed."""


@dataclass(frozen=True, kw_only=True)
class CalendarTyped:
    """A calendar as an administrator has typed it.

    `hours` by day (`mon`…): "9:00–12:30, 13:00–17:30", or nothing. `own_days`: a day (ISO 8601) a line.
    """

    name: str
    mode: str = Calendar.Mode.BUSINESS_HOURS
    time_zone: str = "UTC"
    hours: dict[str, str] = field(default_factory=dict)
    country: str = ""
    subdivision: str = ""
    own_days: str = ""


def all_calendars() -> QuerySet[Calendar]:
    """Every calendar, and how many policies go by it (`policies`)."""
    return Calendar.objects.annotate(policies=Count("policy")).order_by("name")


def as_typed(calendar: Calendar) -> CalendarTyped:
    """A calendar as its form shows it."""
    hours = {
        day: ", ".join(f"{opens}–{closes}" for opens, closes in calendar.weekly_hours.get(day, []))
        for day in WEEKDAYS
    }
    return CalendarTyped(
        name=calendar.name,
        mode=calendar.mode,
        time_zone=calendar.time_zone,
        hours=hours,
        country=calendar.country,
        subdivision=calendar.subdivision,
        own_days="\n".join(day.isoformat() for day in sorted(calendar.own_days)),
    )


def read_calendar(typed: CalendarTyped) -> Calendar:
    """The calendar that was typed, not kept. Raises CalendarRefused."""
    problems: dict[str, str] = {}
    name = typed_line(typed.name)
    if not name or len(name) > LONGEST:
        words = _("Give it a name of at most %(most)s characters.")
        problems["name"] = words % {"most": LONGEST}
    if typed.mode not in Calendar.Mode.values:
        problems["mode"] = _("Pick one from the list.")
    weekly = _week(typed.hours, problems)
    days = _days(typed.own_days)
    if days is None:
        words = _("Write a day a line, as 2026-12-24; %(most)s at most.")
        problems["own_days"] = words % {"most": MOST_OWN_DAYS}
    read = Calendar(
        name=name,
        mode=typed.mode,
        time_zone=typed.time_zone,
        weekly_hours=weekly,
        country=typed.country,
        subdivision=typed.subdivision if typed.country else "",
        own_days=days or [],
    )
    _must_be_a_calendar(read, problems)
    return read


def add_calendar(typed: CalendarTyped, *, by: Membership) -> Calendar:
    """Add a calendar. Raises CalendarRefused."""
    must_keep_policies(by)
    with transaction.atomic():
        made = read_calendar(typed)
        _must_be_named_alone(made.name, None)
        made.save()
        changed = {name: [None, _plain(getattr(made, name))] for name in _NAMES}
        record(CalendarKept(calendar=made.pk, what="added", changed=changed), by=by)
    return made


def change_calendar(key: int, typed: CalendarTyped, *, by: Membership) -> None:
    """Change a calendar; clocks that run keep their times. Raises Calendar.DoesNotExist, CalendarRefused."""
    must_keep_policies(by)
    with transaction.atomic():
        kept = Calendar.objects.select_for_update().get(pk=key)
        read = read_calendar(typed)
        _must_be_named_alone(read.name, key)
        changed: dict[str, Any] = {}
        for name in _NAMES:
            was, value = getattr(kept, name), getattr(read, name)
            if was != value:
                changed[name] = [_plain(was), _plain(value)]
                setattr(kept, name, value)
        if changed:
            kept.save(update_fields=sorted(changed))
            record(CalendarKept(calendar=key, what="changed", changed=changed), by=by)


def remove_calendar(key: int, *, by: Membership) -> None:
    """Remove a calendar that no policy goes by. Raises Calendar.DoesNotExist or StillUsed."""
    must_keep_policies(by)
    with transaction.atomic():
        kept = Calendar.objects.select_for_update().get(pk=key)
        changed = {name: [_plain(getattr(kept, name)), None] for name in _NAMES}
        try:
            kept.delete()
        except ProtectedError:
            raise StillUsed from None
        record(CalendarKept(calendar=key, what="removed", changed=changed), by=by)


def days_off(calendar: Calendar, moment: datetime, most: int = 6) -> list[date]:
    """The next days off of a calendar, from `moment` on: public holidays and its own."""
    today = moment.astimezone(ZoneInfo(calendar.time_zone)).date()
    years = (today.year, (today + timedelta(days=366)).year)
    found = set(calendar.own_days)
    for year in years:
        found |= public_holidays(calendar.country, calendar.subdivision, year)
    return sorted(day for day in found if day >= today)[:most]


def zones() -> list[str]:
    """The time zones there are, by name."""
    return sorted(name for name in available_timezones() if "/" in name or name == "UTC")


_NAMES = (
    "name", "mode", "time_zone", "weekly_hours", "country", "subdivision", "own_days",
)  # fmt: skip


def _must_be_named_alone(name: str, key: int | None) -> None:
    if Calendar.objects.filter(name__iexact=name).exclude(pk=key or 0).exists():
        raise CalendarRefused({"name": _("There is one of that name already.")})


def _intervals(text: str) -> list[list[str]] | None:
    """What was typed for a day: pairs from, until; None for what can't be read."""
    made = []
    for part in re.split(r"[,;]", text):
        if not part.strip():
            continue
        found = _INTERVAL.fullmatch(part.strip())
        if found is None:
            return None
        from_hour, from_minute, to_hour, to_minute = found.groups(default="00")
        made.append([f"{int(from_hour):02}:{from_minute}", f"{int(to_hour):02}:{to_minute}"])
    return made


def _week(hours: dict[str, str], problems: dict[str, str]) -> dict[str, list[list[str]]]:
    """The hours of each day that has some; what can't be read is told as a problem of its day."""
    weekly = {}
    for day in WEEKDAYS:
        intervals = _intervals(hours.get(day, ""))
        if intervals is None:
            problems[day] = _("Write hours as 9:00–17:30, several with commas between.")
        elif intervals:
            weekly[day] = intervals
    return weekly


def _must_be_a_calendar(read: Calendar, problems: dict[str, str]) -> None:
    """Raises CalendarRefused for one with problems, or that no clock could run by."""
    try:
        read.clean()
    except ValidationError as errors:
        for key, told in errors.message_dict.items():
            if key == "weekly_hours":
                problems.setdefault("mon", _week_problem(read.weekly_hours))
            else:
                problems.setdefault(key, " ".join(told))
    if problems:
        raise CalendarRefused(problems)


def _week_problem(weekly: dict[str, Any]) -> str:
    if not weekly:
        return _("Business hours need at least one interval a week.")
    return _("These hours can't be: one overlaps another, or has no length.")


def _days(text: str) -> list[date] | None:
    try:
        days = sorted({date.fromisoformat(line.strip()) for line in text.split() if line.strip()})
    except ValueError:
        return None
    return days if len(days) <= MOST_OWN_DAYS else None


def _plain(value: Any) -> Any:
    return [day.isoformat() for day in value] if isinstance(value, list) else value
