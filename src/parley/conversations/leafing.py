"""Leafing through a long conversation, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from parley.conversations.access import messages_visible_to
from parley.conversations.models import Attachment, Message
from parley.parties.models import Membership

_LONGEST = 18


class NoSuchLeaf(ValueError):
    """The cursor is not one that a leaf gave."""


@dataclass(frozen=True)
class Leaf:
    """Some messages, oldest first, their files, and the cursors of the leaves beside it."""

    messages: list[Message]
    files: dict[int, list[Attachment]]
    older: str | None
    newer: str | None


def first_leaf(reader: Membership, conversation_id: int, size: int) -> Leaf:
    """The oldest `size` messages that `reader` may see."""
    return _leaf(reader, conversation_id, 0, back=False, size=size)


def last_leaf(reader: Membership, conversation_id: int, size: int) -> Leaf:
    """The newest `size` messages that `reader` may see."""
    return _leaf(reader, conversation_id, 0, back=True, size=size)


def leaf_at(reader: Membership, conversation_id: int, cursor: str, size: int) -> Leaf:
    """The leaf at the cursor of another one. Raises NoSuchLeaf."""
    digits = cursor.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST and int(digits)):
        raise NoSuchLeaf(cursor)
    return _leaf(reader, conversation_id, int(digits), back=cursor != digits, size=size)


def _leaf(reader: Membership, conversation_id: int, start: int, *, back: bool, size: int) -> Leaf:
    """`size` messages from `start` (0: the end that one comes from) on, or `back` from it."""
    messages = messages_visible_to(reader, conversation_id).select_related(
        "person", "party", "audience_party"
    )
    if start:
        messages = messages.filter(**{"id__lt" if back else "id__gt": start})
    found = list(messages.order_by("-id" if back else "id")[: size + 1])
    more, shown = len(found) > size, found[:size]
    if back:
        shown.reverse()
    # What one came from lies on the other side; what comes next is there if one more was found.
    behind, ahead = (more, bool(start)) if back else (bool(start), more)
    return Leaf(
        messages=shown,
        files=_files(shown),
        older=f"-{shown[0].pk}" if shown and behind else None,
        newer=str(shown[-1].pk) if shown and ahead else None,
    )


def _files(messages: list[Message]) -> dict[int, list[Attachment]]:
    """The files of messages that have come through their door."""
    files: dict[int, list[Attachment]] = {message.pk: [] for message in messages}
    for attachment in Attachment.objects.filter(message__in=list(files)).order_by("created_at"):
        files[attachment.message_id or 0].append(attachment)
    return files
