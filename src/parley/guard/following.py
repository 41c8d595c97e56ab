"""What waits for the guard follows its ticket."""

from __future__ import annotations

from parley.guard.models import HeldReply
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.tickets.events import TicketTookIn


def follow_merge(event: Event, entry: Entry) -> None:
    """React at once to a ticket that took another in: what was held on that one waits here.

    Its sender reads of it there, where they are led now. What is held is between a seller and a
    supplier, so both tickets have the same parties.
    """
    assert isinstance(event, TicketTookIn)
    HeldReply.objects.filter(ticket=event.source).update(ticket=event.ticket)
