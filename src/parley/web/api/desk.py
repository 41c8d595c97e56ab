"""What only the operator's people can do to a ticket."""

from __future__ import annotations

from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from parley.conversations.posting import MAX_TEXT
from parley.parties.models import Membership
from parley.tickets import assigning, disputing
from parley.tickets.access import tickets_visible_to
from parley.web.api.addresses import TicketKey, number_of
from parley.web.api.auth import ApiRequest
from parley.web.api.ending import Appeal
from parley.web.api.problems import not_found, operators_only, refusals
from parley.web.api.shapes import Id, OutcomeName, Plain, PriorityName, Ticket
from parley.web.api.tickets import ticket_of

router = Router(tags=["operator"])


class Assignment(BaseModel):
    model_config = ConfigDict(extra="forbid")

    person: Id | None = Field(strict=True, description="someone of the team; null for nobody")


class PriorityGiven(BaseModel):
    model_config = ConfigDict(extra="forbid")

    priority: PriorityName


class Decision(BaseModel):
    """How a dispute ends, and why, for both sides to read."""

    model_config = ConfigDict(extra="forbid")

    outcome: OutcomeName
    text: Plain = Field(min_length=1, max_length=MAX_TEXT)


@router.post(
    "/tickets/{ticket}/assignment",
    response={200: Ticket, **refusals(400, 403, 415)},
    operation_id="assign_ticket",
    summary="Assign a ticket",
)
def assignment(request: ApiRequest, ticket: TicketKey, given: Assignment) -> Ticket:
    """Give the ticket to somebody of the team, or to nobody."""
    number = operators_number(request.auth, ticket)
    return ticket_of(request.auth, assigning.assign(number, given.person, by=request.auth).pk)


@router.post(
    "/tickets/{ticket}/priority",
    response={200: Ticket, **refusals(400, 403, 415)},
    operation_id="prioritise_ticket",
    summary="Change the priority",
)
def priority(request: ApiRequest, ticket: TicketKey, given: PriorityGiven) -> Ticket:
    """Change how much it matters. Everyone on the ticket sees it."""
    number = operators_number(request.auth, ticket)
    changed = assigning.set_priority(number, given.priority, by=request.auth)
    return ticket_of(request.auth, changed.pk)


@router.post(
    "/tickets/{ticket}/step-in",
    response={200: Ticket, **refusals(400, 403, 409, 413, 415)},
    operation_id="step_in",
    summary="Step in",
)
def step_in(request: ApiRequest, ticket: TicketKey, why: Appeal) -> Ticket:
    """Step in on the operator's own account; from then on it is a dispute."""
    number = operators_number(request.auth, ticket)
    stepped = disputing.step_in(number, why.text, by=request.auth, attachments=why.attachments)
    return ticket_of(request.auth, stepped.pk)


@router.post(
    "/tickets/{ticket}/decision",
    response={200: Ticket, **refusals(400, 403, 409, 415)},
    operation_id="decide_dispute",
    summary="Decide a dispute",
)
def decision(request: ApiRequest, ticket: TicketKey, given: Decision) -> Ticket:
    """Decide a dispute, with an outcome and its reasons."""
    number = operators_number(request.auth, ticket)
    decided = disputing.decide(number, given.outcome, given.text, by=request.auth)
    return ticket_of(request.auth, decided.pk)


def operators_number(reader: Membership, ticket: str) -> int:
    """The ticket's id, for the operator; others learn no more of it than whether it is theirs."""
    number = number_of(ticket)
    if reader.is_operator:
        return number
    theirs = tickets_visible_to(reader).filter(pk=number).exists()
    raise operators_only() if theirs else not_found()
