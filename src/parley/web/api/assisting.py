"""What the assistant has to say to the operator's people about a ticket."""

from __future__ import annotations

from datetime import datetime

from ninja import Router
from pydantic import BaseModel, Field

from parley.assistant.likening import similar
from parley.assistant.suggesting import suggest_reply
from parley.assistant.summarising import Point, summary
from parley.tickets.models import Ticket
from parley.web.api.addresses import TicketKey
from parley.web.api.auth import ApiRequest
from parley.web.api.desk import operators_number
from parley.web.api.problems import not_found, refusals

router = Router(tags=["operator"])


class SourceShown(BaseModel):
    """An article that a suggestion is made from."""

    path: str
    title: str
    url: str


class SuggestionShown(BaseModel):
    """A reply that may do: a draft, which is sent by nobody but a person."""

    text: str
    language: str
    outcome: str = Field(description="answer, offer or unknown")
    asked: str
    message: int | None
    sources: list[SourceShown]


class PointShown(BaseModel):
    """A sentence that somebody said, and in which message."""

    text: str
    who: str
    at: datetime
    message: int
    is_note: bool


class FactShown(BaseModel):
    kind: str = Field(description="sum, date or code")
    text: str
    message: int


class SummaryShown(BaseModel):
    """A ticket in short, in the parties' own sentences."""

    wants: PointShown | None
    last: list[PointShown]
    facts: list[FactShown]


class SimilarShown(BaseModel):
    number: str
    title: str
    status: str
    likeness: float
    answer: str


@router.get(
    "/tickets/{ticket}/suggestion",
    response={200: SuggestionShown, **refusals(403)},
    operation_id="suggest_reply",
    summary="Suggest a reply",
)
def suggestion(request: ApiRequest, ticket: TicketKey) -> SuggestionShown:
    """What the help centre says to what was asked last; 404 where nobody has asked anything."""
    number = operators_number(request.auth, ticket)
    try:
        found = suggest_reply(number, by=request.auth)
    except Ticket.DoesNotExist:
        raise not_found() from None
    if found is None:
        raise not_found()
    return SuggestionShown(
        text=found.text,
        language=found.language,
        outcome=found.outcome,
        asked=found.asked,
        message=found.message,
        sources=[
            SourceShown(path=str(one["id"]), title=one["title"], url=one["address"])
            for one in found.sources
        ],
    )


@router.get(
    "/tickets/{ticket}/summary",
    response={200: SummaryShown, **refusals(403)},
    operation_id="sum_up_ticket",
    summary="Sum a ticket up",
)
def summing_up(request: ApiRequest, ticket: TicketKey) -> SummaryShown:
    """Who wants what, what was said last, and sums, dates and codes, each with its message."""
    number = operators_number(request.auth, ticket)
    try:
        found = summary(number, by=request.auth)
    except Ticket.DoesNotExist:
        raise not_found() from None
    return SummaryShown(
        wants=_point(found.wants) if found.wants else None,
        last=[_point(point) for point in found.last],
        facts=[FactShown(kind=f.kind, text=f.text, message=f.message) for f in found.facts],
    )


@router.get(
    "/tickets/{ticket}/similar",
    response={200: list[SimilarShown], **refusals(403)},
    operation_id="similar_tickets",
    summary="List similar tickets",
)
def alike(request: ApiRequest, ticket: TicketKey) -> list[SimilarShown]:
    """Tickets like it by meaning, those resolved first, with how each was last answered."""
    number = operators_number(request.auth, ticket)
    try:
        found = similar(number, by=request.auth)
    except Ticket.DoesNotExist:
        raise not_found() from None
    return [
        SimilarShown(
            number=one.ticket.number,
            title=one.ticket.title,
            status=one.ticket.status,
            likeness=round(one.likeness, 3),
            answer=one.answer,
        )
        for one in found
    ]


def _point(point: Point) -> PointShown:
    return PointShown(
        text=point.text, who=point.who, at=point.at, message=point.message, is_note=point.is_note
    )
