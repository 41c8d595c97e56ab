"""The door to orders, for each role (O4): whose they are, and what of them."""

from __future__ import annotations

from cast import Cast
from parley.orders.access import (
    consignments_visible_to,
    drafts_of,
    lines_visible_to,
    notes_visible_to,
    orders_visible_to,
)
from parley.orders.models import HIDDEN, Consignment, OrderNote, Stage
from parley.orders.seeing import see
from parley.parties.models import Membership
from stall import made_order

LAMP = ("Brass lamp", "LAMP-9", 1)


def test_a_seller_sees_its_own_but_drafts_and_what_is_being_matched(cast: Cast) -> None:
    made = {stage: made_order(cast, stage=stage).pk for stage in Stage}
    theirs = made_order(cast, seller=cast.second_seller).pk
    for who in (cast.seller, cast.seller_member):
        seen = set(orders_visible_to(who).values_list("id", flat=True))
        assert seen == {made[stage] for stage in Stage if stage not in HIDDEN}
        assert list(drafts_of(who).values_list("id", flat=True)) == [made[Stage.DRAFT]]
    assert list(orders_visible_to(cast.other_seller).values_list("id", flat=True)) == [theirs]
    assert not drafts_of(cast.other_seller).exists()


def test_a_supplier_sees_what_was_passed_on_and_of_that_its_own_part(cast: Cast) -> None:
    for stage in Stage:
        if stage != Stage.PASSED:
            made_order(cast, stage=stage)
    order = made_order(cast, also={cast.second_supplier: [LAMP]})
    for who, titles in (
        (cast.supplier, ["Enamel stove kettle"]),
        (cast.supplier_member, ["Enamel stove kettle"]),
        (cast.other_supplier, ["Brass lamp"]),
    ):
        assert list(orders_visible_to(who)) == [order]
        assert list(lines_visible_to(who).values_list("title", flat=True)) == titles
        assert {part.supplier_id for part in consignments_visible_to(who)} == {who.party_id}


def test_a_part_that_was_not_passed_on_hides_the_order_from_its_supplier(cast: Cast) -> None:
    order = made_order(cast, also={cast.second_supplier: [LAMP]})
    Consignment.objects.filter(supplier=cast.second_supplier).update(passed_at=None)
    assert not orders_visible_to(cast.other_supplier).exists()
    assert not lines_visible_to(cast.other_supplier).exists()
    assert list(orders_visible_to(cast.supplier)) == [order]


def test_the_operator_sees_all_but_drafts(cast: Cast) -> None:
    made = [made_order(cast, stage=stage).pk for stage in Stage if stage != Stage.DRAFT]
    made_order(cast, stage=Stage.DRAFT)
    for who in (cast.agent, cast.lead, cast.admin):
        assert set(orders_visible_to(who).values_list("id", flat=True)) == set(made)


def test_a_note_for_one_supplier_is_hidden_from_the_others(cast: Cast) -> None:
    order = made_order(cast, also={cast.second_supplier: [LAMP]})
    for supplier, text in ((None, "for all"), (cast.northwind, "for Northwind")):
        OrderNote.objects.create(
            order=order,
            party=cast.bright_home,
            person=cast.seller.person,
            supplier=supplier,
            text=text,
        )

    def read_by(who: Membership) -> set[str]:
        seen = see(who, order.pk)
        noted = {note.text for note in seen.notes} if seen else set()
        assert noted == set(notes_visible_to(who).values_list("text", flat=True))
        return noted

    assert read_by(cast.seller) == read_by(cast.agent) == read_by(cast.supplier)
    assert read_by(cast.other_supplier) == {"for all"}
    assert read_by(cast.other_seller) == set()


def test_what_one_sees_of_an_order_goes_by_the_same_door(cast: Cast) -> None:
    order = made_order(cast, also={cast.second_supplier: [LAMP]})
    whole = see(cast.seller, order.pk)
    assert whole is not None
    assert whole.suppliers == ["Northwind Supply", "Second Supplier"]
    assert whole.own_part is None
    part = see(cast.other_supplier, order.pk)
    assert part is not None
    assert part.suppliers == ["Second Supplier"]
    assert [line.title for one in part.parts for line in one.lines] == ["Brass lamp"]
    assert part.own_part is not None
    assert part.own_part.total_minor == 1200
    assert see(cast.other_seller, order.pk) is None
    queued = made_order(cast, stage=Stage.QUEUED)
    assert see(cast.supplier, queued.pk) is None
