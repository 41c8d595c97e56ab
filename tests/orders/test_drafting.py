"""Orders made by hand, from delivery details to the supplier (O9)."""

from __future__ import annotations

from typing import Any

import pytest

from cast import Cast
from crowd import crowd, failures
from parley.catalogue.keeping import change_product
from parley.catalogue.models import Terms
from parley.journal.models import Entry
from parley.orders import drafting
from parley.orders.access import drafts_of, orders_visible_to
from parley.orders.axes import Payment
from parley.orders.models import Invoice, Order, OrderLine, Stage
from shop import Shop

MARGARET = {
    "name": " Margaret  Hale ",
    "street": "14 Cloudesley Road\n\n  Flat 2 ",
    "city": "London",
    "postcode": "n1 0eb",
    "country": "gb",
}


def draft(shop: Shop, **changed: str) -> Order:
    return drafting.begin(MARGARET | changed, by=shop.cast.seller)


def test_delivery_details_are_kept_tidily(shop: Shop) -> None:
    order = draft(shop)
    assert (order.to_name, order.to_street) == ("Margaret Hale", "14 Cloudesley Road\nFlat 2")
    assert (order.to_postcode, order.to_country, order.stage) == ("N1 0EB", "GB", Stage.DRAFT)
    again = draft(shop)
    assert again.channel == order.channel
    assert order.channel.kind == "manual"


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"street": " \n "}, ["street"]),
        ({"city": ""}, ["city"]),
        ({"postcode": ""}, ["postcode"]),
        ({"postcode": "London"}, ["postcode"]),
        ({"country": ""}, ["country"]),
        ({"country": "QQ"}, ["country"]),
        ({"country": "DE", "postcode": ""}, []),
        ({"country": "DE", "postcode": "10115"}, []),
        ({"email": "no"}, ["email"]),
        ({"name": "x" * 201}, ["name"]),
    ],
)
def test_what_is_wrong_with_them_is_said_field_by_field(
    shop: Shop, changed: dict[str, str], fields: list[str]
) -> None:
    if not fields:
        assert draft(shop, **changed).pk
        return
    with pytest.raises(drafting.RecipientRefused) as refused:
        draft(shop, **changed)
    assert list(refused.value.problems) == fields


def test_items_services_and_cost(shop: Shop) -> None:
    by, order = shop.cast.seller, draft(shop)
    drafting.add_item(order.pk, shop.kettle.pk, 2, by=by)
    drafting.add_item(order.pk, shop.kettle.pk, 1, by=by)
    line = drafting.add_item(order.pk, shop.lamp.pk, 1, by=by)
    assert [(one.sku, one.quantity) for one in OrderLine.objects.order_by("position")] == [
        ("KET-100", 3),
        ("LAMP-9", 1),
    ]
    order.refresh_from_db()
    # 3 × £20 + £3 and £40 + £5, and 20 % on each line
    assert order.cost_minor == (6000 + 300 + 4000 + 500) * 120 // 100
    drafting.choose_service(order.pk, shop.courier.pk, by=by)
    drafting.set_quantity(order.pk, line.pk, 0, by=by)
    order.refresh_from_db()
    assert order.cost_minor == (6000 + 750) * 120 // 100
    assert order.consignments.count() == 1


def test_items_that_cannot_be_added(shop: Shop) -> None:
    by, order = shop.cast.seller, draft(shop)
    change_product(shop.teapot.pk, {"active": "off"}, by=shop.cast.supplier)
    for product, quantity, code in (
        (shop.teapot.pk, 1, "gone"),
        (10**9, 1, "gone"),
        (shop.kettle.pk, 0, "quantity"),
        (shop.kettle.pk, 10_001, "quantity"),
    ):
        with pytest.raises(drafting.ItemRefused) as refused:
            drafting.add_item(order.pk, product, quantity, by=by)
        assert refused.value.code == code
    assert not order.lines.exists()


def test_completed_it_is_invoiced_paid_and_waits_to_be_passed_on(shop: Shop) -> None:
    by, order = shop.cast.seller, draft(shop)
    drafting.add_item(order.pk, shop.kettle.pk, 2, by=by)
    drafting.add_item(order.pk, shop.lamp.pk, 1, by=by)
    drafting.choose_service(order.pk, shop.courier.pk, by=by)
    order.refresh_from_db()
    done = drafting.complete(order.pk, by=by, agreed_minor=order.cost_minor)
    done = Order.objects.get(pk=done.pk)
    assert (done.payment, done.paid_minor) == (Payment.PAID, order.cost_minor)
    assert done.number is not None
    assert Invoice.objects.filter(consignment__order=done).count() == 2
    kinds = list(Entry.objects.filter(subject=f"order:{done.pk}").order_by("pk"))
    assert [one.kind for one in kinds][:3] == ["OrderDrafted", "OrderArrived", "OrderQueued"]
    assert drafting.complete(order.pk, by=by).pk == done.pk
    assert Invoice.objects.count() == 2


