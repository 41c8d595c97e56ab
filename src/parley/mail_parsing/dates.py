"""The moment that a mail says it was written at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_LONGEST = 200


def moment_of(value: str) -> datetime | None:
    """The moment in a Date header, with its own offset; `None`: it tells none. Never raises."""
    try:
        parsed = parsedate_tz(value[:_LONGEST])
        if parsed is None:
            return datetime.fromisoformat(value.strip()[:40]).astimezone(UTC)
        moment = datetime(*parsed[:6], tzinfo=_zone(parsed[9]))
        moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError, AttributeError):
        return None
    return moment


def _zone(offset: int | None) -> timezone:
    seconds = offset or 0
    # More than a day off is nobody's offset.
    return timezone(timedelta(seconds=seconds)) if abs(seconds) < 86_400 else UTC
