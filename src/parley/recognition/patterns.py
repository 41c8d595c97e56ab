"""Regular expressions written over several lines, whose spaces count."""

from __future__ import annotations

import re


def compiled(pattern: str) -> re.Pattern[str]:
    """`pattern` without its line breaks and indents; spaces inside the lines stand for themselves."""
    return re.compile("".join(line.strip() for line in pattern.splitlines()))


def words(listed: str) -> frozenset[str]:
    """The words of `listed`, which stand there with spaces between them."""
    return frozenset(listed.split())
