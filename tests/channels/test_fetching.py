"""Reading a shop since the last time: no outage of any length loses an order or doubles one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cast import Cast
from channels.samples import shopify, woo
from channels.shops import FakeShop, opened
from parley.channels import fetching, receiving
from parley.channels.connecting import ChannelRefused, Typed, add_channel, switch, try_out
from parley.channels.models import Connection, Delivery
from parley.channels.reasons import Trouble, in_words
from parley.journal.models import Entry
from parley.journal.moment import at
from parley.orders.models import Channel, ChannelKind, Order
from shop import Shop
from web.channelled import channel

BEGIN = datetime(2026, 11, 20, 8, tzinfo=UTC)
KINDS = (ChannelKind.SHOPIFY, ChannelKind.WOOCOMMERCE)


@pytest.fixture
def there(settings: Any) -> Iterator[FakeShop]:
    settings.ALLOW_LOCAL_HOSTS = True
    with opened(FakeShop()) as shop:
        yield shop


def connected(shop: Shop, there: FakeShop, kind: str) -> Channel:
    found = channel(shop.cast, kind, address=there.address)
    Connection.objects.filter(pk=found.pk).update(fetched_until=BEGIN, fetch_at=BEGIN)
    return found


def told(kind: str, number: int, minutes: int) -> dict[str, Any]:
    """An order of the shop, changed so many minutes after the beginning."""
    changed = BEGIN + timedelta(minutes=minutes)
    if kind == ChannelKind.SHOPIFY:
        return shopify(id=number, name=f"#{number}", updated_at=changed.isoformat())
    return woo(id=number, number=str(number), date_modified_gmt=f"{changed:%Y-%m-%dT%H:%M:%S}")


def fetch(found: Channel, minutes: float) -> int:
    """Read it, so many minutes after the beginning, and make orders of what came."""
    with at(BEGIN + timedelta(minutes=minutes)):
        Connection.objects.filter(pk=found.pk).update(fetch_at=BEGIN)
        kept = fetching.fetch(found.pk)
        receiving.sweep(1000)
    return kept


def numbers() -> list[str]:
    return sorted(Order.objects.values_list("external_id", flat=True))


@pytest.mark.parametrize("kind", KINDS)
def test_page_after_page(shop: Shop, there: FakeShop, kind: str) -> None:
    there.orders = [told(kind, 100 + n, n) for n in range(7)]
    found = connected(shop, there, kind)
    assert fetch(found, 30) == 7
    assert numbers() == [str(100 + n) for n in range(7)]
    assert len(there.asked) >= 4


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_known_is_not_kept_again(shop: Shop, there: FakeShop, kind: str) -> None:
    there.orders = [told(kind, 100 + n, n) for n in range(3)]
    found = connected(shop, there, kind)
    fetch(found, 5)
    assert fetch(found, 6) == 0
    there.orders[1] = told(kind, 101, 7)
    assert fetch(found, 8) == 1
    assert Order.objects.count() == 3


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("trouble", [500, 503, "drop", "junk"])
def test_an_outage_loses_nothing_and_doubles_nothing(
    shop: Shop, there: FakeShop, kind: str, trouble: Any
) -> None:
    found = connected(shop, there, kind)
    there.orders = [told(kind, 100 + n, n) for n in range(3)]
    there.trouble = [None, trouble]
    fetch(found, 10)
    connection = Connection.objects.get(pk=found.pk)
    assert in_words(connection.trouble)
    assert connection.trouble_at == BEGIN + timedelta(minutes=10)
    assert connection.fetch_at > BEGIN + timedelta(minutes=10)
    for minutes in range(20, 1000, 200):
        there.orders.append(told(kind, 200 + minutes, minutes))
        there.trouble = [trouble]
        fetch(found, minutes + 5)
    assert Entry.objects.filter(kind="ChannelLost").count() == 1, "told once"
    there.trouble = []
    fetch(found, 60 * 24 * 3)
    assert len(numbers()) == len(there.orders)
    assert Connection.objects.get(pk=found.pk).trouble == {}
    assert Entry.objects.filter(kind="ChannelFound").count() == 1
    assert Delivery.objects.exclude(state="taken").count() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_asked_to_slow_down_it_does(shop: Shop, there: FakeShop, kind: str) -> None:
    there.orders = [told(kind, 100 + n, n) for n in range(5)]
    there.trouble = [None, 429, None, 429]
    found = connected(shop, there, kind)
    fetch(found, 30)
    assert len(numbers()) == 5
    assert Connection.objects.get(pk=found.pk).trouble == {}


def test_an_order_that_changes_while_we_read_hides_none(shop: Shop, there: FakeShop) -> None:
    """It goes to the end, and those behind it move up a page."""
    kind = ChannelKind.WOOCOMMERCE
    there.orders = [told(kind, 100 + n, n) for n in range(6)]

    def change(place: int) -> Callable[[], None]:
        def now_changed() -> None:
            there.orders[place] = told(kind, 100 + place, 25)

        return now_changed

    there.between_pages = [change(0), change(1)]
    fetch(connected(shop, there, kind), 30)
    assert numbers() == [str(100 + n) for n in range(6)]


def test_many_in_one_second_are_read_page_by_page(shop: Shop, there: FakeShop) -> None:
    there.orders = [told(ChannelKind.WOOCOMMERCE, 100 + n, 3) for n in range(9)]
    fetch(connected(shop, there, ChannelKind.WOOCOMMERCE), 30)
    assert len(numbers()) == 9


def test_a_channel_that_is_off_is_not_read(shop: Shop, cast: Cast, there: FakeShop) -> None:
    found = connected(shop, there, ChannelKind.SHOPIFY)
    there.orders = [told(ChannelKind.SHOPIFY, 100, 1)]
    switch(found.pk, active=False, by=cast.seller)
    with at(BEGIN + timedelta(hours=1)):
        assert fetching.due() == []
        assert fetching.fetch(found.pk) == 0
    with at(BEGIN + timedelta(hours=2)):
        switch(found.pk, active=True, by=cast.seller)
        assert fetching.due() == [found.pk]
    fetch(found, 121)
    assert numbers() == ["100"], "what was missed meanwhile"


def test_two_workers_do_not_read_the_same_channel(shop: Shop, there: FakeShop) -> None:
    found = connected(shop, there, ChannelKind.SHOPIFY)
    with at(BEGIN + timedelta(hours=1)):
        assert fetching._claim(found.pk) is not None
        assert fetching._claim(found.pk) is None


def test_an_order_that_cant_be_read_keeps_no_other_back(shop: Shop, there: FakeShop) -> None:
    found = connected(shop, there, ChannelKind.SHOPIFY)
    there.orders = [told(ChannelKind.SHOPIFY, 100 + n, n) for n in range(3)]
    there.orders[1]["line_items"] = [{"quantity": "some"}]
    fetch(found, 30)
    assert numbers() == ["100", "102"]
    assert Delivery.objects.filter(state="failed").count() == 1


def typed(there: FakeShop, **values: str) -> Typed:
    filled = {
        "address": there.address, "token": "shpat_1", "webhook_secret": "hush", "key": "ck_1",
        "secret": "cs_1", "take": "paid",
    }  # fmt: skip
    return Typed("My shop", {**filled, **values})


@pytest.mark.parametrize("kind", KINDS)
def test_a_connection_that_works(shop: Shop, cast: Cast, there: FakeShop, kind: str) -> None:
    try_out(kind, typed(there), by=cast.seller)
    assert not Connection.objects.exists(), "and nothing is saved"


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (401, "does not accept the keys"),
        (403, "don't allow this"),
        (404, "no such shop"),
        (500, "answered with an error (500)"),
        ("junk", "can't be read"),
        ("drop", "lost half way"),
    ],
)
def test_what_fails_is_said_in_plain_words(
    shop: Shop, cast: Cast, there: FakeShop, trouble: Any, words: str
) -> None:
    there.trouble = [trouble]
    with pytest.raises(Trouble) as refused:
        try_out(ChannelKind.WOOCOMMERCE, typed(there), by=cast.seller)
    assert words in in_words(refused.value.reason)


def test_a_missing_permission_is_named(shop: Shop, cast: Cast, there: FakeShop) -> None:
    there.scopes = ("read_orders",)
    with pytest.raises(Trouble) as refused:
        try_out(ChannelKind.SHOPIFY, typed(there), by=cast.seller)
    assert "write_merchant_managed_fulfillment_orders" in in_words(refused.value.reason)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:9", "may not be reached"),
        ("https://localhost", "may not be reached"),
        ("https://[::1]", "may not be reached"),
        ("https://169.254.169.254", "may not be reached"),
        ("https://no-such-host.invalid", "no server called"),
    ],
)
def test_our_own_machine_is_out_of_reach(
    shop: Shop, cast: Cast, there: FakeShop, settings: Any, address: str, words: str
) -> None:
    settings.ALLOW_LOCAL_HOSTS = False
    with pytest.raises((Trouble, ChannelRefused)) as refused:
        try_out(ChannelKind.WOOCOMMERCE, typed(there, address=address), by=cast.seller)
    if isinstance(refused.value, ChannelRefused):
        assert "https://" in refused.value.problems["address"]
    else:
        assert words in in_words(refused.value.reason)


def test_where_nobody_listens(shop: Shop, cast: Cast, there: FakeShop) -> None:
    with pytest.raises(Trouble) as refused:
        try_out(ChannelKind.WOOCOMMERCE, typed(there, address="http://127.0.0.1:1"),
                by=cast.seller)  # fmt: skip
    assert "does not answer" in in_words(refused.value.reason)


@pytest.mark.parametrize(
    "address", ["ftp://shop.example", "shop example", "https://", "a@b.example"]
)
def test_what_is_no_address(shop: Shop, cast: Cast, there: FakeShop, address: str) -> None:
    with pytest.raises(ChannelRefused):
        add_channel(ChannelKind.SHOPIFY, typed(there, address=address), by=cast.seller)
