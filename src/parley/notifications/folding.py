"""Fitting people's words into mails: one line for a header, not too long a text for a body."""

from __future__ import annotations

import unicodedata

MOST_CHARACTERS = 4_000
MOST_LINES = 80


# Persian and Indic names, and many emoji, are not spelt without them.
_JOINERS = "\u200c\u200d"


def one_line(text: str, most: int = 200) -> str:
    """`text` without line breaks or control characters, at most `most` characters: for a header."""
    visible = "".join(" " if _is_control(c) else c for c in text)
    line = " ".join(visible.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _is_control(character: str) -> bool:
    if character in _JOINERS:
        return False
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def folded(text: str) -> tuple[str, bool]:
    """The beginning of `text`, cut between words, and whether something is left out."""
    lines = text.splitlines()
    kept = "\n".join(lines[:MOST_LINES])
    if len(kept) > MOST_CHARACTERS:
        kept = kept[:MOST_CHARACTERS].rsplit(maxsplit=1)[0]
    return kept, len(kept) < len(text.rstrip())
