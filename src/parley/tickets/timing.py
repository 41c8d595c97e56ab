"""How long things last that the operator settles for all tickets: the cool-down, the wait for an end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings

from parley.parties.settling import Settled, settled

MOST_MINUTES = 7 * 24 * 60
MOST_DAYS = 90


def _minutes(value: Any) -> bool:
    return value is None or (type(value) is int and 0 <= value <= MOST_MINUTES)


def _days(value: Any) -> bool:
    return value is None or (type(value) is int and 1 <= value <= MOST_DAYS)


COOL_DOWN: Settled[int | None] = Settled("tickets.cool_down_minutes", None, _minutes)
"""Minutes between two tickets of a party on one topic (T5); None: as the server is set up."""
AUTO_COMPLETE: Settled[int | None] = Settled("tickets.auto_complete_days", None, _days)
"""Days until an answered ticket completes by itself (T8); None: as the server is set up."""


def cool_down() -> timedelta:
    """How long a party waits before a second ticket on a topic; nothing for none. One query."""
    minutes = settled(COOL_DOWN)
    return timedelta(minutes=settings.COOL_DOWN_MINUTES if minutes is None else minutes)


def time_to_complete() -> timedelta:
    """How long an answered ticket waits to be continued or rated. One query."""
    days = settled(AUTO_COMPLETE)
    return timedelta(days=settings.AUTO_COMPLETE_DAYS if days is None else days)
