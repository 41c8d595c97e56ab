"""Seeing one ticket whole: the rows its page is made of, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.expressions import Combinable

from parley.conversations.access import (
    attachments_visible_to,
    kept_at,
    messages_visible_to,
    seen_by,
)
from parley.conversations.models import Attachment, Draft, Message
from parley.journal.access import entries_of_any
from parley.journal.models import Entry
from parley.parties.access import any_reader
from parley.parties.models import Membership, PartyKind, Person
from parley.postgres.questions import Given, Question
from parley.tickets.access import sides_visible_to
from parley.tickets.finding import with_everything
from parley.tickets.models import Ticket, TicketSide
from parley.tickets.replying import draft_place
from parley.tickets.sending import unsent_on_row
from parley.tickets.states import Dispute, Side

PARTY_KINDS = frozenset(
    {
        "TicketCancelled", "TicketClosed", "TicketExpired", "TicketRated", "OperatorAsked",
        "OperatorSteppedIn", "DisputeDecided", "PriorityChanged", "InformationAsked", "ClockRanOut",
        "FieldsChanged",
        "TicketTookIn", "TicketMerged", "TicketSplit",
    }
)  # fmt: skip
"""The kinds of entry that every party of a ticket sees in its history."""
OPERATOR_KINDS = PARTY_KINDS | {"TicketAssigned", "TicketPassed", "MacroUsed", "TicketTagged"} | {
    "TicketLinked", "TicketSnoozed", "TicketWoken", "FieldsChangedApart",
}  # fmt: skip


Known = Callable[[Membership], Combinable | Exists]
"""What a room above knows of a ticket, as an expression on its sides for a reader."""


def ticket_row(reader: Membership, ticket_id: int, **known: Known) -> TicketSide | None:
    """The reader's side of a ticket with all that its page shows beside the messages, or None.

    Adds to the row `draft` and `draft_files` (the reader's), when each side last dealt with the ticket, and
    what is `known` to rooms above, by these names.
    """
    return _ticket_row(reader.is_operator, **known).ask_one(
        person=reader.person_id,
        party=reader.party_id,
        ticket=ticket_id,
        place=kept_at(reader.party_id, draft_place(ticket_id)),
    )


@cache
def _ticket_row(of_operator: bool, **known: Known) -> Question[TicketSide]:
    reader = any_reader(of_operator=of_operator)
    sides = sides_visible_to(reader).filter(ticket_id=Given("ticket"))
    draft = Draft.objects.filter(person=reader.person_id, place=Given("place"))
    of_ticket = TicketSide.objects.filter(ticket=OuterRef("ticket"))
    return Question(
        with_everything(sides, reader)
        .select_related(
            "ticket__topic__category", "ticket__opener", "ticket__counterparty",
            "ticket__assignee", "ticket__turn_party", "ticket__opener_person", "ticket__continues",
            "ticket__order",
        )
        .defer("ticket__order__words")
        .annotate(
            draft=Subquery(draft.values("text")[:1]),
            draft_files=Subquery(draft.values("files")[:1]),
            **{
                f"{side.value}_dealt_at": Subquery(
                    of_ticket.filter(side=side.value).values("dealt_at")[:1]
                )
                for side in (Side.OPENER, Side.COUNTERPARTY, Side.OPERATOR)
            },
            **({"unsent_rows": unsent_on_row(reader)} if of_operator else {}),
            merged_ids=ArraySubquery(
                Ticket.objects.filter(merged_into=OuterRef("ticket")).order_by("pk").values("pk")
            ),
            operator_name=Subquery(
                of_ticket.filter(side=Side.OPERATOR.value).values("party__name")[:1]
            ),
            **{name: expression(reader) for name, expression in known.items()},
        )
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
    given = {"conversation": ticket.conversation_id, "party": reader.party_id}
    messages = _messages(reader.is_operator).ask(**given)
    files: dict[int, list[Attachment]] = {}
    for attachment in _files(reader.is_operator).ask(**given):
        files.setdefault(attachment.message_id or 0, []).append(attachment)
    for message in messages:
        message.files = files.get(message.pk, [])  # type: ignore[attr-defined]
    return messages


@cache
def _messages(of_operator: bool) -> Question[Message]:
    visible = messages_visible_to(any_reader(of_operator=of_operator), Given("conversation"))
    return Question(visible.select_related("person", "party", "audience_party"))


@cache
def _files(of_operator: bool) -> Question[Attachment]:
    visible = attachments_visible_to(any_reader(of_operator=of_operator), Given("conversation"))
    return Question(visible.order_by("created_at"))


def happenings(reader: Membership, ticket: Ticket, merged: Sequence[int] = ()) -> list[Entry]:
    """What happened to the ticket, of what the reader may know, each with its `person_name`.

    And to those `merged` into it (their numbers): of these, what the reader's party was told of.
    """
    subjects = [f"ticket:{number}" for number in (ticket.pk, *merged)]
    entries = _happenings(reader.is_operator).ask(subjects=subjects)
    return [entry for entry in entries if _may_know(reader, entry, subjects[0])]


def _may_know(reader: Membership, entry: Entry, subject: str) -> bool:
    # That another ticket was taken in is for those to know who were on that one.
    known = entry.data.get("known") if entry.subject == subject else entry.data.get("seen", ())
    return known is None or reader.party_id in known


def merged_into(ticket_id: int) -> list[int]:
    """The numbers of the tickets that were merged into this one."""
    return list(Ticket.objects.filter(merged_into=ticket_id).values_list("pk", flat=True))


@cache
def _happenings(of_operator: bool) -> Question[Entry]:
    kinds = OPERATOR_KINDS if of_operator else PARTY_KINDS
    name = Person.objects.filter(pk=OuterRef("person_id")).values("name")[:1]
    entries = entries_of_any("subjects", sorted(kinds))
    return Question(entries.annotate(person_name=Subquery(name)))


def message_with_files(reader: Membership, message_id: int) -> Message | None:
    """One message that `reader` may see, with its `files`; for showing what was just said."""
    message = _message(reader.is_operator).ask_one(message=message_id, party=reader.party_id)
    if message is not None:
        files = message.attachments.order_by("created_at") if message.attached else ()
        message.files = list(files)  # type: ignore[attr-defined]
    return message


@cache
def _message(of_operator: bool) -> Question[Message]:
    reader = any_reader(of_operator=of_operator)
    visible = Message.objects.filter(
        seen_by(reader),
        pk=Given("message"),
        conversation__ticket__sides__party_id=reader.party_id,
    )
    return Question(visible.select_related("person", "party", "audience_party"))
