"""What can be done to an order: cancel, accept, ship, decline, note; and the answer to an asking."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from ninja import Path, Router
from ninja.responses import Status as Answer
from pydantic import BaseModel, ConfigDict, Field

from parley.orders import accepting, cancelling, declining, noting, shipping
from parley.orders.access import consignments_visible_to, orders_visible_to
from parley.orders.keeping_reasons import reasons
from parley.orders.models import (
    CancellationChoices,
    Consignment,
    FulfilmentChoices,
    PaymentChoices,
)
from parley.orders.models import Order as OrderRow
from parley.orders.offering import Offered, offered
from parley.parties.models import Membership, PartyKind
from parley.tickets import calling_off
from parley.web.api.addresses import TicketKey, number_of
from parley.web.api.auth import ApiRequest
from parley.web.api.problems import at, invalid, not_found, refusals
from parley.web.api.shapes import Id, Plain, Ticket, one_of
from parley.web.api.tickets import ticket_of

MOST_LINES = 500

router = Router(tags=["order actions"])

OrderKey = Annotated[
    str,
    Path(..., description="the order's id, which it has before it has a number", example="3041"),
    Field(json_schema_extra={"pattern": "^[0-9]{1,18}$"}),
]


class OrderNow(BaseModel):
    """Where an order stands after what was done to it: for a supplier, its own part of it."""

    id: int
    number: int | None = Field(description="null while it shows QUEUE")
    payment: Annotated[str, one_of(PaymentChoices.values)]
    fulfilment: Annotated[str, one_of(FulfilmentChoices.values)]
    cancellation: Annotated[str, one_of(CancellationChoices.values)]
    actions: list[Annotated[str, one_of(Offered._fields)]] = Field(
        description="what one may do to it now"
    )

    @classmethod
    def of(cls, order: OrderRow, part: Consignment | None, reader: Membership) -> Self:
        stands = part or order
        return cls(
            id=order.pk,
            number=order.number,
            payment=order.payment,
            fulfilment=stands.fulfilment,
            cancellation=stands.cancellation,
            actions=offered(reader, order, part).names,
        )


class CancelReason(BaseModel):
    id: int
    name: str = Field(description="in the language asked for")


class CancelReasons(BaseModel):
    data: list[CancelReason]


class Cancelling(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Id = Field(strict=True, description="one of GET /cancel-reasons")


class LineOfParcel(BaseModel):
    model_config = ConfigDict(extra="forbid")

    line: Id = Field(strict=True)
    quantity: Annotated[int, Field(ge=1, le=10**6, strict=True)]


class Parcel(BaseModel):
    """What goes out; without `lines`, all that is left to ship."""

    model_config = ConfigDict(extra="forbid")

    carrier: Plain = Field(
        min_length=1, max_length=shipping.LONGEST_CARRIER, examples=["Royal Mail"]
    )
    tracking: Plain = Field(default="", max_length=shipping.LONGEST_TRACKING)
    lines: list[LineOfParcel] = Field(default=[], max_length=MOST_LINES)


class Declining(BaseModel):
    model_config = ConfigDict(extra="forbid")

    line: Id = Field(strict=True)
    quantity: Annotated[int, Field(ge=1, le=10**6, strict=True)]
    reason: Plain = Field(min_length=1, max_length=declining.LONGEST_REASON)


class NoteGiven(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Plain = Field(min_length=1, max_length=noting.LONGEST_NOTE)
    supplier: Id | None = Field(
        default=None, strict=True, description="the one supplier who may read it; all if null"
    )


class AnswerGiven(BaseModel):
    """The supplier's answer to the asking to cancel; to decline takes a reason."""

    model_config = ConfigDict(extra="forbid")

    answer: Literal["accept", "decline"]
    reason: Plain = Field(default="", max_length=calling_off.LONGEST_REASON)


@router.get(
    "/cancel-reasons",
    response={200: CancelReasons, **refusals()},
    operation_id="cancel_reasons",
    summary="Reasons to cancel an order",
)
def cancel_reasons(request: ApiRequest) -> CancelReasons:
    """The reasons that can be given for cancelling an order, in the operator's order."""
    return CancelReasons(data=[CancelReason(id=one.pk, name=one.name) for one in reasons()])


