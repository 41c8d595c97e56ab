"""How often an API token may be used: a bucket that refills steadily, in one row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.db import connection

from parley.journal.moment import now

LIMIT = 600
"""Requests in WINDOW, at once or spread."""
WINDOW = timedelta(minutes=1)
_STEP = WINDOW / LIMIT


@dataclass(frozen=True)
class Allowance:
    """What is left after a request: how many more at once, and in how many seconds all of them."""

    granted: bool
    left: int
    full_in: int

    @property
    def retry_after(self) -> int:
        """Seconds after which a refused request will be granted."""
        return max(1, ceil(_STEP.total_seconds()))


def spend(token_id: int) -> Allowance:
    """Take one request out of a token's allowance; what is refused costs nothing.

    The row has one moment only, the one at which the bucket is full again: each request moves it on
    by a step, unless it would then lie further away than the whole window.
    """
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO parties_tokenallowance AS mine (token_id, full_at)
            VALUES (%(token)s, %(next)s)
            ON CONFLICT (token_id) DO UPDATE
            SET full_at = greatest(mine.full_at + (%(next)s - %(now)s), %(next)s)
            WHERE mine.full_at <= %(latest)s
            RETURNING full_at
            """,
            {
                "token": token_id,
                "now": moment,
                "next": moment + _STEP,
                "latest": moment + WINDOW - _STEP,
            },
        )
        row = cursor.fetchone()
    if row is None:
        return Allowance(granted=False, left=0, full_in=ceil(WINDOW.total_seconds()))
    used = row[0] - moment
    return Allowance(
        granted=True, left=int((WINDOW - used) / _STEP), full_in=ceil(used.total_seconds())
    )
