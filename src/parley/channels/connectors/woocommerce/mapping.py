"""From WooCommerce's order (REST API v3, resource Orders; the same JSON in webhooks) to ours.

Source: woocommerce.github.io/woocommerce-rest-api-docs, Orders. Moments named `…_gmt` are UTC without
an offset; a line's `total` is without tax and for all of its quantity; `variation_id` is 0 for a
product without variants; an order that is shipped to its payer has an empty `shipping`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parley.channels.connectors import picking
from parley.channels.connectors.shape import Told
from parley.channels.reasons import Unmappable
from parley.orders.taking import ArrivedLine, ArrivedOrder, Recipient

PAID = frozenset({"processing"})
PLACED = PAID | {"on-hold", "pending"}
GONE = frozenset({"cancelled", "refunded", "trash"})


def order_of(told: Told, settings: Mapping[str, Any]) -> ArrivedOrder:
    """The order that WooCommerce tells of. `settings["take"]`: `placed`, or only those `paid` for.

    Raises Unmappable.
    """
    code = picking.currency(told, "currency")
    status = picking.text(told, "status", 40)
    lines = [
        _line(line, code)
        for line in picking.parts(told, "line_items")
        if line.get("quantity") not in (0, "0")
    ]
    if not lines and status not in GONE:
        raise Unmappable("no_lines")
    return ArrivedOrder(
        external_id=picking.needed(told, "id"),
        channel_number=picking.text(told, "number", picking.LONGEST_NUMBER),
        placed_at=picking.moment(told, "date_created_gmt"),
        changed_at=picking.moment(told, "date_modified_gmt"),
        currency=code,
        sale_minor=picking.total(told, ("total",), code),
        lines=tuple(lines),
        address=_recipient(told),
        note=picking.text(told, "customer_note", picking.LONGEST_NOTE),
        outside=picking.words(told, status="status", paid_by="payment_method_title"),
        cancelled=status in GONE,
        wanted=status in (PLACED if settings.get("take") == "placed" else PAID),
    )


def key_of(told: Told) -> str:
    """One version of an order: its id and when it was changed."""
    return f"{picking.needed(told, 'id')}@{picking.text(told, 'date_modified_gmt', 40)}"


def _line(line: Told, code: str) -> ArrivedLine:
    quantity = picking.quantity(line, "quantity")
    whole = picking.total(line, ("total", "total_tax"), code) if line.get("total") else None
    variation = picking.exact(line, "variation_id", picking.LONGEST_ID)
    product = picking.exact(line, "product_id", picking.LONGEST_ID)
    return ArrivedLine(
        external_id=picking.exact(line, "id", picking.LONGEST_ID),
        listing_id=next((one for one in (variation, product) if one not in ("", "0")), ""),
        sku=picking.exact(line, "sku", picking.LONGEST_SKU),
        title=picking.text(line, "name", picking.LONGEST_TITLE),
        quantity=quantity,
        sold_for_minor=picking.each(whole, quantity),
    )


def _recipient(told: Told) -> Recipient:
    billing = picking.part(told, "billing")
    shipping = picking.part(told, "shipping")
    to = shipping if picking.text(shipping, "address_1") else billing
    names = (picking.text(to, "first_name"), picking.text(to, "last_name"))
    lines = filter(None, (picking.text(to, "address_1"), picking.text(to, "address_2")))
    return Recipient(
        name=" ".join(filter(None, names)),
        company=picking.text(to, "company"),
        street="\n".join(lines),
        city=picking.text(to, "city"),
        region=picking.text(to, "state"),
        postcode=picking.text(to, "postcode"),
        country=picking.country(to, "country"),
        phone=picking.text(to, "phone") or picking.text(billing, "phone"),
        email=picking.text(billing, "email"),
    )
