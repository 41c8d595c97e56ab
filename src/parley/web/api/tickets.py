"""Tickets: finding, opening and reading them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router
from ninja.responses import Status as Answer
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from parley.conversations.leafing import last_leaf
from parley.conversations.posting import MAX_TEXT
from parley.guard.watching import watch_opening
from parley.parties.access import parties_of_kind
from parley.parties.models import Membership
from parley.tickets import finding
from parley.tickets.access import topics_open_to
from parley.tickets.calling_off import may_answer
from parley.tickets.filling import on_ticket
from parley.tickets.models import TicketSide
from parley.tickets.opening import MAX_TITLE, NewTicket, open_ticket
from parley.tickets.seeing import dealt, ticket_row
from parley.web.api.addresses import TicketKey, number_of
from parley.web.api.auth import ApiRequest
from parley.web.api.describing import header
from parley.web.api.fields import MOST_GIVEN, GivenField, StandingField, typed
from parley.web.api.paging import LINKED, Cursor, Limit, link_pages, only_known
from parley.web.api.problems import Fault, at, invalid, not_found, refusals
from parley.web.api.repeats import Key, once
from parley.web.api.shapes import (
    ActionName,
    Dealt,
    Id,
    Message,
    Page,
    Plain,
    PriorityName,
    StatusName,
    Ticket,
    TicketInList,
    TicketRef,
    address_of,
    in_list,
)
from parley.web.filtering import pairs_of
from parley.web.mailed import note_mailed
from parley.web.ticket_page import may, ways_to_say

MOST_MESSAGES = 100
"""So many messages come with a ticket; the earlier ones by their own address."""
MOST_FILES = 50

router = Router(tags=["tickets"])


class TicketPage(Page):
    data: list[TicketInList]


class TicketWithMessages(Ticket):
    """A ticket and what has been said on it."""

    fields: list[StandingField] = Field(description="the custom fields that the reader may see")
    messages: list[Message] = Field(
        description=f"those the reader may see, oldest first: the newest {MOST_MESSAGES}"
    )
    earlier_messages: str | None = Field(description="where the ones before them are")


def _as_moment(value: object) -> object:
    """A day or a moment in ISO 8601; without a zone it is UTC."""
    if not isinstance(value, str):
        return value
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("Give a day or a moment in ISO 8601, such as 2026-11-24.") from None


Moment = Annotated[
    datetime,
    BeforeValidator(_as_moment),
    Field(json_schema_extra={"examples": ["2026-11-24T09:00:00Z"]}),
]


class Narrowing(BaseModel):
    """The filters of the list; all of them together narrow it."""

    text: Plain = Field(default="", max_length=200, description="its number, or words in it")
    status: list[StatusName] = Field(default=[], description="may be given several times")
    topic: Id | None = None
    party: Id | None = Field(default=None, description="the opener or the counterparty")
    assignee: Id | None = Field(default=None, description="a person of the operator's team")
    order_number: Plain = Field(default="", max_length=60)
    field: list[Plain] = Field(
        default=[],
        max_length=10,
        description="custom fields, as `12:dpd`: what stands in number 12",
    )
    due: Literal["", "soon", "over"] = ""
    queue: Literal[
        "", "mine", "unassigned", "due-soon", "ran-out", "urgent", "disputes", "snoozed", "all"
    ] = Field(default="", description="one of the operator's queues; by urgency and due time")
    created_from: Moment | None = Field(default=None, description="this moment or later")
    created_to: Moment | None = Field(default=None, description="before this moment")
    cursor: Cursor = ""
    limit: Limit = 25


class Opening(BaseModel):
    """What a new ticket is made of."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "topic": 3,
                    "to": 7,
                    "title": "Parcel AB-1042-7 is late",
                    "text": "It was due on Tuesday. **Where is it?**",
                    "priority": "slowing",
                    "order_number": "AB-1042-7",
                    "attachments": [],
                }
            ]
        },
    )

    topic: Id = Field(strict=True)
    to: Id | None = Field(
        default=None,
        strict=True,
        description="the party it goes to; not needed when the topic goes to the operator",
    )
    title: Plain = Field(min_length=1, max_length=MAX_TITLE)
    text: Plain = Field(min_length=1, max_length=MAX_TEXT, description="Markdown")
    priority: PriorityName = "question"
    order_number: Plain = Field(default="", max_length=60)
    order: Id | None = Field(
        default=None, strict=True, description="the id of an order of one's own, instead"
    )
    attachments: list[uuid.UUID] = Field(
        default=[], max_length=MOST_FILES, description="ids of uploads of one's own"
    )
    aware: Plain = Field(
        default="", max_length=64, description="of the problem `off-platform`: say it all the same"
    )
    fields: list[GivenField] = Field(
        default=[], max_length=MOST_GIVEN, description="what the topic asks for: GET /topics"
    )
    continues: Id | None = Field(
        default=None, strict=True, description="an ended ticket of one's own that this one follows"
    )


@router.get(
    "/tickets",
    response={200: TicketPage, **refusals()},
    operation_id="tickets",
    summary="Find tickets",
    openapi_extra=LINKED,
)
def tickets(request: ApiRequest, response: HttpResponse, wanted: Query[Narrowing]) -> TicketPage:
    """The tickets one may see, the latest activity first; a queue in its own order.

    Search and filters are those of the pages. `assignee` and `queue` are the operator's.
    """
    only_known(request, *Narrowing.model_fields)
    reader = request.auth
    page = finding.find(reader, _filters(reader, wanted), cursor=wanted.cursor, size=wanted.limit)
    link_pages(request, response, "/tickets", next=page.older, prev=page.newer)
    return TicketPage(
        data=[TicketInList.of(row, reader) for row in page.rows],
        next=page.older,
        previous=page.newer,
    )


