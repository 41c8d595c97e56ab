"""Seeing a conversation in the messenger: its messages page by page, and what has been read of it."""

from __future__ import annotations

from dataclasses import dataclass

from parley.conversations.models import Attachment, Message
from parley.journal.moment import now
from parley.journal.telling import tell
from parley.messenger.access import chats_visible_to, messages_of_chat
from parley.messenger.events import own_topic
from parley.messenger.listing import Listed
from parley.parties.models import Membership
from parley.postgres.keysets import CursorUnreadable
from parley.tickets.reading import mark_read

LEAF = 50


@dataclass(frozen=True)
class Leaf:
    """Some messages, oldest first, the files of each, and the cursor of those before them."""

    messages: list[Message]
    files: dict[int, list[Attachment]]
    older: str | None


def leaf_of(reader: Membership, conversation: int, *, before: str = "", size: int = LEAF) -> Leaf:
    """The newest messages of a conversation that `reader` has come to through its door.

    `before` is the id of one, for those that came earlier. Raises CursorUnreadable.
    """
    messages = messages_of_chat(reader, conversation).select_related("person", "party")
    if before:
        if not (before.isascii() and before.isdigit() and len(before) < 19):
            raise CursorUnreadable(before)
        messages = messages.filter(pk__lt=int(before))
    found = list(messages.order_by("-id")[: size + 1])
    shown = found[:size][::-1]
    files: dict[int, list[Attachment]] = {message.pk: [] for message in shown}
    with_files = [message.pk for message in shown if message.attached]
    if with_files:
        for file in Attachment.objects.filter(message__in=with_files).order_by("created_at"):
            files[file.message_id or 0].append(file)
    return Leaf(shown, files, str(shown[0].pk) if len(found) > size else None)


def note_read(row: Listed, *, by: Membership) -> None:
    """Note that `by` has read a conversation up to now; it never goes back."""
    moment = now()
    if row.ticket is not None:
        mark_read(row.ticket.pk, moment, by=by)
    else:
        chats_visible_to(by).filter(pk=row.conversation, read_at__lt=moment).update(read_at=moment)
    if row.unread:
        tell(own_topic(by.pk))
