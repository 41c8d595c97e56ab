"""The seller's channel is told of a shipment, once, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from channels.samples import shopify, woo
from channels.shops import FakeShop, opened
from parley.channels import telling
from parley.channels.connectors.shopify.mapping import order_of as shopify_of
from parley.channels.connectors.woocommerce.mapping import order_of as woo_of
from parley.channels.models import Telling
from parley.channels.telling import tell_due, tell_of_shipment
from parley.journal.events import event_from
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.orders.advancing import sweep
from parley.orders.models import ChannelKind, Order, Shipment
from parley.orders.shipping import Parcel, ship
from parley.orders.taking import take_in
from parley.orders.troubles import trouble_in_words
from shop import Shop
from web.channelled import channel


@pytest.fixture
def there(settings: Any) -> Iterator[FakeShop]:
    settings.ALLOW_LOCAL_HOSTS = True
    with opened(FakeShop()) as shop:
        yield shop


def passed(shop: Shop, there: FakeShop, kind: str) -> Order:
    """An order of the shop that is with Northwind Supply."""
    found = channel(shop.cast, kind, address=there.address)
    paid: dict[str, Any] = {"take": "paid"}
    arrived = shopify_of(shopify(), paid) if kind == "shopify" else woo_of(woo(), paid)
    order = take_in(found, arrived)
    Order.objects.filter(pk=order.pk).update(pass_at=now())
    sweep()
    return order


def shipped(shop: Shop, order: Order, **parcel: Any) -> Shipment:
    made = ship(order.pk, Parcel(**{"carrier": "DPD", "tracking": "1550 1234", **parcel}),
                by=shop.cast.supplier)  # fmt: skip
    entry = Entry.objects.filter(kind="OrderShipped").latest("id")
    tell_of_shipment(event_from(entry.kind, entry.data), entry)
    return made


def told(order: Order) -> list[str]:
    entries = Entry.objects.filter(kind="ChannelTold", subject=f"order:{order.pk}").order_by("id")
    return [entry.data["trouble"] for entry in entries]


def test_shopify_gets_a_fulfilment(shop: Shop, there: FakeShop) -> None:
    order = passed(shop, there, ChannelKind.SHOPIFY)
    shipment = shipped(shop, order)
    tell_due()
    [(method, path, sent)] = there.sent
    assert (method, path.endswith("/fulfillments.json")) == ("POST", True)
    fulfilment = sent["fulfillment"]
    assert fulfilment["tracking_info"] == {"company": "DPD", "number": "1550 1234"}
    [of_order] = fulfilment["line_items_by_fulfillment_order"]
    assert of_order == {"fulfillment_order_id": 7,
                        "fulfillment_order_line_items": [{"id": 9, "quantity": 2}]}  # fmt: skip
    shipment.refresh_from_db()
    assert shipment.told_at
    assert told(order) == [""]


def test_part_of_it_is_told_as_part(shop: Shop, there: FakeShop) -> None:
    order = passed(shop, there, ChannelKind.SHOPIFY)
    line = order.lines.get()
    shipped(shop, order, quantities={line.pk: 1})
    tell_due()
    [items] = there.sent[0][2]["fulfillment"]["line_items_by_fulfillment_order"]
    assert items["fulfillment_order_line_items"] == [{"id": 9, "quantity": 1}]


def test_woocommerce_gets_a_note_and_its_status(shop: Shop, there: FakeShop) -> None:
    order = passed(shop, there, ChannelKind.WOOCOMMERCE)
    line = order.lines.get()
    shipped(shop, order, quantities={line.pk: 1})
    tell_due()
    assert [(method, sent.get("status")) for method, _path, sent in there.sent] == [("POST", None)]
    assert "1550 1234" in there.notes[0]["note"]
    shipped(shop, order, tracking="1550 9999")
    tell_due()
    assert there.sent[-1][2] == {"status": "completed"}, "once all of it is on its way"
    assert len(there.notes) == 2


@pytest.mark.parametrize("kind", [ChannelKind.SHOPIFY, ChannelKind.WOOCOMMERCE])
def test_an_outage_is_waited_out(shop: Shop, there: FakeShop, kind: str) -> None:
    order = passed(shop, there, kind)
    there.trouble = [500, 503, "drop"]
    shipped(shop, order)
    start = now()
    for minutes in (0, 2, 6, 20, 60):
        with at(start + timedelta(minutes=minutes, seconds=5)):
            tell_due()
    assert Shipment.objects.get().told_at
    assert told(order) == ["status:500", ""], "told of the trouble once, and that it is over"


@pytest.mark.parametrize("kind", [ChannelKind.SHOPIFY, ChannelKind.WOOCOMMERCE])
def test_killed_after_telling_it_does_not_tell_twice(
    shop: Shop, there: FakeShop, kind: str
) -> None:
    order = passed(shop, there, kind)
    shipped(shop, order)
    tell_due()
    before = len([one for one in there.sent if one[0] == "POST"])
    Telling.objects.update(try_at=now())  # as if the transaction had been lost
    tell_due()
    assert len([one for one in there.sent if one[0] == "POST"]) == before


def test_it_is_given_up_after_a_week(shop: Shop, there: FakeShop) -> None:
    order = passed(shop, there, ChannelKind.SHOPIFY)
    shipped(shop, order)
    there.trouble = [500] * 50
    start = now()
    for hours in range(0, 24 * 9, 7):
        with at(start + timedelta(hours=hours)):
            tell_due()
    assert Telling.objects.get().try_at is None
    assert told(order) == ["status:500", "status:500"]
    assert "error (500)" in trouble_in_words(told(order)[0])


def test_other_channels_are_not_told(shop: Shop) -> None:
    order = shop.passed()
    made = ship(order.pk, Parcel(carrier="DPD"), by=shop.cast.supplier)
    entry = Entry.objects.get(kind="OrderShipped")
    tell_of_shipment(event_from(entry.kind, entry.data), entry)
    assert not Telling.objects.exists()
    assert made.told_at is None


def test_a_shop_that_takes_its_time_keeps_no_row_locked(
    shop: Shop, there: FakeShop, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = passed(shop, there, ChannelKind.SHOPIFY)
    shipped(shop, order)
    in_transaction: list[bool] = []
    monkeypatch.setattr(
        telling, "_ask", lambda *_about: in_transaction.append(connection.in_atomic_block)
    )

    tell_due()

    assert in_transaction == [False]
    assert told(order) == [""]


def test_one_that_a_worker_died_over_is_tried_again(shop: Shop, there: FakeShop) -> None:
    shipment = shipped(shop, passed(shop, there, ChannelKind.SHOPIFY))
    assert telling._claimed()

    assert tell_due() == 0
    with at(now() + telling.LONGEST_TRY):
        assert tell_due() == 1

    shipment.refresh_from_db()
    assert shipment.told_at
