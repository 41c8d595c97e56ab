"""Notices follow what they are about: a message that is on another ticket now leads there."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from parley.journal.events import Event
from parley.journal.models import Entry
from parley.notifications.models import Notice
from parley.tickets.events import TicketEvent, TicketSplit, TicketTookIn
from parley.tickets.models import Ticket

E = TypeVar("E", bound=TicketEvent)


def follow_merge(event: Event, entry: Entry) -> None:
    """React at once to a ticket that took another in: what was told of that one leads here."""
    assert isinstance(event, TicketTookIn)
    Notice.objects.filter(ticket=event.source).update(ticket=event.ticket)


def follow_split(event: Event, entry: Entry) -> None:
    """React at once to messages that went to a ticket of their own."""
    assert isinstance(event, TicketSplit)
    told = Notice.objects.filter(ticket=event.ticket, message_id__in=event.messages)
    told.update(ticket=event.into)


def where_it_is(event: E) -> E:
    """The event, of the ticket that its message is on by now."""
    message = getattr(event, "message", None)
    if message is None:
        return event
    found = Ticket.objects.filter(conversation__messages=message).values_list("pk", flat=True)
    return replace(event, ticket=found.first() or event.ticket)
