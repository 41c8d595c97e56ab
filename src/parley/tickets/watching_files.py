"""What a scanner said of a file, told on the ticket that it was sent on."""

from __future__ import annotations

from parley.conversations.events import FileScanned
from parley.conversations.models import Audience, Message, Scan
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.recording import record
from parley.parties.access import operator
from parley.tickets.events import FileKeptBack, FileReady
from parley.tickets.models import Ticket
from parley.tickets.moving import parties_on


def follow_file(event: Event, entry: Entry) -> None:
    """React at once to a file that was looked at: tell those who have it before them.

    Only the parties that may see the message which sent it hear of it. A file that no message has
    sent yet concerns nobody but its sender, who is told when they send it.
    """
    assert isinstance(event, FileScanned)
    message = Message.objects.filter(pk=event.message).first() if event.message else None
    if message is None:
        return
    ticket = Ticket.objects.filter(conversation=message.conversation_id).first()
    if ticket is None:
        return
    seen = _who_sees(ticket, message)
    if event.scan == Scan.CLEAN:
        ready = FileReady(ticket=ticket.pk, seen=seen, message=message.pk, file=event.file)
        record(ready, by=None)
        return
    kept_back = FileKeptBack(
        ticket=ticket.pk,
        seen=seen,
        message=message.pk,
        file=event.file,
        name=event.name,
        found=event.found,
        party=message.party_id,
    )
    record(kept_back, by=None)


def _who_sees(ticket: Ticket, message: Message) -> tuple[int, ...]:
    if message.audience == Audience.EVERYONE:
        return tuple(sorted(parties_on(ticket)))
    seen = {operator().pk}
    if message.audience == Audience.SIDE and message.audience_party_id:
        seen.add(message.audience_party_id)
    return tuple(sorted(seen))
