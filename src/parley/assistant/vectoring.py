"""What each ticket is about, as a vector: written by a job when it is opened."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from parley.assistant.encoding import Vectors, vectors_of
from parley.assistant.models import TicketVector
from parley.conversations.models import Audience, Message
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.tickets.events import TicketOpened
from parley.tickets.models import Ticket

AT_ONCE = 200
"""Tickets that are read together."""


def vector_later(event: Event, entry: Entry) -> None:
    """Reacts to a ticket that was opened: its vector is a job of its own."""
    from parley.assistant.jobs import keep_ticket_vector

    assert isinstance(event, TicketOpened)
    keep_ticket_vector.defer(ticket_id=event.ticket)


def keep_vectors(ticket_ids: Iterable[int]) -> int:
    """Write the vectors of these tickets, anew where there is one; gives how many it wrote."""
    tickets = list(Ticket.objects.filter(pk__in=list(ticket_ids)).only("title", "conversation_id"))
    rows = [
        TicketVector(ticket_id=ticket.pk, vector=vector)
        for ticket, vector in zip(tickets, vectors_for(tickets), strict=True)
    ]
    TicketVector.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["ticket"], update_fields=["vector"]
    )
    return len(rows)


def keep_missing(most: int = AT_ONCE) -> int:
    """Write the vectors of the latest tickets that have none, at most so many; gives how many.

    They are those that came in some other way than by being opened: from a demo, or an import.
    """
    has_one = TicketVector.objects.filter(ticket=OuterRef("pk"))
    missing = Ticket.objects.filter(~Exists(has_one)).order_by("-pk").values_list("pk", flat=True)
    return keep_vectors(missing[:most])


def vectors_for(tickets: list[Ticket]) -> Vectors:
    """One vector for each ticket: of its title and its first message that everybody on it may read."""
    firsts = dict(
        Message.objects.filter(
            conversation__in=[ticket.conversation_id for ticket in tickets],
            audience=Audience.EVERYONE,
            person__isnull=False,
        )
        .order_by("conversation_id", "id")
        .distinct("conversation_id")
        .values_list("conversation_id", "text")
    )
    return vectors_of([f"{t.title}\n{firsts.get(t.conversation_id, '')}" for t in tickets])
