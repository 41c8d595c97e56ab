"""The tickets of one of the operator's people who is gone: back into the queues, in nobody's hands."""

from __future__ import annotations

from parley.journal.events import Event
from parley.journal.models import Entry
from parley.parties.access import members_of, operator
from parley.parties.events import MembershipEnded, PersonClosed
from parley.tickets.assigning import put_into_hands
from parley.tickets.clocking import clocked_ticket
from parley.tickets.models import Ticket
from parley.tickets.models.ticket import IS_OPEN


def let_go(event: Event, entry: Entry) -> None:
    """React later to somebody's end here: their open tickets wait for somebody else.

    Nothing happens when they act for the operator still, or again; ended ones keep who had them.
    """
    assert isinstance(event, MembershipEnded | PersonClosed)
    if members_of(operator().pk).filter(person_id=event.person).exists():
        return
    held = Ticket.objects.filter(IS_OPEN, assignee_id=event.person).order_by("id")
    for ticket in held.select_for_update():
        put_into_hands(clocked_ticket(ticket.pk), None, by=None)
