"""After the hand-over: what moves the ticket is told to those who look at it in the messenger."""

from __future__ import annotations

from functools import cache

from parley.conversations.events import FileScanned
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.telling import tell
from parley.messenger.events import chat_topic, own_topic
from parley.messenger.models import Chat
from parley.postgres.questions import Given, Question
from parley.tickets.events import TicketEvent


def follow_ticket(event: Event, entry: Entry) -> None:
    """React at once to a ticket that goes on a chat: tell the streams that are open on the chat.

    Only those parties hear of it that may know of the event, as everywhere.
    """
    assert isinstance(event, TicketEvent)
    chat = _chat_of_ticket().ask_one(ticket=event.ticket)
    if chat is None:
        return
    topics = [chat_topic(chat.pk, party) for party in event.seen]
    if chat.asker.party_id in event.seen:
        topics.append(own_topic(chat.asker_id))
    tell(*topics)


@cache
def _chat_of_ticket() -> Question[Chat]:
    chats = Chat.objects.filter(conversation__ticket=Given("ticket"))
    return Question(chats.select_related("asker"))


def follow_file(event: Event, entry: Entry) -> None:
    """React at once to a file that was looked at: tell those who have its chat before them."""
    assert isinstance(event, FileScanned)
    if event.message is None:
        return
    chat = Chat.objects.select_related("asker").filter(conversation=event.conversation).first()
    if chat is not None:
        tell(chat_topic(chat.pk, chat.asker.party_id), own_topic(chat.asker_id))
