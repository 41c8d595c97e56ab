"""Moments and days in words: short ones, in the reader's zone and as the active language writes them."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.utils import dateformat, timezone
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

# Django's own begin with a capital letter in every language; these stand within a sentence.
WEEKDAY_NAMES = (
    pgettext_lazy("day of the week", "Mon"),
    pgettext_lazy("day of the week", "Tue"),
    pgettext_lazy("day of the week", "Wed"),
    pgettext_lazy("day of the week", "Thu"),
    pgettext_lazy("day of the week", "Fri"),
    pgettext_lazy("day of the week", "Sat"),
    pgettext_lazy("day of the week", "Sun"),
)


def day_and_time(moment: datetime) -> str:
    """A moment of these days: "Tue 14:00"."""
    local = timezone.localtime(moment)
    words = {"day": WEEKDAY_NAMES[local.weekday()], "time": f"{local:%H:%M}"}
    return _("%(day)s %(time)s") % words


def short_date_and_time(moment: datetime) -> str:
    """A moment of this year: "21 Nov 14:00"."""
    return _local(moment, pgettext("pattern of a date, as Django's date filter has it", "j M H:i"))


def short_date(moment: datetime) -> str:
    """The day of a moment of this year: "21 Nov"."""
    return _short_day(timezone.localtime(moment).date(), get_language(), with_year=False)


def short_date_and_year(moment: datetime) -> str:
    """The day of a moment of another year: "21 Nov 2025"."""
    return _short_day(timezone.localtime(moment).date(), get_language(), with_year=True)


def short_day(day: date) -> str:
    """A day of this year: "21 Nov"."""
    return _short_day(day, get_language(), with_year=False)


def day_in_full(day: date) -> str:
    """A day in full: "21 November 2025"."""
    return _day_in_full(day, get_language())


def span(seconds: int) -> str:
    """A length of working time, to the minute: "8 h 30 min"."""
    hours, minutes = divmod(max(0, seconds) // 60, 60)
    words = {"hours": hours, "minutes": minutes}
    if not hours:
        return _("%(minutes)s min") % words
    return (_("%(hours)s h %(minutes)s min") if minutes else _("%(hours)s h")) % words


def _local(moment: datetime, pattern: str) -> str:
    return dateformat.format(timezone.localtime(moment), pattern)


# A page names many moments of few days.
@lru_cache(maxsize=4096)
def _short_day(day: date, _language: str, *, with_year: bool) -> str:
    if with_year:
        pattern = pgettext("pattern of a date, as Django's date filter has it", "j M Y")
    else:
        pattern = pgettext("pattern of a date, as Django's date filter has it", "j M")
    return dateformat.format(day, pattern)


@lru_cache(maxsize=4096)
def _day_in_full(day: date, _language: str) -> str:
    return dateformat.format(day, "j E Y")
