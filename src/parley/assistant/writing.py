"""Markdown that is put together from what others wrote: their words stay words."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile(r"([\\`*_\[\]<>#|~!&])")
_AT_THE_START = re.compile(r"^(\s*)(\d+)([.)])|^(\s*)([-+=>])", re.MULTILINE)


def escaped(text: str) -> str:
    """`text` so that Markdown shows it as it is: no link, no picture, no heading comes of it."""
    line = " ".join(visible(text).split())
    line = _MARKS.sub(r"\\\1", line).replace("://", ":\\//")
    return _AT_THE_START.sub(_kept, line)


def visible(text: str) -> str:
    """`text` without what nobody sees: zero-width marks, marks of direction, tags, controls."""
    kept = (c for c in unicodedata.normalize("NFC", text) if c in "\n\t" or _is_seen(c))
    return "".join(kept)


def link(words: str, address: str) -> str:
    """A link in Markdown, to an address of ours."""
    return f"[{escaped(words)}]({address})"


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in {"Cf", "Cc", "Co", "Cs", "Cn"}


def _kept(found: re.Match[str]) -> str:
    if found[2]:
        return f"{found[1]}{found[2]}\\{found[3]}"
    return f"{found[4]}\\{found[5]}"
