"""Finding products."""

from __future__ import annotations

import pytest

from cast import Cast
from parley.catalogue.finding import Filters, find, pick, suppliers_with_products
from parley.catalogue.keeping import add_product, change_product
from parley.catalogue.models import Product
from parley.parties.models import Membership
from parley.postgres.keysets import CursorUnreadable
from shop import Shop


def found(who: Membership, text: str) -> list[str]:
    return [product.sku for product in find(who, Filters(text=text)).rows]


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("kettle", ["KET-100"]),
        ("ket-100", ["KET-100"]),
        ("KET100", ["KET-100"]),
        ("NW-77002", ["TEA-200"]),
        ("kettles enamel", ["KET-100"]),
        ("teap", ["TEA-200"]),
        ("stoneware lamp", []),
        ("stoneware teapott", ["TEA-200"]),
        ("ketle", ["KET-100"]),
        ("", ["LAMP-9", "KET-100", "TEA-200"]),
        ("'); DROP", []),
        ("&|!:*", []),
    ],
)
def test_products_are_found_as_people_look_for_them(shop: Shop, text: str, skus: list[str]) -> None:
    assert found(shop.cast.seller, text) == skus
    if text:
        assert [one.sku for one in pick(shop.cast.seller, text)] == skus


def test_russian_words_are_found_in_every_form(cast: Cast) -> None:
    add_product({"sku": "А-1", "title": "Чайник эмалированный", "price": "5"}, by=cast.supplier)
    assert found(cast.seller, "чайники") == ["А-1"]
    assert found(cast.seller, "чайн") == ["А-1"]


def test_each_sees_what_is_theirs_to_see(shop: Shop) -> None:
    change_product(shop.kettle.pk, {"active": "off"}, by=shop.cast.supplier)
    assert found(shop.cast.seller, "kettle") == []
    assert found(shop.cast.supplier, "kettle") == ["KET-100"]
    assert found(shop.cast.other_supplier, "") == ["LAMP-9"]
    assert len(found(shop.cast.agent, "")) == 3
    assert pick(shop.cast.supplier, "kettle") == []


def test_the_list_is_narrowed(shop: Shop) -> None:
    change_product(shop.lamp.pk, {"stock": "0"}, by=shop.cast.other_supplier)
    in_stock = find(shop.cast.seller, Filters(in_stock=True)).rows
    assert [one.sku for one in in_stock] == ["KET-100", "TEA-200"]
    of_one = find(shop.cast.seller, Filters(supplier=shop.cast.second_supplier.pk)).rows
    assert [one.sku for one in of_one] == ["LAMP-9"]
    assert suppliers_with_products(shop.cast.seller) == [
        (shop.cast.northwind.pk, "Northwind Supply"),
        (shop.cast.second_supplier.pk, "Second Supplier"),
    ]


def test_pages_go_there_and_back_without_losing_one(cast: Cast) -> None:
    for n in range(23):
        title = f"Mug {n % 3}"  # many of one title, as with sizes and colours
        add_product({"sku": f"M{n}", "title": title, "price": "1"}, by=cast.supplier)
    expected = list(Product.objects.order_by("title", "pk").values_list("sku", flat=True))
    cursor, seen, backs = "", [], []
    while cursor is not None:
        page = find(cast.seller, Filters(), cursor=cursor, size=5)
        seen += [one.sku for one in page.rows]
        backs.append(page.newer)
        cursor = page.older
    assert seen == expected
    back = find(cast.seller, Filters(), cursor=backs[-1], size=5)
    assert [one.sku for one in back.rows] == expected[15:20]
    for junk in ("x", "1.2", "9" * 19, str(10**17)):
        with pytest.raises(CursorUnreadable):
            find(cast.seller, Filters(), cursor=junk)


def test_the_exact_sku_comes_first(cast: Cast) -> None:
    for sku, title in (("MUG-2", "A mug, see also MUG-1"), ("MUG-1", "Zebra mug")):
        add_product({"sku": sku, "title": title, "price": "1"}, by=cast.supplier)
    assert [one.sku for one in pick(cast.seller, "mug-1")] == ["MUG-1", "MUG-2"]
    assert pick(cast.seller, "mug", currency="EUR") == []