@router.post(
    "/tickets",
    response={201: Ticket, **refusals(400, 409, 413, 415)},
    operation_id="open_ticket",
    summary="Open a ticket",
    openapi_extra={"responses": {201: {"headers": {"Location": header("the new ticket")}}}},
)
def opening(
    request: ApiRequest, response: HttpResponse, new: Opening, idempotency_key: Key = ""
) -> Answer[Ticket]:
    """Open a ticket. With an `Idempotency-Key`, the same request twice opens one ticket."""
    reader = request.auth
    with once(reader, idempotency_key, "POST /tickets", new) as submit_key:
        filled = _new_ticket(reader, new, submit_key)
        watch_opening(filled, by=reader, aware=new.aware)
        opened = open_ticket(filled, by=reader)
    response.headers["Location"] = address_of(f"/tickets/{opened.pk}")
    return Answer(201, ticket_of(reader, opened.pk))


@router.get(
    "/tickets/{ticket}",
    response={200: TicketWithMessages, **refusals()},
    operation_id="ticket",
    summary="Read a ticket",
)
def ticket(request: ApiRequest, ticket: TicketKey) -> TicketWithMessages:
    """A ticket with its messages, their attachments, and what one may do to it now."""
    reader = request.auth
    row = _row(reader, number_of(ticket))
    leaf = last_leaf(reader, row.ticket.conversation_id, MOST_MESSAGES)
    note_mailed(reader, leaf.messages)
    earlier = f"/tickets/{row.ticket_id}/messages?cursor={leaf.older}"
    return TicketWithMessages(
        **_whole(row, reader),
        fields=[StandingField.of(one) for one in on_ticket(reader, row.ticket)],
        messages=[Message.of(m, leaf.files[m.pk], row.ticket_id) for m in leaf.messages],
        earlier_messages=address_of(earlier) if leaf.older else None,
    )


def ticket_of(reader: Membership, ticket_id: int) -> Ticket:
    """A ticket as it stands, for the answer to what was done to it. Raises Refused (404)."""
    return Ticket(**_whole(_row(reader, ticket_id), reader))


def _row(reader: Membership, ticket_id: int) -> TicketSide:
    """The row of a ticket, or of the one it was merged into: the old number keeps working."""
    row = ticket_row(reader, ticket_id)
    if row is not None and row.ticket.merged_into_id:
        row = ticket_row(reader, row.ticket.merged_into_id)
    if row is None:
        raise not_found()
    return row


def _whole(row: TicketSide, reader: Membership) -> dict[str, Any]:
    ticket = row.ticket
    is_openers = reader.party_id == ticket.opener_id
    return {
        **in_list(row, reader),
        "dealt": [Dealt(party=one.name, kind=one.kind, at=one.at) for one in dealt(row)],
        "continues": TicketRef.of(ticket.continues) if ticket.continues and is_openers else None,
        "actions": _actions(row, reader),
    }


def _actions(row: TicketSide, reader: Membership) -> list[ActionName]:
    side = row.ticket.side_of(reader.party_id)
    actions: list[Any] = [name for name, allowed in may(row.ticket, side).items() if allowed]
    ways = {way.key.partition("-")[0] for way in ways_to_say(row, side, reader)}
    actions += [way for way in ("only", "note") if way in ways]
    if may_answer(row.ticket, reader):
        actions.append("answer_cancellation")
    return [*actions, "assign", "set_priority"] if reader.is_operator else actions


def _filters(reader: Membership, wanted: Narrowing) -> finding.Filters:
    if not reader.is_operator:
        _refuse_operators_filters(wanted)
    return finding.Filters(
        text=wanted.text.strip(),
        queue=wanted.queue,
        statuses=tuple(wanted.status),
        topic=wanted.topic,
        party=wanted.party,
        assignee=wanted.assignee,
        order_number=wanted.order_number.strip(),
        fields=tuple(pairs_of(wanted.field)),
        due=wanted.due,
        created_from=wanted.created_from,
        created_to=wanted.created_to,
    )


def _refuse_operators_filters(wanted: Narrowing) -> None:
    """Who works on a ticket is the operator's own matter, so nobody else can ask for it."""
    asked = [name for name in ("assignee", "queue") if getattr(wanted, name)]
    if asked:
        detail = "Only the operator's people can filter by this."
        raise invalid(*(Fault(detail=detail, parameter=name) for name in asked))


def _new_ticket(reader: Membership, new: Opening, submit_key: uuid.UUID | None) -> NewTicket:
    topic = topics_open_to(reader.party.kind).filter(pk=new.topic).first()
    if topic is None:
        raise invalid(at("topic", "There is no such topic for you; GET /topics lists them."))
    to = parties_of_kind(topic.goes_to).filter(pk=new.to).first() if new.to else None
    if new.to and to is None:
        detail = "A ticket on this topic can't go there; GET /topics/{topic}/parties lists where."
        raise invalid(at("to", detail))
    return NewTicket(
        topic=topic,
        to=to,
        title=new.title,
        text=new.text,
        priority=new.priority,
        order_number=new.order_number,
        order=new.order,
        attachments=new.attachments,
        continues=new.continues,
        fields=typed(new.fields),
        submit_key=submit_key,
        via="api",
    )
