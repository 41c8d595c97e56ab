"""Taking in an order from a seller's channel (O5): once, however often and in whatever order it is told.

A connector maps what its platform sent to an `ArrivedOrder`; `take_in` makes the order, or brings the
one that is there up to date. What can't change any more, since the goods are as good as gone, is
noted in `outside` and shown beside what Parley knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from parley.journal.moment import now
from parley.journal.recording import record
from parley.orders import events, refunding
from parley.orders.advancing import advance
from parley.orders.axes import HELD_MONEY, OWED, Cancellation
from parley.orders.holding import why_held
from parley.orders.models import Channel, Order, OrderLine, Stage
from parley.orders.moving import cancel_all, lock, seen_by_seller
from parley.orders.words import words_of
from parley.parties.models import Membership

AS_OF = "as_of"
"""In `Order.outside`: when the channel last changed the order, as it said."""
LINE_IDS = "line_ids"
"""In `Order.outside`: the channel's own numbers of the lines, by their position."""
_REASON = "Cancelled in the shop"
_LENGTHS = {
    "name": 200, "company": 200, "street": 300, "city": 100, "region": 100, "postcode": 20,
    "country": 2, "phone": 40, "email": 254,
}  # fmt: skip
"""Of the columns that an address is kept in."""


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Where the goods go. `country` is ISO 3166; `street` holds lines, one under another."""

    name: str = ""
    company: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class ArrivedLine:
    """One item. `listing_id` is the channel's own number of it, `external_id` of this line."""

    title: str
    quantity: int
    sku: str = ""
    listing_id: str = ""
    external_id: str = ""
    sold_for_minor: int | None = None


@dataclass(frozen=True, kw_only=True)
class ArrivedOrder:
    """An order as a channel tells it. Amounts are minor units of `currency` (ISO 4217).

    `outside` are the channel's own words on payment, fulfilment and the like: kept and shown as they
    came. `changed_at` tells an older word from a newer one. `wanted` is False for an order that is
    not to be taken (yet): unpaid, or shipped already; one that was taken before is still updated.
    """

    external_id: str
    lines: tuple[ArrivedLine, ...]
    address: Recipient = field(default_factory=Recipient)
    channel_number: str = ""
    placed_at: datetime | None = None
    changed_at: datetime | None = None
    currency: str = ""
    sale_minor: int | None = None
    note: str = ""
    outside: Mapping[str, str] = field(default_factory=dict)
    cancelled: bool = False
    wanted: bool = True


class NotWanted(Exception):
    """The order is not there, and is not to be taken as it stands: unpaid, cancelled, shipped."""


def take_in(channel: Channel, arrived: ArrivedOrder, by: Membership | None = None) -> Order:
    """The order that `arrived` is, made or brought up to date, and advanced as far as it can go now.

    `by` is who uploaded or sent it, None for a channel of its own accord. The same told twice changes
    nothing the second time. Raises NotWanted.
    """
    with transaction.atomic():
        order = _known(channel, arrived)
        if order is not None:
            _bring_up_to_date(order, arrived, by)
            return order
        if arrived.cancelled or not arrived.wanted:
            raise NotWanted
        try:
            with transaction.atomic():
                order = _make(channel, arrived, by)
        except IntegrityError:  # told twice at the same time: the other one made it
            order = _known(channel, arrived)
            if order is None:
                raise
            _bring_up_to_date(order, arrived, by)
            return order
        advance(order, by=by)
        return order


def known_versions(channel: Channel, external_ids: Iterable[str]) -> dict[str, datetime | None]:
    """Those of the channel's orders that are here already, and as of when they are known."""
    found = Order.objects.filter(channel=channel, external_id__in=list(external_ids))
    return {
        str(key): datetime.fromisoformat(outside[AS_OF]) if outside.get(AS_OF) else None
        for key, outside in found.values_list("external_id", "outside")
    }


def _known(channel: Channel, arrived: ArrivedOrder) -> Order | None:
    same = Order.objects.filter(channel=channel, external_id=arrived.external_id)
    key = same.values_list("id", flat=True).first()
    return lock(key, None) if key is not None else None


def _make(channel: Channel, arrived: ArrivedOrder, by: Membership | None) -> Order:
    order = Order.objects.create(
        seller_id=channel.seller_id,
        channel=channel,
        external_id=arrived.external_id,
        channel_number=arrived.channel_number,
        person_id=by.person_id if by else None,
        stage=Stage.MATCHING,
        matching_until=now() + timedelta(days=settings.MATCHING_DAYS),
        arrived_at=now(),
        placed_at=arrived.placed_at or now(),
        sale_minor=arrived.sale_minor,
        sale_currency=arrived.currency,
        note=arrived.note,
        outside=_outside(arrived),
        **_address(arrived),
    )
    _write_lines(order, arrived)
    seen = seen_by_seller(order)
    record(events.OrderArrived(order=order.pk, seen=seen, channel=channel.pk), by=by)
    return lock(order.pk, None)


def _write_lines(order: Order, arrived: ArrivedOrder) -> None:
    made = OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            position=position,
            sku=line.sku,
            listing_id=line.listing_id,
            title=line.title or line.sku or line.listing_id,
            quantity=line.quantity,
            sold_for_minor=line.sold_for_minor,
        )
        for position, line in enumerate(arrived.lines)
    )
    Order.objects.filter(pk=order.pk).update(words=words_of(order, made))


