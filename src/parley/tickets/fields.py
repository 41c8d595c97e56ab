"""What may stand in a custom field: read from what people type, and said again in their words. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from babel.numbers import format_decimal
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from parley.conversations.typed import typed_line
from parley.journal.telling_time import day_in_full
from parley.parties.models import Membership
from parley.tickets.models import CustomField, FieldKind, ShownTo
from parley.tickets.models.topics import name_in
from parley.tickets.states import Side

LONGEST = 200
"""Characters of a line of text."""
YES = "yes"
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?", re.ASCII)
_SPACES = re.compile(r"[\s\u00a0\u202f]")


class NotSo(ValueError):
    """What was typed is none of what the field takes; says why to the reader."""


@dataclass(frozen=True)
class Filled:
    """What was filled in, as it is kept: `text` in one form, and a number or day to compare by."""

    text: str
    number: Decimal | None = None
    day: date | None = None


def read(field: CustomField, typed: str) -> Filled | None:
    """What `typed` means in `field`; None for nothing. Raises NotSo."""
    line = typed_line(typed)
    if not line:
        return None
    return _READ[FieldKind(field.kind)](field, line)


def missing(field: CustomField) -> str:
    """What to tell somebody who has not filled in a field that is required."""
    if field.kind == FieldKind.CHECK:
        return _("Tick this to go on.")
    if field.kind == FieldKind.CHOICE:
        return _("Pick one from the list.")
    return _("This has to be filled in.")


def in_words(field: CustomField, text: str) -> str:
    """What is kept in a field, in the language of the page; empty for nothing."""
    if not text:
        return ""
    if field.kind == FieldKind.CHOICE:
        option = field.option(text)
        return name_in(option["names"]) if option else text
    if field.kind == FieldKind.CHECK:
        return _("Yes")
    if field.kind == FieldKind.DATE:
        return day_in_full(date.fromisoformat(text))
    if field.kind == FieldKind.NUMBER:
        locale = translation.to_locale(translation.get_language() or "en")
        return format_decimal(Decimal(text), locale=locale, decimal_quantization=False)
    return text


def shown_or_typed(field: CustomField, text: str) -> str:
    """The same of what somebody looks for, which may be nothing that could be kept there."""
    try:
        return in_words(field, text)
    except (ValueError, ArithmeticError):
        return text


def kept_words(field: CustomField, text: str) -> str | dict[str, str]:
    """What the journal keeps, by language where it differs: an option may be renamed one day."""
    if not text or field.kind == FieldKind.TEXT:
        return text
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = in_words(field, text)
    return said


def may_read(field: CustomField, side: Side, *, of_operator: bool) -> bool:
    """Whether somebody of `side` reads what stands in the field."""
    if of_operator or field.shown_to == ShownTo.EVERYONE:
        return True
    return field.shown_to == ShownTo.SIDE and field.filled_by == side


def may_fill(field: CustomField, reader: Membership, side: Side) -> bool:
    """Whether somebody of `side` fills it in on an open ticket; the operator may put any right."""
    return field.active and (reader.is_operator or field.filled_by == side)


def _text(field: CustomField, line: str) -> Filled:
    if len(line) > LONGEST:
        raise NotSo(_("Keep this under %(most)s characters.") % {"most": LONGEST})
    return Filled(line)


def _number(field: CustomField, line: str) -> Filled:
    plain = _SPACES.sub("", line).replace("−", "-")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise NotSo(_("Write a number, such as 12 or 4.5."))
    try:
        number = Decimal(plain)
    except InvalidOperation:  # pragma: no cover - the pattern lets none such through
        raise NotSo(_("Write a number, such as 12 or 4.5.")) from None
    number = number.normalize() + 0  # no minus before a zero
    return Filled(f"{number:f}", number=number)


def _date(field: CustomField, line: str) -> Filled:
    try:
        day = date.fromisoformat(line)
    except ValueError:
        raise NotSo(_("Pick a day.")) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise NotSo(_("Pick a day between 1900 and 2199."))
    return Filled(day.isoformat(), day=day)


def _choice(field: CustomField, line: str) -> Filled:
    if line not in {key for key, _name in field.options_to_pick}:
        raise NotSo(_("Pick one from the list."))
    return Filled(line)


def _check(field: CustomField, line: str) -> Filled:
    if line not in (YES, "on", "true"):
        raise NotSo(_("This can be ticked or not."))
    return Filled(YES)


_READ = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.CHECK: _check,
}
