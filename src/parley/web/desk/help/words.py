"""Why something can't be kept, in the reader's words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from parley.help_centre.addressing import PathUnfit
from parley.help_centre.writing import TextRefused


def refused_text(refusal: TextRefused) -> str:
    """Why a text can't be kept, as a sentence."""
    if refusal.most is None:
        return _("Give it a title.")
    over = {
        "title": _("The title is longer than %(most)s characters."),
        "summary": _("The summary is longer than %(most)s characters."),
        "body": _("The text is longer than %(most)s characters. Two articles would read better."),
        "also_asked_as": _("The other phrasings are too long, or too many: %(most)s at most."),
    }
    return over[refusal.field] % {"most": refusal.most}


def refused_path(refusal: PathUnfit) -> str:
    """Why an article can't have an address, as a sentence."""
    if refusal.reason == "empty":
        return _("Write the address.")
    if refusal.reason == "long":
        return _("The address is too long.")
    return _("Use letters, digits and hyphens for the address.")
