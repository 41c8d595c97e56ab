"""Which policy rules a turn."""

from __future__ import annotations

from django.db.models import F, Q

from parley.sla.models import Policy


def policy_for(topic_id: int, priority: str, party_kind: str) -> Policy | None:
    """Give the most specific active policy, with its calendar; None if none fits.

    One that names the topic goes before one that names the priority, and that before one that
    names the kind of party. No two can be equally specific. One query.
    """
    return (
        Policy.objects.select_related("calendar")
        .filter(
            Q(topic=None) | Q(topic_id=topic_id),
            Q(priority=None) | Q(priority=priority),
            Q(party_kind=None) | Q(party_kind=party_kind),
            active=True,
        )
        .order_by(
            F("topic_id").asc(nulls_last=True),
            F("priority").asc(nulls_last=True),
            F("party_kind").asc(nulls_last=True),
        )
        .first()
    )
