"""Noting, in the transaction of what happens to a ticket, that its figures are to be made anew."""

from __future__ import annotations

from parley.journal.events import Event
from parley.journal.models import Entry
from parley.reports.models import Stale
from parley.tickets.events import TicketEvent


def note_stale(event: Event, entry: Entry) -> None:
    """React at once to what counts. One row is added; nobody waits for anybody."""
    assert isinstance(event, TicketEvent)
    Stale.objects.create(ticket=event.ticket)
