"""Topics, categories and custom fields as an administrator keeps them (S2, S5)."""

from __future__ import annotations

from typing import Any

import pytest

from cast import Cast
from parley.journal.models import Entry
from parley.tickets.keeping_fields import FieldTyped, OptionTyped, add_field
from parley.tickets.models import Category, CustomField, Topic
from web.pages import Browser, Page

TOPICS = "/desk/administration/topics/"
NEW = f"{TOPICS}new/"


@pytest.fixture
def admin(cast: Cast) -> Browser:
    return Browser(cast.admin)


def test_a_tree_is_built_and_can_be_picked_at_once(cast: Cast, admin: Browser) -> None:
    admin.send(TOPICS, TOPICS, en="Quality", ru="Качество")
    category = Category.objects.latest("id")
    answer = admin.send(
        f"{NEW}?category={category.pk}", NEW, en="Broken on arrival", ru="Пришло разбитым",
        opened_by=["seller"], goes_to="supplier", order_field="required", active="on",
        **{"keywords-en": "Broken, damaged; cracked, broken"},
    )  # fmt: skip
    assert "It can be picked now." in Page(answer).words
    topic = Topic.objects.latest("id")
    assert topic.keywords == {"en": ["broken", "damaged", "cracked"]}
    for reader, name in ((cast.seller, "Broken on arrival"), (cast.seller_member, "Пришло")):
        assert name in Browser(reader).see("/tickets/new/").html
    assert "Broken on arrival" not in Browser(cast.supplier).see("/tickets/new/").html
    told = Entry.objects.get(subject=f"topic:{topic.pk}")
    assert told.data["changed"]["goes_to"] == [None, "supplier"]
    assert told.person_id == cast.admin.person_id


def test_what_was_changed_is_told_before_and_after(cast: Cast, admin: Browser) -> None:
    here = f"{TOPICS}{cast.late_parcel.pk}/"
    admin.send(here, here, en="Parcel is late")
    told = Entry.objects.get(subject=f"topic:{cast.late_parcel.pk}")
    before, after = told.data["changed"]["names"]
    assert (before["en"], after["en"]) == ("Late parcel", "Parcel is late")
    assert list(told.data["changed"]) == ["names"]
    admin.send(here, here)
    assert Entry.objects.filter(subject=f"topic:{cast.late_parcel.pk}").count() == 1


def test_one_switched_off_is_offered_no_more_and_its_tickets_go_on(
    cast: Cast, admin: Browser
) -> None:
    ticket = cast.ticket()
    page = admin.see(f"{TOPICS}{cast.late_parcel.pk}/").form(f"{cast.late_parcel.pk}/")
    admin.post(f"{TOPICS}{cast.late_parcel.pk}/", {**page.fields, "active": ""})
    seller = Browser(cast.seller)
    assert "Late parcel" not in seller.see("/tickets/new/").html
    assert "Late parcel" in seller.see(f"/tickets/{ticket.pk}/").words


def test_a_category_switched_off_takes_its_topics_along(cast: Cast, admin: Browser) -> None:
    admin.post(f"/desk/administration/categories/{cast.delivery.pk}/", {"en": "Delivery"})
    assert "Late parcel" not in Browser(cast.seller).see("/tickets/new/").html
    assert "Switched off" in admin.see(TOPICS).words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"en": " "}, "Write the name in English"),
        ({"en": "late PARCEL"}, "There is one of that name already."),
        ({"category": "999999"}, "Pick a category."),
        ({"category": "x"}, "Pick a category."),
        ({"opened_by": []}, "Pick who may open it."),
        ({"opened_by": ["visitor"]}, "Pick who may open it."),
        ({"opened_by": ["operator"], "goes_to": "operator"}, "does not write to itself"),
        ({"goes_to": "visitor"}, "Pick who answers it."),
        ({"order_field": "maybe"}, "Pick one from the list."),
        ({"keywords-ru": "слово " * 20}, "Part the words with commas"),
    ],
)
def test_a_refused_topic_keeps_what_was_typed(
    cast: Cast, admin: Browser, typed: dict[str, Any], words: str
) -> None:
    filled = {
        "category": cast.delivery.pk, "en": "Broken", "ru": "Разбито", "opened_by": ["seller"],
        "goes_to": "supplier", "order_field": "optional", "active": "on",
    }  # fmt: skip
    page = Page(admin.post(NEW, filled | typed))
    assert page.status == 422
    assert words in page.words
    assert page.form(NEW).fields["ru"] == ["Разбито"]
    assert not Topic.objects.filter(names__ru="Разбито").exists()


def test_one_that_does_something_keeps_who_opens_it(cast: Cast, admin: Browser) -> None:
    topic = cast.return_of_goods
    Topic.objects.filter(pk=topic.pk).update(purpose="cancel_order")
    here = f"{TOPICS}{topic.pk}/"
    page = admin.see(here)
    assert "Asks the supplier to cancel an order" in page.words
    assert "opened_by" not in page.form(here).fields
    admin.send(here, here, en="Cancel it", goes_to="operator", opened_by=["supplier"])
    topic.refresh_from_db()
    assert (topic.names["en"], topic.goes_to, topic.opened_by) == (
        "Cancel it", "supplier", ["seller"],
    )  # fmt: skip


