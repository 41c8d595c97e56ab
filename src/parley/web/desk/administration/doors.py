"""Who comes in where topics, fields, policies and calendars are kept: administrators alone."""

from __future__ import annotations

from parley.tickets.keeping_topics import may_keep_topics
from parley.web.reader import View, only_for


def keepers_only(view: View) -> View:
    """The view is for administrators; for anybody else it does not exist."""
    return only_for(may_keep_topics, view)
