"""The moment that a mail says it was written at."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_LONGEST = 200
_DATE = re.compile(
    r"\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4},?\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
    r"(?:\s*(?:[+-]\d{4}|[A-Z]{1,5}(?![a-z])))?"
)
"""The date itself, whatever stands before and after it."""


def moment_of(value: str) -> datetime | None:
    """The moment in a Date header, with its own offset; `None`: it tells none. Never raises."""
    try:
        said = _DATE.search(value[:_LONGEST])
        parsed = parsedate_tz(said[0] if said else value[:_LONGEST])
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
