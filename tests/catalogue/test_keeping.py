"""Suppliers keep their products, and say where they ship to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import Cast
from parley.catalogue.keeping import (
    NotASupplier,
    ProductRefused,
    add_product,
    change_product,
)
from parley.catalogue.models import Product, ShippingService, Terms
from parley.catalogue.offering import FIELDS, read_offer
from parley.catalogue.shipping_terms import (
    ServiceRefused,
    TermsRefused,
    keep_service,
    keep_terms,
)
from parley.journal.models import Entry
from parley.orders.models import Order, Stage
from parley.orders.releasing import look_again
from shop import Shop

LAMP = {
    "sku": "LMP-1",
    "supplier_product_id": "4471",
    "title": "Настольная лампа",
    "price": "1 249,50",
    "currency": "RUB",
    "vat": "20%",
    "stock": "12",
    "weight": "1500",
}


def recorded(kind: str) -> list[dict[str, Any]]:
    return list(Entry.objects.filter(kind=kind).order_by("pk").values_list("data", flat=True))


def test_a_product_is_kept_as_written(cast: Cast) -> None:
    product = add_product(LAMP, by=cast.supplier)
    kept = Product.objects.get(pk=product.pk)
    assert (kept.price_minor, kept.currency, kept.vat_bp) == (124_950, "RUB", 2000)
    assert (kept.stock, kept.weight_grams, kept.active) == (12, 1500, True)
    assert recorded("ProductListed") == [
        {"product": kept.pk, "supplier": cast.northwind.pk, "sku": "LMP-1"}
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"sku": " "}, "sku"),
        ({"sku": "x" * 81}, "sku"),
        ({"sku": "ket-100"}, "sku"),
        ({"title": ""}, "title"),
        ({"price": ""}, "price"),
        ({"price": "twelve"}, "price"),
        ({"price": "-1"}, "price"),
        ({"price": "1.999"}, "price"),
        ({"currency": "XYZZY"}, "currency"),
        ({"vat": "120"}, "vat"),
        ({"vat": "NaN"}, "vat"),
        ({"stock": "-3"}, "stock"),
        ({"stock": "many"}, "stock"),
        ({"weight": "heavy"}, "weight"),
        ({"active": "perhaps"}, "active"),
    ],
)
def test_what_cannot_be_kept_is_said_for_its_field(
    shop: Shop, changed: dict[str, str], field: str
) -> None:
    with pytest.raises(ProductRefused) as refused:
        add_product(LAMP | changed, by=shop.cast.supplier)
    assert list(refused.value.problems) == [field]
    assert not Product.objects.filter(sku="LMP-1").exists()


def test_only_suppliers_have_products(cast: Cast) -> None:
    for who in (cast.seller, cast.admin):
        with pytest.raises(NotASupplier):
            add_product(LAMP, by=who)
        with pytest.raises(NotASupplier):
            keep_terms([], "BT", by=who)


def test_a_change_records_what_is_different_and_nothing_else(shop: Shop) -> None:
    by = shop.cast.supplier
    change_product(shop.kettle.pk, {"price": "21.00", "title": shop.kettle.title}, by=by)
    change_product(shop.kettle.pk, {"price": "21"}, by=by)
    assert [one["fields"] for one in recorded("ProductChanged")] == [{"price_minor": [2000, 2100]}]
    assert recorded("ProductListed") == []


def test_a_new_sku_and_coming_back_are_told(shop: Shop) -> None:
    by = shop.cast.supplier
    change_product(shop.kettle.pk, {"sku": "KET-101"}, by=by)
    change_product(shop.kettle.pk, {"active": "off"}, by=by)
    change_product(shop.kettle.pk, {"active": "on"}, by=by)
    assert [one["sku"] for one in recorded("ProductListed")] == ["KET-101", "KET-101"]


def test_anothers_product_is_not_there(shop: Shop) -> None:
    for who in (shop.cast.other_supplier, shop.cast.seller, shop.cast.admin):
        with pytest.raises(Product.DoesNotExist):
            change_product(shop.kettle.pk, {"price": "1"}, by=who)


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=40)))
def test_whatever_is_written_is_read_or_named(written: dict[str, str]) -> None:
    values, problems = read_offer(written, "GBP")
    assert set(problems) <= set(written)
    assert values.get("stock", 0) >= 0
    assert values.get("price_minor", 0) >= 0


def test_terms_are_kept_as_typed_once_they_are_understood(cast: Cast) -> None:
    keep_terms(["gb", "IE"], "bt; ab31 – 38", by=cast.supplier)
    terms = Terms.objects.get(supplier=cast.northwind)
    assert (terms.countries, terms.not_shipped_to) == (["GB", "IE"], "bt; ab31 – 38")
    with pytest.raises(TermsRefused) as refused:
        keep_terms(["GB", "QQ"], "BT, the Highlands", by=cast.supplier)
    assert "QQ" in refused.value.problems["countries"]
    assert "HIGHLANDS" in refused.value.problems["not_shipped_to"]
    assert Terms.objects.get().not_shipped_to == "bt; ab31 – 38"
    keep_terms(["GB", "IE"], "bt; ab31 – 38", by=cast.supplier)
    assert len(recorded("TermsChanged")) == 1


def test_services_have_one_that_is_usual(cast: Cast) -> None:
    post = keep_service({"name": "Post", "price": "3.00"}, by=cast.supplier)
    night = keep_service({"name": "Overnight", "price": "9", "days": "1"}, by=cast.supplier)
    assert (post.position, night.position) == (0, 2)
    keep_service(
        {"name": "Overnight", "price": "9", "usual": "on"}, by=cast.supplier, service_id=night.pk
    )
    first = ShippingService.objects.order_by("position").first()
    assert first == night
    with pytest.raises(ServiceRefused) as refused:
        keep_service({"name": "post", "price": "", "days": "0x"}, by=cast.supplier)
    assert set(refused.value.problems) == {"name", "price", "days"}
    with pytest.raises(ShippingService.DoesNotExist):
        keep_service({"name": "A", "price": "1"}, by=cast.other_supplier, service_id=post.pk)


def test_held_orders_go_on_when_terms_change_and_unpaid_ones_are_held(shop: Shop) -> None:
    keep_terms([], "BT", by=shop.cast.supplier)
    held = shop.queued(shop.kettle, to_postcode="BT7 1NN")
    assert held.stage == Stage.HELD
    keep_terms([], "HS", by=shop.cast.supplier)
    assert look_again(shop.cast.northwind.pk) == 1
    assert Order.objects.get(pk=held.pk).stage in (Stage.PAID, Stage.PASSED)

    queued = shop.queued(shop.kettle, to_postcode="ZE1 0AA")
    assert queued.stage == Stage.QUEUED
    keep_terms([], "ZE", by=shop.cast.supplier)
    look_again(shop.cast.northwind.pk)
    order = Order.objects.get(pk=queued.pk)
    assert (order.stage, order.why_held[0]["rule"]) == (Stage.HELD, "ZE")
    assert look_again(shop.cast.second_supplier.pk) == 0
