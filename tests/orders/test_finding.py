"""Finding orders: who finds which, by what, and page after page (O1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Cast
from parley.orders import finding
from parley.orders.finding import Filters, find, row_of
from parley.orders.models import Consignment, Order, OrderNote, Stage
from parley.parties.models import Membership
from parley.postgres.keysets import CursorUnreadable
from stall import days_ago, made_order


def found(reader: Membership, text: str = "", **filters: Any) -> list[int]:
    page = find(reader, Filters(text=text, **filters), disputed=Order.objects.values("id"))
    return [row.order.pk for row in page.rows]


def test_each_finds_its_own_and_no_other(cast: Cast) -> None:
    both = made_order(cast, also={cast.second_supplier: [("Brass lamp", "LAMP-9", 1)]})
    northwinds = made_order(cast)
    queued = made_order(cast, stage=Stage.QUEUED)
    matching = made_order(cast, stage=Stage.MATCHING)
    made_order(cast, stage=Stage.DRAFT)
    others = made_order(cast, seller=cast.second_seller)
    assert found(cast.seller) == [queued.pk, northwinds.pk, both.pk]
    assert found(cast.other_seller) == [others.pk]
    assert found(cast.supplier) == [others.pk, northwinds.pk, both.pk]
    assert found(cast.other_supplier) == [both.pk]
    assert found(cast.agent) == [others.pk, matching.pk, queued.pk, northwinds.pk, both.pk]


def test_a_row_says_what_the_order_is_of(cast: Cast) -> None:
    order = made_order(
        cast,
        items=[("Enamel kettle", "KET-100", 2), ("Teapot", "TEA-1", 1)],
        also={cast.second_supplier: [("Brass lamp", "LAMP-9", 4)]},
    )
    (row,) = find(cast.seller, Filters()).rows
    assert (row.title, row.more, row.quantity) == ("Enamel kettle", 2, 7)
    assert list(row.suppliers) == ["Northwind Supply", "Second Supplier"]
    assert row.total_minor == order.cost_minor
    (of_lamps,) = find(cast.other_supplier, Filters()).rows
    assert (of_lamps.title, of_lamps.more, of_lamps.quantity) == ("Brass lamp", 0, 4)
    assert of_lamps.total_minor == 4800
    assert row_of(cast.other_supplier, order.pk) == of_lamps
    assert row_of(cast.other_seller, order.pk) is None


def test_a_note_for_another_supplier_shows_no_mark(cast: Cast) -> None:
    order = made_order(cast, also={cast.second_supplier: [("Brass lamp", "LAMP-9", 4)]})
    OrderNote.objects.create(
        order=order,
        party=cast.bright_home,
        person=cast.seller.person,
        supplier=cast.northwind,
        text="Wrap it well.",
    )
    Order.objects.update(notes=1)
    marks = {
        who.party.name: find(who, Filters()).rows[0].has_notes
        for who in (cast.seller, cast.supplier, cast.other_supplier)
    }
    assert marks == {"Bright Home": True, "Northwind Supply": True, "Second Supplier": False}


def test_by_the_order_s_number_and_the_channel_s(cast: Cast) -> None:
    order = made_order(cast, number=81234, channel_number="#1001")
    made_order(cast, items=[("Set of 1001 pins", "PIN-1001", 1)])
    for text in ("81234", "#81234", "№ 81234", " 81234 ", "#1001", "1001"):
        assert found(cast.seller, text) == [order.pk], text
        assert found(cast.supplier, text) == [order.pk], text
        assert found(cast.agent, text) == [order.pk], text
        assert found(cast.other_seller, text) == [], text
        assert found(cast.other_supplier, text) == [], text


def test_by_sku_product_id_and_words_of_titles(cast: Cast) -> None:
    order = made_order(
        cast,
        items=[("Enamel stove kettles, 1.8 l", "KET-100-B", 1)],
        also={cast.second_supplier: [("Лампа настольная", "LAMP-9", 1)]},
    )
    made_order(cast, items=[("Garden hose", "HOSE-1", 1)])
    for text in ("KET-100-B", "ket-100-b", "P-KET-100-B", "kettle", "stove enamel"):
        assert found(cast.seller, text) == [order.pk], text
        assert found(cast.supplier, text) == [order.pk], text
        assert found(cast.agent, text) == [order.pk], text
        assert found(cast.other_supplier, text) == [], f"{text} is not of its own part"
    assert found(cast.other_supplier, "лампы") == [order.pk]
    assert found(cast.supplier, "лампы") == []
    assert found(cast.seller, "kettle -enamel") == []
    assert found(cast.seller, "…") == []


def test_an_order_that_is_not_linked_is_found_by_what_the_channel_said(cast: Cast) -> None:
    order = made_order(cast, stage=Stage.NOT_LINKED, items=[("Odd thing", "ODD-7", 1)])
    assert found(cast.seller, "ODD-7") == [order.pk]


def test_by_status_on_any_axis(cast: Cast) -> None:
    made = {
        "queued": made_order(cast, stage=Stage.QUEUED),
        "held": made_order(cast, stage=Stage.HELD),
        "not_linked": made_order(cast, stage=Stage.NOT_LINKED),
        "dismissed": made_order(cast, stage=Stage.DISMISSED),
        "paid": made_order(cast, stage=Stage.PAID),
        "part_shipped": made_order(cast, fulfilment="part_shipped"),
        "shipped": made_order(cast, fulfilment="shipped"),
        "delivered": made_order(cast, fulfilment="delivered"),
        "returned": made_order(cast, fulfilment="returned"),
        "cancel_asked": made_order(cast, cancellation="asked"),
        "cancelled": made_order(cast, cancellation="cancelled"),
        "dispute": made_order(cast, fulfilment="delivered", open_tickets=1),
    }
    for status, order in made.items():
        among = found(cast.seller, statuses=(status,))
        assert order.pk in among, status
        expected = 2 if status == "delivered" else 1
        assert len(among) == expected, status
        assert found(cast.agent, statuses=(status,)) == among, status
    still_to_ship = {"queued", "held", "not_linked", "paid", "cancel_asked"}
    assert set(found(cast.seller, statuses=("unshipped",))) == {
        made[one].pk for one in still_to_ship
    }
    assert set(found(cast.supplier, statuses=("unshipped",))) == {made["cancel_asked"].pk}
    several = found(cast.seller, statuses=("held", "shipped", "delivered", "dispute"))
    assert several == [made[s].pk for s in ("dispute", "delivered", "shipped", "held")]
    assert found(cast.supplier, statuses=("queued",)) == found(cast.supplier), "it knows none such"


def test_tickets_of_others_are_no_dispute_of_the_sellers(cast: Cast) -> None:
    theirs, own = (made_order(cast, open_tickets=1) for _ in range(2))
    disputed = Filters(statuses=("dispute",))
    assert not find(cast.seller, disputed).rows
    seen = find(cast.seller, disputed, disputed=Order.objects.filter(pk=own.pk).values("id"))
    assert [row.order.pk for row in seen.rows] == [own.pk]
    by_operator = find(cast.agent, disputed)
    assert [row.order.pk for row in by_operator.rows] == [own.pk, theirs.pk]


def test_by_payment(cast: Cast) -> None:
    lacking = made_order(cast, stage=Stage.QUEUED, payment="unpaid")
    refunded = made_order(cast, payment="refunded", refunded_minor=1200)
    made_order(cast)
    for who in (cast.seller, cast.agent):
        assert found(who, payments=("unpaid",)) == [lacking.pk]
        assert found(who, payments=("unpaid", "refunded")) == [refunded.pk, lacking.pk]
        assert found(who, payments=("refunded",), statuses=("queued",)) == []
        assert found(who, payments=("unpaid",), statuses=("queued", "held")) == [lacking.pk]


def test_by_day_and_by_the_other_party(cast: Cast) -> None:
    old = made_order(cast, placed_at=days_ago(9))
    middle = made_order(cast, placed_at=days_ago(5), supplier=cast.second_supplier)
    new = made_order(cast, placed_at=days_ago(1), seller=cast.second_seller)
    when = {"day_from": days_ago(6), "day_to": days_ago(2)}
    assert found(cast.agent, **when) == [middle.pk]
    assert found(cast.seller, **when) == [middle.pk]
    assert found(cast.other_supplier, **when) == [middle.pk]
    assert found(cast.supplier, **when) == []
    assert found(cast.agent, party=cast.northwind.pk) == [new.pk, old.pk]
    assert found(cast.agent, party=cast.bright_home.pk) == [middle.pk, old.pk]
    assert found(cast.seller, party=cast.second_supplier.pk) == [middle.pk]
    assert found(cast.supplier, party=cast.second_seller.pk) == [new.pk]
    assert found(cast.supplier, party=cast.second_supplier.pk) == []
    two = {"party": cast.northwind.pk, "statuses": ("unshipped", "shipped")}
    assert found(cast.agent, **two) == [new.pk, old.pk]


@pytest.mark.parametrize(
    "narrowed", [{}, {"statuses": ("unshipped", "shipped")}, {"text": "kettle"}]
)
def test_page_after_page_and_back_again(cast: Cast, narrowed: dict[str, Any]) -> None:
    same_moment = days_ago(3)
    made = [
        made_order(
            cast,
            placed_at=same_moment if n % 3 else days_ago(n),
            fulfilment="shipped" if n % 2 else "unshipped",
        ).pk
        for n in range(13)
    ]
    for who in (cast.seller, cast.supplier, cast.agent):
        filters = Filters(**narrowed)
        whole = [row.order.pk for row in find(who, filters, size=50).rows]
        assert sorted(whole) == sorted(made)
        page, seen, cursors = find(who, filters, size=5), [], []
        assert page.newer is None
        while True:
            seen += [row.order.pk for row in page.rows]
            if page.older is None:
                break
            cursors.append(page.older)
            page = find(who, filters, cursor=page.older, size=5)
        assert seen == whole
        assert page.newer
        before = find(who, filters, cursor=page.newer, size=5)
        assert [row.order.pk for row in before.rows] == whole[5:10]


def test_a_cursor_of_ones_own_making_is_refused(cast: Cast) -> None:
    for cursor in ("x", "1", "1.x", "1.2.3", "-", "9" * 18 + ".1"):
        with pytest.raises(CursorUnreadable):
            find(cast.seller, Filters(), cursor=cursor)
        with pytest.raises(CursorUnreadable):
            find(cast.supplier, Filters(text="kettle"), cursor=cursor)


def test_it_asks_once_and_for_words_twice(cast: Cast) -> None:
    for _n in range(3):
        made_order(cast)
    for who in (cast.seller, cast.supplier, cast.agent):
        find(who, Filters())
        for filters, most in (
            (Filters(), 1),
            (Filters(statuses=("shipped", "unshipped"), party=cast.northwind.pk), 1),
            (Filters(text="kettle", statuses=("shipped", "unshipped")), 2),
        ):
            with CaptureQueriesContext(connection) as captured:
                find(who, filters)
            assert len(captured) <= most, (who, filters, captured.captured_queries)


def test_its_statuses_are_all_told_apart(cast: Cast) -> None:
    assert set(finding.STATUSES_OF_SUPPLIERS) < set(finding.STATUSES)
    assert finding.statuses_for(cast.supplier) == finding.STATUSES_OF_SUPPLIERS
    assert finding.payments_for(cast.supplier) == ()
    assert Consignment.objects.count() == 0
