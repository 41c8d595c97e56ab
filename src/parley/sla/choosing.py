"""Which policy rules a turn."""

from __future__ import annotations

from functools import cache

from django.db.models import F, Q

from parley.postgres.questions import Given, Question
from parley.sla.models import Policy


def policy_for(topic_id: int, priority: str, party_kind: str) -> Policy | None:
    """Give the most specific active policy, with its calendar; None if none fits.

    One that names the topic goes before one that names the priority, and that before one that
    names the kind of party. No two can be equally specific. One query.
    """
    return _policy().ask_one(topic=topic_id, priority=priority, kind=party_kind)


@cache
def _policy() -> Question[Policy]:
    fitting = Policy.objects.select_related("calendar").filter(
        Q(topic=None) | Q(topic_id=Given("topic")),
        Q(priority=None) | Q(priority=Given("priority")),
        Q(party_kind=None) | Q(party_kind=Given("kind")),
        active=True,
    )
    return Question(
        fitting.order_by(
            F("topic_id").asc(nulls_last=True),
            F("priority").asc(nulls_last=True),
            F("party_kind").asc(nulls_last=True),
        )[:1]
    )
