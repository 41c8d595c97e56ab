"""Why a seller's channel could not be reached or told, in the reader's words.

A trouble stands in the journal as `code:value`, since it is read in any language.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

TROUBLES: dict[str, Any] = {
    "unexpected": _("Something went wrong on our side. It is tried again by itself."),
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


def trouble_in_words(stored: str) -> str:
    """A trouble of an event as a sentence in the active language; a text that is none as it is."""
    code, _colon, value = stored.partition(":")
    return str(TROUBLES[code]) % {"value": value} if code in TROUBLES else stored
