"""An order of the demo while it is lived through, before it is a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from parley.catalogue.models import Product, ShippingService
from parley.demo.casting import Actor, Company
from parley.demo.trade.buyers import Buyer
from parley.demo.trade.shops import Shop, Way
from parley.demo.trade.wares import Ware
from parley.ledger.money import vat_of
from parley.orders.axes import Cancellation, Fulfilment, Standing, Step, after, together
from parley.orders.models import Stage


class Turn(StrEnum):
    """What is out of the ordinary in an order's life, if anything."""

    NONE = "none"
    CANCELLED = "cancelled"
    """By the seller, before its suppliers have it."""
    STARVED = "starved"
    """There is no money to pay for it, up to the present."""
    CARD_DECLINED = "card declined"
    HELD = "held"
    MATCHING = "matching"
    NOT_LINKED = "not linked"
    DISMISSED = "dismissed"
    LINKED_BY_HAND = "linked by hand"
    DRAFT = "draft"
    KEPT_BACK = "kept back"
    """Paid, and not passed on for some hours: there is time to cancel it."""


@dataclass(frozen=True)
class Course:
    """What becomes of an order once its suppliers have it; every time counts from then.

    None: it does not happen. `rest` is when a second parcel goes out, `declined` when a line is
    declined, `called_off` when the supplier cancels all of its part; `back` is when goods return, and
    `refunded` when they are paid back.
    """

    accepted: timedelta | None = None
    shipped: timedelta | None = None
    rest: timedelta | None = None
    delivered: timedelta | None = None
    back: timedelta | None = None
    refunded: timedelta | None = None
    declined: timedelta | None = None
    called_off: timedelta | None = None
    noted: timedelta | None = None


@dataclass
class Line:
    """One item. `known` is False while no product is known for it."""

    ware: Ware
    product: Product
    title: str
    quantity: int
    sold_for_minor: int
    sku: str
    listing_id: str = ""
    how: str = "sku"
    known: bool = False
    id: int = 0
    shipped: int = 0
    declined: int = 0
    why_declined: str = ""

    @property
    def left(self) -> int:
        return self.quantity - self.shipped - self.declined

    @property
    def net_minor(self) -> int:
        return self.product.price_minor * (self.quantity - self.declined)


@dataclass
class Parcel:
    id: int
    carrier: str
    tracking: str
    shipped_at: datetime
    quantities: list[tuple[Line, int]]
    delivered_at: datetime | None = None
    told_at: datetime | None = None


@dataclass
class Part:
    """What one supplier has to do with an order."""

    supplier: Company
    worker: Actor
    service: ShippingService
    lines: list[Line]
    course: Course
    id: int = 0
    fulfilment: Fulfilment = Fulfilment.UNSHIPPED
    cancellation: Cancellation = Cancellation.NONE
    net_minor: int = 0
    vat_minor: int = 0
    refunded_minor: int = 0
    passed_at: datetime | None = None
    accepted_at: datetime | None = None
    exported_at: datetime | None = None
    invoice: int = 0
    invoice_number: str = ""
    invoiced: list[dict[str, Any]] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)

    @property
    def supplier_id(self) -> int:
        return self.supplier.party.pk

    @property
    def total_minor(self) -> int:
        return self.net_minor + self.vat_minor

    def reckon(self) -> None:
        """Reckon what it costs, as `orders.parting` does."""
        nets = [(line.net_minor, line.product.vat_bp) for line in self.lines]
        nets.append((self.service.price_minor, self.service.vat_bp))
        self.net_minor = sum(net for net, _rate in nets)
        self.vat_minor = sum(vat_of(net, rate) for net, rate in nets)


@dataclass
class Deal:
    """An order; its parts are made beforehand, and numbered as it goes."""

    shop: Shop
    way: Way
    buyer: Buyer
    parts: list[Part]
    placed_at: datetime
    turn: Turn = Turn.NONE
    turn_at: datetime | None = None
    person: Actor | None = None
    note: str = ""
    outside: dict[str, Any] = field(default_factory=dict)
    is_bound: bool = False
    """A ticket is about it: nothing may come between."""

    id: int = 0
    number: int | None = None
    external_id: str | None = None
    channel_number: str = ""
    stage: Stage = Stage.MATCHING
    standing: Standing = field(default_factory=Standing)
    arrived_at: datetime | None = None
    matching_until: datetime | None = None
    settle_at: datetime | None = None
    paid_at: datetime | None = None
    pass_at: datetime | None = None
    passed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    why_held: list[dict[str, Any]] = field(default_factory=list)
    sale_minor: int = 0
    parted: bool = False
    payment: int = 0
    notes: list[Note] = field(default_factory=list)

    @property
    def lines(self) -> Iterator[Line]:
        for part in self.parts:
            yield from part.lines

    @property
    def seller_id(self) -> int:
        return self.shop.company.party.pk

    @property
    def cost_minor(self) -> int:
        return sum(part.total_minor for part in self.parts)

    @property
    def is_cancelled(self) -> bool:
        return self.standing.cancellation is Cancellation.CANCELLED

    def step(self, taken: Step, amount: int = 0) -> None:
        """Take a step of the whole. Raises NotAllowed."""
        self.standing = after(self.standing, taken, amount=amount)

    def cancel_all(self, at: datetime) -> None:
        """Take the step of cancelling everything. Raises NotAllowed."""
        self.step(Step.CANCEL)
        self.cancelled_at = at
        for part in self.parts:
            part.cancellation = Cancellation.CANCELLED

    def step_part(self, part: Part, taken: Step, at: datetime, *, left: bool = False) -> None:
        """Take a step of one part; the whole then stands as its parts make it. Raises NotAllowed."""
        reached = after(self._standing_of(part), taken, left=left)
        part.fulfilment, part.cancellation = reached.fulfilment, reached.cancellation
        self.standing = together([self._standing_of(one) for one in self.parts], self.standing)
        if self.is_cancelled:
            self.cancelled_at = self.cancelled_at or at

    def _standing_of(self, part: Part) -> Standing:
        return self.standing._replace(fulfilment=part.fulfilment, cancellation=part.cancellation)


@dataclass(frozen=True)
class Note:
    id: int
    by: Actor
    supplier_id: int | None
    text: str
    at: datetime
