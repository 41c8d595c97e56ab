"""Finding the product that each line of an order is of: by the seller's listing, then by SKU (O5)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from parley.catalogue.access import products_by_sku
from parley.catalogue.models import Product
from parley.journal.recording import record
from parley.orders import events
from parley.orders.models import Listing, Order, OrderLine
from parley.orders.moving import seen_by_seller
from parley.parties.models import Membership


def match(order: Order, *, by: Membership | None) -> bool:
    """Link what can be linked of a locked order's lines; gives whether all of them are now.

    A listing on the order's channel comes first: the one with the line's listing ID, or else the one
    with its SKU. Without one, the SKU must be that of exactly one product on offer.
    """
    unlinked = list(order.lines.filter(product=None))
    listings = _listings(order.channel_id, unlinked)
    by_sku = products_by_sku([line.sku for line in unlinked if line.sku], order.currency)
    for line in unlinked:
        listed = listings.get(("id", line.listing_id)) or listings.get(_sku(line.sku))
        product = listed or by_sku.get(line.sku.upper())
        if product is not None and may_be_linked(order, product):
            link(order, line, product, how="listing" if listed else "sku", by=by)
    return bool(order.lines.exists()) and not order.lines.filter(product=None).exists()


def may_be_linked(order: Order, product: Product) -> bool:
    """Whether the product is priced in the order's currency: that of the first line linked."""
    if product.currency == order.currency:
        return True
    return not order.lines.filter(product__isnull=False).exists()


def link(
    order: Order, line: OrderLine, product: Product, *, how: str, by: Membership | None
) -> None:
    """Link one line of a locked order to a product that may be, at the product's price of now."""
    if order.currency != product.currency:
        order.currency = product.currency
        order.save(update_fields=["currency"])
    line.product = product
    line.cost_minor, line.vat_bp = product.price_minor, product.vat_bp
    line.save(update_fields=["product", "cost_minor", "vat_bp"])
    seen = seen_by_seller(order)
    record(
        events.LineLinked(order=order.pk, seen=seen, line=line.pk, product=product.pk, how=how),
        by=by,
    )


def _listings(channel_id: int, lines: Iterable[OrderLine]) -> dict[tuple[str, str], Product]:
    wanted = Q()
    for line in lines:
        if line.listing_id:
            wanted |= Q(listing_id=line.listing_id)
        if line.sku:
            wanted |= Q(listing_id="", sku__iexact=line.sku)
    if not wanted:
        return {}
    found = Listing.objects.filter(wanted, channel=channel_id).select_related("product")
    return {
        ("id", one.listing_id) if one.listing_id else _sku(one.sku): one.product for one in found
    }


def _sku(sku: str) -> tuple[str, str]:
    return ("sku", sku.upper())
