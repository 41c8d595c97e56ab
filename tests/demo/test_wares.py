"""What the demo's suppliers offer, and who buys it: written with care, and possible."""

from __future__ import annotations

import re
from collections import Counter
from random import Random

from parley.demo.marketplace import parties
from parley.demo.reading_content import content
from parley.demo.scripts import scripts
from parley.demo.topics import topics_by_key
from parley.demo.trade import shapes
from parley.demo.trade.buyers import somebody
from parley.demo.trade.depicting import depict, shape_of
from parley.demo.trade.tracking import SHAPES
from parley.demo.trade.wares import called, wares, wares_of

POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}")
"""As British postcodes are shaped (BS 7666)."""


def test_there_are_three_hundred_products_of_every_kind_that_is_held() -> None:
    assert len(wares()) >= 300
    assert len({ware.sku for ware in wares()}) == len(wares())
    for party in parties():
        if party.kind == "supplier":
            kinds = Counter(ware.kind for ware in wares_of(party.key))
            assert set(kinds) == set(party.goods)
            assert min(kinds.values()) >= 10
    assert all(200 < ware.price_minor < 20_000 for ware in wares())
    assert all(ware.grams for ware in wares())
    assert {ware.vat_bp for ware in wares()} == {0, 2000}
    assert all(len(ware.description) > 60 for ware in wares())


def test_what_is_free_of_vat_is_on_offer() -> None:
    free = content("products")["vat"]["0"]
    assert {ware.title for ware in wares() if ware.vat_bp == 0} == set(free)


def test_what_stories_are_about_can_be_bought() -> None:
    for script in scripts():
        if script.products:
            assert called(script.products, wares()), script.key


def test_pictures_show_what_titles_name() -> None:
    assert shape_of("Oak bedside lamp") is shapes.lamp
    assert shape_of("Whistling kettle “Uyut”") is shapes.kettle
    for unlike in ("Baby monitor with night vision", "Butter dish with wooden lid", "Tea cosy"):
        assert shape_of(unlike) is None
    titles = {ware.title for ware in wares() if shape_of(ware.title)}
    assert len(titles) > 60
    assert depict(min(titles)).size == (960, 720)


def test_suppliers_who_write_russian_have_russian_titles() -> None:
    for key in ("baltik", "lyon", "voskhod"):
        assert all(re.search("[А-Яа-я]", ware.russian) for ware in wares_of(key))


def test_buyers_live_at_addresses_that_could_be() -> None:
    rng = Random(1)
    for n in range(300):
        buyer = somebody(rng, cyrillic=0.3, far=n % 10 == 0)
        assert POSTCODE.fullmatch(buyer.postcode)
        assert buyer.name
        assert buyer.street
        assert buyer.email.endswith(".example")
        assert not buyer.phone or buyer.phone.startswith("07700 900")
        assert (buyer.postcode[:2] in {"BT", "HS", "ZE"}) == (n % 10 == 0)


def test_every_service_has_a_carrier_whose_numbers_are_known_and_every_order_topic_a_standing() -> (
    None
):
    terms = dict(content("terms"))
    standing = terms.pop("when_opened")
    carriers = {
        carrier for one in terms.values() for _name, carrier, _price, _days in one["services"]
    }
    assert carriers <= set(SHAPES)
    assert set(terms) == {party.key for party in parties() if party.kind == "supplier"}
    required = {key for key, topic in topics_by_key().items() if topic.order == "required"}
    assert required == set(standing["topics"]) - {"warranty"}
    assert set(standing["scripts"]) <= {script.key for script in scripts()}


def test_shops_are_the_sellers() -> None:
    sellers = {party.key for party in parties() if party.kind == "seller"}
    assert set(content("shops")) == sellers
    held = {kind for party in parties() for kind in party.goods}
    for shop in content("shops").values():
        assert set(shop["kinds"]) <= held
        assert len({channel["name"] for channel in shop["channels"]}) == len(shop["channels"])
