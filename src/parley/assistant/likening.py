"""Tickets like one: near to it in meaning, whatever words and language they are in (M7)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F
from pgvector.django import CosineDistance

from parley.assistant.models import TicketVector
from parley.assistant.sentences import cut, sentences_of
from parley.assistant.vectoring import vectors_for
from parley.conversations.models import Audience, Message
from parley.parties.models import Membership
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import Ticket
from parley.tickets.states import Status

LIKE_ENOUGH = 0.55
"""Cosine from which on two tickets are alike. Measured on the 145 stories of the demo, each against the
others: two in three of those shown are of the same topic, and every retelling of a story is found."""
LIKE_ENOUGH_ON_TOPIC = 0.42
"""The same for tickets of one topic, which says so much already."""
LOOKED_AT = 40
MOST = 5
LONGEST_ANSWER = 200


@dataclass(frozen=True)
class Similar:
    """A ticket like another: `likeness` is 0 to 1, `answer` how it was last answered, in short."""

    ticket: Ticket
    likeness: float
    answer: str
    answered_by: str


def similar(ticket_id: int, *, by: Membership) -> list[Similar]:
    """The tickets most like this one, those resolved first; in five queries.

    Only what `by`, one of the operator's people, may see. Raises Ticket.DoesNotExist.
    """
    if not by.is_operator:
        raise Ticket.DoesNotExist
    ticket = tickets_visible_to(by).get(pk=ticket_id)
    kept = TicketVector.objects.filter(ticket=ticket).first()
    vector = kept.vector if kept else vectors_for([ticket])[0]
    # Ordered and cut alone, so that the index of vectors is walked and not the table.
    near = dict(
        TicketVector.objects.annotate(far=CosineDistance("vector", vector))
        .order_by("far")
        .values_list("ticket_id", "far")[:LOOKED_AT]
    )
    likeness = {pk: 1 - far for pk, far in near.items() if pk != ticket.pk}
    found = [
        one
        for one in tickets_visible_to(by)
        .filter(pk__in=likeness)
        .select_related("opener", "counterparty")
        if likeness[one.pk] >= _least(ticket, one)
    ]
    ranked = sorted(found, key=lambda one: (one.status != Status.COMPLETED, -likeness[one.pk]))
    best = ranked[:MOST]
    answers = _last_answers(best)
    return [
        Similar(one, likeness[one.pk], *answers.get(one.conversation_id, ("", ""))) for one in best
    ]


def _least(ticket: Ticket, other: Ticket) -> float:
    return LIKE_ENOUGH_ON_TOPIC if ticket.topic_id == other.topic_id else LIKE_ENOUGH


def _last_answers(tickets: list[Ticket]) -> dict[int, tuple[str, str]]:
    """Of each ticket's conversation, what was last said to its opener by another, and who said it."""
    conversations = [ticket.conversation_id for ticket in tickets]
    messages = (
        Message.objects.filter(
            conversation__in=conversations, audience=Audience.EVERYONE, person__isnull=False
        )
        .exclude(party_id=F("conversation__ticket__opener_id"))
        .select_related("party")
        .order_by("conversation_id", "-id")
        .distinct("conversation_id")
    )
    answers = {}
    for message in messages:
        said = sentences_of(message.text)
        answers[message.conversation_id] = (
            cut(" ".join(said[:2]), LONGEST_ANSWER) if said else "",
            message.party.name,
        )
    return answers
