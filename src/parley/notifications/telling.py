"""Telling people: from an entry of the journal to the notices of those who should know.

The rules (N3): never of one's own doing, never twice of one thing, never of what one may not see. Of a
party, those are told who take part in the ticket (they opened it, wrote on it, or it is in their hands);
as long as nobody does, all of the party's people are.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import F

from parley.conversations.models import Message
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.recording import CHANNEL
from parley.notifications.models import Kind, Mail, Mute, Notice, Preference, Way
from parley.parties.access import members_of, operator
from parley.parties.models import Person
from parley.sla.events import ClockDueSoon, ClockRanOut
from parley.tickets import events as tickets
from parley.tickets.models import Ticket

KIND_OF: dict[type[Event], Kind] = {
    tickets.TicketOpened: Kind.NEW_TICKET,
    tickets.ReplyPosted: Kind.REPLY,
    tickets.InformationAsked: Kind.INFORMATION,
    tickets.MessagePosted: Kind.NOTE,
    tickets.OperatorAsked: Kind.DISPUTE,
    tickets.OperatorSteppedIn: Kind.DISPUTE,
    tickets.DisputeDecided: Kind.DISPUTE,
    tickets.TicketAssigned: Kind.ASSIGNED,
    tickets.TicketCancelled: Kind.COMPLETED,
    tickets.TicketClosed: Kind.COMPLETED,
    tickets.TicketExpired: Kind.COMPLETED,
    tickets.TicketRated: Kind.RATED,
    tickets.CompletionReminded: Kind.COMPLETED,
    ClockDueSoon: Kind.DUE_SOON,
    ClockRanOut: Kind.RAN_OUT,
}


def tell(event: Event, entry: Entry) -> None:
    """Make the notices of an entry, and the mails that go with them. A repeat makes none."""
    assert isinstance(event, tickets.TicketEvent)
    ticket = Ticket.objects.select_related("opener", "counterparty").get(pk=event.ticket)
    people = _people_to_tell(event, entry, ticket)
    notices = [
        Notice(
            person_id=person,
            entry_id=entry.pk,
            kind=KIND_OF[type(event)],
            ticket=ticket,
            actor_id=entry.person_id,
            message_id=getattr(event, "message", None),
            at=entry.at,
        )
        for person in sorted(people)
    ]
    _deliver(notices)


def _deliver(notices: list[Notice]) -> None:
    made = Notice.objects.bulk_create(notices)
    if not made:
        return
    people = [notice.person_id for notice in made]
    Person.objects.filter(pk__in=people).update(unread_notices=F("unread_notices") + 1)
    _mail(made)
    ring(people)


def ring(people: Iterable[int]) -> None:
    """Let the bells of these people look again, in all their windows."""
    topics = ", ".join(f'"person/{person}"' for person in people)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f'{{"topics": [{topics}]}}'])


def _mail(notices: list[Notice]) -> None:
    chosen = dict(
        Preference.objects.filter(
            person__in=[n.person_id for n in notices], kind=notices[0].kind
        ).values_list("person_id", "way")
    )
    mails = [
        Mail(notice=notice, way=way)
        for notice in notices
        if (way := chosen.get(notice.person_id, Way.AT_ONCE)) != Way.OFF
    ]
    Mail.objects.bulk_create(mails)
    if any(mail.way == Way.AT_ONCE for mail in mails):
        from parley.notifications.jobs import send_mails

        send_mails.defer(timestamp=0)


def _people_to_tell(event: tickets.TicketEvent, entry: Entry, ticket: Ticket) -> set[int]:
    people = {
        person
        for party in _parties_to_tell(event, ticket)
        for person in _people_of(party, ticket)
    }
    if isinstance(event, tickets.TicketAssigned):
        people = {event.assignee} if event.assignee else set()
    people -= {entry.person_id or 0}
    muted = Mute.objects.filter(ticket=ticket, person__in=people).values_list("person_id", flat=True)
    return people - set(muted)


def _parties_to_tell(event: tickets.TicketEvent, ticket: Ticket) -> Iterable[int]:
    """The parties an event concerns, of those that may know of it."""
    if isinstance(event, ClockDueSoon):
        return [event.party]
    if isinstance(event, ClockRanOut):
        return event.seen
    if isinstance(event, tickets.CompletionReminded):
        return [ticket.opener_id]
    concerned = {ticket.opener_id, ticket.counterparty_id}
    if ticket.operator_speaks or isinstance(event, tickets.MessagePosted):
        concerned.add(operator().pk)
    return concerned & set(event.seen)


def _people_of(party: int, ticket: Ticket) -> set[int]:
    members = set(members_of(party).values_list("person_id", flat=True))
    taking_part = {ticket.opener_person_id, ticket.assignee_id} | set(
        Message.objects.filter(conversation=ticket.conversation_id, party=party)
        .values_list("person_id", flat=True)
        .distinct()
    )
    return (members & taking_part) or members
