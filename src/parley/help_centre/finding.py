"""Searching the help centre, also while somebody is still typing: words first, then mistyped ones (H2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchRank, TrigramStrictWordSimilarity
from django.db import connection
from django.db.models import Case, F, FloatField, IntegerField, Q, QuerySet, Value, When
from markupsafe import Markup

from parley.conversations.typed import typed
from parley.help_centre.access import texts_read_in, texts_visible_to
from parley.help_centre.addressing import address_of
from parley.help_centre.models import Translation
from parley.parties.models import Membership
from parley.postgres.text_queries import Wanted, bare, lexemes_of, words_in
from parley.postgres.text_search import CONFIGURATION

MOST_FOUND = 20
MOST_WORDS = 12
"""Words of a search that are looked at."""
LIKENESS = 0.39
"""How like a word must be to one of a title or phrasing (pg_trgm's strict word similarity)."""
SHORTEST_MISTYPED = 4
LOOKED_AT = 60
"""How many of the texts that match are put in order."""
WEIGHTS = [0.05, 0.2, 0.5, 1.0]
"""What a word counts for in the body, the summary, headings, and the title or a phrasing."""
_BEGIN, _END = "\x02", "\x03"


@dataclass(frozen=True, kw_only=True)
class Found:
    """An article that was found. `snippet` is HTML: where the words stand, marked."""

    path: str
    title: str
    summary: str
    snippet: Markup
    address: str
    language: str


def search(reader: Membership | None, text: str, language: str, limit: int = 8) -> list[Found]:
    """The articles for `reader` that answer to `text`, the best first, each named in `language`.

    They are looked for in every language they are written in. All words must be there, the last one
    perhaps only begun; where that finds nothing, at least half of them, also mistyped ones. Five
    queries at most.
    """
    limit = min(limit, MOST_FOUND)
    words = [word for word in bare(words_in(typed(text))) if word][:MOST_WORDS]
    if not words:
        return []
    asked = _Asked(words, lexemes_of(words), begun=not text.endswith(" "))
    texts = texts_visible_to(reader)
    keys = _exactly(texts, asked, language) or _loosely(texts, asked, language)
    return _shown(reader, keys[:limit], asked, language)


class _Asked:
    """The words of a search, as what PostgreSQL is asked."""

    def __init__(self, words: Sequence[str], lexemes: dict[str, str], *, begun: bool) -> None:
        self.words = words
        self.line = " ".join(words)
        said = [word for word in words if lexemes.get(word)]
        self.parts = {word: f"({lexemes[word]})" for word in said}
        if begun and said and said[-1] == words[-1]:
            self.parts[said[-1]] = f"({lexemes[said[-1]]} | {lexemes[said[-1]]}:*)"

    @property
    def all(self) -> Wanted | None:
        return Wanted(" & ".join(self.parts.values())) if self.parts else None

    @property
    def any(self) -> Wanted | None:
        return Wanted(" | ".join(self.parts.values())) if self.parts else None


def _exactly(texts: QuerySet[Translation], asked: _Asked, language: str) -> list[int]:
    wanted = asked.all
    if wanted is None:
        return []
    rank = SearchRank(F("words"), wanted, weights=WEIGHTS)
    likeness = TrigramStrictWordSimilarity(asked.line, "phrases")
    score = rank * 2.0 + likeness + _in(language)
    return _best(texts.filter(words=wanted).annotate(score=score))


def _loosely(texts: QuerySet[Translation], asked: _Asked, language: str) -> list[int]:
    """The texts that have at least half of the words, as they are or like one in a phrasing."""
    # Between a word with a mistake and the right one is more than PostgreSQL's own threshold allows.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.strict_word_similarity_threshold', %s, false)",
            [str(LIKENESS)],
        )
    ways = [way for word in asked.words if (way := _way(word, asked))]
    if not ways:
        return []
    anything, covered = ways[0], _one_if(ways[0])
    for way in ways[1:]:
        anything, covered = anything | way, covered + _one_if(way)
    likeness = TrigramStrictWordSimilarity(asked.line, "phrases")
    some = texts.filter(anything).annotate(covered=covered)
    some = some.filter(covered__gte=(len(ways) + 1) // 2)
    score = F("covered") * Value(1.0, FloatField()) + likeness + _in(language)
    return _best(some.annotate(score=score))


def _way(word: str, asked: _Asked) -> Q | None:
    part = asked.parts.get(word)
    way = Q(words=Wanted(part)) if part else None
    if len(word) < SHORTEST_MISTYPED or not word.isalpha() or (part is None):
        return way
    mistyped = Q(phrases__trigram_strict_word_similar=word)
    return way | mistyped if way else mistyped


def _one_if(way: Q) -> Any:
    return Case(When(way, then=1), default=0, output_field=IntegerField())


def _in(language: str) -> Any:
    """A text in the reader's language before one that only says the same."""
    return Case(When(language=language, then=0.3), default=0.0, output_field=FloatField())


def _best(texts: QuerySet[Any]) -> list[int]:
    """The keys of the articles, each once, the best first: that of the highest `score`."""
    rows = texts.order_by("-score", "article_id").values_list("article_id", flat=True)[:LOOKED_AT]
    return list(dict.fromkeys(rows))


def _shown(
    reader: Membership | None, keys: Sequence[int], asked: _Asked, language: str
) -> list[Found]:
    if not keys:
        return []
    texts = texts_read_in(reader, language).filter(article__in=keys)
    if (wanted := asked.any) is not None:
        texts = texts.annotate(
            headline=SearchHeadline(
                F("published__text"),
                wanted,
                config=CONFIGURATION,
                start_sel=_BEGIN,
                stop_sel=_END,
                max_words=26,
                min_words=12,
                max_fragments=1,
            )
        )
    by_key = {text.article_id: text for text in texts}
    return [_found(by_key[key], language) for key in keys if key in by_key]


def _found(text: Translation, language: str) -> Found:
    version = text.published
    assert version is not None
    headline = getattr(text, "headline", "")
    snippet = headline if _BEGIN in headline else version.summary or headline
    return Found(
        path=text.article.path,
        title=version.title,
        summary=version.summary,
        snippet=marked(snippet),
        address=address_of(language, text.article.path),
        language=text.language,
    )


def marked(snippet: str) -> Markup:
    """What PostgreSQL gave as a headline, as HTML."""
    safe = escape(" ".join(snippet.split(" "))).replace("\n", " · ")
    return Markup(safe.replace(_BEGIN, "<mark>").replace(_END, "</mark>"))  # noqa: S704 - escaped