def test_a_choice_is_made_renamed_and_switched_off(cast: Cast, admin: Browser) -> None:
    topic = cast.late_parcel
    page_at = f"{TOPICS}{topic.pk}/fields/new/"
    answer = admin.send(
        page_at, page_at, en="Carrier", ru="Перевозчик", kind="choice", required="on", active="on",
        **{"option-key": ["", "", ""], "option-en": ["DPD", "Evri", ""],
           "option-ru": ["ДПД", "", ""]},
    )  # fmt: skip
    assert "It is asked for from now on." in Page(answer).words
    field = CustomField.objects.get()
    first, second = (key for key, _name in field.options_to_pick)
    here = f"{TOPICS}{topic.pk}/fields/{field.pk}/"
    shown = admin.see(here).form(here).fields
    assert shown["option-key"][:2] == [first, second]
    admin.send(
        here, here,
        **{"option-key": [first, second, ""], "option-en": ["DPD UK", "Evri", "Royal Mail"],
           "option-ru": ["", "", ""], "option-off": [second]},
    )  # fmt: skip
    field.refresh_from_db()
    assert [name for _key, name in field.options_to_pick] == ["DPD UK", "Royal Mail"]
    assert field.options_to_pick[0][0] == first
    assert field.option(second) is not None
    told = Entry.objects.filter(subject=f"field:{field.pk}").order_by("pk")
    assert [entry.data["what"] for entry in told] == ["added", "changed"]


def test_fields_are_put_in_order(cast: Cast, admin: Browser) -> None:
    topic = cast.late_parcel
    made = [
        add_field(topic.pk, FieldTyped(names={"en": name}), by=cast.admin)
        for name in ("One", "Two", "Three")
    ]
    admin.post(f"{TOPICS}{topic.pk}/fields/{made[2].pk}/place/", {"to": "up"})
    admin.post(f"{TOPICS}{topic.pk}/fields/{made[0].pk}/place/", {"to": "up"})
    listed = CustomField.objects.order_by("position").values_list("names__en", flat=True)
    assert list(listed) == ["One", "Three", "Two"]
    other = f"{TOPICS}{cast.payouts.pk}/fields/{made[0].pk}/"
    assert admin.post(f"{other}place/", {"to": "up"}).status_code == 404
    assert admin.get(other).status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"en": ""}, "Write the name in English"),
        ({"kind": "poem"}, "Pick one from the list."),
        ({"kind": "choice"}, "A choice needs two options at least."),
        (
            {"kind": "choice", "option-key": ["", ""], "option-en": ["A", "a"],
             "option-ru": ["", ""]},
            "Two options are called the same.",
        ),
        (
            {"kind": "choice", "option-key": [""], "option-en": [""], "option-ru": ["Б"]},
            "Write each option in English",
        ),
        ({"filled_by": "operator", "shown_to": "side"}, "show it to everyone, or to nobody else"),
        ({"shown_to": "operator"}, "Whoever fills it in reads it, too."),
        ({"required": "on", "filled_by": "counterparty"}, "Only who opens a ticket can be made"),
    ],
)  # fmt: skip
def test_a_refused_field_keeps_what_was_typed(
    cast: Cast, admin: Browser, typed: dict[str, Any], words: str
) -> None:
    here = f"{TOPICS}{cast.late_parcel.pk}/fields/new/"
    filled = {
        "en": "Number", "ru": "Номер", "kind": "text", "filled_by": "opener",
        "shown_to": "everyone", "active": "on",
    }  # fmt: skip
    page = Page(admin.post(here, filled | typed))
    assert page.status == 422
    assert words in page.words
    assert page.form(here).fields["ru"] == ["Номер"]
    assert not CustomField.objects.exists()


def test_nothing_is_required_where_tickets_open_by_themselves(cast: Cast, admin: Browser) -> None:
    Topic.objects.filter(pk=cast.late_parcel.pk).update(purpose="cancel_order")
    here = f"{TOPICS}{cast.late_parcel.pk}/fields/new/"
    answer = admin.send(here, here, en="Number", required="on")
    assert "nothing can be required" in Page(answer).words


def test_a_choice_keeps_an_option_that_its_form_did_not_name(cast: Cast) -> None:
    from parley.tickets.keeping_fields import change_field

    options = [OptionTyped(names={"en": name}) for name in ("A", "B", "C")]
    typed = FieldTyped(names={"en": "Which"}, kind="choice", options=options)
    field = add_field(cast.late_parcel.pk, typed, by=cast.admin)
    keys = [one["key"] for one in field.options]
    left = [OptionTyped(names={"en": name}, key=key) for name, key in zip("AB", keys, strict=False)]
    again = FieldTyped(names={"en": "Which"}, options=left)
    change_field(cast.late_parcel.pk, field.pk, again, by=cast.admin)
    field.refresh_from_db()
    assert [one["active"] for one in field.options] == [True, True, False]
