"""Amounts of money: whole minor units (pence, kopecks) and an ISO 4217 currency. Never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision, is_currency
from django.utils.translation import get_language, to_locale

BASIS_POINTS = 10_000
"""A rate of VAT is kept in basis points: 2000 is 20 %."""
MOST_MINOR = 10**15

_SEPARATED = re.compile(r"[\s\u00a0\u202f']")


class AmountUnreadable(ValueError):
    """What was typed is no amount of money in this currency."""


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

    A comma or a point with one or two digits behind it is the decimal one. Raises AmountUnreadable
    for what is no number, has more digits than the currency has, or is beyond reason.
    """
    digits = precision(currency)
    try:
        amount = Decimal(_with_a_point(str(text)))
        minor = amount.scaleb(digits)
        whole = int(minor)
    except (InvalidOperation, ValueError, OverflowError):
        raise AmountUnreadable(str(text)) from None
    if whole != minor or abs(whole) > MOST_MINOR:
        raise AmountUnreadable(str(text))
    return whole


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
