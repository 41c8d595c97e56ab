"""The audit of an order: each change in a sentence, by whom, and only what the reader may know (O3)."""

from __future__ import annotations

import dataclasses
from typing import Any, get_type_hints

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cast import Cast
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.journal.recording import record
from parley.orders import events
from parley.orders.accepting import accept
from parley.orders.auditing import TOLD, audit_of
from parley.orders.models import Order
from parley.orders.moving import seen_by_all
from parley.orders.noting import note
from parley.parties.models import Membership
from shop import Shop
from stall import made_order


def told(reader: Membership, order: Order) -> list[tuple[str, str]]:
    audit = audit_of(reader, order.pk)
    assert audit is not None
    return [(line.words, line.who) for line in audit.lines]


def test_an_order_tells_its_way(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    accept(order.pk, by=cast.supplier)
    note(order.pk, "Wrap it well.", by=cast.seller)
    lines = told(cast.seller, order)
    assert lines[0] == ("Queued, to be invoiced and paid", "Parley, by itself")
    assert f"The order got its number, {order.number}" in lines[1][0]
    assert ("Handed over to be shipped", "Parley, by itself") in lines
    assert lines[-2:] == [
        ("Northwind Supply accepted it", "Nora North · Northwind Supply"),
        ("A note was written", "Selma Seller · Bright Home"),
    ]
    assert told(cast.agent, order) == lines or len(told(cast.agent, order)) == len(lines)


def test_a_supplier_learns_nothing_of_payments(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    words = [words for words, _who in told(cast.supplier, order)]
    assert "Handed over to be shipped" in words
    assert not [one for one in words if "Paid" in one or "Queued" in one]
    assert audit_of(cast.other_supplier, order.pk) is None
    assert audit_of(cast.other_seller, order.pk) is None


def test_every_event_of_an_order_has_words(cast: Cast) -> None:
    order = made_order(cast)
    kinds = _kinds(events.OrderEvent)
    assert {kind.__name__ for kind in kinds} == TOLD
    for kind in kinds:
        _write(_example(kind, order, cast), by=cast.seller)
    for who in (cast.seller, cast.supplier, cast.supplier_member, cast.agent):
        audit = audit_of(who, order.pk)
        assert audit is not None
        assert len(audit.lines) == len(kinds)
        for line in audit.lines:
            assert line.words.strip()
            assert "%(" not in line.words
            assert "None" not in line.words
            assert line.who == "Selma Seller · Bright Home"


def test_a_change_names_what_was_and_what_is(cast: Cast) -> None:
    order = made_order(cast)
    fields = {
        "address": ["14 Cloudesley Road, London", "16 Cloudesley Road, London"],
        "outside": [{}, {"financial_status": "voided"}],
        "unheard_of": [None, ["a", "b"]],
    }
    with transaction.atomic():
        record(events.OrderChanged(order=order.pk, seen=seen_by_all(order), fields=fields), by=None)
    audit = audit_of(cast.seller, order.pk)
    assert audit is not None
    (line,) = audit.lines
    assert line.who == "By hand", "the channel it came from"
    assert line.changes == [
        ("Delivery address", "14 Cloudesley Road, London", "16 Cloudesley Road, London"),
        ("What the channel says", "", "financial_status: voided"),
        ("unheard_of", "", "a, b"),
    ]


def test_a_kind_of_a_later_version_is_told_too(cast: Cast) -> None:
    order = made_order(cast)
    data = {"order": order.pk, "seen": [cast.bright_home.pk]}
    Entry.objects.create(at=now(), kind="OrderTeleported", subject=f"order:{order.pk}", data=data)
    assert told(cast.seller, order) == [("Something was changed", "Parley, by itself")]


def test_it_asks_three_times_however_long_it_is(cast: Cast) -> None:
    order = made_order(cast)
    counts = []
    for _time in range(2):
        for kind in _kinds(events.OrderEvent):
            _write(_example(kind, order, cast), by=cast.seller)
        with CaptureQueriesContext(connection) as captured:
            audit_of(cast.seller, order.pk)
        counts.append(len(captured))
    assert counts == [3, 3]


def _write(event: events.OrderEvent, *, by: Membership) -> None:
    """The entry alone, without what follows from it: the shipment it names is made up."""
    Entry.objects.create(
        at=now(),
        kind=type(event).__name__,
        subject=event.subject,
        person_id=by.person_id,
        party_id=by.party_id,
        data=event.data(),
    )


def _kinds(kind: type[events.OrderEvent]) -> list[type[events.OrderEvent]]:
    return [one for sub in kind.__subclasses__() for one in (sub, *_kinds(sub))]


def _example(kind: type[events.OrderEvent], order: Order, cast: Cast) -> events.OrderEvent:
    """An event of this kind with something in each of its fields."""
    usual: dict[str, Any] = {"order": order.pk, "seen": seen_by_all(order)}
    values: dict[str, Any] = {
        "supplier": cast.northwind.pk,
        "line": order.lines.get().pk,
        "currency": "GBP",
        "why": ({"line": 0, "code": "country", "product": "Kettle", "supplier_name": "Northwind"},),
        "fields": {"note": ["before", "after"]},
    }
    hints = get_type_hints(kind)
    by_type: dict[Any, Any] = {int: 7, str: "words", bool: True}
    for field in dataclasses.fields(kind):
        if field.name not in usual:
            usual[field.name] = values.get(field.name, by_type.get(hints[field.name]))
    return kind(**usual)
