"""How often something may be done in the messenger: buckets that refill steadily, a row each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.db import connection

from parley.journal.moment import now
from parley.messenger.models import Allowance


@dataclass(frozen=True)
class Rate:
    """`most` in a `window`, at once or spread."""

    most: int
    window: timedelta


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
QUESTIONS = Rate(12, MINUTE)
"""Of one person."""
QUESTIONS_OF_ADDRESS = Rate(60, MINUTE)
"""Of all who ask from one address: an office has many people, and a flood has one source."""
NEWCOMERS_OF_ADDRESS = Rate(30, HOUR)
"""Visitors who say something for the first time."""
SESSIONS_OF_ADDRESS = Rate(300, MINUTE)
SEARCHES_OF_ADDRESS = Rate(240, MINUTE)
OPINIONS_OF_ADDRESS = Rate(20, MINUTE)
FILES = Rate(40, MINUTE)
SIGNS = Rate(90, MINUTE)
"""Small signs of one person: typing, reading, that something helped."""


class TooMany(Exception):
    """Too often; `wait` says after how many seconds it will be taken."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"again in {wait} s")
        self.wait = wait


def spend(what: str, who: object, rate: Rate) -> None:
    """Take one of `what` out of the allowance of `who`; what is refused costs nothing.

    The row has one moment only, the one at which the bucket is full again: each use moves it on by a
    step, unless it would then lie further away than the whole window. Raises TooMany.
    """
    moment, step = now(), rate.window / rate.most
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO messenger_allowance AS mine (name, full_at) VALUES (%(name)s, %(next)s)
            ON CONFLICT (name) DO UPDATE
            SET full_at = greatest(mine.full_at + (%(next)s - %(now)s), %(next)s)
            WHERE mine.full_at <= %(latest)s
            RETURNING full_at
            """,
            {
                "name": f"{what}:{who}"[:120],
                "now": moment,
                "next": moment + step,
                "latest": moment + rate.window - step,
            },
        )
        if cursor.fetchone() is None:
            raise TooMany(max(1, ceil(step.total_seconds())))


def forget_full(limit: int = 10_000) -> int:
    """Throw away the rows of buckets that are full again: nothing is lost with them."""
    full = Allowance.objects.filter(full_at__lt=now()).values("pk")[:limit]
    return Allowance.objects.filter(pk__in=full).delete()[0]