@router.post(
    "/orders/{order}/cancellation",
    response={200: OrderNow, **refusals(400, 409, 415)},
    operation_id="cancel_order",
    summary="Cancel an order",
)
def order_cancellation(request: ApiRequest, order: OrderKey, given: Cancelling) -> OrderNow:
    """Cancel an order that no supplier has yet; what was paid goes back to the balance.

    Later, a ticket on the topic that asks to cancel an order asks the supplier.
    """
    cancelling.cancel(_key(order), given.reason, by=request.auth)
    return _order_of(request.auth, _key(order))


@router.post(
    "/orders/{order}/acceptance",
    response={200: OrderNow, **refusals(409)},
    operation_id="accept_order",
    summary="Accept an order",
)
def acceptance(request: ApiRequest, order: OrderKey) -> OrderNow:
    """The supplier accepts its part of the order: it will ship it."""
    accepting.accept(_key(order), by=request.auth)
    return _order_of(request.auth, _key(order))


@router.post(
    "/orders/{order}/shipments",
    response={201: OrderNow, **refusals(400, 409, 415)},
    operation_id="ship_order",
    summary="Ship an order",
)
def shipments(request: ApiRequest, order: OrderKey, parcel: Parcel) -> Answer[OrderNow]:
    """The supplier ships its part of the order, or some of it; the seller's channel is told."""
    quantities: dict[int, int] = {}
    for one in parcel.lines:
        quantities[one.line] = quantities.get(one.line, 0) + one.quantity
    sent = shipping.Parcel(carrier=parcel.carrier, tracking=parcel.tracking, quantities=quantities)
    shipping.ship(_key(order), sent, by=request.auth)
    return Answer(201, _order_of(request.auth, _key(order)))


@router.post(
    "/orders/{order}/declined",
    response={200: OrderNow, **refusals(400, 409, 415)},
    operation_id="decline_line",
    summary="Decline a line of an order",
)
def declined(request: ApiRequest, order: OrderKey, given: Declining) -> OrderNow:
    """The supplier declines some of a line; the seller gets back what was paid for it."""
    declining.decline(_key(order), given.line, given.quantity, given.reason, by=request.auth)
    return _order_of(request.auth, _key(order))


@router.post(
    "/orders/{order}/notes",
    response={201: OrderNow, **refusals(400, 415)},
    operation_id="note_on_order",
    summary="Write a note on an order",
)
def notes(request: ApiRequest, order: OrderKey, given: NoteGiven) -> Answer[OrderNow]:
    """A note for all who are on the order, or of its suppliers for one alone."""
    noting.note(_key(order), given.text, by=request.auth, supplier_id=given.supplier)
    return Answer(201, _order_of(request.auth, _key(order)))


@router.post(
    "/tickets/{ticket}/order-cancellation",
    response={200: Ticket, **refusals(400, 409, 415)},
    operation_id="answer_cancellation",
    summary="Accept or decline to cancel the order",
)
def answer_cancellation(request: ApiRequest, ticket: TicketKey, given: AnswerGiven) -> Ticket:
    """The supplier's answer to a ticket that asks to cancel an order; in a dispute, the operator's.

    Accepted, its part of the order is cancelled and refunded; either way the ticket is answered.
    """
    number, reader = number_of(ticket), request.auth
    if given.answer == "accept":
        return ticket_of(reader, calling_off.accept(number, by=reader).pk)
    try:
        return ticket_of(reader, calling_off.decline(number, given.reason, by=reader).pk)
    except calling_off.ReasonMissing as refusal:
        raise invalid(at("reason", str(refusal))) from None


def _key(order: str) -> int:
    """The id in the address. Raises Refused (404)."""
    if not (order.isascii() and order.isdigit() and len(order) < 19):
        raise not_found()
    return int(order)


def _order_of(reader: Membership, key: int) -> OrderNow:
    order = orders_visible_to(reader).defer("words").get(pk=key)
    part = None
    if reader.party.kind == PartyKind.SUPPLIER:
        part = consignments_visible_to(reader).defer("words").filter(order=key).first()
    return OrderNow.of(order, part, reader)
