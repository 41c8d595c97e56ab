"""The words that rows are found by: English and Russian in one configuration.

Numbers are found as people write them, hyphens or none; names and accents are folded.
"""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, Value

CONFIGURATION = "parley"
"""The text search configuration (made by migration): Russian and English stems, ё and accents folded."""

_GAPLESS = re.compile(r"\S{200}")
# Possessive, and only from a word's beginning: fifty thousand letters without a gap are read once.
_HYPHENATED = re.compile(r"(?<!\w)\w++(?:[-‐‑–/.]\w++)++")


def searchable(text: str) -> str:
    """`text` with every hyphenated number also written as one word: `AB-1042-7` as `AB10427`.

    PostgreSQL's parser reads `1042-77` as 1042 and minus 77, so neither the whole number nor its
    parts would be found.
    """
    text = _readable(text)
    joined = [_joined(word) for word in _HYPHENATED.findall(text) if _has_digit(word)]
    return f"{text} {' '.join(joined)}" if joined else text


def _readable(text: str) -> str:
    """`text` as PostgreSQL's parser reads it in one go.

    It looks for tags and addresses from every `<` and every letter on, as far as they may reach:
    fifty thousand characters without a gap would keep it busy for minutes. And what people write in
    angle brackets is to be found.
    """
    return _GAPLESS.sub(r"\g<0> ", text.replace("<", " ").replace("&", " "))


def sought(text: str) -> str:
    """Search words with every hyphenated number as the one word that `searchable` keeps."""
    return _HYPHENATED.sub(lambda m: _joined(m[0]) if _has_digit(m[0]) else m[0], _readable(text))


def _joined(word: str) -> str:
    return re.sub(r"[-‐‑–/.]", "", word)


def _has_digit(word: str) -> bool:
    return any(c.isdigit() for c in word)


class Words(Func):
    """A text as the words it is found by, for a `SearchVectorField`; written by the database."""

    template = f"strip(to_tsvector('{CONFIGURATION}'::regconfig, %(expressions)s))"
    output_field = SearchVectorField()

    def __init__(self, text: str) -> None:
        super().__init__(Value(searchable(text)))
