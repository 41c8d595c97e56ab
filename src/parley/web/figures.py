"""Figures in words: working time, shares and ratings, as the active language writes them."""

from __future__ import annotations

from babel.numbers import format_decimal, format_percent
from django.utils.translation import get_language, pgettext, to_locale

from parley.journal.telling_time import span


def nothing() -> str:
    """What stands where there is no figure."""
    return pgettext("no figure", "—")


def time_words(seconds: float | None) -> str:
    """Working time, to the minute."""
    return nothing() if seconds is None else span(round(seconds))


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
