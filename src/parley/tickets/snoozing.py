"""Putting a ticket aside at the operator's desk: out of its queues until a moment or a reply.

Nobody's promise waits for that: the clocks go on, and what is due soon or has run out stands in its
queue all the same. Whatever somebody outside the operator does on the ticket brings it back at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.access import operator
from parley.parties.models import Membership
from parley.tickets.events import TicketEvent, TicketSnoozed, TicketWoken
from parley.tickets.models import NO_CLOCK, Ticket
from parley.tickets.moving import lock, operator_of

LONGEST = timedelta(days=366)
BATCH = 200


class NotToBeSnoozed(ValueError):
    """The ticket has ended, or the moment is past or more than a year away."""


def snooze(ticket_id: int, until: datetime | None, *, by: Membership) -> Ticket:
    """Put a ticket aside until a moment, or with None until somebody outside the operator replies.

    Raises Ticket.DoesNotExist, PermissionDenied or NotToBeSnoozed.
    """
    if not by.is_operator:
        raise PermissionDenied
    if until is not None and not now() < until < now() + LONGEST:
        raise NotToBeSnoozed
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        if not ticket.is_open:
            raise NotToBeSnoozed
        wanted = NO_CLOCK if until is None else until
        if ticket.snoozed_until == wanted:
            return ticket
        was = _told(ticket.snoozed_until)
        ticket.snoozed_until, ticket.snoozed_by_id = wanted, by.person_id
        ticket.save(update_fields=["snoozed_until", "snoozed_by"])
        event = TicketSnoozed(
            ticket=ticket.pk, seen=(operator_of(ticket),), until=_told(wanted), was=was
        )
        record(event, by=by)
    return ticket


def wake(ticket_id: int, *, by: Membership) -> Ticket:
    """Bring a ticket back by hand. Raises Ticket.DoesNotExist or PermissionDenied."""
    if not by.is_operator:
        raise PermissionDenied
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        if ticket.snoozed_until is not None:
            _wake(ticket, operator_of(ticket), "hand", by=by)
    return ticket


def claim_woken(limit: int = BATCH) -> int:
    """Bring back up to `limit` tickets whose time has come; gives how many."""
    with transaction.atomic():
        due = Ticket.objects.filter(snoozed_until__lte=now()).order_by("snoozed_until")
        claimed = list(due.select_for_update(of=("self",), skip_locked=True)[:limit])
        for ticket in claimed:
            _wake(ticket, operator().pk, "time", by=None)
    return len(claimed)


def wake_for(event: Event, entry: Entry) -> None:
    """React at once to what happens on a ticket: it comes back, unless the operator did it itself."""
    assert isinstance(event, TicketEvent)
    ticket = (
        Ticket.objects.select_for_update(of=("self",))
        .filter(pk=event.ticket, snoozed_until__isnull=False)
        .first()
    )
    if ticket is None:
        return
    if ticket.is_open and (entry.party_id is None or entry.party_id == operator().pk):
        return
    _wake(ticket, operator().pk, "reply" if ticket.is_open else "end", by=None)


def is_until_reply(ticket: Ticket) -> bool:
    """Whether it is put aside without a moment to come back at."""
    return ticket.snoozed_until == NO_CLOCK


def _wake(ticket: Ticket, operator_id: int, why: str, *, by: Membership | None) -> None:
    event = TicketWoken(
        ticket=ticket.pk,
        seen=(operator_id,),
        why=why,
        person=ticket.snoozed_by_id,
        was=_told(ticket.snoozed_until),
    )
    ticket.snoozed_until = ticket.snoozed_by_id = None
    ticket.save(update_fields=["snoozed_until", "snoozed_by"])
    record(event, by=by)


def _told(until: datetime | None) -> str:
    return until.isoformat() if until is not None and until != NO_CLOCK else ""
