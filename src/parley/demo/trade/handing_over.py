"""What suppliers do with their part of an order, from the hand-over on."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from parley.demo.copying import Numbering
from parley.demo.reading_content import content
from parley.demo.trade.deals import Deal, Line, Note, Parcel, Part
from parley.demo.trade.tracking import tracking_number
from parley.orders import events
from parley.orders.axes import Fulfilment, Step
from parley.orders.invoicing import line_of
from parley.orders.models import ChannelKind, OrderNote, Shipment

if TYPE_CHECKING:
    from parley.demo.trade.market import Market

TELLS = frozenset({ChannelKind.SHOPIFY, ChannelKind.WOOCOMMERCE})
"""The kinds of channels that are told of a shipment."""


class HandedOver:
    """Lives through what a part's course says."""

    def __init__(self, market: Market, rng: Random) -> None:
        self._market = market
        self._rng = rng
        self._shipments, self._notes = Numbering(Shipment), Numbering(OrderNote)

    def close(self) -> None:
        self._shipments.close()
        self._notes.close()

    def to(self, deal: Deal, part: Part, at: datetime) -> None:
        """A supplier has its part since now: put down all that becomes of it."""
        course = part.course
        for after, act in (
            (course.noted, self._note),
            (course.accepted, self._accept),
            (course.declined, self._decline),
            (course.called_off, self._call_off),
            (course.shipped, self._ship),
            (course.rest, self._ship_the_rest),
            (course.delivered, self._deliver),
            (course.back, self._take_back),
            (course.refunded, self._refund),
        ):
            if after is not None:
                self._market.at(at + after, partial(act, deal, part))

    def _accept(self, deal: Deal, part: Part, at: datetime) -> None:
        part.accepted_at = at
        accepted = events.OrderAccepted(
            order=deal.id,
            seen=self._market.seen_by_part(deal, part),
            supplier=part.supplier_id,
        )
        self._market.chronicle.record(accepted, at, part.worker)

    def _note(self, deal: Deal, part: Part, at: datetime) -> None:
        """The seller or the supplier writes something on the order."""
        from_seller = self._rng.random() < 0.5
        by = self._rng.choice(deal.shop.company.people) if from_seller else part.worker
        text = self._rng.choice(
            content("buyers")["seller_notes" if from_seller else "supplier_notes"]
        )
        note = Note(next(self._notes), by, None if from_seller else part.supplier_id, text, at)
        deal.notes.append(note)
        seen = self._market.seen_by_part(deal, part)
        if from_seller:
            seen = self._market.seen_by_all(deal)
        noted = events.OrderNoted(order=deal.id, seen=seen, note=note.id)
        self._market.chronicle.record(noted, at, by)

    def _ship(self, deal: Deal, part: Part, at: datetime) -> None:
        """All of it, or a first parcel where a second one is to come."""
        going = [(line, line.left) for line in part.lines if line.left]
        if part.course.rest is not None:
            going = _some_of(going)
        self._send(deal, part, going, at)

    def _ship_the_rest(self, deal: Deal, part: Part, at: datetime) -> None:
        self._send(deal, part, [(line, line.left) for line in part.lines if line.left], at)

    def _send(self, deal: Deal, part: Part, going: list[tuple[Line, int]], at: datetime) -> None:
        if not going:
            return
        carrier = part.service.carrier
        parcel = Parcel(
            next(self._shipments), carrier, tracking_number(carrier, self._rng), at, going
        )
        part.parcels.append(parcel)
        for line, quantity in going:
            line.shipped += quantity
        left = any(line.left for line in part.lines)
        deal.step_part(part, Step.SHIP, at, left=left)
        shipped = events.OrderShipped(
            order=deal.id,
            seen=self._market.seen_by_part(deal, part),
            supplier=part.supplier_id,
            shipment=parcel.id,
            carrier=parcel.carrier,
            tracking=parcel.tracking,
            all_of_it=not left,
        )
        self._market.chronicle.record(shipped, at, part.worker)
        if deal.way.kind in TELLS:
            soon = timedelta(seconds=self._rng.randrange(3, 50))
            self._market.at(at + soon, lambda at: self._tell(deal, part, parcel, at))

    def _tell(self, deal: Deal, part: Part, parcel: Parcel, at: datetime) -> None:
        parcel.told_at = at
        told = events.ChannelTold(
            order=deal.id, seen=self._market.seen_by_part(deal, part), shipment=parcel.id
        )
        self._market.chronicle.record(told, at)

    def _deliver(self, deal: Deal, part: Part, at: datetime) -> None:
        """All that was sent has arrived."""
        for parcel in part.parcels:
            parcel.delivered_at = at
            delivered = events.OrderDelivered(
                order=deal.id,
                seen=self._market.seen_by_part(deal, part),
                supplier=part.supplier_id,
                shipment=parcel.id,
            )
            self._market.chronicle.record(delivered, at, part.worker)
        if part.fulfilment is Fulfilment.SHIPPED:
            deal.step_part(part, Step.DELIVER, at)

    def _take_back(self, deal: Deal, part: Part, at: datetime) -> None:
        deal.step_part(part, Step.TAKE_BACK, at)
        back = events.OrderReturned(
            order=deal.id, seen=self._market.seen_by_part(deal, part), supplier=part.supplier_id
        )
        self._market.chronicle.record(back, at, part.worker)

    def _refund(self, deal: Deal, part: Part, at: datetime) -> None:
        if self._market.may_refund(deal, at):
            self._market.refund(
                deal, part, part.invoiced, at=at, by=part.worker, reason="Goods returned"
            )

    def _decline(self, deal: Deal, part: Part, at: datetime) -> None:
        """One piece can't be sent; it is paid back, or all of the part if nothing is left of it."""
        if not self._market.may_refund(deal, at):
            return
        line = part.lines[0]
        line.declined += 1
        line.why_declined = self._rng.choice(content("buyers")["why_declined"])
        declined = events.LineDeclined(
            order=deal.id,
            seen=self._market.seen_by_part(deal, part),
            supplier=part.supplier_id,
            line=line.id,
            quantity=1,
            reason=line.why_declined,
        )
        self._market.chronicle.record(declined, at, part.worker)
        if not any(one.left for one in part.lines):
            self._cancel(deal, part, at, line.why_declined)
            return
        self._market.refund(
            deal, part, [_one_of(line)], at=at, by=part.worker, reason=line.why_declined
        )

    def _call_off(self, deal: Deal, part: Part, at: datetime) -> None:
        if self._market.may_refund(deal, at):
            self._cancel(deal, part, at, "The customer changed their mind")

    def _cancel(self, deal: Deal, part: Part, at: datetime, reason: str) -> None:
        deal.step_part(part, Step.CANCEL, at)
        cancelled = events.OrderCancelled(
            order=deal.id,
            seen=self._market.seen_by_part(deal, part),
            reason=reason,
            supplier=part.supplier_id,
        )
        self._market.chronicle.record(cancelled, at, part.worker)
        self._market.refund(deal, part, part.invoiced, at=at, by=part.worker, reason=reason)


def _some_of(lines: list[tuple[Line, int]]) -> list[tuple[Line, int]]:
    """The first of several lines, or the first half of a single one."""
    if len(lines) > 1:
        return lines[:1]
    line, quantity = lines[0]
    return [(line, max(1, quantity // 2))]


def _one_of(line: Line) -> dict[str, Any]:
    return line_of(
        line.product.title, 1, line.product.price_minor, line.product.vat_bp,
        line=line.id, sku=line.product.sku,
    )  # fmt: skip
