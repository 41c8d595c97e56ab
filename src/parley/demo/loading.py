"""Loading tickets by the million, for measuring: by COPY, but as the rules would have left them.

Each has five messages, its sides, its words for searching and the entry of its opening; what a
person has read, notices and mails are not made up. However many there are, the shares of statuses,
topics, parties and words are the same, so that measurements at different sizes compare.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from django.db import transaction

from parley.conversations.models import Conversation, Message
from parley.demo.asking import let_it_ask
from parley.demo.casting import cast, cast_again
from parley.demo.copying import analyse, numbers, trust_references
from parley.demo.repertoire import rehearse
from parley.demo.shaping import age_of
from parley.demo.ticket_rows import MESSAGES, Numbers, TicketRows
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.tickets.models import Ticket, TicketSide, Words

SEED = 20_261
CHUNK = 5_000
"""Tickets in one transaction."""
SIDES = 3

_TABLES = (Conversation, Message, Ticket, TicketSide, Words, Entry)


def load(tickets: int, seed: int = SEED) -> int:
    """Write `tickets` tickets into the demo's database; gives how many.

    An empty database gets the demo's companies, people and topics first. Raises DoesNotExist where
    the marketplace is another one.
    """
    rng = Random(seed)  # noqa: S311 - repeatable, not secret
    present = now()
    with transaction.atomic():
        company = cast_again() or cast(present - timedelta(days=4 * 365))
    rows = TicketRows(rehearse(company, present, rng), present, rng)
    for first in range(0, tickets, CHUNK):
        with transaction.atomic():
            trust_references()
            ranks = range(first, min(first + CHUNK, tickets))
            for rank, ids in zip(ranks, _numbers(len(ranks)), strict=True):
                rows.add(ids, age_of((rank + rng.random()) / tickets))
            rows.copy()
    let_it_ask(company)
    analyse(_TABLES)
    return tickets


def _numbers(tickets: int) -> list[Numbers]:
    conversations = numbers(Conversation, tickets)
    messages = numbers(Message, tickets * MESSAGES)
    ids = numbers(Ticket, tickets)
    sides = numbers(TicketSide, tickets * SIDES)
    entries = numbers(Entry, tickets)
    return [
        Numbers(
            ticket=ids[n],
            conversation=conversations[n],
            messages=messages[n * MESSAGES : (n + 1) * MESSAGES],
            sides=sides[n * SIDES : (n + 1) * SIDES],
            entry=entries[n],
        )
        for n in range(tickets)
    ]
