"""Programs make orders by hand: all of one, once, or nothing (O9)."""

from __future__ import annotations

from typing import Any

import pytest

from parley.catalogue.models import Terms
from parley.orders.models import Order
from shop import Shop
from web.api.calling import Caller, pointers

LONDON = {
    "name": "Margaret Hale",
    "street": "14 Cloudesley Road",
    "city": "London",
    "postcode": "n1 0eb",
    "country": "GB",
}


@pytest.fixture
def wanted(shop: Shop) -> dict[str, Any]:
    items = [{"product": shop.kettle.pk, "quantity": 2}, {"product": shop.lamp.pk}]
    return {"recipient": LONDON, "items": items, "services": [shop.courier.pk]}


def test_an_order_is_made_paid_and_told(shop: Shop, wanted: dict[str, Any]) -> None:
    seller = Caller(shop.cast.seller)
    made = seller.post("/orders", wanted)
    assert made.status_code == 201, made.content
    order = Order.objects.get()
    told = made.json()
    assert (told["id"], told["number"], told["payment"]) == (order.pk, order.number, "paid")
    assert told["deliver_to"]["postcode"] == "N1 0EB"
    assert told["total"]["minor"] == (4000 + 750 + 4000 + 500) * 120 // 100
    assert made.headers["Location"].endswith(f"/api/v1/orders/{order.pk}")


def test_repeated_under_its_key_it_is_made_once(shop: Shop, wanted: dict[str, Any]) -> None:
    seller, key = Caller(shop.cast.seller), {"Idempotency-Key": "o-1"}
    first = seller.post("/orders", wanted, **key)
    second = seller.post("/orders", wanted, **key)
    assert (second.status_code, second.json()) == (201, first.json())
    other = seller.post("/orders", wanted | {"note": "Ring twice."}, **key)
    assert other.json()["type"].endswith("idempotency-key-reused")
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"recipient": LONDON | {"postcode": "London"}}, "#/recipient/postcode"),
        ({"recipient": LONDON | {"postcode": "BT7 1NN"}}, "#/recipient"),
        ({"items": [{"product": 10**9}]}, "#/items"),
        ({"items": []}, "#/items"),
        ({"items": [{"product": 1, "quantity": 0}]}, "#/items/0/quantity"),
        ({"services": [10**9]}, "#/services"),
    ],
)
def test_what_is_refused_makes_nothing(
    shop: Shop, wanted: dict[str, Any], changed: dict[str, Any], pointer: str
) -> None:
    Terms.objects.create(supplier=shop.cast.northwind, not_shipped_to="BT")
    answer = Caller(shop.cast.seller).post("/orders", wanted | changed)
    assert (answer.status_code, pointers(answer)) == (422, {pointer})
    assert not Order.objects.exists()


def test_it_costs_what_was_agreed_or_is_not_made(shop: Shop, wanted: dict[str, Any]) -> None:
    answer = Caller(shop.cast.seller).post("/orders", wanted | {"agreed_minor": 1})
    assert (answer.status_code, answer.json()["type"]) == (
        409,
        "urn:parley:problem:costs-otherwise",
    )
    assert not Order.objects.exists()


def test_only_sellers_make_orders(shop: Shop, wanted: dict[str, Any]) -> None:
    for who in (shop.cast.supplier, shop.cast.agent):
        assert Caller(who).post("/orders", wanted).status_code == 404
