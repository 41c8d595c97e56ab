"""Amounts of money: whole minor units (pence, kopecks) and an ISO 4217 currency. Never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision, is_currency
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

BASIS_POINTS = 10_000
"""A rate of VAT is kept in basis points: 2000 is 20 %."""
MOST_MINOR = 10**15

_SEPARATED = re.compile(r"[\s\u00a0\u202f']")
_AMBIGUOUS = re.compile(r"[+-]?\d+,\d{3}")
_LONGEST = 60
"""Characters: nobody writes an amount that is longer."""


class AmountUnreadable(ValueError):
    """What was typed is no amount of money in this currency."""


class AmountAmbiguous(AmountUnreadable):
    """`1,200` is a thousand and two hundred to some, and one and a fifth to others."""


@dataclass(frozen=True, order=True)
class Money:
    """`minor` units of `currency`."""

    minor: int
    currency: str

    def __str__(self) -> str:
        return in_words(self.minor, self.currency)


def in_words(minor: int, currency: str, language: str | None = None) -> str:
    """The amount as people read it in `language` (or the active one): £12.50, 12,50 £."""
    return _formatted(minor, currency, to_locale(language or get_language() or "en"))


# Writing one takes a tenth of a millisecond; a list has many, and shops have the same prices again.
@lru_cache(maxsize=16_384)
def _formatted(minor: int, currency: str, locale: str) -> str:
    amount = Decimal(minor).scaleb(-precision(currency))
    return format_currency(amount, currency, locale=locale)


def plain(minor: int, currency: str) -> str:
    """The amount as programs read it: `12.50`, with a point and without the currency."""
    digits = precision(currency)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def minor_in(text: str | int | Decimal, currency: str) -> int:
    """The minor units in an amount written by people or programs: `12.5`, `12,50`, `1 200.00`.

    A comma or a point with as many digits behind it as the currency has, or fewer, is the decimal one.
    Raises AmountUnreadable for what is no number, has more digits than the currency has, or is beyond
    reason; AmountAmbiguous for a single comma with three digits behind it, in a currency that has not
    three.
    """
    digits, typed = precision(currency), str(text)
    if len(typed) > _LONGEST:
        raise AmountUnreadable(typed[:_LONGEST])
    if digits != 3 and _AMBIGUOUS.fullmatch(_SEPARATED.sub("", typed)):
        raise AmountAmbiguous(typed)
    try:
        amount = Decimal(_with_a_point(typed))
        minor = amount.scaleb(digits)
        # Asked before it is made a whole number, which of `1E999999` takes a while.
        if abs(minor) > MOST_MINOR:
            raise AmountUnreadable(typed)
        whole = int(minor)
    except (ArithmeticError, ValueError):
        raise AmountUnreadable(typed) from None
    if whole != minor:
        raise AmountUnreadable(str(text))
    return whole


def ambiguous_in_words(text: str) -> str:
    """What is said, in the active language, to whoever wrote an ambiguous amount."""
    text = text[:_LONGEST]
    return _("“%(text)s” can be read in two ways. Write %(thousands)s or %(fraction)s.") % {
        "text": text,
        "thousands": text.replace(",", ""),
        "fraction": text.replace(",", "."),
    }


def vat_of(net_minor: int, rate_bp: int) -> int:
    """The VAT on a line's net amount, in minor units, rounded half up once a line."""
    vat = Decimal(net_minor) * rate_bp / BASIS_POINTS
    return int(vat.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def precision(currency: str) -> int:
    """How many digits the minor unit of the currency has (ISO 4217): GBP 2, JPY 0, KWD 3."""
    return get_currency_precision(currency)


def is_known(currency: str) -> bool:
    """Whether this is the code of a currency (ISO 4217)."""
    return len(currency) == 3 and is_currency(currency)


def _with_a_point(text: str) -> str:
    text = _SEPARATED.sub("", text.strip())
    if "," in text and "." in text:
        thousands = "," if text.rfind(".") > text.rfind(",") else "."
        text = text.replace(thousands, "")
    return text.replace(",", ".")
