"""What can happen to an order. `seen` are the parties that may know of it: nobody else is told.

The audit of an order is the list of these, as the reader's party may see them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class OrderEvent(Event):
    order: int
    seen: tuple[int, ...]

    @property
    def subject(self) -> str:
        return f"order:{self.order}"

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(
            topic
            for party in self.seen
            for topic in (f"order/{self.order}/{party}", f"orders/{party}")
        )


@dataclass(frozen=True, kw_only=True)
class OrderDrafted(OrderEvent):
    """A manual order was begun."""


@dataclass(frozen=True, kw_only=True)
class OrderArrived(OrderEvent):
    """From a channel, or completed by hand."""

    channel: int


@dataclass(frozen=True, kw_only=True)
class LineLinked(OrderEvent):
    """A line was matched to a product: by `listing`, `sku`, or `hand`."""

    line: int
    product: int
    how: str


@dataclass(frozen=True, kw_only=True)
class OrderNotLinked(OrderEvent):
    """Matching was given up; it is shown, to be linked by hand or dismissed."""


@dataclass(frozen=True, kw_only=True)
class OrderDismissed(OrderEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class OrderHeld(OrderEvent):
    """It goes where it may not be shipped; `why` is as `orders.holding` writes it."""

    why: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class OrderQueued(OrderEvent):
    """Everything is known; it waits to be invoiced and paid."""


@dataclass(frozen=True, kw_only=True)
class OrderUnpaid(OrderEvent):
    """A payment failed: for want of money (`lacking_minor`), or as the provider says (`reason`)."""

    currency: str
    amount_minor: int
    lacking_minor: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderPaid(OrderEvent):
    number: int
    currency: str
    amount_minor: int
    provider: str

    @property
    def topics(self) -> tuple[str, ...]:
        """Balances change with it, too."""
        return (*super().topics, *(f"balance/{party}" for party in self.seen))


@dataclass(frozen=True, kw_only=True)
class InvoiceIssued(OrderEvent):
    invoice: int
    shown_number: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class OrderPassedOn(OrderEvent):
    """It is with its suppliers now."""


@dataclass(frozen=True, kw_only=True)
class OrderAccepted(OrderEvent):
    supplier: int


@dataclass(frozen=True, kw_only=True)
class OrderShipped(OrderEvent):
    supplier: int
    shipment: int
    carrier: str
    tracking: str
    all_of_it: bool


@dataclass(frozen=True, kw_only=True)
class OrderDelivered(OrderEvent):
    supplier: int
    shipment: int


@dataclass(frozen=True, kw_only=True)
class OrderReturned(OrderEvent):
    supplier: int


@dataclass(frozen=True, kw_only=True)
class LineDeclined(OrderEvent):
    supplier: int
    line: int
    quantity: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class CancellationAsked(OrderEvent):
    """The seller asks the supplier to cancel, by a ticket."""

    supplier: int
    ticket: int


@dataclass(frozen=True, kw_only=True)
class CancellationDeclined(OrderEvent):
    supplier: int
    ticket: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class CancellationWithdrawn(OrderEvent):
    """The ticket that asked for it ended without an answer to that."""

    supplier: int
    ticket: int


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(OrderEvent):
    """All of it, or the part of one `supplier`."""

    reason: str
    supplier: int | None = None


@dataclass(frozen=True, kw_only=True)
class OrderRefunded(OrderEvent):
    currency: str
    amount_minor: int
    supplier: int | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """Balances change with it, too."""
        return (*super().topics, *(f"balance/{party}" for party in self.seen))


@dataclass(frozen=True, kw_only=True)
class OrderNoted(OrderEvent):
    note: int


@dataclass(frozen=True, kw_only=True)
class OrderChanged(OrderEvent):
    """Something of it was changed by a person or its channel: field → (before, after)."""

    fields: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ChannelTold(OrderEvent):
    """The seller's channel was told of a shipment, or could not be (`trouble`)."""

    shipment: int
    trouble: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketBound(OrderEvent):
    """A ticket about the order was opened (or ended: `open` False)."""

    ticket: int
    open: bool


@dataclass(frozen=True, kw_only=True)
class ListingEvent(Event):
    """Something about a listing of a channel; `seen` is its seller."""

    listing: int
    channel: int
    seen: tuple[int, ...]

    @property
    def subject(self) -> str:
        return f"channel:{self.channel}"


@dataclass(frozen=True, kw_only=True)
class ListingMade(ListingEvent):
    """An item of a channel was linked to a product: orders that waited for it can be matched."""

    listing_id: str
    sku: str
    product: int


@dataclass(frozen=True, kw_only=True)
class ListingTaken(ListingEvent):
    """It was taken away again."""


@dataclass(frozen=True, kw_only=True)
class ReasonsChanged(Event):
    """The operator changed the list of reasons to cancel: `what` is added, changed or moved.

    `changed`: field → (before, after).
    """

    reason: int
    what: str
    changed: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"cancel-reason:{self.reason}"
