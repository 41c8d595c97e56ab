"""Who is told of an event, for which party, and as which kind of notice.

The rules (N2, N3):

- Never of one's own doing, never twice of one thing, never of what one may not see: a party is
  asked at the doors of tickets and messages before any of its people is told.
- Of a party, those are told who **take part** in the ticket: they opened it, wrote on it, or
  have it in their hands. As long as nobody does, all of the party's people are.
- The operator looks on at the tickets between others: there only those of its people are told who
  take part, until a party speaks to it or it steps in.
- A clock that ran out is the operator's matter in every ticket. When nobody there takes part,
  its leads and administrators are told, and not the whole team: the queues show it to the
  others.
- A visitor, who has no bell, is told by mail, and of answers and the end alone.
- Whoever an internal note names (`@Anna Petrova`, `@Money` for a team) is told, taking part or not.
- Of a ticket passed to a team, its people are told, unless it has gone into somebody's hands.
- Of a reply that was declined, or could not be sent, its sender alone is told.
- Of a ticket whose time to be put aside is over, whoever put it aside and whoever has it in hand are
  told; one that a reply brings back is told of by the reply.
- A muted ticket stays silent, except when it is put into one's own hands, one is named in a note, one's
  own reply was not sent, or what one put aside is back: that is a new duty.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from parley.conversations.access import messages_visible_to
from parley.conversations.models import Audience, Message
from parley.desk.mentioning import people_named
from parley.guard.events import HeldReplyDeclined
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.notifications.choosing import SAID_TO_ONE
from parley.notifications.models import Kind, Mute
from parley.parties.access import members_of, members_of_teams
from parley.parties.models import Membership, PartyKind, Role
from parley.sla.events import ClockDueSoon, ClockRanOut
from parley.tickets import events as tickets
from parley.tickets.access import tickets_visible_to
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
    tickets.TicketPassed: Kind.PASSED,
    tickets.TicketCancelled: Kind.COMPLETED,
    tickets.TicketClosed: Kind.COMPLETED,
    tickets.TicketExpired: Kind.COMPLETED,
    tickets.TicketRated: Kind.RATED,
    tickets.FileKeptBack: Kind.FILE_KEPT_BACK,
    tickets.ReplyNotSent: Kind.NOT_SENT,
    tickets.TicketWoken: Kind.WOKEN,
    HeldReplyDeclined: Kind.NOT_SENT,
    tickets.CompletionReminded: Kind.COMPLETED,
    ClockDueSoon: Kind.DUE_SOON,
    ClockRanOut: Kind.RAN_OUT,
}


FOR_VISITORS = frozenset({Kind.REPLY, Kind.INFORMATION, Kind.COMPLETED})


class Told(NamedTuple):
    """A person to tell: for which party, as which kind, and by which clock they live."""

    person: int
    party: int
    kind: Kind
    time_zone: str


class _Concern(NamedTuple):
    """What a party may see of an event: the ticket, the message if there is one, and its people."""

    event: tickets.TicketEvent
    at: datetime
    party: int
    ticket: Ticket
    message: Message | None
    members: dict[int, Membership]

    @property
    def witness(self) -> Membership:
        return next(iter(self.members.values()))


def people_to_tell(event: tickets.TicketEvent, entry: Entry) -> list[Told]:
    """Everyone who should know of the event, each once, by their id."""
    told: dict[int, Told] = {}
    for party in event.seen:
        concern = _concern(event, party, entry.at)
        if concern is None:
            continue
        kind = _kind(concern)
        if concern.witness.party.kind == PartyKind.VISITOR and kind not in FOR_VISITORS:
            continue
        named = _named(concern)
        for person in {*_people(concern), *named}:
            zone = concern.members[person].person.time_zone
            its_kind = Kind.MENTIONED if person in named else kind
            told.setdefault(person, Told(person, party, its_kind, zone))
    told.pop(entry.person_id or 0, None)
    muted = Mute.objects.filter(ticket_id=event.ticket, person__in=told)
    for person in muted.values_list("person_id", flat=True):
        if told[person].kind not in SAID_TO_ONE:
            del told[person]
    return [told[person] for person in sorted(told)]


def _concern(event: tickets.TicketEvent, party: int, at: datetime) -> _Concern | None:
    """How the event concerns the party; None when it does not, or may not be seen there."""
    if isinstance(event, ClockDueSoon) and party != event.party:
        return None
    members = {member.person_id: member for member in members_of(party)}
    if not members:
        return None
    witness = next(iter(members.values()))
    ticket = tickets_visible_to(witness).filter(pk=event.ticket).first()
    if ticket is None:
        return None
    if isinstance(event, tickets.CompletionReminded) and party != ticket.opener_id:
        return None
    message = None
    if message_id := getattr(event, "message", None):
        message = messages_visible_to(witness, ticket.conversation_id).filter(pk=message_id).first()
        if message is None:
            return None
    return _Concern(event, at, party, ticket, message, members)


def _kind(concern: _Concern) -> Kind:
    event, message = concern.event, concern.message
    if isinstance(event, tickets.InformationAsked):
        asked = concern.ticket.side_of(concern.party).value == event.asked
        return Kind.INFORMATION if asked else Kind.REPLY
    if message is not None and message.audience == Audience.SIDE:
        return Kind.REPLY
    return KIND_OF[type(event)]


def _people(concern: _Concern) -> Iterable[int]:
    members = concern.members
    if isinstance(concern.event, tickets.TicketAssigned):
        return members.keys() & {concern.event.assignee}
    if isinstance(concern.event, HeldReplyDeclined | tickets.ReplyNotSent):
        return members.keys() & {concern.event.sender}
    if isinstance(concern.event, tickets.TicketWoken):
        is_time = concern.event.why == "time"
        return (
            members.keys() & {concern.event.person, concern.ticket.assignee_id} if is_time else ()
        )
    if isinstance(concern.event, tickets.TicketPassed):
        return _of_the_team(concern)
    return (members.keys() & _taking_part(concern)) or _while_nobody_does(concern)


def _named(concern: _Concern) -> frozenset[int]:
    """Whom an internal note names."""
    message = concern.message
    if message is None or message.audience != Audience.OPERATOR:
        return frozenset()
    return frozenset(people_named(message.text, concern.members.values()))


def _of_the_team(concern: _Concern) -> Iterable[int]:
    ticket = concern.ticket
    if ticket.team_id is None or ticket.assignee_id is not None:
        return ()
    team = members_of_teams([ticket.team_id]).values_list("membership__person", flat=True)
    return concern.members.keys() & set(team)


def _taking_part(concern: _Concern) -> set[int | None]:
    ticket, party = concern.ticket, concern.party
    wrote: Iterable[int | None] = (
        messages_visible_to(concern.witness, ticket.conversation_id)
        .filter(party=party, at__lte=concern.at)
        .order_by()
        .values_list("person_id", flat=True)
        .distinct()
    )
    taking_part = set(wrote)
    if party == ticket.opener_id:
        taking_part.add(ticket.opener_person_id)
    if concern.witness.is_operator:
        taking_part.add(ticket.assignee_id)
    return taking_part


def _while_nobody_does(concern: _Concern) -> Iterable[int]:
    if not concern.witness.is_operator:
        return concern.members
    if isinstance(concern.event, ClockDueSoon | ClockRanOut):
        heads = [m.person_id for m in concern.members.values() if m.role != Role.AGENT]
        return heads or concern.members
    spoken_to = concern.message is not None and concern.message.audience != Audience.EVERYONE
    return concern.members if spoken_to or concern.ticket.operator_speaks else ()
