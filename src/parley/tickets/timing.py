"""How long things last that the operator settles for all tickets: the cool-down, the wait for an end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings

from parley.parties.settling import Settled, settled

AS_THE_SERVER = "server"
"""Stands for what the server is set up with, while nobody has settled otherwise."""
MOST_MINUTES = 7 * 24 * 60
MOST_DAYS = 90


def _minutes(value: Any) -> bool:
    return value == AS_THE_SERVER or (type(value) is int and 0 <= value <= MOST_MINUTES)


def _days(value: Any) -> bool:
    return value == AS_THE_SERVER or (type(value) is int and 1 <= value <= MOST_DAYS)


COOL_DOWN: Settled[int | str] = Settled("tickets.cool_down_minutes", AS_THE_SERVER, _minutes)
"""Minutes between two tickets of a party on one topic (T5)."""
AUTO_COMPLETE: Settled[int | str] = Settled("tickets.auto_complete_days", AS_THE_SERVER, _days)
"""Days until an answered ticket completes by itself (T8)."""


def cool_down() -> timedelta:
    """How long a party waits before a second ticket on a topic; nothing for none. One query."""
    minutes = settled(COOL_DOWN)
    return timedelta(minutes=minutes if isinstance(minutes, int) else settings.COOL_DOWN_MINUTES)


def time_to_complete() -> timedelta:
    """How long an answered ticket waits to be continued or rated. One query."""
    days = settled(AUTO_COMPLETE)
    return timedelta(days=days if isinstance(days, int) else settings.AUTO_COMPLETE_DAYS)
