"""Topics that the house itself opens tickets on: of chats, of mails, of orders to be cancelled."""

from __future__ import annotations

from typing import Any

from parley.tickets.models import Category, Topic


def own_topic(purpose: str, *, category: dict[str, str], **made_with: Any) -> Topic:
    """The topic of a `Purpose`. An installation without one gets it here, for the operator to edit.

    `category`: its category's names by language, `made_with`: its other fields; both count only then.
    """
    found = Topic.objects.filter(purpose=purpose).select_related("category").first()
    if found is not None:
        return found
    there = Category.objects.filter(names__en=category["en"]).first()
    topic, _made = Topic.objects.get_or_create(
        purpose=purpose,
        defaults={"category": there or Category.objects.create(names=category), **made_with},
    )
    return topic
