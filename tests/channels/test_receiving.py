"""What shops send: stored before it is understood, answered, and understood once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cast import Cast
from channels.samples import shopify, woo
from crowd import crowd, failures
from parley.channels import receiving
from parley.channels.connectors.shape import Heard
from parley.channels.connectors.signing import signature_of
from parley.channels.models import Connection, Delivery, DeliveryState
from parley.channels.reasons import in_words
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.orders.models import Channel, ChannelKind, Order, Stage
from shop import Shop
from web.channelled import channel


@pytest.fixture
def shopify_channel(shop: Shop) -> Channel:
    return channel(shop.cast, ChannelKind.SHOPIFY)


@pytest.fixture
def woo_channel(shop: Shop) -> Channel:
    return channel(shop.cast, ChannelKind.WOOCOMMERCE)


def hook(found: Channel, body: bytes, *, secret: str = "hush", **headers: str) -> Any:
    """A webhook of Shopify's, signed."""
    sent = {
        "X-Shopify-Hmac-Sha256": signature_of(body, secret),
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
        **headers,
    }
    path = f"/in/{found.connection.key}/"
    return Client(enforce_csrf_checks=True).post(path, body, "application/json", headers=sent)


def understand_all() -> None:
    receiving.sweep()


def test_it_is_stored_and_answered_before_it_is_understood(shopify_channel: Channel) -> None:
    body = json.dumps(shopify()).encode()
    assert hook(shopify_channel, body).status_code == 202
    delivery = Delivery.objects.get()
    assert bytes(delivery.body) == body
    assert delivery.state == DeliveryState.WAITING
    assert not Order.objects.exists()
    assert "x-shopify-hmac-sha256" not in delivery.headers
    understand_all()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.TAKEN
    assert delivery.order == Order.objects.get()
    assert delivery.external_id == "5512873349203"
    assert Order.objects.get().stage == Stage.PAID


def test_the_same_delivery_twice_is_one(shopify_channel: Channel) -> None:
    body = json.dumps(shopify()).encode()
    for _ in range(3):
        assert hook(shopify_channel, body).status_code == 202
    assert Delivery.objects.count() == 1


def test_another_delivery_of_the_same_order_changes_it(shopify_channel: Channel) -> None:
    hook(shopify_channel, json.dumps(shopify()).encode())
    later = shopify(note="Ring twice", updated_at="2026-11-20T10:00:00+00:00")
    hook(shopify_channel, json.dumps(later).encode(), **{"X-Shopify-Webhook-Id": "another",
         "X-Shopify-Topic": "orders/updated"})  # fmt: skip
    understand_all()
    assert Order.objects.get().note == "Ring twice"
    assert Delivery.objects.filter(state="taken").count() == 2


@pytest.mark.parametrize("headers", [{}, {"X-Shopify-Hmac-Sha256": "bm9uZQ=="}])
def test_what_is_wrongly_signed_is_refused_and_not_kept(
    shopify_channel: Channel, headers: dict[str, str]
) -> None:
    answer = hook(shopify_channel, b"{}", secret="guessed", **headers)
    assert (answer.status_code, answer.content) == (401, b"")
    assert not Delivery.objects.exists()
    assert Connection.objects.get(pk=shopify_channel.pk).refused == 1


def test_without_a_secret_nothing_is_rightly_signed(shopify_channel: Channel) -> None:
    Connection.objects.filter(pk=shopify_channel.pk).update(secrets={})
    assert hook(shopify_channel, b"{}", secret="").status_code == 401


def test_an_unknown_address_is_not_there(shopify_channel: Channel) -> None:
    assert Client().post("/in/nobody/", b"{}", "application/json").status_code == 404
    Channel.objects.filter(pk=shopify_channel.pk).update(active=False)
    assert hook(shopify_channel, b"{}").status_code == 404, "nor is one that is off"


def test_too_much_is_not_read(shopify_channel: Channel) -> None:
    assert hook(shopify_channel, b"x" * (receiving.LARGEST + 1)).status_code == 413
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"\xff\xfe not text", "not JSON"),
        (b"[1, 2]", "not JSON"),
        (b"[" * 50_000, "not JSON"),
        (json.dumps(shopify(id=None)).encode(), "“id” is missing"),
    ],
)
def test_what_cant_be_mapped_is_listed_with_its_reason(
    shopify_channel: Channel, body: bytes, words: str
) -> None:
    assert hook(shopify_channel, body).status_code == 202
    understand_all()
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.FAILED
    assert bytes(delivery.body) == body, "it is all there"
    assert words in in_words(delivery.reason)
    assert Entry.objects.filter(kind="DeliveryFailed").count() == 1


