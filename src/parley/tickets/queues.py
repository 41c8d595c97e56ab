"""The operator's queues: what belongs into each."""

from __future__ import annotations

import re

from django.db.models import Q

from parley.parties.models import Membership
from parley.tickets.models import IS_OPEN
from parley.tickets.states import Dispute

QUEUES = ("mine", "unassigned", "due-soon", "ran-out", "urgent", "disputes", "all")
"""The queues that are there for everyone; beside them each team has one of its own."""

_OF_A_TEAM = re.compile(r"team-([1-9]\d{0,17})", re.ASCII)


def queue_of_team(team: int) -> str:
    """The name of a team's queue."""
    return f"team-{team}"


def team_in(name: str) -> int | None:
    """The id of the team whose queue is called so; None where it is no team's."""
    found = _OF_A_TEAM.fullmatch(name)
    return int(found[1]) if found else None


def queue(name: str, reader: Membership) -> Q:
    """The condition of one of the operator's queues on sides. Raises KeyError for an unknown name."""
    if (team := team_in(name)) is not None:
        return on_ticket(IS_OPEN) & Q(ticket__team=team)
    return {
        "mine": on_ticket(IS_OPEN) & Q(ticket__assignee=reader.person_id),
        "unassigned": on_ticket(IS_OPEN) & Q(ticket__assignee=None, ticket__operator_speaks=True),
        "due-soon": on_ticket(IS_OPEN)
        & Q(ticket__due_soon_told_at__isnull=False, ticket__ran_out_at=None),
        "ran-out": on_ticket(IS_OPEN) & Q(ticket__ran_out_at__isnull=False),
        "urgent": on_ticket(IS_OPEN) & Q(ticket__urgency=0),
        "disputes": on_ticket(IS_OPEN) & Q(ticket__dispute=Dispute.OPEN.value),
        "all": Q(),
    }[name]


def on_ticket(condition: Q) -> Q:
    """A condition on tickets, as one on sides."""
    return Q(*[(f"ticket__{name}", value) for name, value in condition.children])  # type: ignore[misc]
