"""One order as one reader sees it: its parts with their lines and shipments, notes, invoices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from parley.ledger.balances import balance_of
from parley.ledger.money import vat_of
from parley.orders.access import (
    consignments_visible_to,
    invoices_visible_to,
    lines_visible_to,
    notes_visible_to,
    orders_visible_to,
)
from parley.orders.axes import Payment
from parley.orders.models import (
    Consignment,
    InvoiceKind,
    Order,
    OrderLine,
    Shipment,
    ShipmentLine,
    Stage,
)
from parley.parties.access import any_reader_of
from parley.parties.models import Membership, PartyKind
from parley.postgres.questions import Given, Question

OWN_WORDS = frozenset({"as_of", "line_ids"})
"""What `Order.outside` keeps for Parley itself, and nobody is shown."""


@dataclass(frozen=True)
class Note:
    """What somebody wrote on the order; `only` names the one supplier who reads it, if one."""

    id: int
    text: str
    at: datetime
    person: str
    party: str
    kind: str
    only: str | None


@dataclass(frozen=True)
class Paper:
    """An invoice or a credit note of it."""

    id: int
    shown_number: str
    kind: str
    issued_at: datetime
    total_minor: int
    currency: str
    supplier: int

    @property
    def is_credit(self) -> bool:
        return self.kind == InvoiceKind.CREDIT_NOTE


@dataclass
class Part:
    """A supplier's part; `consignment` is none for lines that are linked to no product yet."""

    consignment: Consignment | None
    lines: list[OrderLine] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)
    """Each with its `contents`: pairs of how many and a line."""

    @property
    def quantity(self) -> int:
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True)
class SeenOrder:
    """All that one reader may see of an order, but the tickets about it. Amounts are minor units."""

    order: Order
    parts: Sequence[Part]
    notes: Sequence[Note]
    papers: Sequence[Paper]
    lacking_minor: int
    own_part: Consignment | None
    """The part of the reader who is its supplier."""

    @property
    def suppliers(self) -> list[str]:
        return [part.consignment.supplier.name for part in self.parts if part.consignment]

    @property
    def unlinked(self) -> int:
        """How many lines no product is known for."""
        return sum(line.product_id is None for part in self.parts for line in part.lines)

    @property
    def outside(self) -> dict[str, str]:
        """What the channel says of it, in its own words."""
        return {
            name: plain_words(said)
            for name, said in self.order.outside.items()
            if name not in OWN_WORDS and said not in (None, "", [], {})
        }


def see(reader: Membership, order_id: int) -> SeenOrder | None:
    """The order, in three queries at most; None when there is none for `reader`."""
    order = _order(reader.party.kind).ask_one(order=order_id, party=reader.party_id)
    if order is None:
        return None
    parts = _parts(reader, order)
    own = reader.party.kind == PartyKind.SUPPLIER
    return SeenOrder(
        order=order,
        parts=parts,
        notes=[Note(**_moments(one, "at")) for one in order.noted],  # type: ignore[attr-defined]
        papers=[Paper(**_moments(one, "issued_at")) for one in order.papers],  # type: ignore[attr-defined]
        lacking_minor=_lacking(order, reader),
        own_part=parts[0].consignment if own and parts else None,
    )


def plain_words(said: Any) -> str:
    """Something that came as JSON, as people read it."""
    if isinstance(said, dict):
        return ", ".join(f"{name}: {plain_words(one)}" for name, one in said.items())
    if isinstance(said, (list, tuple)):
        return ", ".join(plain_words(one) for one in said)
    return "" if said is None else str(said)


def line_total_minor(line: OrderLine) -> int:
    """What a line costs, VAT included: what was declined of it costs nothing."""
    net = line.cost_minor * (line.quantity - line.declined)
    return net + vat_of(net, line.vat_bp)


@cache
def _order(kind: str) -> Question[Order]:
    anyone = any_reader_of(kind)
    return Question(_with_papers(orders_visible_to(anyone).filter(pk=Given("order")), anyone))


@cache
def _lines(kind: str) -> Question[OrderLine]:
    return Question(
        lines_visible_to(any_reader_of(kind))
        .filter(order=Given("order"))
        .select_related("product", "consignment__supplier", "consignment__service")
        .defer("product__words", "product__description", "consignment__words")
        .order_by("position")
    )


def _with_papers(orders: QuerySet[Order], reader: Membership) -> QuerySet[Order]:
    notes = notes_visible_to(reader).filter(order=OuterRef("pk")).order_by("id")
    papers = invoices_visible_to(reader).filter(consignment__order=OuterRef("pk"))
    return (
        orders.select_related("seller", "channel", "person")
        .defer("words", "person__password")
        .annotate(
            noted=ArraySubquery(
                notes.values(
                    json=JSONObject(
                        id="id", text="text", at="at", person="person__name",
                        party="party__name", kind="party__kind", only="supplier__name",
                    )
                )
            ),
            papers=ArraySubquery(
                papers.order_by("id").values(
                    json=JSONObject(
                        id="id", shown_number="shown_number", kind="kind", issued_at="issued_at",
                        total_minor=F("net_minor") + F("vat_minor"), currency="currency",
                        supplier="supplier_id",
                    )
                )
            ),
        )
    )  # fmt: skip


def _moments(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A row that came as JSON, in which a moment is a text."""
    return {**row, name: datetime.fromisoformat(row[name])}


def _parts(reader: Membership, order: Order) -> list[Part]:
    lines = _lines(reader.party.kind).ask(order=order.pk, party=reader.party_id)
    parts: dict[int | None, Part] = {}
    for line in lines:
        part = parts.setdefault(line.consignment_id, Part(line.consignment))
        part.lines.append(line)
    if order.stage == Stage.PASSED:
        _add_shipments(reader, order, parts)
    return [parts[key] for key in sorted(parts, key=lambda key: (key is not None, key))]


def _add_shipments(reader: Membership, order: Order, parts: dict[int | None, Part]) -> None:
    seen: dict[int, Shipment] = {}
    for content in _contents(reader.party.kind).ask(order=order.pk, party=reader.party_id):
        shipment = seen.setdefault(content.shipment_id, content.shipment)
        if not hasattr(shipment, "contents"):
            shipment.contents = []  # type: ignore[attr-defined]
            if part := parts.get(shipment.consignment_id):
                part.shipments.append(shipment)
        shipment.contents.append((content.quantity, content.line))  # type: ignore[attr-defined]


@cache
def _contents(kind: str) -> Question[ShipmentLine]:
    parts = consignments_visible_to(any_reader_of(kind)).filter(order=Given("order"))
    return Question(
        ShipmentLine.objects.filter(shipment__consignment__in=parts.values("pk"))
        .select_related("shipment", "line")
        .order_by("shipment", "line__position")
    )


def _lacking(order: Order, reader: Membership) -> int:
    """What is missing on the seller's balance for an order that waits for it."""
    waits = order.stage == Stage.QUEUED and order.payment == Payment.UNPAID
    if not waits or reader.party.kind == PartyKind.SUPPLIER:
        return 0
    return max(0, order.cost_minor - balance_of(order.seller_id, order.currency))
