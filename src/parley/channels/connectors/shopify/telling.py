"""Telling Shopify of a shipment: a fulfilment with its tracking number, which the buyer is mailed.

Source: shopify.dev, Admin REST API, resources FulfillmentOrder and Fulfillment: the open fulfilment
orders of an order have line items, each with its `line_item_id` and `fulfillable_quantity`. Told twice,
a fulfilment with the same tracking number, or nothing left to fulfil, shows that it knows already.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parley.channels.calling import Shop
from parley.channels.connectors.picking import parts
from parley.channels.connectors.shape import Told
from parley.channels.connectors.shopify.fetching import WRITE, shop_of
from parley.channels.models import Connection
from parley.channels.reasons import Trouble, Unmappable
from parley.orders.models import Order, OrderLine, Shipment
from parley.orders.taking import LINE_IDS

OPEN = frozenset({"open", "in_progress", "scheduled"})


def tell(connection: Connection, order: Order, shipment: Shipment) -> None:
    """Make the fulfilment, unless there is one already. Raises Trouble."""
    with shop_of(connection) as shop:
        try:
            if _is_told(shop, order, shipment):
                return
            wanted = _wanted(order, shipment)
            taken = _taken(shop, order, wanted)
        except Unmappable:
            raise Trouble("not_the_api") from None
        if not taken:
            raise Trouble("nothing_to_tell", for_good=True)
        shop.send("POST", "/fulfillments.json", {"fulfillment": _fulfilment(shipment, taken)},
                  needs=WRITE)  # fmt: skip


def _is_told(shop: Shop, order: Order, shipment: Shipment) -> bool:
    if not shipment.tracking:
        return False
    told = shop.get(f"/orders/{order.external_id}/fulfillments.json", needs=WRITE).told
    return any(
        shipment.tracking in (one.get("tracking_number"), *(one.get("tracking_numbers") or ()))
        and one.get("status") != "cancelled"
        for one in _list(told, "fulfillments")
    )


def _wanted(order: Order, shipment: Shipment) -> list[tuple[str, OrderLine, int]]:
    """The channel's number of each line that went, the line, and how many of it."""
    ids = order.outside.get(LINE_IDS) or []
    went = shipment.lines.select_related("line").order_by("line__position")
    return [
        (
            str(ids[one.line.position]) if one.line.position < len(ids) else "",
            one.line,
            one.quantity,
        )
        for one in went
    ]


def _taken(
    shop: Shop, order: Order, wanted: list[tuple[str, OrderLine, int]]
) -> dict[int, list[dict[str, int]]]:
    """What is taken of which fulfilment order: as much as went, and never more than is left."""
    told = shop.get(f"/orders/{order.external_id}/fulfillment_orders.json", needs=WRITE).told
    taken: dict[int, list[dict[str, int]]] = {}
    left = [[line_id, line, quantity] for line_id, line, quantity in wanted]
    for each in _list(told, "fulfillment_orders"):
        if each.get("status") not in OPEN:
            continue
        for item in parts(each, "line_items"):
            quantity = _take(left, item)
            if quantity:
                taken.setdefault(int(each["id"]), []).append(
                    {"id": int(item["id"]), "quantity": quantity}
                )
    return taken


def _take(left: list[list[Any]], item: Told) -> int:
    for one in left:
        line_id, line, quantity = one
        same = str(item.get("line_item_id")) == line_id if line_id else (
            str(item.get("variant_id")) == line.listing_id
        )  # fmt: skip
        if same and quantity:
            most = min(quantity, int(item.get("fulfillable_quantity") or 0))
            one[2] -= most
            return int(most)
    return 0


def _fulfilment(shipment: Shipment, taken: Mapping[int, list[dict[str, int]]]) -> dict[str, Any]:
    return {
        "line_items_by_fulfillment_order": [
            {"fulfillment_order_id": key, "fulfillment_order_line_items": items}
            for key, items in taken.items()
        ],
        "tracking_info": {"company": shipment.carrier, "number": shipment.tracking},
        "notify_customer": True,
    }


def _list(told: Any, name: str) -> list[Told]:
    return parts(told, name) if isinstance(told, Mapping) else []
