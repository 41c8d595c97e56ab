"""Who comes into the support area: the people of sellers and suppliers."""

from __future__ import annotations

from parley.web.reader import View, only_for


def companies_only(view: View) -> View:
    """The view is there for sellers' and suppliers' people; the operator's have the desk for it."""
    return only_for(lambda reader: not reader.is_operator, view)
