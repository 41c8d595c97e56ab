"""What the assistant says in a chat: as a machine, and never once people have it in their hands."""

from __future__ import annotations

from django.db import transaction

from parley.conversations.models import Audience, Message
from parley.conversations.rendering import render
from parley.conversations.typed import typed
from parley.journal.moment import now
from parley.journal.recording import record
from parley.messenger.chatting import WithPeople, lock_for_assistant
from parley.messenger.events import AssistantAnswered
from parley.parties.access import operator

__all__ = ["WithPeople", "say_as_assistant"]


def say_as_assistant(chat_id: int, text: str, html: str | None = None) -> Message:
    """Post `text` (Markdown) as the assistant's, on the operator's behalf.

    `html` is the same as it is shown, where a renderer of ours has made more of it than a message's
    does (an article's steps). Call it in the transaction that notes what it answers. Raises
    Chat.DoesNotExist, and WithPeople when the chat was handed over meanwhile: then nothing is said.
    """
    text = typed(text).strip()
    with transaction.atomic():
        chat = lock_for_assistant(chat_id)
        message = Message.objects.create(
            conversation_id=chat.pk,
            person=None,
            party=operator(),
            audience=Audience.EVERYONE,
            text=text,
            html=render(text) if html is None else html,
            at=now(),
        )
        chat.last_at = message.at
        chat.save(update_fields=["last_at"])
        record(
            AssistantAnswered(
                conversation=chat.pk,
                party=chat.asker.party_id,
                asker=chat.asker_id,
                message=message.pk,
            ),
            by=None,
        )
    return message
