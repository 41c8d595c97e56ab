"""Who comes in here: leads and administrators; changing what it goes by is administrators' alone."""

from __future__ import annotations

from parley.assistant.roles import may_look, may_set
from parley.web.reader import View, only_for


def lookers_only(view: View) -> View:
    """The view is for leads and administrators; for anybody else it does not exist."""
    return only_for(may_look, view)


def setters_only(view: View) -> View:
    """The view is for administrators; for anybody else it does not exist."""
    return only_for(may_set, view)
