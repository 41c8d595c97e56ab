"""Seeing one ticket whole: the rows its page is made of, in a fixed number of queries."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable

from parley.conversations.access import attachments_visible_to, messages_visible_to, seen_by
from parley.conversations.models import Attachment, Draft, Message
from parley.journal.access import entries_of
from parley.journal.models import Entry
from parley.parties.models import Membership, PartyKind, Person
from parley.tickets.access import sides_visible_to
from parley.tickets.finding import with_everything
from parley.tickets.models import Ticket, TicketSide
from parley.tickets.replying import draft_place
from parley.tickets.states import Dispute, Side

PARTY_KINDS = frozenset(
    {
        "TicketCancelled", "TicketClosed", "TicketExpired", "TicketRated", "OperatorAsked",
        "OperatorSteppedIn", "DisputeDecided", "PriorityChanged", "InformationAsked", "ClockRanOut",
    }
)  # fmt: skip
"""The kinds of entry that every party of a ticket sees in its history."""
OPERATOR_KINDS = PARTY_KINDS | {"TicketAssigned"}


def ticket_row(
    reader: Membership, ticket_id: int, **annotations: Combinable | Exists
) -> TicketSide | None:
    """The reader's side of a ticket with all that its page shows beside the messages, or None.

    Adds to the row `draft` (the reader's, as text), when each side last dealt with the ticket, and
    the caller's own `annotations`, so that a page can ask for what rooms above know of it.
    """
    sides = sides_visible_to(reader).filter(ticket_id=ticket_id)
    draft = Draft.objects.filter(person=reader.person_id, place=draft_place(ticket_id))
    of_ticket = TicketSide.objects.filter(ticket=OuterRef("ticket"))
    return (
        with_everything(sides, reader)
        .select_related(
            "ticket__topic__category", "ticket__opener", "ticket__counterparty",
            "ticket__assignee", "ticket__turn_party", "ticket__opener_person", "ticket__continues",
        )
        .annotate(
            draft=Subquery(draft.values("text")[:1]),
            **{
                f"{side.value}_dealt_at": Subquery(
                    of_ticket.filter(side=side.value).values("dealt_at")[:1]
                )
                for side in (Side.OPENER, Side.COUNTERPARTY, Side.OPERATOR)
            },
            operator_name=Subquery(
                of_ticket.filter(side=Side.OPERATOR.value).values("party__name")[:1]
            ),
            **annotations,
        )
        .first()
    )  # fmt: skip


class Dealt(NamedTuple):
    """When a side last dealt with a ticket; `kind` is its kind of party."""

    name: str
    kind: str
    at: datetime | None


def dealt(row: TicketSide) -> list[Dealt]:
    """When each side of the row's ticket last dealt with it (T9); a third operator once it speaks."""
    ticket = row.ticket
    sides = [
        Dealt(party.name, party.kind, getattr(row, f"{side}_dealt_at"))
        for side, party in (("opener", ticket.opener), ("counterparty", ticket.counterparty))
    ]
    if ticket.dispute != Dispute.NONE:
        name: str = row.operator_name  # type: ignore[attr-defined]
        at: datetime | None = row.operator_dealt_at  # type: ignore[attr-defined]
        sides.append(Dealt(name, PartyKind.OPERATOR.value, at))
    return sides


def messages_with_files(reader: Membership, ticket: Ticket) -> list[Message]:
    """The messages of a ticket that `reader` may see, each with its `files`, in two queries."""
    messages = list(
        messages_visible_to(reader, ticket.conversation_id).select_related(
            "person", "party", "audience_party"
        )
    )
    files: dict[int, list[Attachment]] = {}
    for attachment in attachments_visible_to(reader, ticket.conversation_id).order_by("created_at"):
        files.setdefault(attachment.message_id or 0, []).append(attachment)
    for message in messages:
        message.files = files.get(message.pk, [])  # type: ignore[attr-defined]
    return messages


def happenings(reader: Membership, ticket: Ticket) -> QuerySet[Entry]:
    """What happened to the ticket, of what the reader may know, each with its `person_name`."""
    kinds = OPERATOR_KINDS if reader.is_operator else PARTY_KINDS
    name = Person.objects.filter(pk=OuterRef("person_id")).values("name")[:1]
    return entries_of(f"ticket:{ticket.pk}", kinds).annotate(person_name=Subquery(name))


def message_with_files(reader: Membership, message_id: int) -> Message | None:
    """One message that `reader` may see, with its `files`; for showing what was just said."""
    message = (
        Message.objects.filter(
            seen_by(reader), pk=message_id, conversation__ticket__sides__party_id=reader.party_id
        )
        .select_related("person", "party", "audience_party")
        .first()
    )
    if message is not None:
        message.files = list(message.attachments.order_by("created_at"))  # type: ignore[attr-defined]
    return message
