"""Sending orders of one's own programs: stored at once, understood a moment later."""

from __future__ import annotations

import json

from cast import Cast
from channels.samples import json_order
from parley.channels import receiving
from parley.channels.models import Delivery
from parley.orders.models import ChannelKind, Order
from shop import Shop
from web.api.calling import Caller
from web.channelled import channel


def test_an_order_is_stored_and_then_understood(shop: Shop, seller: Caller, cast: Cast) -> None:
    found = channel(cast, ChannelKind.JSON)
    answer = seller.post(f"/channels/{found.pk}/orders", json_order())
    assert answer.status_code == 202
    assert answer.json()["state"] == "waiting"
    assert not Order.objects.exists()
    receiving.sweep()
    one = seller.get(f"/channels/{found.pk}/deliveries/{answer.json()['id']}").json()
    assert (one["state"], one["order_id"]) == ("taken", "A-1001")
    assert one["order"] == Order.objects.get().pk
    assert Order.objects.get().person == cast.seller.person


def test_sent_twice_it_is_one(shop: Shop, seller: Caller, cast: Cast) -> None:
    path = f"/channels/{channel(cast, ChannelKind.JSON).pk}/orders"
    first = seller.post(path, json_order()).json()["id"]
    assert seller.post(path, json_order()).json()["id"] == first
    key = {"Idempotency-Key": "one"}
    second = seller.post(path, json_order(note="Ring"), **key).json()["id"]
    assert seller.post(path, json_order(note="Ring"), **key).json()["id"] == second != first
    refused = seller.post(path, json_order(note="Knock"), **key)
    assert refused.status_code == 422
    assert refused.json()["type"].endswith("idempotency-key-reused")


def test_what_cant_be_read_says_why_and_can_be_sent_again(
    shop: Shop, seller: Caller, cast: Cast
) -> None:
    found = channel(cast, ChannelKind.JSON)
    path = f"/channels/{found.pk}"
    bad = json_order(lines=[{"sku": "KET-100", "quantity": 0}])
    key = seller.post(f"{path}/orders", bad).json()["id"]
    receiving.sweep()
    [one] = seller.get(f"{path}/deliveries", {"state": "failed"}).json()["data"]
    assert one["id"] == key
    assert "“quantity” can't be read" in one["reason"]
    assert seller.post(f"{path}/orders", bad).json()["state"] == "waiting", (
        "sent again, tried again"
    )


def test_bodies_that_are_none(shop: Shop, seller: Caller, cast: Cast) -> None:
    path = f"/channels/{channel(cast, ChannelKind.JSON).pk}/orders"
    assert seller.send(path, "[1]").status_code == 400
    assert seller.send(path, "{").status_code == 400
    assert seller.send(path, "{}", "text/plain").status_code == 415
    assert seller.send(path, json.dumps({"id": "x" * 2_200_000})).status_code == 413
    assert not Delivery.objects.exists()


def test_leafing_through_deliveries(shop: Shop, seller: Caller, cast: Cast) -> None:
    path = f"/channels/{channel(cast, ChannelKind.JSON).pk}"
    sent = [seller.post(f"{path}/orders", json_order(id=f"A-{n}")).json()["id"] for n in range(5)]
    page = seller.get(f"{path}/deliveries", {"limit": 3})
    assert 'rel="next"' in page.headers["Link"]
    rest = seller.get(f"{path}/deliveries", {"limit": 3, "cursor": page.json()["next"]})
    found = [one["id"] for answer in (page, rest) for one in answer.json()["data"]]
    assert found == sent[::-1]
    assert rest.json()["next"] is None


def test_a_shop_takes_no_orders_by_the_api(shop: Shop, seller: Caller, cast: Cast) -> None:
    path = f"/channels/{channel(cast, ChannelKind.SHOPIFY).pk}/orders"
    assert seller.post(path, json_order()).status_code == 404


def test_others_have_other_channels(
    shop: Shop, seller: Caller, other: Caller, agent: Caller, cast: Cast
) -> None:
    found = channel(cast, ChannelKind.JSON)
    assert [one["id"] for one in seller.get("/channels").json()["data"]] == [found.pk]
    assert other.get("/channels").json()["data"] == []
    assert other.get(f"/channels/{found.pk}/deliveries").status_code == 404
    assert agent.get(f"/channels/{found.pk}/deliveries").status_code == 200
