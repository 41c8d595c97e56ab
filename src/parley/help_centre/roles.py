"""Which of the operator's people may do what with articles: all write, leads and administrators publish."""

from __future__ import annotations

from parley.parties.models import Membership, Role

MAY_PUBLISH = frozenset({Role.LEAD, Role.ADMIN})


class NotAnEditor(PermissionError):
    """Articles are written by the operator's people, and shown to others by leads and administrators."""


def may_write(reader: Membership) -> bool:
    """Whether `reader` may read what is not published, and write drafts."""
    return reader.is_operator


def may_publish(reader: Membership) -> bool:
    """Whether `reader` may change what others see: publish, withdraw, rename, arrange."""
    return reader.role in MAY_PUBLISH


def must_write(by: Membership) -> None:
    """Raises NotAnEditor."""
    if not may_write(by):
        raise NotAnEditor


def must_publish(by: Membership) -> None:
    """Raises NotAnEditor."""
    if not may_publish(by):
        raise NotAnEditor
