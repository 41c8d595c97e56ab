"""Picking what is needed out of what a platform tells, whatever it tells: for the connectors' mappings.

Every function gives a value that fits its column, or raises Unmappable; none believes in types.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from typing import Any

from babel import Locale

from parley.channels.reasons import Unmappable
from parley.ledger.money import AmountUnreadable, is_known, minor_in, precision

MOST_LINES = 500
MOST_OF_ONE = 100_000
LONGEST_ID = 100
LONGEST_SKU = 80
LONGEST_TITLE = 250
LONGEST_NUMBER = 60
LONGEST_NOTE = 5_000
_UNSAID = re.compile(r"[\x00\ud800-\udfff]")
_NOT_MONEY = re.compile(r"[^\d.,'\s\u00a0\u202f+-]")
_YEARS = range(2000, 2101)


def text(told: Mapping[str, Any], name: str, most: int = 200) -> str:
    """The text (or number) called `name`, clipped to `most` characters; empty if there is none."""
    return exact(told, name)[:most].rstrip()


def exact(told: Mapping[str, Any], name: str, most: int | None = None) -> str:
    """The text called `name`, whole. Raises Unmappable if it is longer than `most`, or no text."""
    value = told.get(name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Unmappable("unreadable", where=name, value=type(value).__name__)
    said = _UNSAID.sub("", str(value)).strip()
    if most is not None and len(said) > most:
        raise Unmappable("too_long", where=name, value=said[:40])
    return said


def needed(told: Mapping[str, Any], name: str, most: int = LONGEST_ID) -> str:
    """The text called `name`, which has to be there."""
    said = exact(told, name, most)
    if not said:
        raise Unmappable("missing", where=name)
    return said


def part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object called `name`; an empty one if there is none."""
    value = told.get(name)
    return value if isinstance(value, Mapping) else {}


def parts(told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects in the list called `name`, which has to be there."""
    value = told.get(name)
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise Unmappable("missing" if value is None else "unreadable", where=name)
    if len(value) > MOST_LINES:
        raise Unmappable("too_many_lines")
    return value


def quantity(told: Mapping[str, Any], name: str, least: int = 1) -> int:
    """A whole number of goods, at least `least`."""
    said = needed(told, name, 40)
    try:
        number = Decimal(said.replace(",", "."))
        whole = int(number) if number.is_finite() and abs(number) < 10**9 else -1
    except InvalidOperation:
        raise Unmappable("unreadable", where=name, value=said) from None
    if whole != number or not least <= whole <= MOST_OF_ONE:
        raise Unmappable("unreadable", where=name, value=said)
    return whole


def currency(told: Mapping[str, Any], name: str) -> str:
    """A currency's code (ISO 4217), or nothing if it is none that is known."""
    code = text(told, name, 10).upper()
    return code if is_known(code) else ""


def amount(told: Mapping[str, Any], name: str, code: str) -> int | None:
    """An amount in minor units of the currency `code`; None if there is none, or no currency."""
    said = text(told, name, 60)
    if not said or not code:
        return None
    try:
        return minor_in(_NOT_MONEY.sub("", said).strip(" .,"), code)
    except AmountUnreadable:
        raise Unmappable("unreadable", where=name, value=said) from None


def each(total_minor: int | None, of: int) -> int | None:
    """The amount for one, of the total for several, rounded half up."""
    if total_minor is None:
        return None
    return int((Decimal(total_minor) / of).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def total(told: Mapping[str, Any], names: tuple[str, ...], code: str) -> int | None:
    """The sum of several amounts, which may have more digits than the currency; minor units."""
    if not code:
        return None
    try:
        whole = sum((Decimal(text(told, name, 60) or 0) for name in names), Decimal(0))
        minor = whole.scaleb(precision(code)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        raise Unmappable("unreadable", where=names[0]) from None
    return int(minor) if abs(minor) < 10**15 else None


def moment(told: Mapping[str, Any], name: str) -> datetime | None:
    """A moment (ISO 8601); one without an offset is UTC. None if there is none."""
    said = text(told, name, 60)
    if not said:
        return None
    try:
        read = datetime.fromisoformat(said)
    except ValueError:
        raise Unmappable("unreadable", where=name, value=said) from None
    if read.year not in _YEARS:
        raise Unmappable("unreadable", where=name, value=said)
    return read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC)


def country(told: Mapping[str, Any], name: str) -> str:
    """A country's code (ISO 3166), from its code or its name in English or Russian."""
    said = text(told, name, 100)
    if not said:
        return ""
    code = _countries().get(said.casefold())
    if code is None:
        raise Unmappable("unreadable", where=name, value=said)
    return code


def words(told: Mapping[str, Any], **names: str) -> dict[str, str]:
    """The platform's own words, as they came, by the names they are kept under; without empty ones."""
    kept = {kept_as: _said(told.get(name)) for kept_as, name in names.items()}
    return {kept_as: said for kept_as, said in kept.items() if said}


def _said(value: object) -> str:
    if value is None or isinstance(value, (Mapping, list)):
        return ""
    return _UNSAID.sub("", str(value)).strip()[:200]


@cache
def _countries() -> dict[str, str]:
    known: dict[str, str] = {}
    for language in ("ru", "en"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("ZZ", "EU", "EZ", "UN"):
                known[name.casefold()] = code
                known[code.casefold()] = code
    more = {"uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
            "northern ireland": "GB", "usa": "US", "великобритания": "GB", "англия": "GB"}  # fmt: skip
    return known | more
