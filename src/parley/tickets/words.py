"""The words a ticket is found by, kept as messages come in."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from parley.conversations.models import Audience, Message
from parley.postgres.text_search import CONFIGURATION, searchable
from parley.tickets.models import Ticket, Words
from parley.tickets.states import Side

PIECE = 50_000
"""Characters that are made words of in one go."""
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


def restate_words(ticket: Ticket) -> None:
    """Make a ticket's words anew, of what is on it now: for one that messages have left."""
    Words.objects.filter(ticket=ticket).delete()
    order = ticket.order.channel_number if ticket.order else ""
    names = f"{ticket.opener.name} {ticket.counterparty.name} {ticket.opener_person.name}"
    start_words(ticket.pk, f"{ticket.title} {ticket.order_number} {order} {names}")
    add_said(ticket, Message.objects.filter(conversation=ticket.conversation_id))


def add_said(ticket: Ticket, said: QuerySet[Message]) -> None:
    """Add the words of messages that are on the ticket now, each for its audience."""
    for audience in Audience.values:
        for party, texts in _said_to(said.filter(audience=audience)):
            side = ticket.side_of(party) if party else Side.NOBODY
            for text in texts:
                add_words(ticket.pk, text, audience, side)


def _said_to(messages: QuerySet[Message]) -> list[tuple[int | None, list[str]]]:
    """The texts for each party that is an audience, in pieces of about as much as one message has."""
    pieces: dict[int | None, list[str]] = {}
    rows = messages.order_by("id").values_list("audience_party_id", "text", "person__name")
    for party, text, name in rows.iterator(chunk_size=200):
        parts = pieces.setdefault(party, [""])
        if len(parts[-1]) > PIECE:
            parts.append("")
        parts[-1] += f" {text} {name or ''}"
    return list(pieces.items())


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
