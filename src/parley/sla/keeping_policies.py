"""The operator's keeping of policies: how long whom is given to answer, by topic and priority (T10, S5).

A clock that runs keeps the time it was given: what is changed here rules from the next turn on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from parley.journal.recording import record
from parley.parties.models import COMPANIES, Membership, Role
from parley.sla.choosing import policy_for
from parley.sla.events import PolicyKept
from parley.sla.models import Calendar, Policy
from parley.sla.reckoning import fresh_clock
from parley.sla.working_time import NoWorkingTime
from parley.tickets.models import Priority, Topic

MINUTE, HOUR = 60, 3600
MOST_HOURS = 2000
"""A year of working time."""


class PolicyRefused(ValueError):
    """A policy can't be kept so; `problems` says why, field by field, for the reader."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class PolicyTyped:
    """A policy as an administrator has typed it; an empty topic, priority or kind means any."""

    topic: int | None = None
    priority: str = ""
    party_kind: str = ""
    calendar: int | None = None
    hours: str = ""
    minutes: str = ""
    active: bool = True


@dataclass(frozen=True)
class Promise:
    """What a kind of party is given for what reaches it at a moment: the policy, and by when.

    No policy: nothing is promised. A policy without `due_at`: its calendar has no working time.
    """

    kind: str
    policy: Policy | None
    due_at: datetime | None


def may_keep_policies(reader: Membership) -> bool:
    """Whether the reader keeps policies and calendars: the operator's administrators do."""
    return reader.role == Role.ADMIN


def must_keep_policies(by: Membership) -> None:
    """Raises PermissionDenied."""
    if not may_keep_policies(by):
        raise PermissionDenied


def all_policies() -> QuerySet[Policy]:
    """Every policy with its topic and calendar, those switched off as well."""
    return Policy.objects.select_related("topic__category", "calendar").order_by("id")


def policies_of_topic(topic_id: int) -> QuerySet[Policy]:
    """The policies made for one topic."""
    return all_policies().filter(topic=topic_id)


def promises(topic_id: int, priority: str, moment: datetime) -> list[Promise]:
    """What each kind of party is given for a ticket on the topic that reaches it at `moment`."""
    made = []
    for kind in COMPANIES:
        policy = policy_for(topic_id, priority, kind)
        made.append(Promise(kind, policy, due(policy, moment) if policy else None))
    return made


def due(policy: Policy, moment: datetime) -> datetime | None:
    """When a clock is over that starts at `moment`; None where there is no working time."""
    try:
        return fresh_clock(policy, moment).due_at
    except (NoWorkingTime, ValueError):
        return None


def seconds_of(typed: PolicyTyped) -> int:
    """The working time that was typed, in seconds. Raises PolicyRefused."""
    hours, minutes = _whole(typed.hours), _whole(typed.minutes)
    if hours is None or minutes is None:
        raise PolicyRefused({"hours": _("Write hours and minutes in whole numbers.")})
    seconds = hours * HOUR + minutes * MINUTE
    if not seconds:
        raise PolicyRefused({"hours": _("Give some time to answer.")})
    if seconds > MOST_HOURS * HOUR:
        words = _("Give %(most)s working hours at most: that is a year.") % {"most": MOST_HOURS}
        raise PolicyRefused({"hours": words})
    return seconds


def add_policy(typed: PolicyTyped, *, by: Membership) -> Policy:
    """Add a policy. Raises PolicyRefused."""
    must_keep_policies(by)
    with transaction.atomic():
        given = _given(typed, None)
        made = Policy.objects.create(**given)
        changed = {name: [None, value] for name, value in given.items()}
        record(PolicyKept(policy=made.pk, what="added", changed=changed), by=by)
    return made


def change_policy(key: int, typed: PolicyTyped, *, by: Membership) -> None:
    """Change a policy. Raises Policy.DoesNotExist or PolicyRefused."""
    must_keep_policies(by)
    with transaction.atomic():
        policy = Policy.objects.select_for_update().get(pk=key)
        changed = {}
        for name, value in _given(typed, key).items():
            if getattr(policy, name) != value:
                changed[name] = [getattr(policy, name), value]
                setattr(policy, name, value)
        if changed:
            policy.save(update_fields=sorted(changed))
            record(PolicyKept(policy=key, what="changed", changed=changed), by=by)


def remove_policy(key: int, *, by: Membership) -> None:
    """Remove a policy; the next less particular one rules in its place. Raises Policy.DoesNotExist."""
    must_keep_policies(by)
    with transaction.atomic():
        policy = Policy.objects.select_for_update().get(pk=key)
        changed = {name: [getattr(policy, name), None] for name in _NAMES}
        policy.delete()
        record(PolicyKept(policy=key, what="removed", changed=changed), by=by)


_NAMES = ("topic_id", "priority", "party_kind", "calendar_id", "working_seconds", "active")


def _given(typed: PolicyTyped, key: int | None) -> dict[str, Any]:
    problems: dict[str, str] = {}
    if typed.topic and not Topic.objects.filter(pk=typed.topic).exists():
        problems["topic"] = _("Pick a topic from the list.")
    if typed.priority and typed.priority not in Priority.values:
        problems["priority"] = _("Pick one from the list.")
    if typed.party_kind and typed.party_kind not in {kind.value for kind in COMPANIES}:
        problems["party_kind"] = _("Pick one from the list.")
    if not Calendar.objects.filter(pk=typed.calendar or 0).exists():
        problems["calendar"] = _("Pick a calendar.")
    seconds = 0
    try:
        seconds = seconds_of(typed)
    except PolicyRefused as refusal:
        problems |= refusal.problems
    given = {
        "topic_id": typed.topic or None,
        "priority": typed.priority or None,
        "party_kind": typed.party_kind or None,
        "calendar_id": typed.calendar,
        "working_seconds": seconds,
        "active": typed.active,
    }
    if not problems and (other := _same_case(given, key)):
        words = _("There is a policy for just this already. Change that one: number %(number)s.")
        problems["topic"] = words % {"number": other.pk}
    if problems:
        raise PolicyRefused(problems)
    return given


def _same_case(given: dict[str, Any], key: int | None) -> Policy | None:
    case: dict[str, Any] = {}
    for name in ("topic_id", "priority", "party_kind"):
        case.update({name: given[name]} if given[name] else {f"{name}__isnull": True})
    return Policy.objects.select_for_update().filter(**case).exclude(pk=key or 0).first()


def _whole(text: str) -> int | None:
    text = text.strip()
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
