"""The shapes of what the API answers, each made from its row in one place."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from django.conf import settings
from django.urls import reverse
from pydantic import AfterValidator, BaseModel, Field

from parley.conversations.models import Attachment as AttachmentRow
from parley.conversations.models import Audience
from parley.conversations.models import Message as MessageRow
from parley.ledger.money import plain
from parley.parties.models import Membership, Party, PartyKind, Person
from parley.tickets.models import DisputeChoices, Outcome, Priority, StatusChoices, TicketSide
from parley.tickets.models import Ticket as TicketRow
from parley.tickets.models import Topic as TopicRow
from parley.tickets.states import Side
from parley.tickets.stating import state_line

BASE = "/api/v1"
LARGEST_ID = 2**63 - 1


def one_of(words: Iterable[str]) -> Any:
    """Tells the description which words an answer's field can be."""
    return Field(json_schema_extra={"enum": list(words)})


# What is asked with is checked against these; what is answered is the database's own words.
StatusName = Literal["created", "in_progress", "answered", "waiting", "completed", "cancelled"]
PriorityName = Literal["question", "slowing", "urgent"]
AudienceName = Literal["everyone", "side", "operator"]
OutcomeName = Literal["opener", "counterparty", "both", "settled"]
KindName = Annotated[str, one_of(PartyKind.values)]
ActionName = Literal[
    "reply", "ask", "only", "note", "cancel", "close", "rate", "escalate",
    "step_in", "decide", "assign", "set_priority", "answer_cancellation",
]  # fmt: skip

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("A text can't have NUL characters.")
    return text


Plain = Annotated[
    str, AfterValidator(_without_nul), Field(json_schema_extra={"pattern": "^[^\\u0000]*$"})
]
"""Any text that the database can keep."""


def address_of(path: str) -> str:
    """The whole address of a path of the API."""
    return f"{settings.PUBLIC_URL}{BASE}{path}"


class Money(BaseModel):
    """An amount of money."""

    minor: int = Field(description="whole minor units: pence, kopecks", examples=[1250])
    currency: str = Field(description="ISO 4217", examples=["GBP"])
    amount: str = Field(description="the same with a point", examples=["12.50"])

    @classmethod
    def of(cls, minor: int, currency: str) -> Self:
        return cls(minor=minor, currency=currency, amount=plain(minor, currency))


class PersonRef(BaseModel):
    id: int
    name: str

    @classmethod
    def of(cls, person: Person) -> Self:
        return cls(id=person.pk, name=person.name)


class PartyRef(BaseModel):
    id: int
    name: str
    kind: KindName

    @classmethod
    def of(cls, party: Party) -> Self:
        return cls(id=party.pk, name=party.name, kind=party.kind)


class TopicRef(BaseModel):
    id: int
    name: str
    category: str

    @classmethod
    def of(cls, topic: TopicRow) -> Self:
        return cls(id=topic.pk, name=topic.name, category=topic.category.name)


class TicketRef(BaseModel):
    id: int
    number: str = Field(examples=["T-10042"])
    url: str

    @classmethod
    def of(cls, ticket: TicketRow) -> Self:
        return cls(id=ticket.pk, number=ticket.number, url=address_of(f"/tickets/{ticket.pk}"))


class State(BaseModel):
    """Where a ticket stands, as the reader's side reads it."""

    status: Annotated[str, one_of(StatusChoices.values)]
    label: str = Field(description="the status in words, from the reader's side")
    turn: Annotated[str, one_of(Side)] = Field(
        description="the side that has to answer next; empty when the ticket has ended"
    )
    turn_party: PartyRef | None
    your_turn: bool
    dispute: Annotated[str, one_of(DisputeChoices.values)]
    outcome: Annotated[str, one_of(Outcome.values)] | None
    sentence: str = Field(examples=["Your turn · answer by Tue 14:00"])

    @classmethod
    def of(cls, ticket: TicketRow, reader: Membership) -> Self:
        line = state_line(ticket, reader.party_id)
        return cls(
            status=ticket.status,
            label=line.status,
            turn=ticket.turn,
            turn_party=PartyRef.of(ticket.turn_party) if ticket.turn_party else None,
            your_turn=ticket.side_of(reader.party_id) == ticket.turn,
            dispute=ticket.dispute,
            outcome=ticket.outcome or None,
            sentence=line.sentence,
        )


class Clock(BaseModel):
    """By when the side whose turn it is has to answer."""

    started_at: datetime | None
    due_at: datetime | None
    ran_out_at: datetime | None

    @classmethod
    def of(cls, ticket: TicketRow) -> Self | None:
        if ticket.due_at is None:
            return None
        return cls(
            started_at=ticket.clock_started_at, due_at=ticket.due_at, ran_out_at=ticket.ran_out_at
        )


class Rating(BaseModel):
    stars: int
    comment: str
    at: datetime

    @classmethod
    def of(cls, ticket: TicketRow) -> Self | None:
        if ticket.stars is None or ticket.rated_at is None:
            return None
        return cls(stars=ticket.stars, comment=ticket.rating_comment, at=ticket.rated_at)


