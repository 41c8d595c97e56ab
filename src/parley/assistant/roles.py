"""Who of the operator's people may look at what the assistant does, and who may change it."""

from __future__ import annotations

from parley.parties.models import Membership, Role

MAY_LOOK = frozenset({Role.LEAD, Role.ADMIN})


class MayNotChange(Exception):
    """Only administrators set what the assistant goes by, and only leads and they see to its gaps."""


def may_look(reader: Membership) -> bool:
    """Whether `reader` may see how the assistant does: leads and administrators."""
    return reader.role in MAY_LOOK


def may_set(reader: Membership) -> bool:
    """Whether `reader` may change what the assistant goes by: administrators."""
    return reader.role == Role.ADMIN
