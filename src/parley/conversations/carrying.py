"""Carrying what was said, and what is being written, from one conversation to another."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from parley.conversations.access import kept_at
from parley.conversations.models import Audience, Draft, Message


def carry_messages(
    wanted: Q, to_conversation: int, *, narrow_to: int | None = None
) -> tuple[list[int], list[int]]:
    """Let the messages that `wanted` says be of another conversation; they keep their audience.

    Where more parties read there, `narrow_to` is the party that alone, beside the operator, could
    read what was for everyone: of these it stays the audience. Gives the ids of all, and of those
    narrowed. Must run inside the caller's transaction.
    """
    messages = Message.objects.filter(wanted).order_by("id")
    narrowed: list[int] = []
    if narrow_to is not None:
        narrowed = list(messages.filter(audience=Audience.EVERYONE).values_list("pk", flat=True))
    carried = list(messages.values_list("pk", flat=True))
    Message.objects.filter(pk__in=narrowed).update(audience=Audience.SIDE, audience_party=narrow_to)
    Message.objects.filter(pk__in=carried).update(conversation=to_conversation)
    return carried, narrowed


def carry_drafts(parties: Collection[int], place: str, to_place: str) -> None:
    """Let what is kept at a place for these parties be kept at another, below what is there."""
    for party in parties:
        there = {d.person_id: d for d in Draft.objects.filter(place=kept_at(party, to_place))}
        for draft in Draft.objects.filter(place=kept_at(party, place)):
            other = there.get(draft.person_id)
            if other is None:
                draft.place = kept_at(party, to_place)
                draft.save(update_fields=["place"])
                continue
            other.text = f"{other.text}\n\n{draft.text}".strip()
            other.files = [*other.files, *draft.files]
            other.save(update_fields=["text", "files"])
            draft.delete()