def _bring_up_to_date(order: Order, arrived: ArrivedOrder, by: Membership | None) -> None:
    if _is_older(order, arrived):
        return
    may_change = order.stage not in (Stage.PASSED, Stage.DISMISSED) and not _is_cancelled(order)
    before = _shown(order)
    order.outside = {**order.outside, **_outside(arrived)}
    if arrived.cancelled:
        # A cancelled order may have lost its lines and address over there; ours tell what it was.
        order.save(update_fields=["outside"])
        _record_changes(order, before, by)
        if not _is_cancelled(order):
            _cancel(order, by)
        return
    if may_change:
        _take_address(order, arrived)
        order.note = arrived.note
    elif _differs(order, arrived):
        order.outside["address"] = _envelope(arrived)
    order.save(update_fields=["outside", "note", *_address(arrived)])
    lines_changed = _take_lines(order, arrived, may_change=may_change)
    _record_changes(order, before, by, lines_changed=lines_changed)
    advance(order, by=by)


def _cancel(order: Order, by: Membership | None) -> None:
    """The shop has cancelled the order: so do we, while no supplier has it; what was paid goes back.

    Afterwards the shop's word stands on the order (`outside`), and the seller asks the supplier.
    """
    if order.stage in (Stage.PASSED, Stage.DISMISSED):
        return
    cancel_all(order)
    order.cancel_reason = _REASON
    order.matching_until = order.settle_at = order.pass_at = None
    order.save(update_fields=["cancel_reason", "matching_until", "settle_at", "pass_at"])
    seen = seen_by_seller(order)
    record(events.OrderCancelled(order=order.pk, seen=seen, reason=_REASON), by=by)
    if order.payment in HELD_MONEY:
        refunding.refund_all(order, by=by, reason=_REASON)


def _take_address(order: Order, arrived: ArrivedOrder) -> None:
    """The new address; one that a paid order could not be shipped to is only noted."""
    old = {name: getattr(order, name) for name in _address(arrived)}
    for name, value in _address(arrived).items():
        setattr(order, name, value)
    if order.payment in OWED or not why_held(order):
        return
    for name, value in old.items():
        setattr(order, name, value)
    order.outside["address"] = _envelope(arrived)


def _take_lines(order: Order, arrived: ArrivedOrder, *, may_change: bool) -> bool:
    """Whether the lines are others now; when they can't be replaced any more, that is noted."""
    there = [
        (line.sku, line.listing_id, line.quantity) for line in order.lines.order_by("position")
    ]
    told = [(line.sku, line.listing_id, line.quantity) for line in arrived.lines]
    if there == told:
        return False
    if not may_change or order.payment not in OWED:
        wanted = "; ".join(f"{line.quantity} × {line.title or line.sku}" for line in arrived.lines)
        if order.outside.get("lines") != wanted[:1000]:
            order.outside["lines"] = wanted[:1000]
            order.save(update_fields=["outside"])
            return True
        return False
    order.lines.all().delete()
    _write_lines(order, arrived)
    order.stage = Stage.MATCHING if order.stage != Stage.NOT_LINKED else Stage.NOT_LINKED
    order.matching_until = order.matching_until or now() + timedelta(days=settings.MATCHING_DAYS)
    order.settle_at, order.why_held = None, []
    order.save(update_fields=["stage", "matching_until", "settle_at", "why_held"])
    return True


def _record_changes(
    order: Order, before: dict[str, Any], by: Membership | None, *, lines_changed: bool = False
) -> None:
    after = _shown(order)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if lines_changed:
        changed["lines"] = ["", "; ".join(str(line) for line in order.lines.order_by("position"))]
    if changed:
        seen = seen_by_seller(order)
        record(events.OrderChanged(order=order.pk, seen=seen, fields=changed), by=by)


def _shown(order: Order) -> dict[str, Any]:
    """What of an order a channel can change, for the audit to compare."""
    said = {
        key: order.outside[key] for key in sorted(order.outside) if key not in (AS_OF, LINE_IDS)
    }
    return {"address": ", ".join(order.address_lines), "note": order.note, "outside": said}


def _outside(arrived: ArrivedOrder) -> dict[str, Any]:
    kept: dict[str, Any] = dict(arrived.outside)
    if arrived.changed_at is not None:
        kept[AS_OF] = arrived.changed_at.isoformat()
    if any(line.external_id for line in arrived.lines):
        kept[LINE_IDS] = [line.external_id for line in arrived.lines]
    return kept


def _is_older(order: Order, arrived: ArrivedOrder) -> bool:
    known = order.outside.get(AS_OF)
    if arrived.changed_at is None or not known:
        return False
    return arrived.changed_at < datetime.fromisoformat(known)


def _is_cancelled(order: Order) -> bool:
    return order.cancellation == Cancellation.CANCELLED


def _differs(order: Order, arrived: ArrivedOrder) -> bool:
    return any(getattr(order, name) != value for name, value in _address(arrived).items())


def _envelope(arrived: ArrivedOrder) -> str:
    return ", ".join(Order(**_address(arrived)).address_lines)


def _address(arrived: ArrivedOrder) -> dict[str, str]:
    """The columns of the address, each no longer than its column is."""
    given = {one.name: getattr(arrived.address, one.name) for one in fields(Recipient)}
    return {f"to_{name}": value[: _LENGTHS[name]] for name, value in given.items()}
