"""Loading orders by the hundred thousand, for measuring: by COPY, standing as the rules would leave them.

Each has its lines, its suppliers' parts, the words it is found by, and two entries of its audit;
payments, invoices and shipments are not made up. However many there are, the shares of states,
sellers, suppliers and words are the same, so that measurements at different sizes compare.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection, transaction

from parley.catalogue.models import Product
from parley.demo.asking import let_it_ask
from parley.demo.casting import Cast, cast, cast_again
from parley.demo.copying import NULL, Numbering, Table, analyse, escaped, moment, trust_references
from parley.demo.lexemes import lexemes_of, write_words
from parley.demo.shaping import DAY
from parley.demo.trade.wares import wares
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.ledger.money import vat_of
from parley.orders import events
from parley.orders.axes import Cancellation, Fulfilment, Payment
from parley.orders.models import Channel, ChannelKind, Consignment, Order, OrderLine, Stage
from parley.parties.models import Party

SEED = 20_262
CHUNK = 5_000
"""Orders in one transaction."""
YEARS = 2 * 365 * DAY
CHANNEL = "Load"
_TABLES = (Order, Consignment, OrderLine, Entry)


@dataclass(frozen=True)
class _Standing:
    stage: Stage
    payment: Payment
    fulfilment: Fulfilment
    cancellation: Cancellation = Cancellation.NONE


_PASSED = Stage.PASSED
_STANDINGS = (
    # (in a thousand, how it stands)
    (4, _Standing(Stage.QUEUED, Payment.UNPAID, Fulfilment.UNSHIPPED)),
    (2, _Standing(Stage.HELD, Payment.QUEUED, Fulfilment.UNSHIPPED)),
    (2, _Standing(Stage.NOT_LINKED, Payment.QUEUED, Fulfilment.UNSHIPPED)),
    (42, _Standing(_PASSED, Payment.PAID, Fulfilment.UNSHIPPED)),
    (10, _Standing(_PASSED, Payment.PAID, Fulfilment.PART_SHIPPED)),
    (120, _Standing(_PASSED, Payment.PAID, Fulfilment.SHIPPED)),
    (30, _Standing(_PASSED, Payment.REFUNDED, Fulfilment.UNSHIPPED, Cancellation.CANCELLED)),
    (3, _Standing(_PASSED, Payment.PAID, Fulfilment.UNSHIPPED, Cancellation.ASKED)),
    (12, _Standing(_PASSED, Payment.PAID, Fulfilment.RETURNED)),
    (775, _Standing(_PASSED, Payment.PAID, Fulfilment.DELIVERED)),
)
_SHARES = [share for share, _standing in _STANDINGS]
_WAYS = [standing for _share, standing in _STANDINGS]
_STREETS = ("High Street", "Mill Lane", "Station Road", "Church Walk", "Queen's Crescent")
_CITIES = (("London", "N1"), ("Leeds", "LS6"), ("Bristol", "BS3"), ("York", "YO10"))


def load_orders(orders: int, seed: int = SEED) -> int:
    """Write `orders` orders into the demo's database; gives how many.

    An empty database gets the demo's companies and products first. Raises DoesNotExist where the
    marketplace is another one.
    """
    rng = Random(seed)  # noqa: S311 - repeatable, not secret
    present = now()
    with transaction.atomic():
        company = cast_again() or cast(present - timedelta(days=4 * 365))
        rows = _Rows(_products(company), _channels(company), company, present, rng)
    for first in range(0, orders, CHUNK):
        with transaction.atomic():
            trust_references()
            rows.write(range(first, min(first + CHUNK, orders)), orders)
    let_it_ask(company)
    analyse(_TABLES)
    return orders


def _products(company: Cast) -> list[Product]:
    """What is on offer, or where nothing is, the demo's wares as bare products."""
    there = list(Product.objects.filter(active=True).defer("words", "description").order_by("id"))
    if there:
        return there
    suppliers = {one.written.key: one.party for one in company.companies}
    made = Product.objects.bulk_create(
        Product(
            supplier=suppliers[ware.supplier],
            sku=ware.sku,
            supplier_product_id=ware.own_id,
            title=ware.title,
            price_minor=ware.price_minor,
            vat_bp=ware.vat_bp,
            words="",
        )
        for ware in wares()
    )
    write_words(Product, [(one.pk, _said_of(one)) for one in made])
    return made


def _channels(company: Cast) -> list[Channel]:
    """One channel for what is loaded, of each seller."""
    sellers = [one.party for one in company.companies if one.written.kind == "seller"]
    return [
        Channel.objects.get_or_create(
            seller=seller, name=CHANNEL, defaults={"kind": ChannelKind.MANUAL}
        )[0]
        for seller in sellers
    ]


def _said_of(product: Product) -> str:
    return f"{product.title} {product.sku} {product.supplier_product_id}"


