"""What the operator has settled, for the addresses of administration."""

from __future__ import annotations

from collections.abc import Callable

from cast import Cast
from parley.sla.models import Calendar, Policy
from parley.tickets.keeping_fields import FieldTyped, add_field


def administered(cast: Cast) -> dict[str, Callable[[str], str]]:
    """What the words of those addresses are."""
    topic = cast.return_of_goods
    field = add_field(topic.pk, FieldTyped(names={"en": "Batch"}), by=cast.admin)
    policy, calendar = Policy.objects.earliest("id"), Calendar.objects.earliest("id")
    return {
        "<int:topic>": lambda name: str(topic.pk),
        "<int:category>": lambda name: str(cast.delivery.pk),
        "<int:field>": lambda name: str(field.pk),
        "<int:policy>": lambda name: str(policy.pk),
        "<int:calendar>": lambda name: str(calendar.pk),
    }
