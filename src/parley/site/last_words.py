"""What a process that failed said last: the line of its log that names the reason."""

from __future__ import annotations

import re
from pathlib import Path

_TAIL = 8000
_NAMES_AN_ERROR = re.compile(r"^[A-Za-z_][\w.]*(Error|Exception|Refused|Trouble|Exit)\b")


def last_words(log: Path) -> str:
    """The last line of `log` that names an error, or else its last line; empty if it has none."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    lines = [line.rstrip() for line in text[-_TAIL:].splitlines() if line.strip()]
    errors = [line for line in lines if _NAMES_AN_ERROR.match(line)]
    return (errors or lines or [""])[-1].strip()
