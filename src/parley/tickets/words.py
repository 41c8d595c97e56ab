"""The words a ticket is found by, kept as messages come in."""

from __future__ import annotations

from django.db import connection

from parley.conversations.models import Audience
from parley.postgres.text_search import CONFIGURATION, searchable
from parley.tickets.states import Side

MOST_BYTES = 300_000
"""A ticket's words stop growing here: with the longest message on top they stay below the 1 MB that
a tsvector can hold, and a ticket can always be replied on."""


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
