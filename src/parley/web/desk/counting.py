"""How a count is shown: exactly, or as more than what is counted."""

from __future__ import annotations

from parley.tickets.finding import MOST_COUNTED


def shown(count: int | None) -> str:
    """A count in words; empty where nothing was counted."""
    if count is None:
        return ""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)
