"""Where products may be shipped to, and the reasons in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import override_settings
from django.utils import translation

from cast import Cast
from parley.catalogue.eligibility import (
    country_choices,
    reason_in_words,
    restrictions,
    terms_in_words,
)
from parley.catalogue.models import Terms
from parley.orders.models import Stage
from shop import Shop


def ships(shop: Shop, not_to: str = "", countries: list[str] | None = None) -> None:
    Terms.objects.update_or_create(
        supplier=shop.cast.northwind,
        defaults={"not_shipped_to": not_to, "countries": countries or []},
    )


def why(shop: Shop, country: str, postcode: str) -> list[dict[str, Any]]:
    return restrictions({0: shop.kettle}, country, postcode)


@pytest.mark.parametrize(
    ("rules", "country", "postcode", "code"),
    [
        ("BT, HS, ZE", "GB", "N1 0EB", ""),
        ("BT, HS, ZE", "GB", "bt71nn", "postcode"),
        ("BT, HS, ZE", "UK", "BT7 1NN", "postcode"),
        ("BT, HS, ZE", "gb", "", "no_postcode"),
        ("BT, HS, ZE", "GB", "London", "postcode_unreadable"),
        ("", "GB", "London", ""),
        ("", "GB", "", ""),
        ("", "DE", "10115", "country"),
        ("", "", "N1 0EB", "country"),
        # The islands, written either way
        ("", "GB", "GY9 3TA", ""),
        ("", "GG", "GY9 3TA", ""),
        ("GY9", "GB", "GY9 3TA", "postcode"),
        ("GY9", "GG", "GY9 3TA", "postcode"),
        ("GY9", "GG", "GY1 1AA", ""),
        ("GY9", "GG", "", "no_postcode"),
        ("GY", "GG", "", "postcode"),
        ("GY", "JE", "", ""),
        ("IM", "IM", "IM1 1AA", "postcode"),
        ("G", "GG", "GY1 1AA", ""),
    ],
)
def test_terms_decide_where_goods_go(
    shop: Shop, rules: str, country: str, postcode: str, code: str
) -> None:
    ships(shop, rules)
    assert [one["code"] for one in why(shop, country, postcode)] == ([code] if code else [])


@pytest.mark.parametrize(
    ("countries", "country", "postcode", "served"),
    [
        (["JE"], "JE", "JE2 3AB", True),
        (["JE"], "GB", "JE2 3AB", True),
        (["JE"], "GB", "N1 0EB", False),
        (["GB", "IE"], "IE", "D02 X285", True),
        (["DE"], "GB", "N1 0EB", False),
    ],
)
def test_a_supplier_names_its_own_countries(
    shop: Shop, countries: list[str], country: str, postcode: str, served: bool
) -> None:
    ships(shop, "BT", countries)
    assert (why(shop, country, postcode) == []) is served


def test_the_marketplace_has_countries_for_those_who_name_none(shop: Shop) -> None:
    with override_settings(COUNTRIES_SERVED=["DE", "AT"]):
        assert why(shop, "AT", "1010") == []
        assert why(shop, "GB", "N1 0EB")[0]["code"] == "country"


def test_reasons_name_line_product_supplier_and_rule(shop: Shop) -> None:
    ships(shop, "BT, HS")
    reasons = restrictions({0: shop.lamp, 1: shop.kettle}, "GB", "BT7 1NN")
    assert [reason_in_words(one) for one in reasons] == [
        "Line 2, Enamel stove kettle, 1.8 l: Northwind Supply does not ship to BT7 1NN (rule “BT”)."
    ]
    abroad = [reason_in_words(one) for one in restrictions({0: shop.kettle}, "DE", "10115")]
    assert abroad == [
        "Line 1, Enamel stove kettle, 1.8 l: Northwind Supply does not ship to this country: Germany."
    ]
    assert reason_in_words({"line": 0, "supplier": 1, "code": "new"})


def test_terms_are_said_beforehand(shop: Shop) -> None:
    ships(shop, "BT, AB31-38")
    terms = Terms.objects.get()
    assert terms_in_words(terms) == (
        "Ships to: United Kingdom; not to: all of BT, districts AB31 to AB38."
    )
    assert terms_in_words(None) == "Ships to: United Kingdom."


def test_countries_are_sorted_in_the_readers_language() -> None:
    assert ("DE", "Germany") in country_choices()
    with translation.override("ru"):
        assert ("DE", "Германия") in country_choices()
    assert len(country_choices()) > 240


def test_an_order_to_where_nobody_ships_is_held(cast: Cast, shop: Shop) -> None:
    ships(shop, "BT")
    held = shop.queued(shop.kettle, to_postcode="BT7 1NN")
    assert held.stage == Stage.HELD
    assert held.why_held[0] == {
        "line": 0,
        "supplier": cast.northwind.pk,
        "supplier_name": "Northwind Supply",
        "product": shop.kettle.title,
        "country": "GB",
        "postcode": "BT7 1NN",
        "code": "postcode",
        "rule": "BT",
    }
