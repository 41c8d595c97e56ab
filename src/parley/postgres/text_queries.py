"""What somebody searches for, as PostgreSQL's own text of a tsquery.

PostgreSQL chooses between two ways through a search that is ordered by date and cut by LIMIT: walk
the list and look at each row's words (right for a common word), or take the matches from the word
index and sort them (right for a rare one). It chooses by statistics, so it must see the words: the
queries go out with their values in place (client-side binding), never as prepared statements whose
generic plan would walk the list for every word alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection

from parley.postgres.text_search import CONFIGURATION, sought

MAX_QUERY = 200
"""Characters of a search that are looked at."""


class Wanted(SearchQuery):
    """What is searched for, as PostgreSQL's own text of a tsquery: a constant to the planner."""

    def __init__(self, written: str) -> None:
        super().__init__(written, search_type="raw")
        self.written = written

    def as_sql(self, *_args: Any, **_kwargs: Any) -> tuple[str, list[str]]:  # type: ignore[override]
        return "%s::tsquery", [self.written]


LEXEMES = "SELECT text, plainto_tsquery(%s::regconfig, text)::text FROM unnest(%s::text[]) AS text"
"""Each of some texts as a query for all of its lexemes; empty for one that has none."""


def words_in(text: str) -> list[str]:
    """The words of a search; one with a minus in front is not to be there."""
    return sought(text[:MAX_QUERY]).replace('"', " ").split()


def lexemes_of(texts: Iterable[str]) -> dict[str, str]:
    """Each text as a query for all of its lexemes, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(LEXEMES, [CONFIGURATION, list(texts)])
        return dict(cursor.fetchall())


def bare(words: Iterable[str]) -> list[str]:
    """The words without their minuses, as `LEXEMES` takes them."""
    return [word.lstrip("-") for word in words]


def all_of(
    words: Iterable[str], lexemes: Mapping[str, str], also: Mapping[str, list[str]] | None = None
) -> Wanted | None:
    """The search for all words, each as itself or as one of those it stands for as well (`also`).

    None when no word in it could be searched for. PostgreSQL's own websearch is not used: it asks
    for the parts of `e-mail` as a phrase, and the words kept have no positions to tell one.
    """
    parts = []
    for word in words:
        meant = (word.lstrip("-"), *(also or {}).get(word, ()))
        if ways := [way for w in meant if (way := lexemes.get(w))]:
            either = " | ".join(f"({way})" for way in ways)
            parts.append(f"!({either})" if word.startswith("-") else f"({either})")
    return Wanted(" & ".join(parts)) if parts else None
