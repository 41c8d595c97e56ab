"""What people searched for and did not find: counted, without who it was (H2)."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db import connection

from parley.conversations.typed import typed_line
from parley.journal.moment import now

SHORTEST, LONGEST = 3, 100
MOST_KEPT = 5_000
"""Searches that are kept; the ones missed least and longest ago make room."""
MOST_A_MINUTE = 60
"""Of all people together: who types nonsense by a program fills no list."""

_ADDRESS = re.compile(r"\S@\S|(?:\d[\s().+-]*){6}")
"""An e-mail address, or as many digits as a telephone number, an order or a card has."""


def note_missed(text: str, language: str) -> bool:
    """Count that somebody searched for `text` and found nothing; gives whether it was kept.

    Nothing that may name a person or a thing of theirs is: addresses and long numbers. One that an
    editor had seen to is on the list again.
    """
    words = typed_line(text).casefold()
    if not SHORTEST <= len(words) <= LONGEST or _ADDRESS.search(words):
        return False
    if not any(letter.isalpha() for letter in words):
        return False
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO help_centre_missedsearch AS missed (words, language, times, last_at)
            SELECT %(words)s, %(language)s, 1, %(now)s
            WHERE (SELECT count(*) FROM help_centre_missedsearch WHERE last_at > %(since)s) < %(most)s
            ON CONFLICT (words, language) DO UPDATE
            SET times = missed.times + 1, last_at = EXCLUDED.last_at, settled_at = NULL
            """,
            {
                "words": words,
                "language": language,
                "now": moment,
                "since": moment - timedelta(minutes=1),
                "most": MOST_A_MINUTE,
            },
        )
        kept = bool(cursor.rowcount == 1)
    if kept:
        _make_room()
    return kept


def _make_room() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM help_centre_missedsearch WHERE id IN (
                SELECT id FROM help_centre_missedsearch
                ORDER BY settled_at IS NULL DESC, times DESC, last_at DESC OFFSET %s
            )
            """,
            [MOST_KEPT],
        )
