"""The words that orders are found by; `orders.searching` looks for them."""

from __future__ import annotations

from collections.abc import Iterable

from parley.orders.models import Order, OrderLine
from parley.postgres.text_search import Words


def words_of(order: Order, lines: Iterable[OrderLine]) -> Words:
    """What an order, or a supplier's part of it, is found by.

    The channel's number, and of each item its title, its SKUs and its supplier's product ID. `lines`
    come with their products.
    """
    said = [order.channel_number]
    for line in lines:
        said += [line.title, line.sku]
        if line.product is not None:
            said += [line.product.title, line.product.sku, line.product.supplier_product_id]
    return Words(" ".join(filter(None, said)))
