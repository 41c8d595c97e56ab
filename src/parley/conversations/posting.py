"""Posting a message."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import cache

from parley.conversations.attaching import claim
from parley.conversations.models import Audience, Conversation, Message
from parley.conversations.rendering import render
from parley.conversations.typed import typed
from parley.journal.moment import now
from parley.parties.models import Membership
from parley.parties.pinning import take_pins
from parley.postgres.questions import Given, Question

MAX_TEXT = 50_000
"""Characters in one message."""


class NothingToSay(ValueError):
    """The message has neither text nor an attachment."""


class TooLong(ValueError):
    """The text is longer than MAX_TEXT characters."""


def posted_already(by: Membership, submit_key: uuid.UUID | None) -> Message | None:
    """The message that `by` sent with this key before: the same submit twice makes one message."""
    if submit_key is None:
        return None
    return _submitted().ask_one(person=by.person_id, key=submit_key)


@cache
def _submitted() -> Question[Message]:
    return Question(Message.objects.filter(person_id=Given("person"), submit_key=Given("key")))


def post(
    conversation: Conversation | int,
    *,
    by: Membership,
    text: str,
    audience: str = Audience.EVERYONE,
    audience_party_id: int | None = None,
    attachments: Sequence[uuid.UUID] = (),
    submit_key: uuid.UUID | None = None,
) -> Message:
    """Post one message, and claim the attachments (ids of uploads by the same person) for it.

    A support PIN of the writer in it is verified and masked before anything is kept.

    Must run inside the caller's transaction. Raises NothingToSay, TooLong, AttachmentGone (an
    upload that is not there any more, or another's) or MessageTooLarge (the sum of the files).
    """
    text = typed(text).strip()
    attachments = list(dict.fromkeys(attachments))
    if not text and not attachments:
        raise NothingToSay
    if len(text) > MAX_TEXT:
        raise TooLong
    conversation_id = conversation if isinstance(conversation, int) else conversation.pk
    text = take_pins(text, by=by, conversation=conversation_id)
    message = Message(
        conversation_id=conversation_id,
        person_id=by.person_id,
        party_id=by.party_id,
        audience=audience,
        audience_party_id=audience_party_id,
        text=text,
        html=render(text),
        at=now(),
        attached=len(attachments),
        submit_key=submit_key,
    )
    message.save(force_insert=True)
    if attachments:
        claim(message, attachments)
    return message
