"""The present moment, in one place, so that a demo or a test can stand at another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_fixed: ContextVar[datetime | None] = ContextVar("fixed_moment", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC; the fixed one inside `at`."""
    return _fixed.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stand at `moment` (aware) for the length of the block: `now()` gives it back.

    Raises ValueError for a naive datetime.
    """
    if moment.tzinfo is None:
        raise ValueError("at() takes an aware datetime")
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
