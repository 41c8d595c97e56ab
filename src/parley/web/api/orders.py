"""Orders: finding and reading them, and their audit. What can be done to one is in `order_actions`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from ninja import Query, Router
from pydantic import BaseModel, Field

from parley.orders import finding
from parley.orders.auditing import Line as AuditRow
from parley.orders.auditing import audit_of
from parley.orders.finding import Row, row_of
from parley.orders.models import (
    CancellationChoices,
    FulfilmentChoices,
    OrderLine,
    PaymentChoices,
    Shipment,
    Stage,
)
from parley.orders.models import Order as OrderModel
from parley.orders.offering import Offered, offered
from parley.orders.seeing import Note as NoteSeen
from parley.orders.seeing import Paper, Part, SeenOrder, line_total_minor, see
from parley.orders.stating import payment_of
from parley.parties.models import Membership, PartyKind
from parley.tickets.finding import orders_in_dispute, orders_with_open_tickets
from parley.tickets.ordering import tickets_about
from parley.web.api.addresses import id_of
from parley.web.api.auth import ApiRequest
from parley.web.api.order_actions import OrderKey
from parley.web.api.paging import LINKED, Cursor, Limit, link_pages, only_known
from parley.web.api.problems import Fault, invalid, not_found, refusals
from parley.web.api.shapes import (
    Id,
    Money,
    Page,
    PartyRef,
    Plain,
    TicketRef,
    address_of,
    one_of,
)
from parley.web.api.tickets import Moment
from parley.web.orders.listing import state_of_row
from parley.web.orders.page import state_of

router = Router(tags=["orders"])

OrderStatus = Literal[
    "queued", "held", "not_linked", "dismissed", "paid", "unshipped", "part_shipped", "shipped",
    "delivered", "returned", "cancel_asked", "cancelled", "dispute",
]  # fmt: skip
PaymentName = Literal["queued", "unpaid", "failed", "paid", "part_refunded", "refunded"]
PaymentWord = Annotated[str, one_of(PaymentChoices.values)]
FulfilmentWord = Annotated[str, one_of(FulfilmentChoices.values)]
CancellationWord = Annotated[str, one_of(CancellationChoices.values)]


class OrderFilters(BaseModel):
    """The filters of the list; all of them together narrow it."""

    text: Plain = Field(
        default="", max_length=200, description="its number, the channel's, a SKU, words of titles"
    )
    status: list[OrderStatus] = Field(default=[], description="may be given several times")
    payment: list[PaymentName] = Field(default=[], description="may be given several times")
    party: Id | None = Field(default=None, description="the seller, or a supplier")
    placed_from: Moment | None = Field(
        default=None, description="placed at this moment or later; for a supplier, handed over"
    )
    placed_to: Moment | None = Field(default=None, description="before this moment")
    cursor: Cursor = ""
    limit: Limit = 25


class OrderInList(BaseModel):
    """An order as a list shows it; for a supplier, of its own part alone."""

    id: int = Field(examples=[3041])
    number: int | None = Field(description="null while it shows QUEUE")
    url: str
    page: str = Field(description="where a person reads it in a browser")
    channel_number: str | None
    seller: PartyRef
    suppliers: list[str]
    title: str = Field(description="of the first item")
    items: int
    quantity: int
    total: Money = Field(description="what it costs the seller, VAT included")
    stage: Annotated[str, one_of(Stage.values)]
    payment: PaymentWord
    fulfilment: FulfilmentWord
    cancellation: CancellationWord
    in_dispute: bool = Field(description="a ticket about it is open that the reader may see")
    has_notes: bool
    sentence: str = Field(examples=["Paid · with Northwind Supply · to be shipped"])
    placed_at: datetime
    passed_at: datetime | None = Field(description="when it was handed over to its suppliers")


class OrderPage(Page):
    data: list[OrderInList]


class OrderLineShape(BaseModel):
    id: int
    sku: str | None
    title: str
    product: int | None = Field(description="null while no product is known for it")
    quantity: int
    shipped: int
    declined: int
    why_declined: str | None
    price: Money = Field(description="net, for one")
    vat_bp: int = Field(description="basis points: 2000 is 20 %")
    total: Money = Field(description="VAT included")
    sold_for: Money | None = Field(description="what the public paid; told to no supplier")


class ShipmentShape(BaseModel):
    id: int
    carrier: str
    tracking: str | None
    shipped_at: datetime
    delivered_at: datetime | None
    lines: dict[str, int] = Field(description="how many of each line, by its id")


class PartShape(BaseModel):
    """One supplier's part; without a supplier, the lines that are not linked."""

    supplier: PartyRef | None
    fulfilment: FulfilmentWord | None
    cancellation: CancellationWord | None
    accepted_at: datetime | None
    shipping_service: str | None
    shipping: Money | None = Field(description="net")
    total: Money | None = Field(description="VAT included")
    refunded: Money | None
    lines: list[OrderLineShape]
    shipments: list[ShipmentShape]


