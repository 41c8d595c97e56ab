"""What the guard has found, in the words of pages (T13)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parley.guard.models import Flag
from parley.guard.watching import OffPlatform

KINDS: dict[str, str | Promise] = {
    "phone": gettext_lazy("a phone number"),
    "email": gettext_lazy("an e-mail address"),
    "link": gettext_lazy("a link to another place"),
    "handle": gettext_lazy("a name in a messenger"),
    "card": gettext_lazy("a card number"),
    "iban": gettext_lazy("a bank account"),
    "payment": gettext_lazy("a request to pay elsewhere"),
}


def kinds_in_words(kinds: Iterable[str]) -> str:
    """The kinds of what was found, each once: "a phone number, a card number"."""
    return ", ".join(str(KINDS[kind]) for kind in dict.fromkeys(kinds))


def warning_context(warning: Exception) -> dict[str, Any]:
    """What `parts/_off_platform.html` is given: `warning` (None if it is another refusal), `kind_words`."""
    return {
        "warning": warning if isinstance(warning, OffPlatform) else None,
        "kind_words": KINDS,
    }


def warning_words(warning: OffPlatform) -> str:
    """What was found, and why it better stays here."""
    return _(
        "Keep it here, so that you are protected: this has %(kinds)s. What is agreed or paid elsewhere "
        "can be neither proved nor made good."
    ) % {"kinds": kinds_in_words(warning.kinds)}


def marked(text: str, places: Iterable[tuple[str, int, int]]) -> list[tuple[str, str]]:
    """`text` in pieces, each with the kind of what it is in words; empty for what is harmless."""
    pieces, at = [], 0
    for kind, start, end in places:
        pieces += [(text[at:start], ""), (text[start:end], str(KINDS[kind]))]
        at = end
    return [(words, kind) for words, kind in [*pieces, (text[at:], "")] if words]


def flag_in_words(flag: Flag) -> str:
    """The kinds of what a flagged message carries, the title's first."""
    return kinds_in_words(place[0] for place in [*flag.title_findings, *flag.findings])
