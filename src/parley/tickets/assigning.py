"""Whose hands a ticket is in, at the operator, and how much it matters."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from parley.journal.recording import record
from parley.parties.access import is_in_team, members_of, teams_in_use
from parley.parties.models import Membership
from parley.tickets.events import PriorityChanged, TicketAssigned, TicketPassed
from parley.tickets.models import Priority, Ticket
from parley.tickets.moving import everyone_on, lock, operator_of


class NotAnAgent(ValueError):
    """The person is not an active member of the operator's team."""


class NotATeam(ValueError):
    """There is no such team at work."""


class PriorityUnknown(ValueError):
    """The priority is not one of the three."""


def assign(ticket_id: int, person_id: int | None, *, by: Membership) -> Ticket:
    """Give the ticket to an agent, or to nobody. The operator's people alone do and see this.

    Raises Ticket.DoesNotExist, PermissionDenied or NotAnAgent.
    """
    if not by.is_operator:
        raise PermissionDenied
    if person_id is not None and not members_of(by.party_id).filter(person_id=person_id).exists():
        raise NotAnAgent
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        put_into_hands(ticket, person_id, by=by)
    return ticket


def put_into_hands(ticket: Ticket, person_id: int | None, *, by: Membership | None) -> None:
    """Give a locked ticket to one of the operator's people, or to nobody; `by` None: by turns."""
    if ticket.assignee_id == person_id:
        return
    ticket.assignee_id = person_id
    ticket.save(update_fields=["assignee"])
    event = TicketAssigned(ticket=ticket.pk, seen=(operator_of(ticket),), assignee=person_id)
    record(event, by=by)


def pass_to(ticket_id: int, team_id: int | None, *, by: Membership) -> Ticket:
    """Pass the ticket to a team, or to none. Whoever has it in hand keeps it if they are of that team.

    The operator's people alone do and see this. Raises Ticket.DoesNotExist, PermissionDenied or
    NotATeam.
    """
    if not by.is_operator:
        raise PermissionDenied
    team = teams_in_use().filter(pk=team_id).first() if team_id is not None else None
    if team is None and team_id is not None:
        raise NotATeam(team_id)
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        if ticket.team_id == team_id:
            return ticket
        was, ticket.team_id = ticket.team_id, team_id
        ticket.save(update_fields=["team"])
        if team and ticket.assignee_id and not is_in_team(team.pk, ticket.assignee_id):
            put_into_hands(ticket, None, by=by)
        event = TicketPassed(
            ticket=ticket.pk,
            seen=(operator_of(ticket),),
            team=team_id,
            was=was,
            name=team.name if team else "",
        )
        record(event, by=by)
    return ticket


def claim(ticket_id: int, *, by: Membership) -> Ticket:
    """Take the ticket into one's own hands. Raises as `assign`."""
    return assign(ticket_id, by.person_id, by=by)


def set_priority(ticket_id: int, priority: str, *, by: Membership) -> Ticket:
    """Change how much it matters; the operator's people alone do, everyone on the ticket sees.

    Raises Ticket.DoesNotExist, PermissionDenied or PriorityUnknown.
    """
    if not by.is_operator:
        raise PermissionDenied
    if priority not in Priority.values:
        raise PriorityUnknown(priority)
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        was = ticket.priority
        if was == priority:
            return ticket
        ticket.priority = priority
        ticket.urgency = 0 if ticket.is_urgent else 1
        ticket.save(update_fields=["priority", "urgency"])
        event = PriorityChanged(
            ticket=ticket.pk, seen=everyone_on(ticket), priority=priority, was=was
        )
        record(event, by=by)
    return ticket
