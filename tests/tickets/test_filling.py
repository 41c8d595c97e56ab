"""Custom fields on tickets: read from what is typed, kept, shown to whom they are for (S2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cast import Cast
from parley.journal.models import Entry
from parley.parties.models import Membership
from parley.parties.pinning import replace_pin
from parley.tickets.fields import NotSo, in_words, read
from parley.tickets.filling import FieldsRefused, fill, on_ticket
from parley.tickets.finding import Filters, find
from parley.tickets.keeping_fields import FieldTyped, OptionTyped, add_field, change_field
from parley.tickets.models import CustomField, FieldValue, Ticket, Topic
from parley.tickets.opening import OpeningRefused
from parley.tickets.seeing import happenings


def field(cast: Cast, name: str = "Number", **more: Any) -> CustomField:
    """A field of the topic that `cast.ticket` is about."""
    typed = FieldTyped(names={"en": name, "ru": f"{name} (ru)"}, **more)
    made = add_field(cast.late_parcel.pk, typed, by=cast.admin)
    cast.late_parcel.refresh_from_db()
    return made


def shown(reader: Membership, ticket: Ticket) -> dict[str, str]:
    fresh = Ticket.objects.select_related("topic").get(pk=ticket.pk)
    return {one.field.names["en"]: one.words for one in on_ticket(reader, fresh)}


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  AB\t12\u200b ", "AB 12"),
        ("number", "1 234,50", "1234.5"),
        ("number", "-0", "0"),
        ("number", "−7", "-7"),
        ("number", "100", "100"),
        ("date", "2026-11-24", "2026-11-24"),
        ("check", "on", "yes"),
        ("choice", "a1", "a1"),
        ("text", " \u00a0", None),
    ],
)
def test_what_is_typed_is_kept_in_one_form(kind: str, typed: str, kept: str | None) -> None:
    one = CustomField(kind=kind, options=[{"key": "a1", "names": {"en": "A"}, "active": True}])
    filled = read(one, typed)
    assert (filled.text if filled else None) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("text", "x" * 201), ("number", "twelve"), ("number", "1e5"), ("number", "1,2,3"),
        ("number", "9" * 13), ("number", "NaN"), ("number", "٣"), ("date", "tomorrow"),
        ("date", "2026-02-30"), ("date", "0001-01-01"), ("choice", "b"), ("choice", "off"),
        ("check", "maybe"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(kind: str, typed: str) -> None:
    options = [{"key": "off", "names": {"en": "Off"}, "active": False}]
    with pytest.raises(NotSo):
        read(CustomField(kind=kind, options=options), typed)


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=4))
def test_a_number_means_what_it_says_in_either_writing(number: Decimal) -> None:
    one = CustomField(kind="number")
    for written in (f"{number:f}", f"{number:f}".replace(".", ",")):
        filled = read(one, written)
        assert filled is not None
        assert filled.number == number
        assert Decimal(filled.text) == number


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_a_day_is_that_day(day: date) -> None:
    filled = read(CustomField(kind="date"), day.isoformat())
    assert filled is not None
    assert filled.day == day


def test_words_are_the_readers() -> None:
    number, day = CustomField(kind="number"), CustomField(kind="date")
    with translation.override("ru"):
        assert in_words(number, "1234.5") == "1\xa0234,5"
        assert in_words(day, "2026-11-24") == "24 ноября 2026"
    assert in_words(number, "1234.5") == "1,234.5"


def test_what_is_required_is_asked_for_when_a_ticket_is_opened(cast: Cast) -> None:
    one = field(cast, required=True)
    with pytest.raises(OpeningRefused) as refused:
        cast.ticket()
    assert refused.value.problems == {f"field-{one.pk}": "This has to be filled in."}
    ticket = cast.ticket(fields={one.pk: " DX-77 "})
    for reader in (cast.seller, cast.supplier, cast.agent):
        assert shown(reader, ticket) == {"Number": "DX-77"}


def test_one_switched_off_is_not_asked_for_and_what_it_had_stays(cast: Cast) -> None:
    one = field(cast, required=True)
    before = cast.ticket(fields={one.pk: "DX-77"})
    off = FieldTyped(names={"en": "Number"}, required=True, active=False)
    change_field(cast.late_parcel.pk, one.pk, off, by=cast.admin)
    after = cast.ticket()
    assert shown(cast.seller, before) == {"Number": "DX-77"}
    assert shown(cast.seller, after) == {}
    with pytest.raises(FieldsRefused):
        fill(before.pk, {one.pk: "DX-78"}, by=cast.seller)


def test_who_reads_what(cast: Cast) -> None:
    everyone = field(cast, "All")
    sides = field(cast, "Own", shown_to="side")
    theirs = field(cast, "Theirs", filled_by="counterparty", shown_to="side")
    inner = field(cast, "Inner", filled_by="operator", shown_to="operator")
    ticket = cast.ticket(fields={everyone.pk: "one", sides.pk: "two", inner.pk: "forged"})
    fill(ticket.pk, {theirs.pk: "three"}, by=cast.supplier)
    fill(ticket.pk, {inner.pk: "four"}, by=cast.agent)
    assert shown(cast.seller, ticket) == {"All": "one", "Own": "two"}
    assert shown(cast.supplier, ticket) == {"All": "one", "Theirs": "three"}
    assert shown(cast.agent, ticket) == {
        "All": "one", "Own": "two", "Theirs": "three", "Inner": "four",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "word", "found"),
    [
        ("seller", "alpha", True), ("supplier", "alpha", True), ("agent", "alpha", True),
        ("seller", "bravo", True), ("supplier", "bravo", False), ("agent", "bravo", True),
        ("seller", "delta", False), ("supplier", "delta", False), ("agent", "delta", True),
        ("supplier", "Kilo", True), ("supplier_member", "Лима", True),
    ],
)  # fmt: skip
def test_a_search_finds_it_for_those_who_read_it(
    cast: Cast, who: str, word: str, found: bool
) -> None:
    options = [OptionTyped(names={"en": "Kilo", "ru": "Лима"}), OptionTyped(names={"en": "Mike"})]
    everyone, own = field(cast, "All"), field(cast, "Own", shown_to="side")
    inner = field(cast, "Inner", filled_by="operator", shown_to="operator")
    choice = field(cast, "Which", kind="choice", options=options)
    key = choice.options[0]["key"]
    ticket = cast.ticket(fields={everyone.pk: "alpha", own.pk: "bravo", choice.pk: key})
    fill(ticket.pk, {inner.pk: "delta"}, by=cast.agent)
    rows = find(cast.everybody[who], Filters(text=word)).rows
    assert [row.ticket_id for row in rows] == ([ticket.pk] if found else [])


@pytest.mark.parametrize("who", ["supplier", "seller_member", "agent"])
def test_each_side_fills_in_its_own_and_the_operator_any(cast: Cast, who: str) -> None:
    one = field(cast)
    ticket = cast.ticket()
    by = cast.everybody[who]
    if who == "supplier":
        with pytest.raises(FieldsRefused):
            fill(ticket.pk, {one.pk: "7"}, by=by)
        return
    fill(ticket.pk, {one.pk: "7"}, by=by)
    assert shown(cast.seller, ticket) == {"Number": "7"}
    with pytest.raises(Ticket.DoesNotExist):
        fill(ticket.pk, {one.pk: "8"}, by=cast.other_seller)


def test_an_ended_ticket_takes_nothing_more_but_from_the_operator(cast: Cast) -> None:
    from parley.tickets.ending import close

    one = field(cast)
    ticket = cast.ticket(fields={one.pk: "7"})
    close(ticket.pk, by=cast.seller)
    with pytest.raises(FieldsRefused):
        fill(ticket.pk, {one.pk: "8"}, by=cast.seller)
    fill(ticket.pk, {one.pk: "9"}, by=cast.agent)
    assert shown(cast.seller, ticket) == {"Number": "9"}


def test_what_is_required_is_not_emptied_and_nothing_of_it_is_kept_then(cast: Cast) -> None:
    must, may = field(cast, required=True), field(cast, "Other")
    ticket = cast.ticket(fields={must.pk: "7"})
    with pytest.raises(FieldsRefused):
        fill(ticket.pk, {must.pk: "", may.pk: "x"}, by=cast.seller)
    assert shown(cast.seller, ticket) == {"Number": "7", "Other": ""}
    fill(ticket.pk, {may.pk: "x"}, by=cast.seller)
    fill(ticket.pk, {may.pk: ""}, by=cast.seller)
    assert FieldValue.objects.filter(ticket=ticket).count() == 1


def test_the_history_says_what_it_said_then(cast: Cast) -> None:
    options = [OptionTyped(names={"en": "DPD", "ru": "ДПД"}), OptionTyped(names={"en": "Evri"})]
    one = field(cast, "Carrier", kind="choice", options=options)
    first, second = (option["key"] for option in one.options)
    ticket = cast.ticket(fields={one.pk: first})
    opened = Entry.objects.get(kind="OpenedWithFields")
    fill(ticket.pk, {one.pk: second}, by=cast.seller)
    fill(ticket.pk, {one.pk: second}, by=cast.seller)
    renamed = [
        OptionTyped(names={"en": "Else"}, key=first),
        OptionTyped(names={"en": "X"}, key=second),
    ]
    change_field(
        one.topic_id, one.pk, FieldTyped(names={"en": "C"}, options=renamed), by=cast.admin
    )
    changed = Entry.objects.get(kind="FieldsChanged")
    told = changed.data["fields"][str(one.pk)]
    assert told["was"] == opened.data["fields"][str(one.pk)]["now"] == {"en": "DPD", "ru": "ДПД"}
    assert (told["names"]["en"], told["now"]["en"]) == ("Carrier", "Evri")
    assert shown(cast.seller, ticket) == {"C": "X"}


def test_the_history_is_for_those_who_read_the_field(cast: Cast) -> None:
    everyone, own = field(cast, "All"), field(cast, "Own", shown_to="side")
    ticket = cast.ticket()
    fill(ticket.pk, {everyone.pk: "one", own.pk: "two"}, by=cast.seller)
    apart = Entry.objects.get(kind="FieldsChangedApart")
    assert set(apart.data["seen"]) == {cast.bright_home.pk, cast.operator.pk}
    for reader, kinds in (
        (cast.supplier, ["FieldsChanged"]),
        (cast.agent, ["FieldsChanged", "FieldsChangedApart"]),
    ):
        assert sorted(entry.kind for entry in happenings(reader, ticket)) == kinds


def test_a_support_pin_is_masked_before_it_is_kept(cast: Cast) -> None:
    pin = replace_pin(by=cast.seller)
    digits = getattr(pin, "digits", pin)
    one = field(cast)
    ticket = cast.ticket(fields={one.pk: f"PIN {digits}"})
    fill(ticket.pk, {one.pk: f"my pin is {digits}"}, by=cast.seller)
    kept = FieldValue.objects.get(ticket=ticket)
    assert str(digits) not in kept.text
    assert not any(str(digits) in str(entry.data) for entry in Entry.objects.all())


def test_a_topic_that_asks_nothing_costs_nothing(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    ticket = Ticket.objects.select_related("topic").get(pk=cast.ticket().pk)
    with django_assert_num_queries(0):
        assert on_ticket(cast.agent, ticket) == []
    field(cast)
    ticket.topic = Topic.objects.get(pk=cast.late_parcel.pk)
    with django_assert_num_queries(1):
        assert len(on_ticket(cast.agent, ticket)) == 1


@pytest.mark.parametrize(
    ("who", "found"),
    [("seller", [True, True, False]), ("supplier", [True, False, False]), ("agent", [True] * 3)],
)
def test_a_list_is_narrowed_by_what_its_reader_may_read(
    cast: Cast, who: str, found: list[bool]
) -> None:
    everyone, own = field(cast, "All"), field(cast, "Own", shown_to="side")
    inner = field(cast, "Inner", filled_by="operator", shown_to="operator")
    cast.ticket()
    ticket = cast.ticket(fields={everyone.pk: "a", own.pk: "b"})
    fill(ticket.pk, {inner.pk: "c"}, by=cast.agent)
    for pair, there in zip(
        ((everyone.pk, "a"), (own.pk, "b"), (inner.pk, "c")), found, strict=True
    ):
        rows = find(cast.everybody[who], Filters(fields=(pair,))).rows
        assert [row.ticket_id for row in rows] == ([ticket.pk] if there else [])
    assert not find(cast.agent, Filters(fields=((everyone.pk, "b"),))).rows
