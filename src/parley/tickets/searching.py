"""Searching tickets: by number, and by words within what the reader may read (T2, T11).

Which way PostgreSQL goes through a search, and what it needs for that: `postgres.text_queries`.
"""

from __future__ import annotations

import re

from django.db import connection
from django.db.models import Q, QuerySet

from parley.conversations.typed import typed
from parley.parties.models import Membership
from parley.postgres.text_queries import Wanted, all_of, bare, lexemes_of, words_in
from parley.tickets.models import TicketSide
from parley.tickets.states import Side

NAMES = 3
"""At most so many names are taken for what was meant by a mistyped one."""
LIKENESS = 0.39
"""How like a word must be to a name (pg_trgm's strict word similarity) to be taken for it."""
SHORTEST_NAME = 4

_NUMBER = re.compile(r"\s*(?P<mark>[TТ]?\s*[-#№]?)\s*(?P<number>\d{1,18})\s*", re.IGNORECASE)


def number_in(text: str) -> int | None:
    """The ticket number that `text` is, if it is one: `T-10042`, `t10042`, `#10042`, `10042`."""
    found = _NUMBER.fullmatch(text)
    return int(found["number"]) if found else None


def is_marked_as_number(text: str) -> bool:
    """Whether `text` can be nothing but a ticket number: `10042` could be an order's, too."""
    found = _NUMBER.fullmatch(text)
    return bool(found and found["mark"].strip())


def exactly(text: str) -> Wanted | None:
    """The search for the words of `text`, all of them, without those that begin with a minus.

    None when there is no word in it that could be searched for.
    """
    return _wanted(_words(text), {})


def by_names_like(text: str) -> Wanted | None:
    """The same search with words taken for names they may be misspellings of, if there are any."""
    words = _words(text)
    names = _names_like([w for w in words if len(w) >= SHORTEST_NAME and w.isalpha()])
    return _wanted(words, names) if names else None


def branches(
    reader: Membership, sides: QuerySet[TicketSide], wanted: Wanted
) -> list[QuerySet[TicketSide]]:
    """The sides whose ticket says what is wanted where `reader` may read it: disjoint queries.

    One query for each column of words, so that each is planned by that column's own statistics. A
    ticket is looked up in one column only: the one that has all that this reader may read.
    """
    if reader.is_operator:
        return [
            sides.filter(ticket__words__everyone=wanted, ticket__words__operator=None),
            sides.filter(ticket__words__operator=wanted),
        ]
    sides_of_parties = (Side.OPENER.value, Side.COUNTERPARTY.value)
    no_words_apart = [Q(side=side, **{f"ticket__words__{side}": None}) for side in sides_of_parties]
    return [
        sides.filter(no_words_apart[0] | no_words_apart[1], ticket__words__everyone=wanted),
        *(
            sides.filter(side=side, **{f"ticket__words__{side}": wanted})
            for side in sides_of_parties
        ),
    ]


def _words(text: str) -> list[str]:
    return words_in(typed(text))


def _wanted(words: list[str], names: dict[str, list[str]]) -> Wanted | None:
    """All words, each as itself or as one of its names."""
    meant = [*bare(words), *(name for alike in names.values() for name in alike)]
    return all_of(words, lexemes_of(meant), also=names)


def _names_like(words: list[str]) -> dict[str, list[str]]:
    """Names of parties and people that each word is like (pg_trgm)."""
    if not words:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT set_config('pg_trgm.strict_word_similarity_threshold', %(likeness)s, false);
            SELECT word, name FROM unnest(%(words)s::text[]) AS word, LATERAL (
                SELECT name, max(strict_word_similarity(word, name)) AS likeness FROM (
                    SELECT name FROM parties_party WHERE word <<%% name
                    UNION ALL
                    SELECT name FROM parties_person WHERE word <<%% name
                ) AS alike GROUP BY name ORDER BY likeness DESC, name LIMIT %(most)s
            ) AS names
            """,
            {"words": words[:8], "most": NAMES, "likeness": str(LIKENESS)},
        )
        cursor.nextset()
        names: dict[str, list[str]] = {}
        for word, name in cursor.fetchall():
            names.setdefault(word, []).append(name)
        return names
