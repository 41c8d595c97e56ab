"""The pages of channels, as a seller's people and the operator meet them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Cast
from channels.samples import shopify
from channels.shops import FakeShop, opened
from parley.channels import receiving
from parley.channels.models import Connection, Delivery
from parley.journal.models import Entry
from parley.orders.models import Channel, ChannelKind, Listing, Order, Stage
from shop import Shop
from web.channelled import channel, delivery, unlinked
from web.pages import HTMX, Browser, words_of

PLACE = "/settings/channels/"


@pytest.fixture
def there(settings: Any) -> Iterator[FakeShop]:
    settings.ALLOW_LOCAL_HOSTS = True
    with opened(FakeShop()) as shop:
        yield shop


def test_connecting_a_shop(shop: Shop, cast: Cast, there: FakeShop) -> None:
    browser = Browser(cast.seller)
    assert browser.see("/settings/").links["Sales channels"] == PLACE
    assert "No channels yet" in Browser(cast.other_seller).see(PLACE).words
    typed = {"name": "Bright Home shop", "address": there.address, "key": "ck_1", "secret": "cs_1"}
    form = f"{PLACE}new/woocommerce/"
    there.trouble = [401]
    answer = browser.post(form, {**typed, "do": "test"})
    assert "The shop does not accept the keys" in words_of(answer)
    assert "ck_1" in answer.content.decode(), "what was typed is kept"
    assert "It works." in words_of(browser.post(form, {**typed, "do": "test"}))
    assert not Connection.objects.exists()
    page = words_of(browser.post(form, {**typed, "do": "save"}, follow=True))
    found = Connection.objects.get()
    assert f"/in/{found.key}/" in page
    assert found.secrets["webhook_secret"] in page
    member = Browser(cast.seller_member).see(f"{PLACE}{found.pk}/").words
    assert found.secrets["webhook_secret"] not in member, "that is the owners'"
    operator = Browser(cast.admin).see(f"{PLACE}{found.pk}/").words
    assert found.key not in operator


def test_keys_are_never_shown_again_and_stay_if_left_empty(cast: Cast) -> None:
    found = channel(cast, ChannelKind.SHOPIFY)
    browser = Browser(cast.seller)
    path = f"{PLACE}{found.pk}/change/"
    assert "shpat_1" not in browser.see(path).html
    values = {"name": "Renamed", "address": "other.example", "take": "placed", "do": "save"}
    browser.post(path, {**values, "token": "", "webhook_secret": "new"})
    after = Connection.objects.get()
    assert after.secrets["token"] == "shpat_1"
    assert after.secrets["webhook_secret"] == "new"
    assert after.settings["take"] == "placed"
    changed = Entry.objects.get(kind="ChannelChanged").data["fields"]
    assert set(changed) == {"name", "address", "take", "webhook_secret"}
    assert "new" not in json.dumps(Entry.objects.get(kind="ChannelChanged").data["fields"])


def test_what_is_wrong_is_said_and_kept(cast: Cast) -> None:
    answer = Browser(cast.seller).post(f"{PLACE}new/shopify/", {"name": "", "address": "a b"})
    assert answer.status_code == 422
    words = words_of(answer)
    assert "Give the channel a name." in words
    assert "This is not the address of a shop" in words
    assert "a b" in answer.content.decode()


def test_two_of_one_name(cast: Cast) -> None:
    browser = Browser(cast.seller)
    for status in (302, 422):
        assert browser.post(f"{PLACE}new/json/", {"name": "Ours"}).status_code == status


def test_switching_off_and_on(cast: Cast) -> None:
    found = channel(cast)
    browser = Browser(cast.seller)
    page = f"{PLACE}{found.pk}/"
    assert "The channel is off" in words_of(browser.send(page, f"{page}switch/", active="off"))
    assert not Channel.objects.get(pk=found.pk).active
    assert "The channel is on" in words_of(browser.send(page, f"{page}switch/", active="on"))


def test_a_delivery_that_cant_be_read_is_tried_again(shop: Shop, cast: Cast) -> None:
    body = json.dumps(shopify()).encode()
    found = delivery(cast, body=body)
    browser = Browser(cast.seller)
    page = browser.see(f"{PLACE}{found.channel_id}/")
    assert "“id” is missing" in page.words
    assert browser.get(f"{PLACE}deliveries/{found.pk}/raw/").content == body
    browser.send(f"{PLACE}{found.channel_id}/", f"deliveries/{found.pk}/again/")
    receiving.sweep()
    page = browser.see(f"{PLACE}{found.channel_id}/?state=taken")
    order = Order.objects.get()
    assert f"/orders/{order.pk}/" in page.html


def test_leafing_through_deliveries(cast: Cast) -> None:
    for _ in range(30):
        found = delivery(cast)
    browser = Browser(cast.seller)
    page = browser.see(f"{PLACE}{found.channel_id}/")
    assert page.html.count("data-row") == 25
    older = browser.see(f"{PLACE}{found.channel_id}/" + page.links["Older"])
    assert older.html.count("data-row") == 5
    assert "data-row" not in browser.see(f"{PLACE}{found.channel_id}/?state=taken").html


def test_linking_by_hand_from_the_order(shop: Shop, cast: Cast) -> None:
    order = unlinked(cast)
    line = order.lines.get()
    browser = Browser(cast.seller)
    path = f"{PLACE}lines/{line.pk}/products/"
    found = browser.get(path, {"q": "brass lamp"}, **HTMX).content.decode()
    assert f'value="{shop.lamp.pk}"' in found
    browser.post(f"{PLACE}lines/{line.pk}/link/", {"product": shop.lamp.pk})
    assert Order.objects.get(pk=order.pk).stage != Stage.NOT_LINKED
    assert Listing.objects.get().product == shop.lamp


def test_linking_and_unlinking_an_item(shop: Shop, cast: Cast) -> None:
    found = channel(cast)
    browser = Browser(cast.seller_member)
    path = f"{PLACE}{found.pk}/listings/"
    answer = browser.post(f"{path}new/", {"sku": "VASE", "product": "9999999"})
    assert answer.status_code == 422
    assert "VASE" in answer.content.decode()
    browser.post(f"{path}new/", {"sku": "VASE", "product": shop.lamp.pk})
    browser.post(f"{path}new/", {"sku": "vase", "product": shop.kettle.pk})
    listing = Listing.objects.get()
    assert listing.product == shop.kettle, "linked anew, not twice"
    assert "KET-100" in browser.see(f"{path}?q=vas").words
    browser.send(path, f"listings/{listing.pk}/removal/")
    assert not Listing.objects.exists()


def test_dismissing(shop: Shop, cast: Cast) -> None:
    order = unlinked(cast)
    Browser(cast.seller).post(f"{PLACE}orders/{order.pk}/dismissal/")
    assert Order.objects.get(pk=order.pk).stage == Stage.DISMISSED


@pytest.mark.parametrize("who", ["seller", "admin"])
@pytest.mark.parametrize(
    "page", ["", "{channel}/", "{channel}/listings/", "deliveries/{delivery}/"]
)
def test_pages_ask_seldom_and_as_often_for_many(cast: Cast, who: str, page: str) -> None:
    one = delivery(cast)
    Delivery.objects.filter(pk=one.pk).update(order=unlinked(cast))
    path = PLACE + page.format(channel=one.channel_id, delivery=one.pk)
    browser = Browser(cast.everybody[who])
    browser.get(path)
    few = _queries(browser, path)
    for _ in range(30):
        Delivery.objects.filter(pk=delivery(cast).pk).update(order=unlinked(cast))
    for kind in (ChannelKind.WOOCOMMERCE, ChannelKind.FILE):
        channel(cast, kind)
    assert _queries(browser, path) == few
    assert few <= 6


def _queries(browser: Browser, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)
