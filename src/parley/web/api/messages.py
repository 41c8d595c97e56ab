"""What is said on a ticket: reading it, and saying something."""

from __future__ import annotations

import uuid
from typing import Literal

from django.http import HttpResponse
from ninja import Query, Router
from ninja.responses import Status as Answer
from pydantic import BaseModel, ConfigDict, Field

from parley.conversations.leafing import Leaf, first_leaf, leaf_at
from parley.conversations.posting import MAX_TEXT
from parley.guard.watching import watch_reply
from parley.parties.models import Membership
from parley.tickets.finding import row_of
from parley.tickets.replying import Reply, reply
from parley.tickets.seeing import message_with_files
from parley.tickets.states import Side
from parley.web.api.addresses import TicketKey, number_of
from parley.web.api.auth import ApiRequest
from parley.web.api.paging import LINKED, Leafing, link_pages, only_known
from parley.web.api.problems import at, invalid, not_found, refusals
from parley.web.api.repeats import Key, once
from parley.web.api.shapes import AudienceName, Message, Page, Plain
from parley.web.api.tickets import MOST_FILES
from parley.web.mailed import note_mailed

router = Router(tags=["messages"])


class MessagePage(Page):
    data: list[Message]


class Saying(BaseModel):
    """What is said. `asks` makes the ticket wait for the other side's reply."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "It left the warehouse **this morning**."}]},
    )

    text: Plain = Field(default="", max_length=MAX_TEXT, description="Markdown")
    audience: AudienceName = Field(
        "everyone", description="`side`: one side and the operator; `operator`: an internal note"
    )
    side: Literal["opener", "counterparty"] | None = Field(
        default=None, description="with audience `side`, from the operator: which one"
    )
    asks: bool = Field(default=False, strict=True)
    asked: Literal["opener", "counterparty"] | None = Field(
        default=None, description="with `asks`, from the operator in a dispute: whom"
    )
    attachments: list[uuid.UUID] = Field(
        default=[], max_length=MOST_FILES, description="ids of uploads of one's own"
    )
    aware: Plain = Field(
        default="", max_length=64, description="of the problem `off-platform`: say it all the same"
    )


class HeldForReview(BaseModel):
    """It is sent once the operator has looked at it; `held` is its number."""

    held: int


@router.get(
    "/tickets/{ticket}/messages",
    response={200: MessagePage, **refusals()},
    operation_id="messages",
    summary="Leaf through a ticket's messages",
    openapi_extra=LINKED,
)
def messages(
    request: ApiRequest,
    response: HttpResponse,
    ticket: TicketKey,
    wanted: Query[Leafing],
) -> MessagePage:
    """The messages one may see, oldest first. `next` leads to newer ones."""
    only_known(request, "cursor", "limit")
    reader = request.auth
    row = row_of(reader, number_of(ticket))
    if row is not None and row.ticket.merged_into_id:
        row = row_of(reader, row.ticket.merged_into_id)
    if row is None:
        raise not_found()
    leaf = _leaf(reader, row.ticket.conversation_id, wanted)
    note_mailed(reader, leaf.messages)
    path = f"/tickets/{row.ticket_id}/messages"
    link_pages(request, response, path, next=leaf.newer, prev=leaf.older)
    return MessagePage(
        data=[Message.of(m, leaf.files[m.pk], row.ticket_id) for m in leaf.messages],
        next=leaf.newer,
        previous=leaf.older,
    )


@router.post(
    "/tickets/{ticket}/replies",
    response={201: Message, 202: HeldForReview, **refusals(400, 409, 413, 415)},
    operation_id="reply",
    summary="Say something",
)
def replies(
    request: ApiRequest, ticket: TicketKey, said: Saying, idempotency_key: Key = ""
) -> Answer[Message] | Answer[HeldForReview]:
    """Reply, ask for something, say something to one side only, or keep an internal note.

    With an `Idempotency-Key`, the same request twice posts one message. What leads away from the
    marketplace is refused as `off-platform`; with the `aware` it gives it is sent, or (202) held.
    """
    reader, number = request.auth, number_of(ticket)
    place = f"POST /tickets/{number}/replies"
    with once(reader, idempotency_key, place, said) as submit_key:
        whole = _reply(reader, number, said, submit_key)
        held = watch_reply(number, whole, by=reader, aware=said.aware)
        if held:
            return Answer(202, HeldForReview(held=held.pk))
        message = reply(number, whole, by=reader)
    shown = message_with_files(reader, message.pk)
    assert shown is not None
    return Answer(201, Message.of(shown, shown.files, number))  # type: ignore[attr-defined]


def _leaf(reader: Membership, conversation_id: int, wanted: Leafing) -> Leaf:
    if wanted.cursor:
        return leaf_at(reader, conversation_id, wanted.cursor, wanted.limit)
    return first_leaf(reader, conversation_id, wanted.limit)


def _reply(reader: Membership, number: int, said: Saying, submit_key: uuid.UUID | None) -> Reply:
    return Reply(
        text=said.text,
        audience=said.audience,
        side=_side(reader, number, said),
        asks=said.asks,
        asked=Side(said.asked or ""),
        attachments=said.attachments,
        submit_key=submit_key,
    )


def _side(reader: Membership, number: int, said: Saying) -> Side:
    """The side of a message to one side: the one named, or one's own."""
    if said.audience == "operator" and not reader.is_operator:
        raise invalid(at("audience", "Internal notes are the operator's."))
    if said.audience != "side":
        return Side.NOBODY
    if said.side:
        return Side(said.side)
    row = row_of(reader, number)
    if row is None:
        raise not_found()
    if row.side == Side.OPERATOR:
        raise invalid(at("side", "Say which side: opener or counterparty."))
    return Side(row.side)
