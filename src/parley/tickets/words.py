"""The words a ticket is found by, kept as messages come in."""

from __future__ import annotations

import re

from django.db import connection

from parley.conversations.models import Audience
from parley.tickets.states import Side

CONFIGURATION = "parley"
"""The text search configuration (made by migration): Russian and English stems, ё and accents folded."""
MOST_BYTES = 300_000
"""A ticket's words stop growing here: with the longest message on top they stay below the 1 MB that
a tsvector can hold, and a ticket can always be replied on."""

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


def start_words(ticket_id: int, text: str) -> None:
    """The row of a new ticket: its title, order number and first message."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_words (ticket_id, everyone)"
            " VALUES (%s, strip(to_tsvector(%s::regconfig, %s)))",
            [ticket_id, CONFIGURATION, searchable(text)],
        )


def add_words(ticket_id: int, text: str, audience: str, side: Side = Side.NOBODY) -> None:
    """Add the words of a message that `audience` may read; `side` is the one of a SIDE message.

    A ticket that has said more than anybody searches through keeps the words it has.
    """
    if not text:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE tickets_words SET {_assignments(audience, side)}"  # noqa: S608 - fixed words
            " FROM (SELECT strip(to_tsvector(%s::regconfig, %s)) AS said) AS new"
            " WHERE ticket_id = %s"
            " AND octet_length(tsvectorsend(coalesce(operator, everyone))) < %s",
            [CONFIGURATION, searchable(text), ticket_id, MOST_BYTES],
        )


def _assignments(audience: str, side: Side) -> str:
    if audience == Audience.EVERYONE:
        # NULL || words is NULL: a side without words of its own keeps reading `everyone`.
        return (
            "everyone = everyone || said, opener = opener || said,"
            " counterparty = counterparty || said, operator = operator || said"
        )
    operator = "operator = coalesce(operator, everyone) || said"
    if side in (Side.OPENER, Side.COUNTERPARTY):
        return f"{operator}, {side.value} = coalesce({side.value}, everyone) || said"
    return operator
