"""What the shops' platforms would have sent of an order, in their own words."""

from __future__ import annotations

from typing import Any

from parley.demo.trade.deals import Deal
from parley.ledger.money import plain
from parley.orders.models import ChannelKind

_CURRENCY = "GBP"


def payload(deal: Deal) -> dict[str, Any]:
    """The order as its channel tells it. Raises KeyError for a channel that tells nothing."""
    return _PAYLOADS[ChannelKind(deal.way.kind)](deal)


def _shopify(deal: Deal) -> dict[str, Any]:
    to, first, last = deal.buyer, *_names(deal)
    street, _, second = to.street.partition("\n")
    return {
        "id": int(deal.external_id or 0),
        "name": deal.channel_number,
        "created_at": deal.placed_at.isoformat(timespec="seconds"),
        "updated_at": deal.placed_at.isoformat(timespec="seconds"),
        "currency": _CURRENCY,
        "current_total_price": plain(deal.sale_minor, _CURRENCY),
        "financial_status": deal.outside.get("payment", "paid"),
        "fulfillment_status": deal.outside.get("fulfilment"),
        "email": to.email,
        "note": deal.note,
        "shipping_address": {
            "first_name": first,
            "last_name": last,
            "company": to.company,
            "address1": street,
            "address2": second,
            "city": to.city,
            "province": to.region,
            "zip": to.postcode,
            "country_code": to.country,
            "phone": to.phone,
        },
        "line_items": [
            {
                "id": 13_000_000_000 + line.id,
                "variant_id": int(line.listing_id) if line.listing_id else None,
                "sku": line.sku,
                "title": line.title,
                "quantity": line.quantity,
                "price": plain(line.sold_for_minor, _CURRENCY),
                "requires_shipping": True,
            }
            for line in deal.lines
        ],
    }


def _woocommerce(deal: Deal) -> dict[str, Any]:
    to, first, last = deal.buyer, *_names(deal)
    street, _, second = to.street.partition("\n")
    return {
        "id": int(deal.external_id or 0),
        "number": deal.channel_number,
        "status": deal.outside.get("payment", "processing"),
        "currency": _CURRENCY,
        "date_created_gmt": f"{deal.placed_at:%Y-%m-%dT%H:%M:%S}",
        "date_modified_gmt": f"{deal.placed_at:%Y-%m-%dT%H:%M:%S}",
        "total": plain(deal.sale_minor, _CURRENCY),
        "customer_note": deal.note,
        "billing": {"email": to.email, "phone": to.phone},
        "shipping": {
            "first_name": first,
            "last_name": last,
            "company": to.company,
            "address_1": street,
            "address_2": second,
            "city": to.city,
            "state": to.region,
            "postcode": to.postcode,
            "country": to.country,
        },
        "line_items": [
            {
                "id": 40_000 + line.id,
                "product_id": 900 + line.product.pk,
                "sku": line.sku,
                "name": line.title,
                "quantity": line.quantity,
                "price": float(plain(line.sold_for_minor, _CURRENCY)),
            }
            for line in deal.lines
        ],
    }


def _json(deal: Deal) -> dict[str, Any]:
    to = deal.buyer
    return {
        "id": deal.external_id,
        "number": deal.channel_number,
        "placed_at": deal.placed_at.isoformat(timespec="seconds"),
        "currency": _CURRENCY,
        "total": plain(deal.sale_minor, _CURRENCY),
        "note": deal.note,
        "ship_to": {
            "name": to.name,
            "company": to.company,
            "street": to.street.splitlines(),
            "city": to.city,
            "region": to.region,
            "postcode": to.postcode,
            "country": to.country,
            "phone": to.phone,
            "email": to.email,
        },
        "lines": [
            {
                "sku": line.sku,
                "title": line.title,
                "quantity": line.quantity,
                "price": plain(line.sold_for_minor, _CURRENCY),
            }
            for line in deal.lines
        ],
    }


def _names(deal: Deal) -> tuple[str, str]:
    first, _, last = deal.buyer.name.partition(" ")
    return first, last


_PAYLOADS = {
    ChannelKind.SHOPIFY: _shopify,
    ChannelKind.WOOCOMMERCE: _woocommerce,
    ChannelKind.JSON: _json,
}
