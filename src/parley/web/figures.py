"""Figures in words: working time, shares and ratings, as the active language writes them."""

from __future__ import annotations

import math

from babel.numbers import format_decimal, format_percent
from django.utils.translation import get_language, pgettext, to_locale

from parley.journal.telling_time import span

_STEPS = ((3_600, 60), (36_000, 300), (math.inf, 900))
"""Times below so many seconds are told in steps of so many: percentiles are known to one in a hundred."""


def nothing() -> str:
    """What stands where there is no figure."""
    return pgettext("no figure", "—")


def time_words(seconds: float | None) -> str:
    """Working time, no finer than it is known: to the minute, to five, to a quarter of an hour."""
    if seconds is None:
        return nothing()
    step = next(step for below, step in _STEPS if seconds < below)
    return span(round(seconds / step) * step)


def share_words(share: float | None) -> str:
    """A share as a percentage, with one digit behind the point where it needs one."""
    if share is None:
        return nothing()
    return str(format_percent(share, "#,##0.#%", locale=_locale()))


def rating_words(rating: float | None) -> str:
    """A number with one digit behind the point: stars, or days."""
    return nothing() if rating is None else str(format_decimal(rating, "#,##0.0", locale=_locale()))


def _locale() -> str:
    return to_locale(get_language() or "en")
