"""Who comes in where the place is administered."""

from __future__ import annotations

from parley.tickets.keeping_topics import may_keep_topics
from parley.web.desk.administration.sections import admins
from parley.web.reader import View, only_for


def keepers_only(view: View) -> View:
    """The view is for administrators; for anybody else it does not exist."""
    return only_for(may_keep_topics, view)


def admins_only(view: View) -> View:
    """The view is the operator's administrators'."""
    return only_for(admins, view)
