"""Flagging, for the operator, what was sent and leads away from the marketplace."""

from __future__ import annotations

from parley.conversations.models import Audience, Message
from parley.guard.events import MessageFlagged
from parley.guard.looking import is_between_companies, look
from parley.guard.models import Flag, HeldReply
from parley.guard.modes import MODE, Mode
from parley.guard.watching import places
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.parties.settling import settled
from parley.tickets.events import InformationAsked, OperatorAsked, ReplyPosted, TicketOpened
from parley.tickets.models import Ticket
from parley.tickets.moving import parties_on


def flag(event: Event, entry: Entry) -> None:
    """Look at the message that `event` tells of; a reaction, told later.

    Whichever way it came (a page, the messenger, a program, a mail): nobody sends round the guard.
    What an agent has released was looked at.
    """
    assert isinstance(event, (TicketOpened, ReplyPosted, InformationAsked, OperatorAsked))
    if settled(MODE) == Mode.OFF:
        return
    message = Message.objects.select_related("person", "party").filter(pk=event.message).first()
    if message is None or message.person is None or message.party.is_operator:
        return
    if message.audience != Audience.EVERYONE or HeldReply.objects.filter(message=message).exists():
        return
    ticket = Ticket.objects.select_related("opener", "counterparty").get(pk=event.ticket)
    if is_between_companies(ticket.opener, ticket.counterparty):
        by = Membership(person=message.person, party=message.party)
        _flag(ticket, message, by, with_title=isinstance(event, TicketOpened))


def _flag(ticket: Ticket, message: Message, by: Membership, *, with_title: bool) -> None:
    known = (ticket.number, ticket.order_number)
    title = ticket.title if with_title else ""
    in_text, in_title = (
        look(text, by=by, order_id=ticket.order_id, known=known) for text in (message.text, title)
    )
    if not in_text and not in_title:
        return
    _row, made = Flag.objects.get_or_create(
        message=message,
        defaults={
            "findings": places(in_text),
            "title_findings": places(in_title),
            "at": message.at,
        },
    )
    if made:
        found = tuple(dict.fromkeys(one.kind for one in (*in_title, *in_text)))
        seen = (_operator(ticket),)
        event = MessageFlagged(ticket=ticket.pk, seen=seen, message=message.pk, found=found)
        record(event, by=None)


def _operator(ticket: Ticket) -> int:
    parties = parties_on(ticket)
    return next(p for p in parties if p not in (ticket.opener_id, ticket.counterparty_id))
