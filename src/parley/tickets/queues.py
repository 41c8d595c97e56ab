"""The operator's queues, and the trays of a company's inbox: what belongs into each."""

from __future__ import annotations

import re

from django.db.models import Q

from parley.parties.models import Membership
from parley.tickets.models import IS_OPEN
from parley.tickets.states import Dispute, Status

QUEUES = ("mine", "unassigned", "due-soon", "ran-out", "urgent", "disputes", "snoozed", "all")
"""The queues that are there for everyone; beside them each team has one of its own."""
TRAYS = ("open", "to-answer", "to-rate", "waiting", "late", "disputes")
"""What a seller's or supplier's inbox is sorted into."""

_OF_A_TEAM = re.compile(r"team-([1-9]\d{0,17})", re.ASCII)


def queue_of_team(team: int) -> str:
    """The name of a team's queue."""
    return f"team-{team}"


def team_in(name: str) -> int | None:
    """The id of the team whose queue is called so; None where it is no team's."""
    found = _OF_A_TEAM.fullmatch(name)
    return int(found[1]) if found else None


def queue(name: str, reader: Membership) -> Q:
    """The condition of a queue or a tray on sides. Raises KeyError for an unknown name."""
    if (team := team_in(name)) is not None:
        return _at_hand(reader) & Q(ticket__team=team)
    at_hand = _at_hand(reader)
    return {
        "mine": at_hand & Q(ticket__assignee=reader.person_id),
        "unassigned": at_hand & Q(ticket__assignee=None, ticket__operator_speaks=True),
        "due-soon": on_ticket(IS_OPEN)
        & Q(ticket__due_soon_told_at__isnull=False, ticket__ran_out_at=None),
        "ran-out": on_ticket(IS_OPEN) & Q(ticket__ran_out_at__isnull=False),
        "urgent": at_hand & Q(ticket__urgency=0),
        "disputes": at_hand & Q(ticket__dispute=Dispute.OPEN.value),
        "snoozed": Q(ticket__snoozed_until__isnull=False),
        "all": Q(),
        **_trays(reader),
    }[name]


def _at_hand(reader: Membership) -> Q:
    """Open, and not put aside: which is the operator's own matter. What a clock asks for always is."""
    aside = Q(ticket__snoozed_until=None) if reader.is_operator else Q()
    return on_ticket(IS_OPEN) & aside


def _trays(reader: Membership) -> dict[str, Q]:
    is_open, ours = on_ticket(IS_OPEN), Q(ticket__turn_party=reader.party_id)
    answered = Q(ticket__status=Status.ANSWERED.value)
    return {
        "open": is_open,
        "to-answer": is_open & ours & ~answered,
        "to-rate": answered
        & Q(ticket__opener=reader.party_id, ticket__stars=None, ticket__answered_at__isnull=False),
        "waiting": is_open & ~ours,
        "late": is_open & ~ours & Q(ticket__ran_out_at__isnull=False),
    }


def on_ticket(condition: Q) -> Q:
    """A condition on tickets, as one on sides."""
    return Q(*[(f"ticket__{name}", value) for name, value in condition.children])  # type: ignore[misc]
