"""Finding the articles that answer a question, among those its asker may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.db import connection

from parley.assistant import judging, weighing
from parley.assistant.encoding import vectors_of
from parley.assistant.encoding import warm_up as load_encoder
from parley.assistant.library import Library, Meaning, Numbers, Places, Truths
from parley.assistant.loading import MARK, library_at, meanings_of
from parley.assistant.matching import Asked, Matches, match
from parley.assistant.models import Outcome, Passage
from parley.assistant.thresholds import Thresholds, thresholds
from parley.assistant.wording import asked as plainly
from parley.assistant.wording import words_of
from parley.help_centre.access import texts_visible_to
from parley.parties.models import Membership
from parley.postgres.text_queries import lexemes_of

MOST_HITS = 5
MOST_PASSAGES = 3
"""Passages of a hit, the likeliest first."""


@dataclass(frozen=True)
class FoundPassage:
    """A passage of a hit. `score` is how like the question it is: 1 is the same."""

    heading: str
    anchor: str
    body: str
    text: str
    score: float


@dataclass(frozen=True)
class Hit:
    """An article that was found, in the language it is read in; the higher `score`, the likelier."""

    article_id: int
    path: str
    title: str
    language: str
    score: float
    passages: tuple[FoundPassage, ...]


@dataclass(frozen=True)
class Retrieval:
    """What was found for a question, best first, and what to make of it."""

    hits: tuple[Hit, ...]
    outcome: Outcome
    confidence: float


NOTHING = Retrieval(hits=(), outcome=Outcome.UNKNOWN, confidence=0.0)


def retrieve(question: str, *, language: str, reader: Membership | None) -> Retrieval:
    """The articles `reader` may read (None: those for everybody) that answer `question`.

    `language` is the one to be answered in: an article that exists in it is found in it, whatever
    the question is written in. Five queries, however many articles there are.
    """
    return retrieve_among(question, language=language, versions=readable_versions(reader))


def retrieve_among(question: str, *, language: str, versions: AbstractSet[int]) -> Retrieval:
    """The same among these published versions alone: the caller has seen to who may read them."""
    text = plainly(question)
    if not versions or not words_of(text):
        return NOTHING
    library = library_at(_mark())
    (vector,) = vectors_of([text])
    asked = Asked.made(text, vector, _meanings(words_of(text)))
    return _found(library, asked, language, versions, thresholds())


def readable_versions(reader: Membership | None) -> frozenset[int]:
    """What is published, in every language, of the articles `reader` may read."""
    versions = texts_visible_to(reader).order_by().values_list("published_id", flat=True)
    return frozenset(version for version in versions if version is not None)


def warm_up() -> None:
    """Read now what the first question would wait for: the encoder, and the library."""
    load_encoder()
    library_at(_mark())


def _found(
    library: Library,
    asked: Asked,
    language: str,
    readable: AbstractSet[int],
    limits: Thresholds,
) -> Retrieval:
    allowed = np.isin(library.versions, list(readable))
    if not allowed.any():
        return NOTHING
    matches = match(library, asked)
    scores = np.where(allowed, weighing.scores(matches.signals), -np.inf)
    ranked = _ranked(library, scores)
    sure = judging.confidence(asked, matches, ranked, scores)
    shown = [_in_language(library, place, language, allowed) for place in ranked[:MOST_HITS]]
    hits = _hits(library, matches, shown, scores[ranked[:MOST_HITS]])
    outcome = limits.outcome(sure) if hits else Outcome.UNKNOWN
    return Retrieval(hits=hits, outcome=outcome, confidence=sure)


def _mark() -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(MARK)
        return tuple(cursor.fetchone())


def _meanings(words: Sequence[str]) -> Mapping[str, Meaning]:
    """What the words mean; those that no article has are asked of PostgreSQL and the encoder."""
    known = meanings_of(words)
    return {**_unknown(tuple(sorted({*words} - known.keys()))), **known}


@lru_cache(maxsize=256)
def _unknown(words: tuple[str, ...]) -> Mapping[str, Meaning]:
    stems = lexemes_of(words)
    vectors = vectors_of(words)
    return {word: Meaning(stems[word], vector) for word, vector in zip(words, vectors, strict=True)}


def _ranked(library: Library, scores: Numbers) -> Places:
    """Places of texts, best first, each article once."""
    order = np.argsort(-scores, kind="stable")
    order = order[np.isfinite(scores[order])]
    _, first = np.unique(library.articles[order], return_index=True)
    ranked: Places = order[np.sort(first)]
    return ranked


def _in_language(library: Library, place: int, language: str, allowed: Truths) -> int:
    """The text of the same article that is in the language, if there is one to be read."""
    same = (library.articles == library.articles[place]) & (library.languages == language)
    others = np.flatnonzero(same & allowed)
    return int(others[0]) if len(others) else int(place)


def _hits(
    library: Library, matches: Matches, shown: Sequence[int], scores: Numbers
) -> tuple[Hit, ...]:
    likeness = matches.cosines + matches.in_passages / 2
    best: dict[int, list[tuple[int, float]]] = {}
    for text in shown:
        places = np.flatnonzero((library.text_of == text) & ~library.is_phrase)
        places = places[np.argsort(-likeness[places], kind="stable")][:MOST_PASSAGES]
        best[text] = [(int(library.passage_ids[p]), float(matches.cosines[p])) for p in places]
    wanted = [number for some in best.values() for number, _ in some]
    rows = {
        row.pk: row
        for row in Passage.objects.filter(pk__in=wanted)
        .select_related("article", "version")
        .defer("vector", "version__html", "version__body", "version__text")
    }
    return tuple(
        _hit(library, text, float(score), [(rows[n], like) for n, like in best[text] if n in rows])
        for text, score in zip(shown, scores, strict=True)
        if any(number in rows for number, _ in best[text])
    )


def _hit(
    library: Library, text: int, score: float, passages: Sequence[tuple[Passage, float]]
) -> Hit:
    first = passages[0][0]
    return Hit(
        article_id=first.article_id,
        path=first.article.path,
        title=first.version.title,
        language=str(library.languages[text]),
        score=round(score, 4),
        passages=tuple(
            FoundPassage(
                heading=row.heading,
                anchor=row.anchor,
                body=row.body,
                text=row.text,
                score=round(like, 4),
            )
            for row, like in passages
        ),
    )
