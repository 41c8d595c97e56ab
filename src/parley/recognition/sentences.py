"""Sentences, and the telling words in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 400
_END = re.compile(r"[!?;…](?!\w)|\.(?=\s|\Z|[\"»”)])|\n|\|")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of `text` (plain) begin and end; none is longer than LONGEST."""
    start = 0
    for found in _END.finditer(text):
        yield from _pieces(start, found.start())
        start = found.end()
    yield from _pieces(start, len(text))


def _pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
    for at in range(start, end, LONGEST):
        yield at, min(at + LONGEST, end)


def clause_start(text: str, start: int, place: int) -> int:
    """Where the clause around `place` begins in the sentence that begins at `start`."""
    return max(
        start,
        text.rfind(",", start, place),
        text.rfind(" – ", start, place),
        text.rfind(":", start, place),
    )
