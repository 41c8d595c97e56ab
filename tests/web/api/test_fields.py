"""Custom fields through the API: asked for, given, read, filled in (C3)."""

from __future__ import annotations

from typing import Any

import pytest

from cast import Cast
from parley.tickets.keeping_fields import FieldTyped, OptionTyped, add_field
from parley.tickets.models import CustomField
from web.api.calling import Caller


@pytest.fixture
def weight(cast: Cast) -> CustomField:
    typed = FieldTyped(names={"en": "Weight"}, kind="number", required=True)
    return add_field(cast.late_parcel.pk, typed, by=cast.admin)


@pytest.fixture
def carrier(cast: Cast) -> CustomField:
    options = [OptionTyped(names={"en": name}) for name in ("DPD", "Evri")]
    typed = FieldTyped(names={"en": "Carrier"}, kind="choice", options=options, shown_to="side")
    return add_field(cast.late_parcel.pk, typed, by=cast.admin)


def opening(cast: Cast, *given: tuple[int, Any]) -> dict[str, Any]:
    return {
        "topic": cast.late_parcel.pk, "to": cast.northwind.pk, "title": "Late", "text": "Very.",
        "fields": [{"field": key, "value": value} for key, value in given],
    }  # fmt: skip


def test_a_topic_says_what_it_asks_for(
    cast: Cast, seller: Caller, weight: CustomField, carrier: CustomField
) -> None:
    topics = {topic["id"]: topic for topic in seller.get("/topics").json()["data"]}
    first, second = topics[cast.late_parcel.pk]["fields"]
    assert (first["name"], first["kind"], first["required"]) == ("Weight", "number", True)
    assert [option["name"] for option in second["options"]] == ["DPD", "Evri"]
    assert topics[cast.payouts.pk]["fields"] == []


def test_they_are_given_read_and_filled_in(
    cast: Cast, seller: Caller, supplier: Caller, weight: CustomField, carrier: CustomField
) -> None:
    dpd, evri = (option["key"] for option in carrier.options)
    made = seller.post("/tickets", opening(cast, (weight.pk, 2.5), (carrier.pk, dpd)))
    assert made.status_code == 201, made.content
    address = f"/tickets/{made.json()['id']}"
    standing = {one["name"]: one for one in seller.get(address).json()["fields"]}
    assert (standing["Weight"]["value"], standing["Carrier"]["words"]) == ("2.5", "DPD")
    assert [one["name"] for one in supplier.get(address).json()["fields"]] == ["Weight"]
    answer = seller.post(f"{address}/fields", {"fields": [{"field": carrier.pk, "value": evri}]})
    assert [one["words"] for one in answer.json()["data"]] == ["2.5", "Evri"]
    emptied = seller.post(f"{address}/fields", {"fields": [{"field": carrier.pk, "value": None}]})
    assert [one["value"] for one in emptied.json()["data"]] == ["2.5", None]


@pytest.mark.parametrize("value", [None, "", "heavy", True, "x" * 201])
def test_what_does_not_fit_is_told_by_its_field(
    cast: Cast, seller: Caller, weight: CustomField, value: Any
) -> None:
    answer = seller.post("/tickets", opening(cast, (weight.pk, value)))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("#/fields")


def test_nobody_fills_in_what_is_the_other_sides(
    cast: Cast, seller: Caller, supplier: Caller, other: Caller, weight: CustomField
) -> None:
    address = f"/tickets/{cast.ticket(fields={weight.pk: '5'}).pk}/fields"
    given = {"fields": [{"field": weight.pk, "value": 7}]}
    assert supplier.post(address, given).status_code == 422
    assert other.post(address, given).status_code == 404
    assert seller.post(address, {"fields": []}).status_code == 422
