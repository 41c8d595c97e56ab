"""Why an order is held back: it goes where it may not be shipped (O6)."""

from __future__ import annotations

from typing import Any

from parley.catalogue.eligibility import restrictions
from parley.orders.models import Order


def why_held(order: Order) -> list[dict[str, Any]]:
    """The reasons for which a parted order may not be invoiced or passed on; none if it may.

    Each names the line (`line`, its position), the `supplier`, and what is against it (`code`:
    `country`, `postcode`, `no_postcode`, …, with `rule`, the rule as the supplier wrote it).
    """
    lines = order.lines.select_related("product__supplier").order_by("position")
    products = {line.position: line.product for line in lines if line.product is not None}
    return restrictions(products, order.to_country, order.to_postcode)
