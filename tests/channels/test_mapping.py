"""From what the platforms tell to an order: pure functions, on samples and on junk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.samples import json_order, shopify, woo
from parley.channels.connectors.file import columns
from parley.channels.connectors.file.mapping import order_of_rows
from parley.channels.connectors.json_api.mapping import order_of as json_of
from parley.channels.connectors.shopify.mapping import order_of as shopify_of
from parley.channels.connectors.table import CONNECTORS
from parley.channels.connectors.woocommerce.mapping import order_of as woo_of
from parley.channels.reasons import Unmappable, in_words
from parley.orders.taking import ArrivedOrder

PAID: dict[str, Any] = {"take": "paid"}


def test_an_order_of_shopify() -> None:
    order = shopify_of(shopify(), PAID)
    assert (order.external_id, order.channel_number) == ("5512873349203", "#1042")
    assert order.placed_at == datetime(2026, 11, 20, 9, 14, 6, tzinfo=UTC)
    assert (order.currency, order.sale_minor) == ("GBP", 10195)
    [line] = order.lines
    assert (line.listing_id, line.sku, line.quantity) == ("44610569208040", "KET-100", 2)
    assert (line.title, line.sold_for_minor) == ("Enamel kettle · Blue", 4900)
    assert line.external_id == "13991027999891"
    to = order.address
    assert (to.name, to.company, to.city) == ("Margaret Hale", "Hale & Co", "London")
    assert (to.street, to.postcode, to.country) == ("14 Cloudesley Road\nFlat 2", "N1 0EB", "GB")
    assert (to.phone, to.email) == ("+44 20 7946 0042", "m.hale@example.com")
    assert order.note == "Please leave it with the neighbour."
    assert order.outside == {"payment": "paid", "tags": "autumn, gift"}
    assert order.wanted
    assert not order.cancelled


@pytest.mark.parametrize(
    ("changed", "take", "wanted"),
    [
        ({"financial_status": "pending"}, "paid", False),
        ({"financial_status": "pending"}, "placed", True),
        ({"financial_status": "authorized"}, "paid", True),
        ({"financial_status": "voided"}, "placed", False),
        ({"financial_status": "of_tomorrow"}, "paid", False),
        ({"fulfillment_status": "fulfilled"}, "placed", False),
        ({"fulfillment_status": "partial"}, "paid", True),
        ({"test": True}, "paid", False),
    ],
)
def test_which_orders_of_shopify_are_taken(
    changed: dict[str, Any], take: str, wanted: bool
) -> None:
    assert shopify_of(shopify(**changed), {"take": take}).wanted is wanted


def test_words_that_nobody_knows_are_kept() -> None:
    order = shopify_of(shopify(financial_status="of_tomorrow", fulfillment_status="beamed"), PAID)
    assert order.outside["payment"] == "of_tomorrow"
    assert order.outside["fulfilment"] == "beamed"


def test_what_was_taken_off_an_order_is_not_shipped() -> None:
    told = shopify()
    told["line_items"][0]["current_quantity"] = 1
    assert shopify_of(told, PAID).lines[0].quantity == 1
    told["line_items"][0]["current_quantity"] = 0
    with pytest.raises(Unmappable) as refused:
        shopify_of(told, PAID)
    assert refused.value.reason == {"code": "no_lines"}


def test_a_cancelled_order_of_shopify() -> None:
    told = shopify(cancelled_at="2026-11-20T12:00:00+00:00", cancel_reason="customer")
    order = shopify_of(told, PAID)
    assert order.cancelled
    assert order.outside["why_cancelled"] == "customer"


def test_an_order_of_woocommerce() -> None:
    order = woo_of(woo(), PAID)
    assert (order.external_id, order.channel_number) == ("727", "727")
    assert order.placed_at == datetime(2026, 11, 20, 10, 28, 2, tzinfo=UTC)
    assert (order.currency, order.sale_minor) == ("GBP", 5295)
    [line] = order.lines
    assert (line.listing_id, line.sku, line.quantity) == ("93", "TEA-200", 2)
    assert line.sold_for_minor == 2450, "what the buyer paid for one, with tax"
    assert order.address.name == "Ольга Петренко", "shipped to the payer"
    assert (order.address.postcode, order.address.country) == ("LS1 4AP", "GB")
    assert order.outside == {"status": "processing", "paid_by": "Direct Bank Transfer"}


@pytest.mark.parametrize(
    ("status", "take", "wanted", "cancelled"),
    [
        ("processing", "paid", True, False),
        ("on-hold", "paid", False, False),
        ("on-hold", "placed", True, False),
        ("completed", "placed", False, False),
        ("failed", "placed", False, False),
        ("refunded", "paid", False, True),
        ("cancelled", "paid", False, True),
        ("wc-of-a-plugin", "paid", False, False),
    ],
)
def test_which_orders_of_woocommerce_are_taken(
    status: str, take: str, wanted: bool, cancelled: bool
) -> None:
    order = woo_of(woo(status=status), {"take": take})
    assert (order.wanted, order.cancelled) == (wanted, cancelled)


def test_a_variation_is_the_listing() -> None:
    told = woo()
    told["line_items"][0]["variation_id"] = 118
    assert woo_of(told, PAID).lines[0].listing_id == "118"


def test_an_order_of_the_sellers_own_program() -> None:
    order = json_of(json_order(), {})
    assert (order.external_id, order.sale_minor) == ("A-1001", 4900)
    assert order.address.street == "14 Cloudesley Road\nFlat 2"
    assert order.outside == {"payment": "captured"}


def test_an_unknown_currency_is_kept_as_a_word() -> None:
    order = json_of(json_order(currency="XYZ"), {})
    assert (order.currency, order.sale_minor) == ("", None)
    assert order.outside["currency"] == "XYZ"


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"id": ""}, "id"),
        ({"lines": None}, "lines"),
        ({"lines": [{"quantity": 1}]}, "sku"),
        ({"lines": [{"sku": "A", "quantity": "two"}]}, "quantity"),
        ({"lines": [{"sku": "A", "quantity": 1.5}]}, "quantity"),
        ({"lines": [{"sku": "A", "quantity": -1}]}, "quantity"),
        ({"lines": [{"sku": "A", "quantity": 1, "price": "1.2.3"}]}, "price"),
        ({"placed_at": "yesterday"}, "placed_at"),
        ({"ship_to": {"country": "Narnia"}}, "country"),
    ],
)
def test_what_is_wrong_is_named(changed: dict[str, Any], where: str) -> None:
    with pytest.raises(Unmappable) as refused:
        json_of(json_order(**changed), {})
    assert refused.value.reason["where"] == where
    assert where in in_words(refused.value.reason)


def test_rows_of_one_number_are_one_order() -> None:
    rows = [
        {"id": "77", "sku": "KET-100", "quantity": "2", "price": "£49.00", "name": "",
         "street": "14 Cloudesley Road", "country": "United Kingdom",
         "placed_at": "21/11/2026 10:00"},
        {"id": "77", "sku": "TEA-200", "quantity": "1", "price": "12,50", "name": "Margaret Hale",
         "street": "", "country": ""},
    ]  # fmt: skip
    order = order_of_rows(rows, {})
    assert [(line.sku, line.quantity) for line in order.lines] == [("KET-100", 2), ("TEA-200", 1)]
    assert [line.sold_for_minor for line in order.lines] == [4900, 1250]
    assert (order.address.name, order.address.country) == ("Margaret Hale", "GB")
    assert order.placed_at == datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (["Order number", "SKU", "Qty", "Post code"], ["id", "sku", "quantity", "postcode"]),
        (["Номер заказа", "Артикул", "Кол-во", "Индекс"], ["id", "sku", "quantity", "postcode"]),
        (["Name", "Lineitem sku", "Lineitem quantity", "Shipping Zip"],
         ["id", "sku", "quantity", "postcode"]),
        (["order_id", "item-title", "SHIP COUNTRY", "who knows"], ["id", "title", "country"]),
    ],
)  # fmt: skip
def test_columns_are_guessed_from_their_headings(headings: list[str], fields: list[str]) -> None:
    assert list(columns.guess(headings, {}).values()) == fields


def test_columns_are_remembered() -> None:
    remembered = columns.remember(["Ref", "Code", "Title"], {"Ref": "id", "Code": "listing_id"})
    guessed = columns.guess(["REF", "Code", "Title"], remembered)
    assert guessed == {"REF": "id", "Code": "listing_id"}, "and which are of no use, too"


_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=8,
)
_NAMES = st.sampled_from(sorted({*shopify(), *woo(), *json_order(), "rows"}))
_LINE_NAMES = st.sampled_from(
    sorted({*shopify()["line_items"][0], *woo()["line_items"][0], "listing_id", "title"})
)


@pytest.mark.parametrize("kind", sorted(CONNECTORS))
@given(
    changed=st.dictionaries(_NAMES, _JUNK, max_size=6),
    line=st.dictionaries(_LINE_NAMES, _JUNK, max_size=6),
)
def test_no_junk_is_too_much(kind: str, changed: dict[str, Any], line: dict[str, Any]) -> None:
    told = {"shopify": shopify, "woocommerce": woo, "json": json_order, "file": dict}[kind]()
    for name in ("line_items", "lines", "rows"):
        if name in told or kind == "file":
            told[name] = [{**told.get(name, [{}])[0], **line}]
    told.update(changed)
    try:
        order = CONNECTORS[kind].order_of(told, PAID)
    except Unmappable as refused:
        assert in_words(refused.reason)  # noqa: PT017
    else:
        assert isinstance(order, ArrivedOrder)
        assert order.external_id
        assert all(0 < line.quantity <= 100_000 for line in order.lines)


@given(
    rows=st.lists(
        st.dictionaries(st.sampled_from(sorted(columns.FIELDS)), st.text(max_size=40)),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_no_row_is_too_much(rows: list[dict[str, str]]) -> None:
    try:
        order_of_rows(rows, {})
    except Unmappable as refused:
        assert in_words(refused.reason)  # noqa: PT017
