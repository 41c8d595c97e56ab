"""What is bought and sold in tests: products, a channel, and orders at any point of their way.

    def test_a_paid_order_can_be_cancelled(cast: Cast, shop: Shop) -> None:
        order = shop.paid()

Northwind Supply offers a `kettle` (£20.00, VAT 20 %) and a `teapot` (£12.50), Second Supplier a
`lamp` (£40.00). Bright Home sells them on its channel `web_shop`, and has £1,000.00 to pay with.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from cast import Cast
from parley.catalogue.models import Product, ShippingService
from parley.journal.moment import at, now
from parley.orders.advancing import advance, queue_up
from parley.orders.models import Channel, ChannelKind, Order, OrderLine, Stage
from parley.orders.moving import lock
from parley.postgres.text_search import Words

_numbers = itertools.count(1001)
LONDON = {
    "to_name": "Margaret Hale",
    "to_street": "14 Cloudesley Road",
    "to_city": "London",
    "to_postcode": "N1 0EB",
    "to_country": "GB",
}


@dataclass(frozen=True, kw_only=True)
class Shop:
    """Products, services and a channel. See the top of this file."""

    cast: Cast
    kettle: Product
    teapot: Product
    lamp: Product
    post: ShippingService
    """Northwind's usual service, £3.00."""
    courier: ShippingService
    """Northwind's dearer one, £7.50."""
    lamp_post: ShippingService
    """Second Supplier's, £5.00."""
    web_shop: Channel
    """Bright Home's."""

    def order(self, *products: Product, stage: str = Stage.MATCHING, **fields: Any) -> Order:
        """An order of one of each product (a kettle), just arrived on the web shop, not yet matched."""
        filled: dict[str, Any] = {
            "seller": self.cast.bright_home,
            "channel": self.web_shop,
            "external_id": f"ext-{(number := next(_numbers))}",
            "channel_number": f"#{number}",
            "stage": stage,
            "matching_until": now() + timedelta(days=4),
            "sale_minor": 9900,
            "sale_currency": "GBP",
        }
        order = Order.objects.create(**filled | LONDON | fields)
        for position, product in enumerate(products or (self.kettle,)):
            OrderLine.objects.create(
                order=order,
                position=position,
                sku=product.sku,
                title=product.title,
                quantity=1,
                sold_for_minor=4900,
            )
        return order

    def queued(self, *products: Product, **fields: Any) -> Order:
        """An order that is linked and waits to be invoiced and paid."""
        order = self.order(*products, **fields)
        by_sku = {product.sku: product for product in (self.kettle, self.teapot, self.lamp)}
        for line in order.lines.all():
            product = by_sku[line.sku]
            OrderLine.objects.filter(pk=line.pk).update(
                product=product, cost_minor=product.price_minor, vat_bp=product.vat_bp
            )
        with transaction.atomic():
            queue_up(lock(order.pk, None), by=None)
        return Order.objects.get(pk=order.pk)

    def paid(self, *products: Product, **fields: Any) -> Order:
        """An order that is paid and not yet with its suppliers."""
        order = self.queued(*products, **fields)
        with transaction.atomic():
            advance(lock(order.pk, None), by=None)
        return Order.objects.get(pk=order.pk)

    def passed(self, *products: Product, when: datetime | None = None, **fields: Any) -> Order:
        """An order that is with its suppliers, since `when` (or now)."""
        order = self.paid(*products, **fields)
        passed_at = when or now()
        Order.objects.filter(pk=order.pk, stage=Stage.PAID).update(pass_at=passed_at)
        with at(passed_at), transaction.atomic():
            advance(lock(order.pk, None), by=None)
        return Order.objects.get(pk=order.pk)


@pytest.fixture
def shop(cast: Cast) -> Shop:
    """Products, a channel, and money on Bright Home's balance."""
    from parley.ledger.topping_up import top_up

    top_up(cast.bright_home, 100_000, "GBP", key="test", by=cast.admin)
    return Shop(cast=cast, **_products(cast), **_services(cast), web_shop=_channel(cast))


def _channel(cast: Cast) -> Channel:
    return Channel.objects.create(
        seller=cast.bright_home, kind=ChannelKind.JSON, name="brighthome.example"
    )


def _products(cast: Cast) -> dict[str, Product]:
    offered = [
        # (in the shop, supplier, SKU, supplier's product ID, title, price in pence, stock)
        ("kettle", cast.northwind, "KET-100", "NW-77001", "Enamel stove kettle, 1.8 l", 2000, 40),
        (
            "teapot",
            cast.northwind,
            "TEA-200",
            "NW-77002",
            "Stoneware teapot with strainer",
            1250,
            12,
        ),
        ("lamp", cast.second_supplier, "LAMP-9", "SS-9", "Brass desk lamp", 4000, 5),
    ]
    return {
        name: Product.objects.create(
            supplier=supplier,
            sku=sku,
            supplier_product_id=own_id,
            title=title,
            price_minor=price,
            stock=stock,
            words=Words(f"{title} {sku} {own_id}"),
        )
        for name, supplier, sku, own_id, title, price, stock in offered
    }


def _services(cast: Cast) -> dict[str, ShippingService]:
    offered = [
        ("post", cast.northwind, "Tracked 48", "Royal Mail", 300, 0),
        ("courier", cast.northwind, "Next day", "DPD", 750, 1),
        ("lamp_post", cast.second_supplier, "Standard", "Evri", 500, 0),
    ]
    return {
        name: ShippingService.objects.create(
            supplier=supplier, name=called, carrier=carrier, price_minor=price, position=position
        )
        for name, supplier, called, carrier, price, position in offered
    }
