"""Collections: made, named, put in order, taken away when they are empty."""

from __future__ import annotations

import pytest

from cast import Cast
from parley.help_centre import shelving
from parley.help_centre.models import Article, Collection
from parley.help_centre.naming import slug_of
from parley.help_centre.reading import title_of
from parley.help_centre.roles import NotAnEditor
from parley.help_centre.shelving import CollectionNotEmpty, CollectionRefused, CollectionTyped
from parley.journal.models import Entry


def made(cast: Cast, title: str, ru: str = "") -> Collection:
    given = CollectionTyped(titles={"en": title, "ru": ru}, icon="package")
    return shelving.add_collection(given, by=cast.lead)


def test_a_collection_is_added_renamed_and_removed(cast: Cast) -> None:
    collection = made(cast, "Orders & parcels", "Заказы")
    assert (collection.slug, collection.icon) == ("orders-parcels", "package")
    assert title_of(collection, "ru") == "Заказы"
    given = CollectionTyped(titles={"en": "Orders"}, icon="<script>")
    changed = shelving.change_collection(collection.pk, given, by=cast.admin)
    assert (changed.slug, changed.icon) == ("orders-parcels", ""), "the address stays"
    assert title_of(Collection.objects.get(pk=collection.pk), "ru") == "Orders"
    told = Entry.objects.filter(kind="CollectionsChanged").latest("id")
    assert told.data["changed"]["titles"] == [
        {"en": "Orders & parcels", "ru": "Заказы"},
        {"en": "Orders"},
    ]
    shelving.remove_collection(collection.pk, by=cast.lead)
    assert not Collection.objects.exists()


def test_collections_stand_in_the_order_they_are_put_in(cast: Cast) -> None:
    one, two, three = (made(cast, name) for name in ("One", "Two", "Three"))
    shelving.order_collections([three.pk, one.pk], by=cast.lead)
    assert [c.pk for c in shelving.all_collections()] == [three.pk, one.pk, two.pk]


def test_a_collection_with_articles_stays(cast: Cast) -> None:
    collection = made(cast, "Orders")
    Article.objects.create(collection=collection, path="orders/ship")
    with pytest.raises(CollectionNotEmpty):
        shelving.remove_collection(collection.pk, by=cast.lead)


def test_what_a_collection_cannot_be_called_is_said_by_field(cast: Cast) -> None:
    made(cast, "Orders")
    with pytest.raises(CollectionRefused) as refusal:
        made(cast, " orders ")
    assert set(refusal.value.problems) == {"title_en"}
    with pytest.raises(CollectionRefused) as refusal:
        made(cast, "", "Заказы")
    assert set(refusal.value.problems) == {"title_en"}
    given = CollectionTyped(titles={"en": "A" * 300}, descriptions={"ru": "о чём-то"})
    with pytest.raises(CollectionRefused) as refusal:
        shelving.add_collection(given, by=cast.lead)
    assert set(refusal.value.problems) == {"title_en", "title_ru"}


def test_agents_arrange_nothing(cast: Cast) -> None:
    collection = made(cast, "Orders")
    given = CollectionTyped(titles={"en": "Mine"})
    with pytest.raises(NotAnEditor):
        shelving.add_collection(given, by=cast.agent)
    with pytest.raises(NotAnEditor):
        shelving.change_collection(collection.pk, given, by=cast.seller)
    with pytest.raises(NotAnEditor):
        shelving.order_collections([], by=cast.agent)
    with pytest.raises(NotAnEditor):
        shelving.remove_collection(collection.pk, by=cast.agent)


def test_addresses_are_readable_in_latin_letters() -> None:
    assert slug_of("Отгрузить заказ: объём") == "otgruzit-zakaz-obieem"
    assert slug_of(" Ship an Ördér! ") == "ship-an-order"
    assert slug_of("注文") == "article"