class TicketInList(BaseModel):
    """A ticket as a list shows it."""

    id: int = Field(examples=[10042])
    number: str = Field(examples=["T-10042"])
    url: str
    page: str = Field(description="where a person reads it in a browser")
    title: str
    topic: TopicRef
    priority: Annotated[str, one_of(Priority.values)]
    order_number: str | None
    order: int | None = Field(description="the id of the order that the number is of, if it is one")
    opener: PartyRef
    counterparty: PartyRef
    assignee: PersonRef | None = Field(description="told to the operator's people only")
    state: State
    clock: Clock | None
    rating: Rating | None
    created_at: datetime
    activity_at: datetime = Field(description="the last thing that the reader's side may see")
    ended_at: datetime | None
    completes_at: datetime | None = Field(description="when it completes by itself")
    attachments: int
    unread: bool

    @classmethod
    def of(cls, row: TicketSide, reader: Membership) -> Self:
        """Of a row made by `tickets.finding.with_everything`."""
        return cls(**in_list(row, reader))


def in_list(row: TicketSide, reader: Membership) -> dict[str, Any]:
    """The fields of `TicketInList`, of a row made by `tickets.finding.with_everything`."""
    ticket = row.ticket
    read_at = row.read_at  # type: ignore[attr-defined]
    page = reverse("desk:ticket" if reader.is_operator else "portal:ticket", args=[ticket.pk])
    return {
        "id": ticket.pk,
        "number": ticket.number,
        "url": address_of(f"/tickets/{ticket.pk}"),
        "page": f"{settings.PUBLIC_URL}{page}",
        "title": ticket.title,
        "topic": TopicRef.of(ticket.topic),
        "priority": ticket.priority,
        "order_number": ticket.order_number or None,
        "order": ticket.order_id,
        "opener": PartyRef.of(ticket.opener),
        "counterparty": PartyRef.of(ticket.counterparty),
        "assignee": _assignee(ticket) if reader.is_operator else None,
        "state": State.of(ticket, reader),
        "clock": Clock.of(ticket),
        "rating": Rating.of(ticket),
        "created_at": ticket.created_at,
        "activity_at": row.activity_at,
        "ended_at": ticket.ended_at,
        "completes_at": ticket.completes_at,
        "attachments": row.attachments,
        "unread": read_at is None or read_at < row.activity_at,
    }


def _assignee(ticket: TicketRow) -> PersonRef | None:
    return PersonRef.of(ticket.assignee) if ticket.assignee else None


class Attachment(BaseModel):
    """A file that was sent with a message."""

    id: uuid.UUID
    name: str
    size: int = Field(description="bytes")
    media_type: str
    sha256: str
    width: int | None = Field(description="pixels, of an image")
    height: int | None
    url: str | None = Field(
        description="where to get it; none until a message has sent it, and while it is kept back"
    )
    kept_back: str | None = Field(
        description="why nobody is given it: `waiting` to be checked for viruses, `infected`, "
        "`refused` by the scanner; null if it may be had"
    )

    @classmethod
    def of(cls, attachment: AttachmentRow, ticket_id: int | None = None) -> Self:
        path = f"/tickets/{ticket_id}/attachments/{attachment.pk}"
        return cls(
            id=attachment.pk,
            name=attachment.name,
            size=attachment.size,
            media_type=attachment.media_type,
            sha256=attachment.sha256,
            width=attachment.width,
            height=attachment.height,
            url=address_of(path) if ticket_id and not attachment.kept_back else None,
            kept_back=attachment.kept_back or None,
        )


class ByMail(BaseModel):
    """What came along with a message that came by mail."""

    quoted: str
    signature: str


class Message(BaseModel):
    """One thing said on a ticket."""

    id: int
    at: datetime
    author: PersonRef | None = Field(description="null for what the assistant has said")
    is_assistants: bool = Field(description="said by the assistant, a machine, for the operator")
    party: PartyRef
    audience: Annotated[str, one_of(Audience.values)]
    only: PartyRef | None = Field(description="with audience `side`: the party that sees it")
    text: str = Field(description="as it was typed")
    html: str = Field(description="as it is shown: made from the text, and safe")
    attachments: list[Attachment]
    by_mail: ByMail | None = Field(
        description="of one that came by mail: what it quoted and how it is signed, for its writer's "
        "party and the operator; null for all others"
    )

    @classmethod
    def of(cls, message: MessageRow, files: Sequence[AttachmentRow], ticket_id: int) -> Self:
        return cls(
            id=message.pk,
            at=message.at,
            author=PersonRef.of(message.person) if message.person else None,
            is_assistants=message.is_assistants,
            party=PartyRef.of(message.party),
            audience=message.audience,
            only=PartyRef.of(message.audience_party) if message.audience_party else None,
            text=message.text,
            html=message.html,
            attachments=[Attachment.of(file, ticket_id) for file in files],
            by_mail=_by_mail(message),
        )


def _by_mail(message: MessageRow) -> ByMail | None:
    """Of a message that `web.mailed.note_mailed` has looked at."""
    found = getattr(message, "by_mail", None)
    return ByMail(quoted=found.folded, signature=found.signature) if found else None


class Dealt(BaseModel):
    """When a side last dealt with a ticket."""

    party: str
    kind: KindName
    at: datetime | None


class Ticket(TicketInList):
    """A ticket, and what the reader can do to it now."""

    dealt: list[Dealt]
    continues: TicketRef | None = Field(description="the ticket it continues; told to its opener")
    actions: list[ActionName] = Field(
        description="what the reader may do now; each is taken by the address of that name"
    )


class Page(BaseModel):
    """What every page has: the cursors of the pages beside it, or null at an end."""

    next: str | None = None
    previous: str | None = None
