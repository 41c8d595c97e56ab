"""When an answer can be expected, before or without a ticket."""

from __future__ import annotations

from datetime import datetime

from parley.sla.choosing import policy_for
from parley.sla.reckoning import fresh_clock
from parley.sla.working_time import NoWorkingTime
from parley.tickets.models import Topic


def expected_by(topic: Topic, priority: str, party_kind: str, at: datetime) -> datetime | None:
    """Give by when a party of `party_kind` answers what it gets at `at` (aware); in UTC.

    None when no policy promises anything. One query.
    """
    policy = policy_for(topic.pk, priority, party_kind)
    if policy is None:
        return None
    try:
        return fresh_clock(policy, at).due_at
    except NoWorkingTime:
        return None
