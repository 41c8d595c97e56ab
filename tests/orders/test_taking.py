"""Orders arrive from channels: once, whatever is told how often, and brought up to date while they can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from cast import Cast
from crowd import crowd, failures
from parley.catalogue.models import Product, Terms
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.ledger.balances import balance_of
from parley.ledger.topping_up import top_up
from parley.orders import linking
from parley.orders.advancing import advance, sweep
from parley.orders.axes import Cancellation, Payment
from parley.orders.events import ListingMade
from parley.orders.models import Listing, Order, OrderLine, Stage
from parley.orders.moving import lock
from parley.orders.settling_again import settle_unpaid
from parley.orders.taking import ArrivedLine, ArrivedOrder, NotWanted, Recipient, take_in
from parley.parties.models import Membership
from shop import Shop
from web.pages import Browser

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def arrived(*lines: ArrivedLine, **changed: Any) -> ArrivedOrder:
    filled: dict[str, Any] = {
        "external_id": "5501",
        "channel_number": "#1042",
        "placed_at": NOON,
        "changed_at": NOON,
        "currency": "GBP",
        "sale_minor": 4900,
        "lines": lines or (kettle(),),
        "address": Recipient(name="Margaret Hale", street="14 Cloudesley Road", city="London",
                             postcode="N1 0EB", country="GB"),
        "outside": {"payment": "paid"},
    }  # fmt: skip
    return ArrivedOrder(**filled | changed)


def kettle(quantity: int = 1) -> ArrivedLine:
    return ArrivedLine(
        sku="ket-100", listing_id="44610", title="Kettle", quantity=quantity, sold_for_minor=4900
    )


def stranger() -> ArrivedLine:
    return ArrivedLine(sku="NOBODYS-1", listing_id="99", title="A vase", quantity=1)


def kinds(order: Order) -> list[str]:
    told = Entry.objects.filter(subject=f"order:{order.pk}").order_by("id")
    return list(told.values_list("kind", flat=True))


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def test_a_known_item_is_linked_and_paid_at_once(shop: Shop) -> None:
    order = take_in(shop.web_shop, arrived())
    assert fresh(order).stage == Stage.PAID
    assert fresh(order).payment == Payment.PAID
    assert kinds(order)[:3] == ["OrderArrived", "LineLinked", "OrderQueued"]
    assert order.lines.get().product == shop.kettle


def test_told_twice_it_is_one_order(shop: Shop) -> None:
    first = take_in(shop.web_shop, arrived())
    told = kinds(first)
    assert take_in(shop.web_shop, arrived()).pk == first.pk
    assert Order.objects.count() == 1
    assert kinds(first) == told, "and nothing is told a second time"


def test_the_same_number_on_another_channel_is_another_order(shop: Shop) -> None:
    take_in(shop.web_shop, arrived())
    other = shop.web_shop
    other.pk, other.name = None, "second shop"
    other.save()
    take_in(other, arrived())
    assert Order.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_told_ten_times_at_once_it_is_one_order(shop: Shop, transactional_db: None) -> None:
    assert not failures(crowd(10, lambda: take_in(shop.web_shop, arrived())))
    order = Order.objects.get()
    assert kinds(order).count("OrderArrived") == 1
    assert kinds(order).count("OrderPaid") == 1


def test_a_listing_goes_before_a_sku(shop: Shop) -> None:
    Listing.objects.create(channel=shop.web_shop, listing_id="44610", product=shop.teapot)
    order = take_in(shop.web_shop, arrived())
    assert order.lines.get().product == shop.teapot


def test_an_unlinked_order_is_hidden_for_four_days(shop: Shop, cast: Cast) -> None:
    with at(NOON):
        order = take_in(shop.web_shop, arrived(kettle(), stranger()))
    assert fresh(order).stage == Stage.MATCHING
    with at(NOON + timedelta(days=4, minutes=-1)):
        sweep()
    assert fresh(order).stage == Stage.MATCHING
    with at(NOON + timedelta(days=4)):
        sweep()
    assert fresh(order).stage == Stage.NOT_LINKED
    assert kinds(order)[-1] == "OrderNotLinked"


def test_it_is_shown_at_once_when_a_product_appears(
    shop: Shop, django_capture_on_commit_callbacks: Any
) -> None:
    order = take_in(shop.web_shop, arrived(stranger()))
    Product.objects.filter(pk=shop.teapot.pk).update(sku="nobodys-1")
    assert linking.retry_matching(sku="NOBODYS-1") == 1
    assert fresh(order).stage == Stage.PAID


def test_one_that_cant_be_matched_keeps_no_other_waiting(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (take_in(shop.web_shop, arrived(stranger(), external_id=one)) for one in "12")
    Product.objects.filter(pk=shop.teapot.pk).update(sku="nobodys-1")

    def advance_unless_first(order: Order, *, by: Membership | None) -> None:
        if order.pk == first.pk:
            raise RuntimeError("ours")
        advance(order, by=by)

    monkeypatch.setattr(linking, "advance", advance_unless_first)
    with pytest.raises(RuntimeError, match="ours"):
        linking.retry_matching(sku="NOBODYS-1")
    assert (fresh(first).stage, fresh(second).stage) == (Stage.MATCHING, Stage.PAID)


def test_a_job_is_only_for_those_who_wait(shop: Shop) -> None:
    take_in(shop.web_shop, arrived(stranger()))
    for sku, jobs in (("NOBODYS-2", 0), ("nobodys-1", 1)):
        event = ListingMade(listing=1, channel=shop.web_shop.pk, listing_id="", sku=sku,
                            product=1, seen=())  # fmt: skip
        linking.retry_for(event, Entry())
        assert _jobs("orders.retry_matching") == jobs


def test_linking_by_hand_makes_a_listing_and_brings_the_others(shop: Shop, cast: Cast) -> None:
    first = take_in(shop.web_shop, arrived(stranger()))
    second = take_in(shop.web_shop, arrived(stranger(), external_id="5502"))
    Order.objects.update(stage=Stage.NOT_LINKED)
    linking.link_by_hand(first.lines.get().pk, shop.lamp.pk, by=cast.seller_member)
    assert fresh(first).stage == Stage.PAID
    listing = Listing.objects.get()
    assert (listing.listing_id, listing.sku, listing.product) == ("99", "NOBODYS-1", shop.lamp)
    linking.retry_matching(channel=shop.web_shop.pk, listing_id=listing.listing_id, sku=listing.sku)
    assert fresh(second).stage == Stage.PAID
    third = take_in(shop.web_shop, arrived(stranger(), external_id="5503"))
    assert third.lines.get().product == shop.lamp


@pytest.mark.parametrize("who", ["other_seller", "supplier", "admin"])
def test_nobody_else_links_or_dismisses(shop: Shop, cast: Cast, who: str) -> None:
    by: Membership = cast.everybody[who]
    order = take_in(shop.web_shop, arrived(stranger()))
    Order.objects.update(stage=Stage.NOT_LINKED)
    with pytest.raises((linking.NotToBeLinked, order.lines.model.DoesNotExist)):
        linking.link_by_hand(order.lines.get().pk, shop.lamp.pk, by=by)
    with pytest.raises((linking.NotToBeLinked, Order.DoesNotExist)):
        linking.dismiss(order.pk, by=by)


def test_what_is_not_for_the_marketplace_is_dismissed(shop: Shop, cast: Cast) -> None:
    order = take_in(shop.web_shop, arrived(stranger()))
    with pytest.raises(Order.DoesNotExist):
        linking.dismiss(order.pk, by=cast.seller)
    Order.objects.update(stage=Stage.NOT_LINKED)
    linking.dismiss(order.pk, by=cast.seller)
    assert fresh(order).stage == Stage.DISMISSED
    take_in(shop.web_shop, arrived(kettle(), changed_at=NOON + timedelta(hours=1)))
    assert fresh(order).stage == Stage.DISMISSED, "it does not come back"


def test_a_new_address_is_taken_until_a_supplier_has_it(shop: Shop) -> None:
    order = take_in(shop.web_shop, arrived())
    moved = Recipient(name="Margaret Hale", street="1 New Road", postcode="M1 2AB", country="GB")
    later = NOON + timedelta(minutes=5)
    take_in(shop.web_shop, arrived(address=moved, changed_at=later))
    assert fresh(order).to_postcode == "M1 2AB"
    assert kinds(order)[-1] == "OrderChanged"
    with transaction.atomic():
        locked = lock(order.pk, None)
        locked.pass_at = now()
        locked.save()
    sweep()
    assert fresh(order).stage == Stage.PASSED
    again = replace(moved, postcode="LS1 4AP")
    take_in(shop.web_shop, arrived(address=again, changed_at=later + timedelta(minutes=5)))
    assert fresh(order).to_postcode == "M1 2AB"
    assert "LS1 4AP" in fresh(order).outside["address"], "the shop's word is kept and shown"


def test_what_waits_for_money_is_held_when_it_is_to_go_elsewhere(shop: Shop, cast: Cast) -> None:
    Terms.objects.create(supplier=cast.northwind, not_shipped_to="BT")
    order = take_in(shop.web_shop, arrived(kettle(100)))
    assert (fresh(order).stage, fresh(order).payment) == (Stage.QUEUED, Payment.UNPAID)
    belfast = Recipient(name="Margaret Hale", street="1 Quay", postcode="BT1 5GS", country="GB")
    take_in(
        shop.web_shop,
        arrived(kettle(100), address=belfast, changed_at=NOON + timedelta(minutes=5)),
    )
    assert fresh(order).stage == Stage.HELD
    top_up(cast.bright_home, 1_000_000, "GBP", key="more", by=cast.admin)
    settle_unpaid(cast.bright_home.pk, "GBP")
    assert (fresh(order).stage, fresh(order).payment) == (Stage.HELD, Payment.UNPAID)


def test_an_order_is_of_one_currency(shop: Shop, cast: Cast) -> None:
    """A price in euros is never taken for pounds."""
    Product.objects.filter(pk=shop.lamp.pk).update(currency="EUR")
    Listing.objects.create(channel=shop.web_shop, listing_id="99", product=shop.lamp)
    both = take_in(shop.web_shop, arrived(kettle(), stranger()))
    assert [line.product_id for line in both.lines.order_by("position")] == [shop.kettle.pk, None]
    Order.objects.filter(pk=both.pk).update(stage=Stage.NOT_LINKED)
    line = both.lines.get(product=None)
    with pytest.raises(linking.OtherCurrency):
        linking.link_by_hand(line.pk, shop.lamp.pk, by=cast.seller)
    alone = take_in(shop.web_shop, arrived(stranger(), external_id="5502"))
    assert (fresh(alone).currency, fresh(alone).payment) == ("EUR", Payment.UNPAID)


def test_a_line_of_an_order_that_is_not_shown_yet_is_not_there_to_be_linked(
    shop: Shop, cast: Cast
) -> None:
    order = take_in(shop.web_shop, arrived(stranger()))
    assert order.stage == Stage.MATCHING
    line = order.lines.get()
    with pytest.raises(OrderLine.DoesNotExist):
        linking.link_by_hand(line.pk, shop.lamp.pk, by=cast.seller)
    posted = Browser(cast.seller).post(
        f"/settings/channels/lines/{line.pk}/link/", {"product": str(shop.lamp.pk)}
    )
    assert posted.status_code == 404


def test_an_older_word_does_not_undo_a_newer_one(shop: Shop) -> None:
    later = NOON + timedelta(hours=1)
    order = take_in(shop.web_shop, arrived(note="newer", changed_at=later))
    take_in(shop.web_shop, arrived(note="older", changed_at=NOON))
    assert fresh(order).note == "newer"


def test_a_changed_quantity_is_taken_until_it_is_paid(shop: Shop) -> None:
    order = take_in(shop.web_shop, arrived(kettle(), stranger()))
    later = NOON + timedelta(hours=1)
    take_in(shop.web_shop, arrived(kettle(3), changed_at=later))
    assert order.lines.get().quantity == 3
    assert fresh(order).stage == Stage.PAID
    much_later = later + timedelta(hours=1)
    take_in(shop.web_shop, arrived(kettle(5), changed_at=much_later))
    assert order.lines.get().quantity == 3
    assert fresh(order).outside["lines"] == "5 × Kettle"


def test_the_shop_cancels_before_a_supplier_has_it(shop: Shop, cast: Cast) -> None:
    before = balance_of(cast.bright_home, "GBP")
    order = take_in(shop.web_shop, arrived())
    assert balance_of(cast.bright_home, "GBP") < before
    later = NOON + timedelta(hours=1)
    take_in(shop.web_shop, arrived(cancelled=True, changed_at=later))
    assert fresh(order).cancellation == Cancellation.CANCELLED
    assert fresh(order).payment == Payment.REFUNDED
    assert balance_of(cast.bright_home, "GBP") == before


def test_the_shop_cancels_what_is_with_the_supplier(shop: Shop) -> None:
    order = take_in(shop.web_shop, arrived())
    Order.objects.filter(pk=order.pk).update(pass_at=now())
    sweep()
    said = {"payment": "refunded"}
    later = NOON + timedelta(hours=1)
    take_in(shop.web_shop, arrived(cancelled=True, changed_at=later, outside=said))
    assert fresh(order).cancellation == Cancellation.NONE, "that is the supplier's to agree to"
    assert fresh(order).outside["payment"] == "refunded"


@pytest.mark.parametrize("changed", [{"cancelled": True}, {"wanted": False}])
def test_what_is_not_to_be_taken_makes_no_order(shop: Shop, changed: dict[str, Any]) -> None:
    with pytest.raises(NotWanted):
        take_in(shop.web_shop, arrived(**changed))
    assert not Order.objects.exists()


def test_an_address_is_no_longer_than_its_columns(shop: Shop) -> None:
    long = Recipient(
        name="N" * 500, street="S" * 500, postcode="P" * 50, country="GB", phone="1" * 99
    )
    order = take_in(shop.web_shop, arrived(address=long))
    assert len(fresh(order).to_street) == 300


def _jobs(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [name])
        return int(cursor.fetchone()[0])
