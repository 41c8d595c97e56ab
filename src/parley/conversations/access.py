"""The door to messages and attachments: the audience, decided in one place."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from parley.conversations.models import Attachment, Audience, Draft, Message
from parley.parties.models import Membership
from parley.postgres.questions import Given


def seen_by(reader: Membership, prefix: str = "") -> Q:
    """The condition on messages (reached by `prefix`, such as `message__`) that `reader` may see.

    It is about the audience alone: that the reader is on the conversation at all is the matter of
    whatever stands on top of it (a ticket).
    """
    if reader.is_operator:
        return Q()
    everyone = Q(**{f"{prefix}audience": Audience.EVERYONE})
    our_side = Q(**{f"{prefix}audience": Audience.SIDE, f"{prefix}audience_party": reader.party_id})
    return everyone | our_side


def messages_visible_to(reader: Membership, conversation_id: int | Given) -> QuerySet[Message]:
    """The messages of a conversation that `reader` may see, oldest first."""
    return Message.objects.filter(seen_by(reader), conversation_id=conversation_id).order_by("id")


def attachments_visible_to(
    reader: Membership, conversation_id: int | Given
) -> QuerySet[Attachment]:
    """The sent attachments of a conversation that `reader` may see."""
    return Attachment.objects.filter(
        seen_by(reader, "message__"), message__conversation_id=conversation_id
    )


def unsent_attachments_of(reader: Membership) -> QuerySet[Attachment]:
    """What a person has uploaded, and neither sent yet nor given to be looked at; nobody else reaches it."""
    return Attachment.objects.filter(person_id=reader.person_id, message=None, held=False)


def draft_of(reader: Membership, place: str) -> Draft | None:
    """A person's own draft at a place, of the company they act for."""
    kept = kept_at(reader.party_id, place)
    return Draft.objects.filter(person_id=reader.person_id, place=kept).first()


def kept_at(party_id: int, place: str) -> str:
    """Where a draft is kept: what is typed for one company is not offered for another."""
    return f"{party_id}/{place}"
