"""Which language a question is in, by its letters."""

from __future__ import annotations

import re

_WORDS = re.compile(r"[^\W\d_]{2,}")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_LATIN = re.compile(r"[a-zA-Z]")


def language_of(text: str, otherwise: str) -> str:
    """`en` or `ru` as the words of `text` are written, or `otherwise` where they don't tell.

    A name of a product or a format in Latin letters makes no question English: one word of Cyrillic
    says Russian, and for English it takes two words and none of it.
    """
    words = _WORDS.findall(text)
    cyrillic = sum(1 for word in words if _CYRILLIC.match(word))
    latin = sum(1 for word in words if _LATIN.match(word))
    if cyrillic and cyrillic * 4 >= latin:
        return "ru"
    return "en" if latin >= 2 else otherwise
