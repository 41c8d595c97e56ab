"""From a policy to the times on a ticket: when a clock is over, and when that is soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parley.sla.models import Policy
from parley.sla.working_time import add_working_seconds, working_seconds_between

LEAST_WARNING = 30 * 60
"""A clock is due soon at the latest with so many working seconds left."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock as it stands on a ticket; `seconds` is its working time from start to due."""

    started_at: datetime
    due_at: datetime
    due_soon_at: datetime
    seconds: int


def fresh_clock(policy: Policy, start: datetime) -> Clock:
    """Give a clock with the policy's whole time. Raises `NoWorkingTime`."""
    return _clock(policy, start, policy.working_seconds)


def resumed_clock(policy: Policy, start: datetime, left: int) -> Clock:
    """Give a clock with what was `left` (working seconds) when it was paused.

    It has a quarter of the policy's time at least: whoever gets an answer back can use it. And it
    has the whole at most, should the policy have become shorter. Raises `NoWorkingTime`.
    """
    seconds = min(max(left, _quarter(policy)), policy.working_seconds)
    return _clock(policy, start, seconds)


def changed_clock(
    old: Policy, new: Policy, *, started_at: datetime, due_at: datetime, moment: datetime
) -> Clock:
    """Give a running clock anew when another policy comes to rule it at `moment`.

    The share of the time that was left stays left: half a day left of one is half of the other's
    time left. So a more pressing policy never gives more time. Raises `NoWorkingTime`.
    """
    left = seconds_left(old, due_at, moment)
    share = -(-left * new.working_seconds // old.working_seconds)
    rest = _clock(new, moment, max(1, min(share, new.working_seconds)))
    seconds = working_seconds_between(new.calendar.working_hours, started_at, rest.due_at)
    return Clock(started_at, rest.due_at, rest.due_soon_at, seconds)


def seconds_left(policy: Policy, due_at: datetime, moment: datetime) -> int:
    """Give the working seconds from `moment` until `due_at`; 0 when that is over."""
    return working_seconds_between(policy.calendar.working_hours, moment, due_at)


def _clock(policy: Policy, start: datetime, seconds: int) -> Clock:
    hours = policy.calendar.working_hours
    warned_after = max(0, seconds - max(_quarter(policy), LEAST_WARNING))
    return Clock(
        started_at=start,
        due_at=add_working_seconds(hours, start, seconds),
        due_soon_at=add_working_seconds(hours, start, warned_after),
        seconds=seconds,
    )


def _quarter(policy: Policy) -> int:
    return -(-policy.working_seconds // 4)
