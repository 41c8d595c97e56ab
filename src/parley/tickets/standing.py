"""How a party's tickets stand: how many wait for whom, what is pressing, and what was said last."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.utils.text import Truncator

from parley.conversations.access import seen_by
from parley.conversations.models import Message
from parley.parties.models import Membership
from parley.tickets.access import sides_visible_to
from parley.tickets.finding import Filters, counts, with_everything
from parley.tickets.models import TicketSide
from parley.tickets.queues import TRAYS, queue
from parley.tickets.states import Status

LATEST = 6
"""How many tickets the latest words are told of."""
EXCERPT = 140
"""Characters of what was said that an overview shows."""


@dataclass(frozen=True)
class LastWord:
    """A ticket that moved lately, and the last that was said on it which the reader may see."""

    row: TicketSide
    message: Message | None

    @property
    def excerpt(self) -> str:
        """The beginning of what was said, on one line."""
        text = " ".join(self.message.text.split()) if self.message else ""
        return Truncator(text).chars(EXCERPT)


def standing(reader: Membership) -> dict[str, int]:
    """How many tickets lie in each of `queues.TRAYS`, up to `finding.MOST_COUNTED`; one query."""
    found = counts(reader, [Filters(queue=tray) for tray in TRAYS])
    return {tray: count or 0 for tray, count in zip(TRAYS, found, strict=True)}


def pressing(reader: Membership, most: int = 20) -> list[TicketSide]:
    """The open tickets of the reader's party: those to rate or answer first, then the most urgent.

    One query.
    """
    open_ones = sides_visible_to(reader).filter(queue("open", reader))
    ordered = with_everything(open_ones, reader).order_by(
        Case(When(ticket__turn_party=reader.party_id, then=0), default=1),
        "ticket__urgency", "ticket__queue_at", "ticket_id",
    )  # fmt: skip
    return list(ordered[:most])


def last_words(reader: Membership, most: int = LATEST) -> list[LastWord]:
    """What moved last among the party's tickets, open or not, and what was said there; two queries."""
    said = Message.objects.filter(
        seen_by(reader), conversation=OuterRef("ticket__conversation")
    ).order_by("-id")
    sides = _latest(reader, most).annotate(last_said=Subquery(said.values("id")[:1]))
    rows = list(sides)
    said_last = [row.last_said for row in rows if row.last_said]
    messages = Message.objects.select_related("person", "party").defer("html").in_bulk(said_last)
    return [LastWord(row, messages.get(row.last_said)) for row in rows]


def may_be_rated(row: TicketSide) -> bool:
    """Whether the ticket waits for its reader's party to rate it."""
    ticket = row.ticket
    answered = ticket.status == Status.ANSWERED and ticket.answered_at is not None
    return answered and ticket.opener_id == row.party_id and ticket.stars is None


def _latest(reader: Membership, most: int) -> QuerySet[TicketSide]:
    rows = with_everything(sides_visible_to(reader), reader)
    return rows.order_by("-activity_at", "-ticket_id")[:most]
