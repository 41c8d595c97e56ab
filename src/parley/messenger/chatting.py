"""What every capability of a chat shares: beginning one, locking it, keeping its place in the list."""

from __future__ import annotations

from datetime import datetime

from parley.conversations.models import Conversation, Message
from parley.conversations.typed import typed_line
from parley.journal.moment import now
from parley.messenger.access import chats_visible_to
from parley.messenger.models import Chat, ChatState, Site
from parley.parties.models import Membership
from parley.parties.pinning import hide_all_pins

LONGEST_TITLE = 100


class WithPeople(Exception):
    """The chat is with people: the assistant says nothing more there, whatever it has found."""


def begin(
    by: Membership, said: str, *, language: str, site: Site | None, moment: datetime | None = None
) -> Chat:
    """A new chat of `by`, named for what is `said` first (or the file's name, where nothing is)."""
    moment = moment or now()
    return Chat.objects.create(
        conversation=Conversation.objects.create(created_at=moment),
        asker=by,
        site=site,
        language=language,
        title=title_of(said),
        created_at=moment,
        last_at=moment,
        read_at=moment,
    )


def lock(by: Membership, chat_id: int) -> Chat:
    """One's own chat, locked for the rest of the transaction. Raises Chat.DoesNotExist.

    A chat is locked before its ticket, always.
    """
    return chats_visible_to(by).select_for_update(of=("self",)).get(pk=chat_id)


def lock_for_assistant(chat_id: int) -> Chat:
    """Any chat, locked, for the assistant. Raises Chat.DoesNotExist, WithPeople."""
    chat = Chat.objects.select_related("asker").select_for_update(of=("self",)).get(pk=chat_id)
    if chat.state == ChatState.PEOPLE:
        raise WithPeople
    return chat


def note_said(chat: Chat, message: Message, *, language: str = "") -> None:
    """The asker has said something in their locked chat: it is the latest, and read by them."""
    chat.state = ChatState.ASSISTANT
    chat.last_at = chat.read_at = message.at
    chat.language = language or chat.language
    chat.save(update_fields=["state", "last_at", "read_at", "language"])


def title_of(said: str) -> str:
    """The first line of what was said, cut at a word; what may be a support PIN is masked in it."""
    line = typed_line(next((one for one in hide_all_pins(said).splitlines() if one.strip()), ""))
    if len(line) <= LONGEST_TITLE:
        return line
    cut = line[:LONGEST_TITLE]
    return f"{cut.rpartition(' ')[0] or cut}…"
