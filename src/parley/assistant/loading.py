"""The library of this process, as fresh as the index: read once, and again what has changed."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection

from parley.assistant.library import Library, Meaning, Numbers, Text

Mark = tuple[int, ...]
"""What the index had come to: another one says that it has changed."""

MARK = """
SELECT coalesce((SELECT max(id) FROM assistant_passage), 0),
       coalesce((SELECT max(id) FROM assistant_phrase), 0),
       (SELECT count(*) FROM assistant_phrase)
"""
# Vectors come as PostgreSQL sends them, not as text: ten thousand are read in a moment.
_PHRASES = """
SELECT phrase.version_id, phrase.article_id, phrase.language, phrase.text,
       vector_send(phrase.vector)
FROM assistant_phrase AS phrase WHERE phrase.version_id = ANY(%s)
ORDER BY phrase.version_id, phrase.kind <> 'title', phrase.id
"""
_PASSAGES = """
SELECT passage.version_id, passage.id, passage.heading || ' ' || passage.text,
       vector_send(passage.vector)
FROM assistant_passage AS passage WHERE passage.version_id = ANY(%s)
ORDER BY passage.version_id, passage.position
"""
_COUNTED = """
SELECT version_id, count(*), max(id) FROM assistant_phrase GROUP BY version_id
"""
_WORDS = "SELECT text, stem, vector_send(vector) FROM assistant_word WHERE text = ANY(%s)"

AT_ONCE = 200
HEADER = 4
"""Bytes in front of a vector's numbers: how many there are."""


@dataclass
class _Held:
    mark: Mark | None = None
    library: Library | None = None
    texts: dict[tuple[int, int, int], Text] = field(default_factory=dict)
    meanings: dict[str, Meaning] = field(default_factory=dict)


_held = _Held()
_reading = threading.Lock()


def library_at(mark: Mark) -> Library:
    """The library as the index stands; `mark` is what `MARK` gave. Whoever comes while it is read waits."""
    with _reading:
        if _held.library is None or _held.mark != mark:
            _held.library, _held.mark = _read(), mark
        return _held.library


def meanings_of(words: Sequence[str]) -> dict[str, Meaning]:
    """What is known of these words; nothing of those that no article is written with."""
    return {word: _held.meanings[word] for word in words if word in _held.meanings}


def _read() -> Library:
    # A version's passages never change; the phrases that were learned for it may.
    keys = {row[0]: row for row in _rows(_COUNTED)}
    for gone in set(_held.texts) - set(keys.values()):
        del _held.texts[gone]
    new = [version for version, key in keys.items() if key not in _held.texts]
    for start in range(0, len(new), AT_ONCE):
        for text in _texts(new[start : start + AT_ONCE]):
            _held.texts[keys[text.version]] = text
    texts = sorted(_held.texts.values(), key=lambda text: text.version)
    _learn({word for text in texts for word in text.all_words})
    return Library(texts, _held.meanings)


def _texts(versions: list[int]) -> Iterable[Text]:
    passages = defaultdict(list)
    for version, number, words, vector in _rows(_PASSAGES, versions):
        passages[version].append((number, words, _numbers(vector)))
    phrases = defaultdict(list)
    about = {}
    for version, article, language, words, vector in _rows(_PHRASES, versions):
        phrases[version].append((words, _numbers(vector)))
        about[version] = (article, language)
    for version, (article, language) in about.items():
        yield Text(
            version=version,
            article=article,
            language=language,
            phrases=phrases[version],
            passages=passages[version],
        )


def _learn(words: Iterable[str]) -> None:
    new = [word for word in words if word not in _held.meanings]
    for word, stem, vector in _rows(_WORDS, new):
        _held.meanings[word] = Meaning(stem, _numbers(vector))


def _rows(sql: str, given: list[int] | list[str] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, None if given is None else [given])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _numbers(sent: bytes) -> Numbers:
    return np.frombuffer(sent, dtype=">f4", offset=HEADER).astype(np.float32)
