"""What is promised at all times: how soon each kind of request is answered, in words.

A ticket's own clock says by when *it* is answered (`sla.starting`). This is for those who have not
asked yet: the same policies, by what they are asked about and how much it matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext

from parley.sla.models import Policy
from parley.sla.reckoning import fresh_clock
from parley.sla.working_time import NoWorkingTime
from parley.tickets.models import Priority

DAY = 86_400
HOUR = 3_600
MINUTE = 60


@dataclass(frozen=True)
class Promise:
    """How soon a party of `party_kind` answers: `span` in words, and by when if asked now (UTC).

    `topic_id` is of a topic that is promised something of its own, else None.
    """

    party_kind: str
    priority: str
    topic_id: int | None
    span: str
    answer_by: datetime


def promises(
    at: datetime, party_kinds: Iterable[str], topics: Iterable[tuple[int, str]] = ()
) -> list[Promise]:
    """What those kinds of party promise for what is asked `at` (aware), each priority in its order.

    And for each of `topics` (its id, and the kind of party that it goes to) what is promised for it
    alone, where that differs from what holds for any topic. What nothing is promised for is left
    out. One query.
    """
    policies = list(Policy.objects.select_related("calendar").filter(active=True))
    found = [
        promise
        for kind in party_kinds
        for priority in Priority.values
        if (promise := _promise(policies, None, priority, kind, at))
    ]
    own = {policy.topic_id for policy in policies if policy.topic_id}
    return found + [
        promise
        for topic, kind in topics
        if topic in own
        for priority in Priority.values
        if (promise := _promise(policies, topic, priority, kind, at))
    ]


def _promise(
    policies: list[Policy], topic: int | None, priority: str, kind: str, at: datetime
) -> Promise | None:
    policy = most_specific(policies, topic, priority, kind)
    if policy is None:
        return None
    try:
        due = fresh_clock(policy, at).due_at
    except NoWorkingTime:
        return None
    return Promise(kind, priority, topic, span_in_words(policy), due)


def most_specific(
    policies: Iterable[Policy], topic: int | None, priority: str, kind: str
) -> Policy | None:
    """The policy of these that rules such a turn, by the rule of `sla.choosing.policy_for`."""
    fitting = [
        policy
        for policy in policies
        if policy.active
        and policy.topic_id in (None, topic)
        and policy.priority in (None, priority)
        and policy.party_kind in (None, kind)
    ]
    return max(
        fitting,
        key=lambda p: (p.topic_id is not None, p.priority is not None, p.party_kind is not None),
        default=None,
    )


def span_in_words(policy: Policy) -> str:
    """How long a policy gives, as people say it: “2 working days”, “4 working hours”, “24 hours”."""
    hours = policy.calendar.working_hours
    seconds = policy.working_seconds
    if hours.round_the_clock:
        return _plain(seconds)
    days = [sum(end - begin for begin, end in day) for day in hours.weekly if day]
    day = max(set(days), key=days.count) if days else 0
    if day and seconds >= day and not seconds % day:
        n = seconds // day
        return ngettext("%(n)s working day", "%(n)s working days", n) % {"n": n}
    if seconds >= HOUR:
        n = round(seconds / HOUR)
        return ngettext("%(n)s working hour", "%(n)s working hours", n) % {"n": n}
    n = max(1, seconds // MINUTE)
    return ngettext("%(n)s working minute", "%(n)s working minutes", n) % {"n": n}


def _plain(seconds: int) -> str:
    if seconds >= 2 * DAY and not seconds % DAY:
        n = seconds // DAY
        return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}
    if seconds >= HOUR:
        n = round(seconds / HOUR)
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
    n = max(1, seconds // MINUTE)
    return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}
