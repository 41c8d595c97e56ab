"""Telling a WooCommerce shop of a shipment: a note to the buyer, and once all is shipped, its status.

WooCommerce itself knows no shipments. A note that carries the shipment's mark shows that it knows.
"""

from __future__ import annotations

from collections.abc import Mapping

from parley.channels.calling import Shop
from parley.channels.connectors.woocommerce.fetching import shop_of
from parley.channels.models import Connection
from parley.channels.reasons import Trouble
from parley.orders.axes import Fulfilment
from parley.orders.models import Order, Shipment

SHIPPED = frozenset({Fulfilment.SHIPPED, Fulfilment.DELIVERED})


def tell(connection: Connection, order: Order, shipment: Shipment) -> None:
    """Write the note, unless it is there, and complete the order if all is shipped. Raises Trouble."""
    with shop_of(connection) as shop:
        path = f"/orders/{order.external_id}"
        if not _is_noted(shop, path, shipment):
            told = {"note": _note(shipment), "customer_note": True}
            shop.send("POST", f"{path}/notes", told, needs="write")
        if order.fulfilment in SHIPPED:
            shop.send("PUT", path, {"status": "completed"}, needs="write")


def _is_noted(shop: Shop, path: str, shipment: Shipment) -> bool:
    told = shop.get(f"{path}/notes", needs="read").told
    if not isinstance(told, list):
        raise Trouble("not_the_api")
    mark = _mark(shipment)
    return any(mark in str(one.get("note", "")) for one in told if isinstance(one, Mapping))


def _note(shipment: Shipment) -> str:
    """In English, which the shop's own plugins read too: its language is not ours to know."""
    tracking = f", tracking number {shipment.tracking}" if shipment.tracking else ""
    return f"Shipped with {shipment.carrier}{tracking}. {_mark(shipment)}"


def _mark(shipment: Shipment) -> str:
    return f"(Shipment {shipment.pk})"