class NoteShape(BaseModel):
    id: int
    text: str
    at: datetime
    person: str
    party: str
    only: str | None = Field(description="the one supplier who reads it")


class InvoiceRef(BaseModel):
    id: int
    kind: Annotated[str, one_of(("invoice", "credit_note"))]
    number: str
    issued_at: datetime
    total: Money


class Address(BaseModel):
    name: str
    company: str
    street: str = Field(description="lines, one under another")
    city: str
    region: str
    postcode: str
    country: str = Field(description="ISO 3166")
    phone: str
    email: str


class OrderWhole(OrderInList):
    """An order with all that the reader may see of it, and may do to it now."""

    deliver_to: Address
    parts: list[PartShape]
    notes: list[NoteShape]
    buyer_note: str
    invoices: list[InvoiceRef]
    tickets: list[TicketRef]
    cancel_reason: str | None
    sale: Money | None = Field(description="what the public paid; told to no supplier")
    paid: Money | None = Field(description="told to no supplier")
    refunded: Money
    lacking: Money | None = Field(description="what is missing on the balance for it")
    outside: dict[str, str] = Field(description="what the channel says, in its own words")
    actions: list[Annotated[str, one_of(Offered._fields)]]


class AuditLine(BaseModel):
    at: datetime
    kind: str = Field(examples=["OrderPaid"])
    sentence: str = Field(description="in the reader's language")
    who: str
    changes: list[dict[str, str]] = Field(description="`what`, `before` and `now`")


class AuditShape(BaseModel):
    data: list[AuditLine]


@router.get(
    "/orders",
    response={200: OrderPage, **refusals()},
    operation_id="orders",
    summary="Find orders",
    openapi_extra=LINKED,
)
def orders(request: ApiRequest, response: HttpResponse, wanted: Query[OrderFilters]) -> OrderPage:
    """The orders one may see, the latest first: a supplier's are those handed over to it.

    Search and filters are those of the pages. What is before the handing over, and payments, are no
    supplier's to ask for.
    """
    only_known(request, *OrderFilters.model_fields)
    reader = request.auth
    filters = _filters(reader, wanted)
    page = finding.find(
        reader,
        filters,
        cursor=wanted.cursor,
        size=wanted.limit,
        disputed=orders_with_open_tickets(reader),
    )
    rows = finding.with_disputes(
        page.rows, orders_in_dispute(reader, [row.order.pk for row in page.rows])
    )
    link_pages(request, response, "/orders", next=page.older, prev=page.newer)
    return OrderPage(
        data=[OrderInList(**_in_list(row)) for row in rows], next=page.older, previous=page.newer
    )


@router.get(
    "/orders/{order}",
    response={200: OrderWhole, **refusals()},
    operation_id="order",
    summary="Read an order",
)
def order(request: ApiRequest, order: OrderKey) -> OrderWhole:
    """An order with its parts, lines, shipments, notes and invoices, and what one may do to it."""
    reader = request.auth
    key = id_of(order)
    seen, row = see(reader, key), row_of(reader, key)
    if seen is None or row is None:
        raise not_found()
    return _whole(reader, seen, row)


@router.get(
    "/orders/{order}/audit",
    response={200: AuditShape, **refusals()},
    operation_id="order_audit",
    summary="Read an order's audit",
)
def audit(request: ApiRequest, order: OrderKey) -> AuditShape:
    """Every change the order went through that one may know of, the oldest first."""
    found = audit_of(request.auth, id_of(order))
    if found is None:
        raise not_found()
    return AuditShape(data=[_audit_line(line) for line in found.lines])


def _filters(reader: Membership, wanted: OrderFilters) -> finding.Filters:
    """Raises Refused (422) for a filter that this reader's list knows nothing of."""
    allowed = {
        "status": finding.statuses_for(reader),
        "payment": finding.payments_for(reader),
    }
    strange = [name for name, known in allowed.items() if set(getattr(wanted, name)) - set(known)]
    if strange:
        detail = "A supplier's list can't be narrowed by this."
        raise invalid(*(Fault(detail=detail, parameter=name) for name in strange))
    return finding.Filters(
        text=wanted.text.strip(),
        statuses=tuple(wanted.status),
        payments=tuple(wanted.payment),
        party=wanted.party,
        day_from=wanted.placed_from,
        day_to=wanted.placed_to,
    )


