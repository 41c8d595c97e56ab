"""From Parley's own order JSON, as docs/api.md describes it, to an order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parley.channels.connectors import picking
from parley.channels.connectors.shape import Told
from parley.channels.reasons import Unmappable
from parley.orders.taking import ArrivedLine, ArrivedOrder, Recipient


def order_of(told: Told, settings: Mapping[str, Any]) -> ArrivedOrder:
    """The order that a program tells of. Raises Unmappable."""
    code = picking.currency(told, "currency")
    cancelled = told.get("cancelled") is True
    lines = tuple(_line(line, code) for line in picking.parts(told, "lines"))
    if not lines:
        raise Unmappable("no_lines")
    outside = picking.words(told, payment="payment_status", fulfilment="fulfilment_status")
    if not code and picking.text(told, "currency", 10):
        outside["currency"] = picking.text(told, "currency", 10)
    return ArrivedOrder(
        external_id=picking.needed(told, "id"),
        channel_number=picking.text(told, "number", picking.LONGEST_NUMBER)
        or picking.text(told, "id", picking.LONGEST_NUMBER),
        placed_at=picking.moment(told, "placed_at"),
        changed_at=picking.moment(told, "changed_at"),
        currency=code,
        sale_minor=picking.amount(told, "total", code),
        lines=lines,
        address=_recipient(picking.part(told, "ship_to")),
        note=picking.text(told, "note", picking.LONGEST_NOTE),
        outside=outside,
        cancelled=cancelled,
    )


def _line(line: Told, code: str) -> ArrivedLine:
    sku = picking.exact(line, "sku", picking.LONGEST_SKU)
    listing_id = picking.exact(line, "listing_id", picking.LONGEST_ID)
    title = picking.text(line, "title", picking.LONGEST_TITLE)
    if not (sku or listing_id or title):
        raise Unmappable("missing", where="sku")
    return ArrivedLine(
        external_id=picking.exact(line, "id", picking.LONGEST_ID),
        sku=sku,
        listing_id=listing_id,
        title=title,
        quantity=picking.quantity(line, "quantity"),
        sold_for_minor=picking.amount(line, "price", code),
    )


def _recipient(to: Told) -> Recipient:
    street = to.get("street")
    if isinstance(street, list):
        lines = [picking.text({"street": one}, "street") for one in street[:6]]
    else:
        lines = picking.text(to, "street", 300).splitlines()
    return Recipient(
        name=picking.text(to, "name"),
        company=picking.text(to, "company"),
        street="\n".join(line.strip() for line in lines if line.strip()),
        city=picking.text(to, "city"),
        region=picking.text(to, "region"),
        postcode=picking.text(to, "postcode"),
        country=picking.country(to, "country"),
        phone=picking.text(to, "phone"),
        email=picking.text(to, "email"),
    )