def test_what_may_not_go_there_is_refused_at_once_by_name(shop: Shop) -> None:
    Terms.objects.create(supplier=shop.cast.northwind, not_shipped_to="BT")
    by, order = shop.cast.seller, draft(shop, postcode="BT7 1NN")
    drafting.add_item(order.pk, shop.kettle.pk, 1, by=by)
    with pytest.raises(drafting.NotShippedThere) as refused:
        drafting.complete(order.pk, by=by)
    assert refused.value.why[0]["rule"] == "BT"
    assert Order.objects.get(pk=order.pk).stage == Stage.DRAFT
    drafting.readdress(order.pk, MARGARET, by=by)
    assert drafting.complete(order.pk, by=by).stage in (Stage.PAID, Stage.PASSED)


def test_a_price_that_changed_meanwhile_is_agreed_to_anew(shop: Shop) -> None:
    by, order = shop.cast.seller, draft(shop)
    drafting.add_item(order.pk, shop.kettle.pk, 1, by=by)
    order.refresh_from_db()
    change_product(shop.kettle.pk, {"price": "25.00"}, by=shop.cast.supplier)
    with pytest.raises(drafting.CostChanged):
        drafting.complete(order.pk, by=by, agreed_minor=order.cost_minor)
    order.refresh_from_db()
    assert order.cost_minor == (2500 + 300) * 120 // 100
    assert drafting.complete(order.pk, by=by, agreed_minor=order.cost_minor)


def test_what_is_missing_or_gone_is_named(shop: Shop) -> None:
    by, order = shop.cast.seller, draft(shop)
    with pytest.raises(drafting.Incomplete) as refused:
        drafting.complete(order.pk, by=by)
    assert refused.value.code == "nothing"
    drafting.add_item(order.pk, shop.kettle.pk, 1, by=by)
    change_product(shop.kettle.pk, {"active": "off"}, by=shop.cast.supplier)
    with pytest.raises(drafting.Incomplete) as refused:
        drafting.complete(order.pk, by=by)
    assert (refused.value.code, refused.value.line) == ("gone", order.lines.get())


def test_a_draft_is_its_sellers_alone(cast: Cast, shop: Shop) -> None:
    order = draft(shop)
    for who in (cast.other_seller, cast.supplier, cast.admin):
        assert not drafts_of(who).exists()
        assert not orders_visible_to(who).exists()
        acts: list[Any] = [
            lambda who=who: drafting.add_item(order.pk, shop.kettle.pk, 1, by=who),
            lambda who=who: drafting.complete(order.pk, by=who),
            lambda who=who: drafting.discard(order.pk, by=who),
        ]
        for act in acts:
            with pytest.raises(Order.DoesNotExist):
                act()
    for who in (cast.supplier, cast.admin):
        with pytest.raises(drafting.NotASeller):
            drafting.begin(MARGARET, by=who)
    drafting.discard(order.pk, by=cast.seller_member)
    assert not Order.objects.exists()


def test_what_was_completed_cannot_be_discarded_or_changed(shop: Shop) -> None:
    by, order = shop.cast.seller, draft(shop)
    line = drafting.add_item(order.pk, shop.kettle.pk, 1, by=by)
    drafting.complete(order.pk, by=by)
    for act in (
        lambda: drafting.discard(order.pk, by=by),
        lambda: drafting.set_quantity(order.pk, line.pk, 5, by=by),
        lambda: drafting.readdress(order.pk, MARGARET, by=by),
    ):
        with pytest.raises(Order.DoesNotExist):
            act()


def test_pressed_twice_at_once_it_is_one_order(transactional_db: None, shop: Shop) -> None:
    by, order = shop.cast.seller, draft(shop)
    drafting.add_item(order.pk, shop.kettle.pk, 1, by=by)
    done: list[Order] = []

    assert not failures(crowd(4, lambda: done.append(drafting.complete(order.pk, by=by))))
    assert [one.pk for one in done] == [order.pk] * 4
    assert Invoice.objects.count() == 1
    assert Entry.objects.filter(kind="OrderArrived").count() == 1
