"""What stands beside a message that came by mail: that it did, what was quoted, and how it is signed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from parley.conversations.models import Message
from parley.mailboxes.access import mailed_of
from parley.mailboxes.models import MailedMessage
from parley.parties.models import Membership


def mark_mailed(messages: Iterable[Message], rows: Iterable[Mapping[str, Any]]) -> None:
    """Gives those that came by mail `mailed_more`: whether more came along than their text.

    `rows` as `mailboxes.finding.mailed_on_row` gives them: so a page asks nothing more, and carries
    no quotes that nobody opens.
    """
    found = {row["message"]: row["more"] for row in rows}
    for message in messages:
        if message.pk in found:
            message.mailed_more = found[message.pk]  # type: ignore[attr-defined]


def note_mailed(reader: Membership, messages: Iterable[Message]) -> None:
    """Gives those that came by mail their `by_mail` (MailedMessage), where the reader may know it."""
    messages = list(messages)
    found = mailed_of(reader, [message.pk for message in messages])
    for message in messages:
        if message.pk in found:
            message.by_mail = found[message.pk]  # type: ignore[attr-defined]


def mailed_beside(reader: Membership, message_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The same for files that programs read, by the message's id: `by_mail`, `quoted`, `signature`."""
    return {key: beside(one) for key, one in mailed_of(reader, message_ids).items()}


def beside(mailed: MailedMessage) -> dict[str, Any]:
    """What one message has beside its text, by name."""
    return {"by_mail": True, "quoted": mailed.folded, "signature": mailed.signature}
