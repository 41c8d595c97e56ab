"""A draft as its page shows it: by supplier, with what each offers to ship by, and what is against it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from parley.catalogue.access import services_of
from parley.catalogue.eligibility import restrictions
from parley.catalogue.models import ShippingService
from parley.orders.models import Order, OrderLine
from parley.parties.models import Party


@dataclass(frozen=True)
class DraftPart:
    """One supplier's part. `against`: why lines of it may not be shipped there, as `eligibility` says."""

    supplier: Party
    lines: list[OrderLine]
    services: list[ShippingService]
    chosen: int | None
    shipping_minor: int
    net_minor: int
    vat_minor: int
    against: list[dict[str, Any]]


def parts_of(order: Order) -> list[DraftPart]:
    """The parts of a draft, by supplier in the order of their first lines."""
    lines: dict[int, list[OrderLine]] = defaultdict(list)
    whole = order.lines.select_related("product__supplier", "consignment")
    unseen = ("product__words", "product__description", "consignment__words")
    for line in whole.defer(*unseen).order_by("position"):
        assert line.product is not None
        lines[line.product.supplier_id].append(line)
    if not lines:
        return []
    services: dict[int, list[ShippingService]] = defaultdict(list)
    for service in services_of(lines):
        if service.currency == order.currency:
            services[service.supplier_id].append(service)
    against = _against(order, lines)
    return [_part(its, services[key], against[key]) for key, its in lines.items()]


def _part(
    lines: list[OrderLine],
    services: list[ShippingService],
    against: list[dict[str, Any]],
) -> DraftPart:
    product, part = lines[0].product, lines[0].consignment
    assert product is not None
    assert part is not None
    return DraftPart(
        supplier=product.supplier,
        lines=lines,
        services=services,
        chosen=part.service_id,
        shipping_minor=part.shipping_minor,
        net_minor=part.net_minor,
        vat_minor=part.vat_minor,
        against=against,
    )


def _against(order: Order, lines: dict[int, list[OrderLine]]) -> dict[int, list[dict[str, Any]]]:
    products = {
        line.position: line.product for its in lines.values() for line in its if line.product
    }
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for why in restrictions(products, order.to_country, order.to_postcode):
        found[why["supplier"]].append(why)
    return found