class _Rows:
    """Makes the rows of orders and copies them into their tables."""

    def __init__(
        self,
        products: list[Product],
        channels: list[Channel],
        company: Cast,
        present: datetime,
        rng: Random,
    ) -> None:
        self._products, self._channels, self._rng = products, channels, rng
        self._present = present.timestamp()
        self._operator: Party = company.operator.party
        said = lexemes_of([_said_of(product) for product in products])
        self._words = {product.pk: it for product, it in zip(products, said, strict=True)}

    def write(self, ranks: range, of_all: int) -> None:
        """Make and write the orders of these ranks, the first the newest."""
        self._orders, self._parts = Table(Order), Table(Consignment)
        self._lines, self._entries = Table(OrderLine), Table(Entry)
        self._ids = {model: Numbering(model) for model in _TABLES}
        numbers = _order_numbers(len(ranks))
        for rank, number in zip(ranks, numbers, strict=True):
            share = (rank + self._rng.random()) / of_all
            self._order(number, self._present - share * share * YEARS)
        for table in (self._orders, self._parts, self._lines, self._entries):
            table.copy()
        for ids in self._ids.values():
            ids.close()

    def _order(self, number: int, placed: float) -> None:
        rng = self._rng
        channel = rng.choice(self._channels)
        stands = rng.choices(_WAYS, _SHARES)[0]
        chosen = rng.sample(self._products, rng.choices([1, 2, 3], [72, 22, 6])[0])
        key = next(self._ids[Order])
        own = f"'w{number}'"
        cost = sum(self._part(key, stands, placed, own, its) for its in _by_supplier(chosen))
        if stands.stage == Stage.NOT_LINKED:
            self._unlinked(key, chosen)
            cost = 0
        is_paid = stands.stage == _PASSED
        city, postcode = rng.choice(_CITIES)
        self._orders.add(
            {
                "id": key,
                "number": number if is_paid else NULL,
                "seller_id": channel.seller_id,
                "channel_id": channel.pk,
                "external_id": f"load-{number}",
                "channel_number": f"W{number}",
                "stage": stands.stage.value,
                "payment": stands.payment.value,
                "fulfilment": stands.fulfilment.value,
                "cancellation": stands.cancellation.value,
                "why_held": "[]",
                "outside": "{}",
                "cost_minor": cost,
                "paid_minor": cost if is_paid else 0,
                "refunded_minor": cost if stands.payment is Payment.REFUNDED else 0,
                "placed_at": moment(placed),
                "arrived_at": moment(placed + 60),
                "passed_at": moment(placed + 3_600) if is_paid else NULL,
                "to_name": "Margaret Hale",
                "to_street": f"{rng.randrange(1, 200)} {rng.choice(_STREETS)}",
                "to_city": city,
                "to_postcode": f"{postcode} {rng.randrange(1, 9)}AB",
                "to_country": "GB",
                "words": " ".join([own, *(self._words[one.pk] for one in chosen)]),
            }
        )
        self._audit(key, channel, chosen, placed, is_paid=is_paid)

    def _part(
        self, order: int, stands: _Standing, placed: float, own: str, products: list[Product]
    ) -> int:
        """A supplier's part with its lines; gives what it costs."""
        if stands.stage == Stage.NOT_LINKED:
            return 0
        key = next(self._ids[Consignment])
        nets = [self._line(order, key, stands, product) for product in products]
        net = sum(nets)
        vat = sum(vat_of(one, product.vat_bp) for one, product in zip(nets, products, strict=True))
        self._parts.add(
            {
                "id": key,
                "order_id": order,
                "supplier_id": products[0].supplier_id,
                "net_minor": net,
                "vat_minor": vat,
                "refunded_minor": net + vat if stands.payment is Payment.REFUNDED else 0,
                "fulfilment": stands.fulfilment.value,
                "cancellation": stands.cancellation.value,
                "passed_at": moment(placed + 3_600) if stands.stage == _PASSED else NULL,
                "words": " ".join([own, *(self._words[one.pk] for one in products)]),
            }
        )
        return net + vat

    def _line(self, order: int, part: int, stands: _Standing, product: Product) -> int:
        quantity = self._rng.choices([1, 2, 3, 6], [80, 14, 4, 2])[0]
        sent = stands.fulfilment not in (Fulfilment.UNSHIPPED, Fulfilment.PART_SHIPPED)
        key = next(self._ids[OrderLine])
        self._lines.add(
            {
                "id": key,
                "order_id": order,
                "consignment_id": part,
                "product_id": product.pk,
                "position": key % 32_000,
                "sku": escaped(product.sku),
                "title": escaped(product.title),
                "quantity": quantity,
                "cost_minor": product.price_minor,
                "vat_bp": product.vat_bp,
                "shipped": quantity if sent else 0,
            }
        )
        return product.price_minor * quantity

    def _unlinked(self, order: int, products: list[Product]) -> None:
        for product in products:
            key = next(self._ids[OrderLine])
            self._lines.add(
                {
                    "id": key,
                    "order_id": order,
                    "consignment_id": NULL,
                    "product_id": NULL,
                    "position": key % 32_000,
                    "sku": "",
                    "title": escaped(product.title),
                    "quantity": 1,
                }
            )

    def _audit(
        self, order: int, channel: Channel, products: list[Product], placed: float, *, is_paid: bool
    ) -> None:
        sellers = tuple(sorted({channel.seller_id, self._operator.pk}))
        arrived = events.OrderArrived(order=order, seen=sellers, channel=channel.pk)
        self._entry(arrived, placed + 60)
        if is_paid:
            everybody = {*sellers, *(product.supplier_id for product in products)}
            passed = events.OrderPassedOn(order=order, seen=tuple(sorted(everybody)))
            self._entry(passed, placed + 3_600)

    def _entry(self, event: events.OrderEvent, at: float) -> None:
        row: dict[str, Any] = {
            "id": next(self._ids[Entry]),
            "at": moment(at),
            "kind": type(event).__name__,
            "subject": event.subject,
            "data": escaped(json.dumps(event.data())),
        }
        self._entries.add(row)


def _by_supplier(products: list[Product]) -> list[list[Product]]:
    parts: dict[int, list[Product]] = {}
    for product in products:
        parts.setdefault(product.supplier_id, []).append(product)
    return list(parts.values())


def _order_numbers(count: int) -> range:
    """Take so many numbers of orders from where the house takes them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('orders_number')")
        first = int((cursor.fetchone() or (0,))[0])
        cursor.execute("SELECT setval('orders_number', %s)", [first + count - 1])
    return range(first, first + count)
