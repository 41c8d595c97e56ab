"""From Shopify's order (Admin REST API, resource Order; the same JSON in webhooks) to ours.

Source: shopify.dev/docs/api/admin-rest, resources Order and Webhook. Amounts are decimal strings in the
shop's currency, moments have an offset, `cancelled_at` tells a cancelled order, `current_quantity` is
what is left of a line after it was edited or refunded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parley.channels.connectors import picking
from parley.channels.connectors.shape import Told
from parley.channels.reasons import Unmappable
from parley.orders.taking import ArrivedLine, ArrivedOrder, Recipient

PAID = frozenset({"paid", "authorized", "partially_refunded"})
NEVER = frozenset({"voided", "refunded"})
SHIPPED = frozenset({"fulfilled", "restocked"})


def order_of(told: Told, settings: Mapping[str, Any]) -> ArrivedOrder:
    """The order that Shopify tells of. `settings["take"]`: `placed`, or only those `paid` for.

    Raises Unmappable.
    """
    code = picking.currency(told, "currency")
    lines = [_line(line, code) for line in picking.parts(told, "line_items") if _is_to_ship(line)]
    cancelled = bool(told.get("cancelled_at"))
    if not lines and not cancelled:
        raise Unmappable("no_lines")
    return ArrivedOrder(
        external_id=picking.needed(told, "id"),
        channel_number=picking.text(told, "name", picking.LONGEST_NUMBER),
        placed_at=picking.moment(told, "processed_at") or picking.moment(told, "created_at"),
        changed_at=picking.moment(told, "updated_at"),
        currency=code,
        sale_minor=picking.amount(told, "current_total_price", code)
        or picking.amount(told, "total_price", code),
        lines=tuple(lines),
        address=_recipient(told),
        note=picking.text(told, "note", picking.LONGEST_NOTE),
        outside=picking.words(
            told, payment="financial_status", fulfilment="fulfillment_status",
            why_cancelled="cancel_reason", tags="tags",
        ),
        cancelled=cancelled,
        wanted=_is_wanted(told, settings),
    )  # fmt: skip


def key_of(told: Told) -> str:
    """One version of an order: its id and when it was changed."""
    return f"{picking.needed(told, 'id')}@{picking.text(told, 'updated_at', 40)}"


def _is_wanted(told: Told, settings: Mapping[str, Any]) -> bool:
    payment = picking.text(told, "financial_status", 40)
    shipped = picking.text(told, "fulfillment_status", 40) in SHIPPED
    if shipped or payment in NEVER or told.get("test") is True:
        return False
    return payment in PAID or settings.get("take") == "placed"


def _is_to_ship(line: Told) -> bool:
    """Gift cards and downloads are not; neither is what was taken off the order again."""
    if line.get("requires_shipping") is False or line.get("gift_card") is True:
        return False
    return line.get("current_quantity", line.get("quantity")) not in (0, "0")


def _line(line: Told, code: str) -> ArrivedLine:
    counted = "current_quantity" if line.get("current_quantity") is not None else "quantity"
    variant = picking.text(line, "variant_title")
    title = picking.text(line, "title", picking.LONGEST_TITLE) or picking.text(
        line, "name", picking.LONGEST_TITLE
    )
    whole = f"{title} · {variant}" if variant and variant != "Default Title" else title
    return ArrivedLine(
        external_id=picking.exact(line, "id", picking.LONGEST_ID),
        listing_id=picking.exact(line, "variant_id", picking.LONGEST_ID),
        sku=picking.exact(line, "sku", picking.LONGEST_SKU),
        title=whole[: picking.LONGEST_TITLE],
        quantity=picking.quantity(line, counted),
        sold_for_minor=picking.amount(line, "price", code),
    )


def _recipient(told: Told) -> Recipient:
    to = picking.part(told, "shipping_address") or picking.part(told, "billing_address")
    name = picking.text(to, "name") or " ".join(
        filter(None, (picking.text(to, "first_name"), picking.text(to, "last_name")))
    )
    lines = filter(None, (picking.text(to, "address1"), picking.text(to, "address2")))
    code = picking.text(to, "country_code", 2).upper()
    return Recipient(
        name=name,
        company=picking.text(to, "company"),
        street="\n".join(lines),
        city=picking.text(to, "city"),
        region=picking.text(to, "province"),
        postcode=picking.text(to, "zip"),
        country=code or picking.country(to, "country"),
        phone=picking.text(to, "phone") or picking.text(told, "phone"),
        email=picking.text(told, "contact_email") or picking.text(told, "email"),
    )
