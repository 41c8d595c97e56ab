"""Asking: a question of one's own to the assistant, in a new chat or in one that goes on."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from parley.conversations.posting import post, posted_already
from parley.journal.recording import record
from parley.messenger.access import chats_visible_to
from parley.messenger.chatting import WithPeople, begin, lock, note_said
from parley.messenger.events import ChatHelped, QuestionAsked
from parley.messenger.models import Chat, ChatState, Site
from parley.parties.models import Membership
from parley.postgres.waiting import one_at_a_time


def ask(
    chat: int | None,
    text: str,
    *,
    by: Membership,
    language: str,
    site: Site | None = None,
    submit_key: uuid.UUID | None = None,
    attachments: Sequence[uuid.UUID] = (),
) -> Chat:
    """Say `text` to the assistant, in one's own chat or (None) in a new one.

    The same submit key twice says it once. Raises Chat.DoesNotExist, WithPeople (it was handed over:
    there one replies on the ticket), and what `conversations.posting.post` raises.
    """
    with transaction.atomic():
        if submit_key:
            one_at_a_time("submit", by.person_id, submit_key.int)
        if already := posted_already(by, submit_key):
            return chats_visible_to(by).get(pk=already.conversation_id)
        asked = lock(by, chat) if chat else begin(by, text, language=language, site=site)
        if asked.state == ChatState.PEOPLE:
            raise WithPeople
        message = post(asked.pk, by=by, text=text, attachments=attachments, submit_key=submit_key)
        note_said(asked, message, language=language)
        record(
            QuestionAsked(
                conversation=asked.pk,
                party=by.party_id,
                asker=by.pk,
                message=message.pk,
                language=language,
            ),
            by=by,
        )
    return asked


def helped(chat: int, *, by: Membership) -> Chat:
    """The asker says that this was the answer; saying it again changes nothing.

    Raises Chat.DoesNotExist; with people it is the ticket that is rated, and nothing happens here.
    """
    with transaction.atomic():
        asked = lock(by, chat)
        if asked.state == ChatState.ASSISTANT:
            asked.state = ChatState.HELPED
            asked.save(update_fields=["state"])
            record(ChatHelped(conversation=asked.pk, party=by.party_id, asker=by.pk), by=by)
    return asked
