"""Why something could not be done, kept as a code and its details, and said in the reader's words.

A reason is a small dictionary: `code`, and what it is about (`where`, `value`). It is stored on a
delivery, a row, a connection, and put into words when somebody reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

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
    "unexpected": _("Something went wrong on our side. It is tried again by itself."),
    "given_up": _("Something went wrong on our side, several times. It has been noted."),
    "surplus": _("The row has more cells than there are columns: something has slipped."),
    # A connection
    "address": _("This is not the address of a shop: %(value)s"),
    "plain_http": _("The address has to begin with https://, so that nobody can read along."),
    "host_unknown": _("There is no server called %(value)s. Is the address right?"),
    "host_refused": _("The address %(value)s leads to a machine that may not be reached."),
    "no_connection": _("The server %(value)s does not answer at this address."),
    "certificate": _("The server's certificate is not right: %(value)s"),
    "timeout": _("The server took too long to answer."),
    "broken_off": _("The connection was lost half way."),
    "sign_in": _("The shop does not accept the keys. Are they complete, and still valid?"),
    "permission": _("The keys are right, but they don't allow this: %(value)s"),
    "no_shop": _("There is a server, but no such shop at this address."),
    "rate": _("The shop asks us to slow down. It goes on by itself."),
    "status": _("The shop answered with an error (%(value)s). It is tried again by itself."),
    "not_the_api": _("What answers there is no shop: the answer can't be read."),
    "too_large": _("The shop's answer is too large."),
    "not_there": _("The shop does not know this order any more."),
    "nothing_to_tell": _("The shop has nothing of this order left to ship."),
    "sealed": _("The keys can't be opened any more. Enter them again."),
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