def _in_list(row: Row) -> dict[str, Any]:
    order, stands = row.order, row.part or row.order
    return {
        "id": order.pk,
        "number": order.number,
        "url": address_of(f"/orders/{order.pk}"),
        "page": f"{settings.PUBLIC_URL}{reverse('orders:order', args=[order.pk])}",
        "channel_number": order.channel_number or None,
        "seller": PartyRef.of(order.seller),
        "suppliers": list(row.suppliers),
        "title": row.title,
        "items": len(row.quantities),
        "quantity": row.quantity,
        "total": Money.of(row.total_minor, order.currency),
        "stage": order.stage,
        "payment": payment_of(order, row.part),
        "fulfilment": stands.fulfilment,
        "cancellation": stands.cancellation,
        "in_dispute": row.in_dispute,
        "has_notes": row.has_notes,
        "sentence": state_of_row(row).sentence,
        "placed_at": order.placed_at,
        "passed_at": stands.passed_at,
    }


def _whole(reader: Membership, seen: SeenOrder, row: Row) -> OrderWhole:
    order, part = seen.order, seen.own_part
    is_supplier = reader.party.kind == PartyKind.SUPPLIER
    money = order.currency
    tickets = tickets_about(reader, order)
    open_about = {order.pk} if any(one.ticket.is_open for one in tickets) else set()
    (row,) = finding.with_disputes([row], open_about)
    refunded = part.refunded_minor if part else order.refunded_minor
    return OrderWhole(
        **_in_list(row) | {"sentence": state_of(seen).sentence},
        deliver_to=_address(order),
        parts=[_part(one, order, is_supplier) for one in seen.parts],
        notes=[_note(one) for one in seen.notes],
        buyer_note=order.note,
        invoices=[_invoice(one) for one in seen.papers],
        tickets=[TicketRef.of(one.ticket) for one in tickets],
        cancel_reason=None if is_supplier else order.cancel_reason or None,
        sale=None if is_supplier else _sale(order.sale_minor, order),
        paid=None if is_supplier else Money.of(order.paid_minor, money),
        refunded=Money.of(refunded, money),
        lacking=Money.of(seen.lacking_minor, money) if seen.lacking_minor else None,
        outside={} if is_supplier else seen.outside,
        actions=offered(reader, order, part).names,
    )


def _sale(minor: int | None, order: OrderModel) -> Money | None:
    return None if minor is None else Money.of(minor, order.sale_currency or order.currency)


def _address(order: OrderModel) -> Address:
    return Address(**{name: getattr(order, f"to_{name}") for name in Address.model_fields})


def _part(part: Part, order: OrderModel, is_supplier: bool) -> PartShape:
    one = part.consignment
    money = order.currency
    return PartShape(
        supplier=PartyRef.of(one.supplier) if one else None,
        fulfilment=one.fulfilment if one else None,
        cancellation=one.cancellation if one else None,
        accepted_at=one.accepted_at if one else None,
        shipping_service=one.service.name if one and one.service else None,
        shipping=Money.of(one.shipping_minor, money) if one else None,
        total=Money.of(one.total_minor, money) if one else None,
        refunded=Money.of(one.refunded_minor, money) if one else None,
        lines=[_line(line, order, is_supplier) for line in part.lines],
        shipments=[_shipment(shipment) for shipment in part.shipments],
    )


def _line(line: OrderLine, order: OrderModel, is_supplier: bool) -> OrderLineShape:
    return OrderLineShape(
        id=line.pk,
        sku=line.sku or None,
        title=line.title,
        product=line.product_id,
        quantity=line.quantity,
        shipped=line.shipped,
        declined=line.declined,
        why_declined=line.why_declined or None,
        price=Money.of(line.cost_minor, order.currency),
        vat_bp=line.vat_bp,
        total=Money.of(line_total_minor(line), order.currency),
        sold_for=None if is_supplier else _sale(line.sold_for_minor, order),
    )


def _shipment(shipment: Shipment) -> ShipmentShape:
    contents = shipment.contents  # type: ignore[attr-defined]
    return ShipmentShape(
        id=shipment.pk,
        carrier=shipment.carrier,
        tracking=shipment.tracking or None,
        shipped_at=shipment.shipped_at,
        delivered_at=shipment.delivered_at,
        lines={str(line.pk): quantity for quantity, line in contents},
    )


def _note(note: NoteSeen) -> NoteShape:
    return NoteShape(
        id=note.id, text=note.text, at=note.at, person=note.person, party=note.party, only=note.only
    )


def _invoice(paper: Paper) -> InvoiceRef:
    return InvoiceRef(
        id=paper.id,
        kind=paper.kind,
        number=paper.shown_number,
        issued_at=paper.issued_at,
        total=Money.of(paper.total_minor, paper.currency),
    )


def _audit_line(line: AuditRow) -> AuditLine:
    changes = [{"what": what, "before": before, "now": now} for what, before, now in line.changes]
    return AuditLine(at=line.at, kind=line.kind, sentence=line.words, who=line.who, changes=changes)
