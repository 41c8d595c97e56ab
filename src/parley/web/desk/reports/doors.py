"""Who comes in here: leads and administrators; what is settled is the administrators'."""

from __future__ import annotations

from parley.parties.models import Membership, Role
from parley.reports.roles import may_look
from parley.web.reader import View, only_for


def lookers_only(view: View) -> View:
    """The view is for leads and administrators; for anybody else it does not exist."""
    return only_for(may_look, view)


def setters_only(view: View) -> View:
    """The view is for administrators; for anybody else it does not exist."""
    return only_for(may_set, view)


def may_set(reader: Membership) -> bool:
    """Whether `reader` settles how figures are made: administrators."""
    return reader.role == Role.ADMIN
