"""Whose hands a ticket is in, at the operator, and how much it matters."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from parley.journal.recording import record
from parley.parties.access import members_of
from parley.parties.models import Membership
from parley.tickets.events import PriorityChanged, TicketAssigned
from parley.tickets.models import Priority, Ticket
from parley.tickets.moving import everyone_on, lock, operator_of


class NotAnAgent(ValueError):
    """The person is not an active member of the operator's team."""


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
        if ticket.assignee_id == person_id:
            return ticket
        ticket.assignee_id = person_id
        ticket.save(update_fields=["assignee"])
        event = TicketAssigned(ticket=ticket.pk, seen=(operator_of(ticket),), assignee=person_id)
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
