"""Searching tickets: by number, and by words within what the reader may read (T2, T11).

PostgreSQL chooses between two ways through a search that is ordered by date and cut by LIMIT: walk the
list and look at each ticket's words (right for a common word), or take the matches from the word index
and sort them (right for a rare one). It chooses by statistics, so it must see the words: the queries go
out with their values in place (client-side binding), never as prepared statements whose generic plan
would walk the list for every word alike.
"""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Q, QuerySet

from parley.parties.models import Membership
from parley.tickets.models import TicketSide
from parley.tickets.states import Side
from parley.tickets.words import CONFIGURATION, sought

MAX_QUERY = 200
"""Characters of a search that are looked at."""
NAMES = 3
"""At most so many names are taken for what was meant by a mistyped one."""

_NUMBER = re.compile(r"\s*(?:T|Т)?\s*[-#№]?\s*(\d{1,18})\s*", re.IGNORECASE)


def number_in(text: str) -> int | None:
    """The ticket number that `text` is, if it is one: `T-10042`, `t10042`, `#10042`, `10042`."""
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def matching(text: str) -> SearchQuery:
    """The search for `text`, with the names it may be a misspelling of."""
    query = SearchQuery(sought(text[:MAX_QUERY]), config=CONFIGURATION, search_type="websearch")
    for name in _names_like(text[:MAX_QUERY]):
        query |= SearchQuery(name, config=CONFIGURATION, search_type="plain")
    return query


def branches(
    reader: Membership, sides: QuerySet[TicketSide], text: str
) -> list[QuerySet[TicketSide]]:
    """The sides whose ticket says `text` where `reader` may read it, as queries to be united.

    One query for each column of words, so that each is planned by that column's own statistics.
    """
    query = matching(text)
    found = [sides.filter(ticket__words__everyone=query)]
    if reader.is_operator:
        return [*found, sides.filter(ticket__words__operator=query)]
    return found + [
        sides.filter(Q(side=side.value), **{f"ticket__words__{side.value}": query})
        for side in (Side.OPENER, Side.COUNTERPARTY)
    ]


def _names_like(text: str) -> list[str]:
    """Names of parties and people that `text` is like, but does not spell (pg_trgm)."""
    if not any(c.isalpha() for c in text) or len(text) < 4:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SET pg_trgm.word_similarity_threshold = 0.5;
            SELECT name FROM (
                SELECT name, word_similarity(%(text)s, name) AS likeness
                FROM parties_party WHERE %(text)s <%% name
                UNION
                SELECT name, word_similarity(%(text)s, name)
                FROM parties_person WHERE %(text)s <%% name
            ) AS names
            ORDER BY likeness DESC, name LIMIT %(most)s
            """,
            {"text": text, "most": NAMES},
        )
        cursor.nextset()
        return [name for (name,) in cursor.fetchall()]
