"""Who may look at which figures."""

from __future__ import annotations

from parley.parties.models import Membership, Role

MAY_LOOK = frozenset({Role.LEAD, Role.ADMIN})


class MayNotLook(PermissionError):
    """These figures are not for this reader."""


def may_look(reader: Membership) -> bool:
    """Whether `reader` may see the figures of the whole marketplace: leads and administrators."""
    return reader.role in MAY_LOOK


def may_see_agent(reader: Membership, person: int) -> bool:
    """An agent's own card is theirs to see; those of others are the leads' and administrators'."""
    return may_look(reader) or (reader.is_operator and reader.person_id == person)
