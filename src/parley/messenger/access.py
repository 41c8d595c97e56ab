"""The one door to chats, and to what is said and sent in them."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from parley.conversations.access import seen_by
from parley.conversations.models import Attachment, Audience, Message
from parley.messenger.models import Chat, Site, Visitor
from parley.parties.models import Membership
from parley.tickets.access import attachments_visible_to as attachments_of_tickets


def chats_visible_to(reader: Membership) -> QuerySet[Chat]:
    """The reader's own chats. A chat that was handed over is a ticket, too, behind its own door."""
    return Chat.objects.filter(asker=reader)


def seen_in_messenger(reader: Membership, prefix: str = "") -> Q:
    """The condition on messages that the messenger shows them to `reader`: never internal notes."""
    return seen_by(reader, prefix) & ~Q(**{f"{prefix}audience": Audience.OPERATOR})


def messages_of_chat(reader: Membership, conversation_id: int) -> QuerySet[Message]:
    """What the messenger shows of a conversation that `reader` has come to through its door."""
    return Message.objects.filter(seen_in_messenger(reader), conversation=conversation_id)


def attachment_visible_to(reader: Membership, key: uuid.UUID) -> Attachment | None:
    """A sent attachment that `reader` may have in the messenger: of their chats, or their tickets."""
    seen = seen_in_messenger(reader, "message__")
    sent = Attachment.objects.filter(seen, pk=key)
    of_chats = sent.filter(message__conversation__chat__asker=reader)
    return of_chats.first() or attachments_of_tickets(reader).filter(seen, pk=key).first()


def has_messenger(membership: Membership) -> bool:
    """Whether a visitor asks in the messenger; others have written a mail."""
    return Visitor.objects.filter(membership=membership).exists()


def site_of_visitor(membership: Membership) -> Site | None:
    """The site that a visitor asks from; None for our own pages, and for whoever is no visitor."""
    visitor = Visitor.objects.select_related("site").filter(membership=membership).first()
    return visitor.site if visitor else None
