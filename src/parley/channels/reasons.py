"""Why something could not be done, kept as a code and its details, and said in the reader's words.

A reason is a small dictionary: `code`, and what it is about (`where`, `value`). It is stored on a
delivery, a row, a connection, and put into words when somebody reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from parley.orders.troubles import TROUBLES

LONGEST = 200

_WORDS: dict[str, Any] = {
    # A delivery or a row
    "not_json": _("It is not JSON, or not an order."),
    "missing": _("“%(where)s” is missing."),
    "unreadable": _("“%(where)s” can't be read: %(value)s"),
    "too_long": _("“%(where)s” is too long: %(value)s"),
    "no_lines": _("There is nothing in the order that would have to be shipped."),
    "too_many_lines": _("The order has more lines than one order may have."),
    "topic": _("It is about something else than an order: %(value)s"),
    "not_wanted": _(
        "Not taken as it stands: the buyer has not paid yet, or it was cancelled or shipped "
        "without us. It is taken when the shop says otherwise."
    ),
    "given_up": _("Something went wrong on our side, several times. It has been noted."),
    "surplus": _("The row has more cells than there are columns: something has slipped."),
    # A connection
    **TROUBLES,
}


def reason(code: str, *, where: object = "", value: object = "") -> dict[str, str]:
    """A reason to be stored."""
    made = {"code": code, "where": str(where)[:LONGEST], "value": str(value)[:LONGEST]}
    return {key: text for key, text in made.items() if text}


def in_words(stored: Mapping[str, Any]) -> str:
    """A stored reason as a sentence in the active language; empty if there is none."""
    code = str(stored.get("code", ""))
    if not code:
        return ""
    pattern = _WORDS.get(code, _WORDS["unexpected"])
    return str(pattern) % {"where": stored.get("where", ""), "value": stored.get("value", "")}


class Unmappable(Exception):
    """What arrived can't be made into an order; `reason` says why."""

    def __init__(self, code: str, *, where: object = "", value: object = "") -> None:
        super().__init__(f"{code} {where} {value}")
        self.reason = reason(code, where=where, value=value)


class Trouble(Exception):
    """The other side can't be had, or refuses; `reason` says why.

    `wait`: seconds after which it asks to be tried again. `for_good`: trying again is of no use.
    """

    def __init__(
        self, code: str, *, value: object = "", wait: float = 0, for_good: bool = False
    ) -> None:
        super().__init__(f"{code} {value}")
        self.reason = reason(code, value=value)
        self.wait, self.for_good = wait, for_good
