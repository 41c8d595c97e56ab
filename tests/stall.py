"""Orders as rows, at any point of their way, without having gone it.

def test_a_supplier_sees_its_part(cast: Cast) -> None:
    order = made_order(cast, items=[("Enamel kettle", "KET-100", 2)])
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from cast import Cast
from parley.catalogue.models import Product
from parley.journal.moment import now
from parley.orders.axes import Payment
from parley.orders.models import Channel, ChannelKind, Consignment, Order, OrderLine, Stage
from parley.orders.words import words_of
from parley.parties.models import Party
from parley.postgres.text_search import Words

Item = tuple[str, str, int]
"""Title, SKU, how many."""
KETTLE: Item = ("Enamel stove kettle", "KET-100", 1)
PRICE = 1000
_numbers = itertools.count(70_001)


def made_order(
    cast: Cast,
    *,
    items: Iterable[Item] = (KETTLE,),
    supplier: Party | None = None,
    also: dict[Party, list[Item]] | None = None,
    stage: str = Stage.PASSED,
    **fields: Any,
) -> Order:
    """An order of Bright Home's to Northwind Supply, paid and passed on; at £10.00 an item.

    `also` gives items of other suppliers. Before it is paid it has no number; before it is linked it
    has no parts.
    """
    by_supplier = {supplier or cast.northwind: list(items), **(also or {})}
    is_paid = stage in (Stage.PAID, Stage.PASSED)
    cost = sum(1200 * n for its in by_supplier.values() for _title, _sku, n in its)
    filled: dict[str, Any] = {
        "number": next(_numbers) if is_paid else None,
        "seller": cast.bright_home,
        "stage": stage,
        "payment": Payment.PAID if is_paid else Payment.QUEUED,
        "cost_minor": cost,
        "paid_minor": cost if is_paid else 0,
        "passed_at": fields.get("placed_at", now()) if stage == Stage.PASSED else None,
        "to_name": "Margaret Hale",
        "to_street": "14 Cloudesley Road",
        "to_city": "London",
        "to_postcode": "N1 0EB",
        "to_country": "GB",
    }
    filled |= fields
    filled.setdefault("channel", channel_of(filled["seller"]))
    order = Order.objects.create(**filled)
    lines = [
        line
        for party, its in by_supplier.items()
        for line in _lines(order, party, its, stage=stage)
    ]
    Order.objects.filter(pk=order.pk).update(words=words_of(order, lines))
    return Order.objects.get(pk=order.pk)


def days_ago(days: float) -> datetime:
    """A moment so many days before now, to the second."""
    return (datetime.now(UTC) - timedelta(days=days)).replace(microsecond=0)


def channel_of(seller: Party) -> Channel:
    """The channel for orders that were entered by hand."""
    made, _new = Channel.objects.get_or_create(
        seller=seller, name="By hand", defaults={"kind": ChannelKind.MANUAL}
    )
    return made


def product_of(supplier: Party, title: str, sku: str) -> Product:
    """A supplier's product of this SKU, at £10.00; its own number of it begins with `P-`."""
    made, _new = Product.objects.get_or_create(
        supplier=supplier,
        sku=sku,
        defaults={
            "title": title,
            "supplier_product_id": f"P-{sku}",
            "price_minor": PRICE,
            "words": Words(title),
        },
    )
    return made


def _lines(order: Order, supplier: Party, items: list[Item], *, stage: str) -> list[OrderLine]:
    is_linked = stage not in (Stage.MATCHING, Stage.NOT_LINKED, Stage.DISMISSED)
    part = _part(order, supplier, items) if is_linked else None
    start = order.lines.count()
    lines = [
        OrderLine.objects.create(
            order=order,
            consignment=part,
            product=product_of(supplier, title, sku) if is_linked else None,
            position=start + place,
            sku=sku,
            title=title,
            quantity=n,
            sold_for_minor=4900,
            cost_minor=PRICE if is_linked else 0,
            vat_bp=2000 if is_linked else 0,
        )
        for place, (title, sku, n) in enumerate(items)
    ]
    if part is not None:
        Consignment.objects.filter(pk=part.pk).update(words=words_of(order, lines))
    return lines


def _part(order: Order, supplier: Party, items: list[Item]) -> Consignment:
    net = sum(PRICE * n for _title, _sku, n in items)
    return Consignment.objects.create(
        order=order,
        supplier=supplier,
        net_minor=net,
        vat_minor=net // 5,
        passed_at=order.passed_at,
        fulfilment=order.fulfilment,
        cancellation=order.cancellation,
    )
