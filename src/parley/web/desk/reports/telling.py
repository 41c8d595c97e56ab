"""Figures in words: tiles with what they were before, and the charts of an overview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_skeleton
from django.utils.translation import get_language, gettext_lazy, pgettext, to_locale
from django.utils.translation import gettext as _

from parley.journal.telling_time import short_day
from parley.reports.backlog import AGES
from parley.reports.figures import Figures
from parley.reports.periods import Period
from parley.reports.reading import Overview
from parley.web.desk.drawing import bars, lines, shares, stacks
from parley.web.figures import rating_words, share_words, time_words

HOUR = 3_600
AGE_WORDS = {
    0: gettext_lazy("opened that day"),
    1: gettext_lazy("1–2 days"),
    3: gettext_lazy("3–6 days"),
    7: gettext_lazy("1–4 weeks"),
    30: gettext_lazy("30 days and more"),
}


@dataclass(frozen=True)
class Tile:
    """One number: what it is, how much, and how much it was in the period before."""

    words: str
    figure: str
    before: str
    more: str = ""


def tiles(told: Overview) -> list[Tile]:
    """The numbers at the head of an overview or a card."""
    whole, before = told.whole, told.before
    return [
        Tile(pgettext("how many", "Created"), str(whole.opened), str(before.opened)),
        Tile(pgettext("how many", "Completed"), str(whole.completed), str(before.completed)),
        Tile(
            _("First response"),
            time_words(whole.first_response.typical),
            time_words(before.first_response.typical),
            _("nine of ten within %(time)s") % {"time": time_words(whole.first_response.slow)},
        ),
        Tile(
            _("Resolution"),
            time_words(whole.resolution.typical),
            time_words(before.resolution.typical),
            _("nine of ten within %(time)s") % {"time": time_words(whole.resolution.slow)},
        ),
        Tile(
            _("Within the clock"),
            share_words(whole.within),
            share_words(before.within),
            _("%(kept)s of %(all)s") % {"kept": whole.kept, "all": whole.clocks},
        ),
        Tile(
            _("Rating"),
            rating_words(whole.rating),
            rating_words(before.rating),
            _("%(num)s rated") % {"num": whole.rated},
        ),
    ]


def charts(told: Overview) -> dict[str, Any]:
    """What the charts of a period are drawn from: `flow`, `times`, `clocks`, `stars`, `hours`."""
    parts = [(part, figures) for part, figures in told.parts]
    return {
        "flow": bars(
            [(label(p), {"opened": f.opened, "completed": f.completed}) for p, f in parts],
            ("opened", "completed"),
        ),
        "times": lines(
            [
                (
                    label(p),
                    {
                        "typical": _hours(f.first_response.typical),
                        "slow": _hours(f.first_response.slow),
                    },
                )
                for p, f in parts
            ],
            ("slow", "typical"),
        ),
        "clocks": shares(
            {"kept": told.whole.kept, "missed": told.whole.missed}, ("kept", "missed")
        ),
        "stars": shares(
            {f"stars-{n}": times for n, times in told.whole.stars},
            tuple(f"stars-{n}" for n in (5, 4, 3, 2, 1)),
        ),
        "hours": hours(told.whole),
    }


def backlog_chart(told: Overview, taken: Mapping[date, Mapping[int, int]]) -> Any:
    """The backlog at the end of each part, by age."""
    columns = [
        (label(part), {f"age-{age}": n for age, n in taken.get(part.last, {}).items()})
        for part, _figures in told.parts
    ]
    return stacks(columns, tuple(f"age-{age}" for age in reversed(AGES)))


def hours(figures: Figures) -> list[list[tuple[int, int]]]:
    """For each day of the week and hour: how many were opened, and how dark that is (0 to 5)."""
    counted = figures.hours
    most = max(counted.values(), default=0) or 1
    return [
        [(counted[d * 24 + h], -(-counted[d * 24 + h] * 5 // most)) for h in range(24)]
        for d in range(7)
    ]


def label(part: Period) -> str:
    """A day or a month at the foot of a chart."""
    if part.first == part.last:
        return short_day(part.first)
    locale = to_locale(get_language() or "en")
    return str(format_skeleton("yMMM", part.first, locale=locale))


def rows(parts: Sequence[tuple[Period, Figures]]) -> list[tuple[str, Figures]]:
    """The parts in which anything happened, by their labels."""
    return [(label(part), figures) for part, figures in parts if any(figures.counts.values())]


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / HOUR
