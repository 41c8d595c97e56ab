"""What a supplier writes about a product, read field by field: a form, a program or a file alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from parley.conversations.typed import typed, typed_line
from parley.ledger.money import (
    BASIS_POINTS,
    AmountAmbiguous,
    AmountUnreadable,
    ambiguous_in_words,
    is_known,
    minor_in,
)

FIELDS = (
    "sku",
    "supplier_product_id",
    "title",
    "description",
    "currency",
    "price",
    "vat",
    "stock",
    "weight",
    "active",
)
"""What can be written of a product. `price` is net for one, `vat` a percentage, `weight` in grams."""
LONGEST_DESCRIPTION = 10_000
MOST_STOCK = 1_000_000_000
MOST_GRAMS = 100_000_000
YES = frozenset({"1", "on", "true", "yes", "y", "да", "д", "active", "enabled"})
NO = frozenset({"", "0", "off", "false", "no", "n", "нет", "н", "inactive", "disabled"})

Read = tuple[dict[str, Any], dict[str, str]]


class Unreadable(ValueError):
    """What was written in a field can't be kept; the message says why, in the reader's language."""


def read_offer(written: Mapping[str, str], currency: str) -> Read:
    """The values of a product's columns in what was written, and what is wrong: field → sentence.

    Only fields that are there are read; `currency` is that of the price unless one is written.
    """
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field, column, read in _COLUMNS:
        if field not in written:
            continue
        try:
            values[column] = read(written[field])
        except Unreadable as problem:
            problems[field] = str(problem)
    if "price" in written and "currency" not in problems:
        try:
            values["price_minor"] = _price(written["price"], values.get("currency", currency))
        except Unreadable as problem:
            problems["price"] = str(problem)
    return values, problems


def _at_most(longest: int, text: str) -> str:
    if len(text) > longest:
        raise Unreadable(_("Use at most %(most)s characters.") % {"most": longest})
    return text


def _sku(text: str) -> str:
    line = _at_most(80, typed_line(text))
    if not line:
        raise Unreadable(_("Write the SKU: the product is known by it."))
    return line


def _own_id(text: str) -> str:
    return _at_most(80, typed_line(text))


def _title(text: str) -> str:
    line = _at_most(250, typed_line(text))
    if not line:
        raise Unreadable(_("Write what the product is called."))
    return line


def _description(text: str) -> str:
    return _at_most(LONGEST_DESCRIPTION, typed(text).strip())


def _currency(text: str) -> str:
    code = typed_line(text).upper()
    if not is_known(code):
        raise Unreadable(_("“%(code)s” is not the code of a currency.") % {"code": code})
    return code


def _price(text: str, currency: str) -> int:
    bare = re.sub(r"[£€$₽]|\b[A-Za-z]{3}\b", "", typed_line(text)).strip()
    try:
        minor = minor_in(bare, currency)
    except AmountAmbiguous:
        raise Unreadable(ambiguous_in_words(bare)) from None
    except AmountUnreadable:
        raise Unreadable(
            _("“%(text)s” is not a price. Write it like 12.50.") % {"text": text[:40]}
        ) from None
    if minor < 0:
        raise Unreadable(_("A price is not below nought."))
    return minor


def _vat(text: str) -> int:
    bare = typed_line(text).replace("%", "").replace(",", ".").strip()
    try:
        points = Decimal(bare) * 100
    except InvalidOperation:
        points = Decimal("NaN")
    if not points.is_finite() or points != int(points) or not 0 <= points <= BASIS_POINTS:
        raise Unreadable(
            _("“%(text)s” is not a rate of VAT. Write it like 20.") % {"text": text[:40]}
        )
    return int(points)


def _stock(text: str) -> int:
    return _whole(
        text, MOST_STOCK, _("“%(text)s” is not a number of pieces.") % {"text": text[:40]}
    )


def _weight(text: str) -> int | None:
    if not text.strip():
        return None
    return _whole(text, MOST_GRAMS, _("“%(text)s” is not a weight in grams.") % {"text": text[:40]})


def _whole(text: str, most: int, problem: str) -> int:
    bare = re.sub(r"[\s\u00a0\u202f]", "", typed_line(text))
    bare = re.sub(r"[.,]0+$", "", bare)
    if not bare.isascii() or not bare.isdigit() or len(bare) > 12 or int(bare) > most:
        raise Unreadable(problem)
    return int(bare)


def _active(text: str) -> bool:
    word = typed_line(text).casefold()
    if word not in YES | NO:
        raise Unreadable(_("“%(text)s” is neither yes nor no.") % {"text": text[:40]})
    return word in YES


_COLUMNS: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
    ("sku", "sku", _sku),
    ("supplier_product_id", "supplier_product_id", _own_id),
    ("title", "title", _title),
    ("description", "description", _description),
    ("currency", "currency", _currency),
    ("vat", "vat_bp", _vat),
    ("stock", "stock", _stock),
    ("weight", "weight_grams", _weight),
    ("active", "active", _active),
)
