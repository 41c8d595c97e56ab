"""What either side can do beside replying: close, cancel, rate, ask for a decision."""

from __future__ import annotations

import uuid

from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from parley.conversations.posting import MAX_TEXT
from parley.tickets import disputing, ending
from parley.web.api.addresses import TicketKey, number_of
from parley.web.api.auth import ApiRequest
from parley.web.api.problems import refusals
from parley.web.api.shapes import Plain, Ticket
from parley.web.api.tickets import MOST_FILES, ticket_of

router = Router(tags=["actions"])


class RatingGiven(BaseModel):
    model_config = ConfigDict(extra="forbid")

    stars: int = Field(ge=1, le=5, strict=True, examples=[4])
    comment: Plain = Field(default="", max_length=ending.MAX_COMMENT)


class Appeal(BaseModel):
    """Why somebody else should look at it, for everyone on the ticket to read."""

    model_config = ConfigDict(extra="forbid")

    text: Plain = Field(min_length=1, max_length=MAX_TEXT)
    attachments: list[uuid.UUID] = Field(default=[], max_length=MOST_FILES)


@router.post(
    "/tickets/{ticket}/close",
    response={200: Ticket, **refusals(409)},
    operation_id="close_ticket",
    summary="Close a ticket",
)
def close(request: ApiRequest, ticket: TicketKey) -> Ticket:
    """Close it: no answer is needed any more."""
    return ticket_of(request.auth, ending.close(number_of(ticket), by=request.auth).pk)


@router.post(
    "/tickets/{ticket}/cancel",
    response={200: Ticket, **refusals(409)},
    operation_id="cancel_ticket",
    summary="Cancel a ticket",
)
def cancel(request: ApiRequest, ticket: TicketKey) -> Ticket:
    """The opener cancels it: it no longer matters."""
    return ticket_of(request.auth, ending.cancel(number_of(ticket), by=request.auth).pk)


@router.post(
    "/tickets/{ticket}/rating",
    response={200: Ticket, **refusals(400, 409, 415)},
    operation_id="rate_ticket",
    summary="Rate the answer",
)
def rating(request: ApiRequest, ticket: TicketKey, given: RatingGiven) -> Ticket:
    """The opener rates the answer with one to five stars, which completes the ticket. Once."""
    reader = request.auth
    rated = ending.rate(number_of(ticket), given.stars, given.comment, by=reader)
    return ticket_of(reader, rated.pk)


@router.post(
    "/tickets/{ticket}/escalation",
    response={200: Ticket, **refusals(400, 409, 413, 415)},
    operation_id="escalate_ticket",
    summary="Ask the operator to decide",
)
def escalation(request: ApiRequest, ticket: TicketKey, why: Appeal) -> Ticket:
    """A party asks the operator to decide; from then on it is a dispute with three voices."""
    reader = request.auth
    asked = disputing.ask_operator(
        number_of(ticket), why.text, by=reader, attachments=why.attachments
    )
    return ticket_of(reader, asked.pk)
