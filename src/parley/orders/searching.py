"""Searching orders: by number, and by words of their items (O1).

A number that is typed in full is the order's own or the channel's, and found whatever else is like
it. Everything else is looked for in the columns of words: titles, SKUs (the seller's and the
supplier's) and suppliers' product IDs, hyphens or none. A supplier's words are those of its own part.

Which way PostgreSQL goes through a search, and what it needs for that: `postgres.text_queries`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Upper

from parley.conversations.typed import typed
from parley.orders.access import orders_visible_to
from parley.parties.models import Membership
from parley.postgres.text_queries import LEXEMES, Wanted, all_of, bare, words_in
from parley.postgres.text_search import CONFIGURATION

LONGEST_NUMBER = 60
MOST_OF_A_NUMBER = 50
"""At most so many orders of different channels that have the same number of theirs."""

_NUMBER = re.compile(r"[#№]?\s*([0-9]{1,18})")


@dataclass(frozen=True)
class Sought:
    """What a search is for: the orders of exactly that number, or else those that say the words.

    Neither: nothing can be found.
    """

    orders: tuple[int, ...] = ()
    words: Wanted | None = None


def sought_by(reader: Membership, text: str) -> Sought:
    """What `reader` means by `text`, in one query."""
    words = words_in(typed(text))
    numbered, values = _orders_numbered(reader, text)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ARRAY({numbered}), (SELECT json_object_agg(text, lexemes)"  # noqa: S608
            f" FROM ({LEXEMES}) AS parsed (text, lexemes))",
            [*values, CONFIGURATION, bare(words)],
        )
        row = cursor.fetchone()
    assert row is not None
    return Sought(orders=tuple(row[0]), words=all_of(words, row[1] or {}))


def _orders_numbered(reader: Membership, text: str) -> tuple[str, tuple[Any, ...]]:
    """The query for the reader's orders of exactly this number, one's own or the channel's."""
    text = " ".join(typed(text).split())
    if not text or len(text) > LONGEST_NUMBER:
        return "SELECT NULL::bigint LIMIT 0", ()
    plain = text.lstrip("#№ ").upper()
    has_it = Q(upper__in=sorted({plain, f"#{plain}", text.upper()}))
    if number := _NUMBER.fullmatch(text):
        has_it |= Q(number=int(number[1]))
    visible = orders_visible_to(reader).annotate(upper=Upper("channel_number")).filter(has_it)
    return visible.order_by().values("id")[:MOST_OF_A_NUMBER].query.sql_with_params()