def test_it_can_be_tried_again(shopify_channel: Channel, cast: Cast) -> None:
    hook(shopify_channel, json.dumps(shopify(financial_status="pending")).encode())
    understand_all()
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.IGNORED
    Connection.objects.update(settings={"take": "placed"})
    for who in (cast.other_seller, cast.admin, cast.supplier):
        with pytest.raises(Delivery.DoesNotExist):
            receiving.try_again(delivery.pk, by=who)
    receiving.try_again(delivery.pk, by=cast.seller_member)
    understand_all()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.TAKEN


def test_an_order_is_taken_once_it_is_paid(shopify_channel: Channel) -> None:
    hook(shopify_channel, json.dumps(shopify(financial_status="pending")).encode())
    understand_all()
    assert not Order.objects.exists()
    paid = shopify(updated_at="2026-11-20T11:00:00+00:00")
    hook(shopify_channel, json.dumps(paid).encode(), **{"X-Shopify-Webhook-Id": "second",
         "X-Shopify-Topic": "orders/updated"})  # fmt: skip
    understand_all()
    assert Order.objects.get().payment == "paid"


def test_what_is_about_something_else_is_passed_over(shopify_channel: Channel) -> None:
    hook(shopify_channel, b'{"id": 1}', **{"X-Shopify-Topic": "products/update"})
    understand_all()
    assert Delivery.objects.get().state == DeliveryState.IGNORED


def test_a_fault_of_ours_is_tried_again_ever_later(
    shopify_channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_about: object, **_more: object) -> None:
        raise ZeroDivisionError

    hook(shopify_channel, json.dumps(shopify()).encode())
    start = now()
    with monkeypatch.context() as patched:
        patched.setattr(receiving, "take_in", broken)
        understand_all()
        waits = []
        for _ in range(3):
            due = Delivery.objects.get().try_at
            waits.append(due)
            with at(due):
                understand_all()
    assert waits == sorted(waits)
    assert Delivery.objects.get().state == DeliveryState.WAITING
    with at(start + timedelta(days=1)):
        understand_all()
    assert Delivery.objects.get().state == DeliveryState.TAKEN


def test_a_fault_of_ours_is_given_up_in_the_end(
    shopify_channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(shopify_channel, json.dumps(shopify()).encode())
    monkeypatch.setattr(receiving, "take_in", lambda *a, **k: 1 / 0)
    for _ in range(receiving.MOST_ATTEMPTS):
        with at(Delivery.objects.get().try_at + timedelta(seconds=1)):
            understand_all()
    assert Delivery.objects.get().state == DeliveryState.FAILED


def test_what_a_killed_worker_left_is_seen_to(shopify_channel: Channel) -> None:
    hook(shopify_channel, json.dumps(shopify()).encode())
    assert receiving._claim(Delivery.objects.get().pk) is not None, "and then it dies"
    understand_all()
    assert not Order.objects.exists(), "it may be alive still"
    with at(now() + timedelta(minutes=3)):
        understand_all()
    assert Delivery.objects.get().state == DeliveryState.TAKEN


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_are_one(shopify_channel: Channel, transactional_db: None) -> None:
    heard = Heard(delivery_id="one", topic="orders/create")
    body = json.dumps(shopify()).encode()
    news: list[bool] = []

    def deliver() -> None:
        delivery, new = receiving.keep(shopify_channel, body, heard)
        news.append(new)
        receiving.understand(delivery.pk)

    assert not failures(crowd(10, deliver))
    assert sorted(news) == [False] * 9 + [True]
    assert Order.objects.count() == 1
    assert Delivery.objects.get().attempts == 1


def woo_hook(found: Channel, body: bytes, **headers: str) -> Any:
    sent = {
        "X-WC-Webhook-Signature": signature_of(body, "hush"),
        "X-WC-Webhook-Topic": "order.created",
        "X-WC-Webhook-Delivery-ID": "36e520ebabc2",
        **headers,
    }
    path = f"/in/{found.connection.key}/"
    return Client(enforce_csrf_checks=True).post(path, body, "application/json", headers=sent)


def test_a_webhook_of_woocommerce(woo_channel: Channel) -> None:
    assert woo_hook(woo_channel, json.dumps(woo()).encode()).status_code == 202
    understand_all()
    order = Order.objects.get()
    assert (order.channel_number, order.sale_minor) == ("727", 5295)


def test_two_orders_in_the_same_second_are_two(woo_channel: Channel) -> None:
    """WooCommerce makes its delivery ids of the second."""
    woo_hook(woo_channel, json.dumps(woo()).encode())
    woo_hook(woo_channel, json.dumps(woo(id=728, number="728")).encode())
    understand_all()
    assert Order.objects.count() == 2


def test_a_ping_is_answered_and_not_kept(woo_channel: Channel) -> None:
    path = f"/in/{woo_channel.connection.key}/"
    answer = Client().post(path, b"webhook_id=3", "application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert not Delivery.objects.exists()
    assert Connection.objects.get(pk=woo_channel.pk).refused == 0
