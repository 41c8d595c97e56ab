"""The supplier's side of an order (O10): accept, ship, decline, deliver, take back, note."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from cast import Cast
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.ledger.balances import balance_of
from parley.orders.accepting import accept
from parley.orders.access import lines_visible_to, notes_visible_to
from parley.orders.advancing import advance, sweep
from parley.orders.axes import Cancellation, Fulfilment, Payment
from parley.orders.cancelling import AlreadyCancelled
from parley.orders.declining import DecliningRefused, decline
from parley.orders.delivering import NotShipped, deliver, take_back
from parley.orders.models import Order, OrderLine
from parley.orders.moving import lock
from parley.orders.noting import NoteRefused, note
from parley.orders.shipping import Parcel, ShippingRefused, ship
from parley.parties.models import Membership
from shop import Shop


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def three_kettles(shop: Shop) -> tuple[Order, OrderLine]:
    """A passed order of three kettles and a teapot of Northwind's, a lamp of another supplier."""
    order = shop.order(shop.kettle, shop.teapot, shop.lamp)
    order.lines.filter(position=0).update(quantity=3)
    with transaction.atomic():
        advance(lock(order.pk, None), by=None)
    with at(now() + timedelta(days=1)):
        sweep()
    return fresh(order), order.lines.get(position=0)


def test_accepting_is_told_once(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    accept(order.pk, by=cast.supplier)
    accept(order.pk, by=cast.supplier_member)
    assert order.consignments.get().accepted_at is not None
    entry = Entry.objects.get(kind="OrderAccepted")
    assert set(entry.data["seen"]) == {cast.bright_home.pk, cast.northwind.pk, cast.operator.pk}


def test_all_of_it_is_shipped_at_once(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle, shop.teapot)
    shipment = ship(order.pk, Parcel(carrier=" Royal  Mail ", tracking="RM1"), by=cast.supplier)
    assert (shipment.carrier, shipment.tracking) == ("Royal Mail", "RM1")
    assert fresh(order).fulfilment == Fulfilment.SHIPPED
    assert [line.left for line in order.lines.all()] == [0, 0]
    event = Entry.objects.get(kind="OrderShipped").data
    assert event["all_of_it"] is True
    with pytest.raises(ShippingRefused, match="Everything of it has been shipped"):
        ship(order.pk, Parcel(carrier="DPD"), by=cast.supplier)


def test_it_goes_out_in_several_parcels(cast: Cast, shop: Shop) -> None:
    order, kettles = three_kettles(shop)
    ship(order.pk, Parcel(carrier="DPD", quantities={kettles.pk: 2}), by=cast.supplier)
    assert fresh(order).fulfilment == Fulfilment.PART_SHIPPED
    with pytest.raises(ShippingRefused, match="1 are left"):
        ship(order.pk, Parcel(carrier="DPD", quantities={kettles.pk: 2}), by=cast.supplier)
    ship(order.pk, Parcel(carrier="DPD", tracking="2"), by=cast.supplier)
    part = order.consignments.get(supplier=cast.northwind)
    assert part.fulfilment == Fulfilment.SHIPPED
    assert fresh(order).fulfilment == Fulfilment.PART_SHIPPED, "the lamp is still to come"
    ship(order.pk, Parcel(carrier="Evri"), by=cast.other_supplier)
    assert fresh(order).fulfilment == Fulfilment.SHIPPED
    sent = {(s.tracking, line.quantity) for s in part.shipments.all() for line in s.lines.all()}
    assert sent == {("", 2), ("2", 1)}


def test_what_is_no_parcel_is_refused_in_words(cast: Cast, shop: Shop) -> None:
    order, kettles = three_kettles(shop)
    lamp = order.lines.get(position=2)
    for parcel, field in [
        (Parcel(carrier=" "), "carrier"),
        (Parcel(carrier="x" * 61), "carrier"),
        (Parcel(carrier="DPD", tracking="x" * 101), "tracking"),
        (Parcel(carrier="DPD", quantities={kettles.pk: 0}), "lines"),
        (Parcel(carrier="DPD", quantities={kettles.pk: -1}), "lines"),
        (Parcel(carrier="DPD", quantities={kettles.pk: 4}), "lines"),
        (Parcel(carrier="DPD", quantities={lamp.pk: 1}), "lines"),
    ]:
        with pytest.raises(ShippingRefused) as refused:
            ship(order.pk, parcel, by=cast.supplier)
        assert set(refused.value.problems) == {field}
    assert fresh(order).fulfilment == Fulfilment.UNSHIPPED


def test_only_its_supplier_acts_on_an_order(cast: Cast, shop: Shop) -> None:
    passed, paid = shop.passed(), shop.paid()
    strangers = [
        (passed, cast.seller), (passed, cast.admin), (passed, cast.other_supplier),
        (paid, cast.supplier),
    ]  # fmt: skip
    for order, by in strangers:
        line = order.lines.get().pk
        with pytest.raises(Order.DoesNotExist):
            ship(order.pk, Parcel(carrier="DPD"), by=by)
        with pytest.raises(Order.DoesNotExist):
            accept(order.pk, by=by)
        with pytest.raises(Order.DoesNotExist):
            decline(order.pk, line, 1, "None left", by=by)
        with pytest.raises(Order.DoesNotExist):
            take_back(order.pk, by=by)


def test_a_declined_quantity_is_refunded(cast: Cast, shop: Shop) -> None:
    order, kettles = three_kettles(shop)
    money = balance_of(cast.bright_home, "GBP")
    declined = decline(order.pk, kettles.pk, 2, "Two have dents", by=cast.supplier)
    assert (declined.declined, declined.left) == (2, 1)
    after = fresh(order)
    assert after.payment == Payment.PART_REFUNDED
    assert after.refunded_minor == 2 * 2400
    assert balance_of(cast.bright_home, "GBP") == money + 4800
    assert after.cancellation == Cancellation.NONE
    for quantity in (0, -1, 2):
        with pytest.raises(DecliningRefused, match="1 to 1 can be declined"):
            decline(order.pk, kettles.pk, quantity, "Dents", by=cast.supplier)
    with pytest.raises(DecliningRefused, match="Say why"):
        decline(order.pk, kettles.pk, 1, " ", by=cast.supplier)
    with pytest.raises(DecliningRefused, match="Pick the line"):
        decline(order.pk, order.lines.get(position=2).pk, 1, "Not mine", by=cast.supplier)


def test_with_everything_declined_the_part_is_cancelled_with_its_shipping(
    cast: Cast, shop: Shop
) -> None:
    order = shop.passed(shop.kettle, shop.lamp)
    decline(order.pk, order.lines.get(position=0).pk, 1, "None left", by=cast.supplier)
    after = fresh(order)
    part = after.consignments.get(supplier=cast.northwind)
    assert part.cancellation == Cancellation.CANCELLED
    assert part.refunded_minor == part.total_minor == 2400 + 360
    assert after.cancellation == Cancellation.NONE, "the lamp is still to come"
    with pytest.raises(AlreadyCancelled):
        ship(order.pk, Parcel(carrier="DPD"), by=cast.supplier)
    with pytest.raises(AlreadyCancelled):
        accept(order.pk, by=cast.supplier)
    ship(order.pk, Parcel(carrier="Evri"), by=cast.other_supplier)
    assert fresh(order).fulfilment == Fulfilment.SHIPPED


def test_what_is_left_after_a_parcel_may_be_declined(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle, shop.teapot)
    kettle, teapot = order.lines.order_by("position")
    ship(order.pk, Parcel(carrier="DPD", quantities={kettle.pk: 1}), by=cast.supplier)
    decline(order.pk, teapot.pk, 1, "Broken", by=cast.supplier)
    after = fresh(order)
    assert after.fulfilment == Fulfilment.SHIPPED
    assert after.cancellation == Cancellation.NONE
    assert after.refunded_minor == 1500


def test_delivered_and_come_back(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle, shop.teapot)
    kettle, _teapot = order.lines.order_by("position")
    with pytest.raises(NotShipped):
        take_back(order.pk, by=cast.supplier)
    first = ship(order.pk, Parcel(carrier="DPD", quantities={kettle.pk: 1}), by=cast.supplier)
    second = ship(order.pk, Parcel(carrier="DPD"), by=cast.supplier)
    deliver(order.pk, first.pk, by=cast.supplier)
    assert fresh(order).fulfilment == Fulfilment.SHIPPED
    deliver(order.pk, second.pk, by=cast.supplier)
    deliver(order.pk, second.pk, by=cast.supplier)
    assert fresh(order).fulfilment == Fulfilment.DELIVERED
    assert Entry.objects.filter(kind="OrderDelivered").count() == 2
    with pytest.raises(Order.DoesNotExist):
        deliver(order.pk, 10**9, by=cast.supplier)
    take_back(order.pk, by=cast.supplier)
    assert fresh(order).fulfilment == Fulfilment.RETURNED


def test_a_note_reaches_whom_it_is_for(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle, shop.lamp)
    note(order.pk, "For all of you", by=cast.seller)
    note(order.pk, "For Northwind", by=cast.seller, supplier_id=cast.northwind.pk)
    note(order.pk, "From Northwind", by=cast.supplier)
    note(order.pk, "From the operator", by=cast.agent, supplier_id=cast.second_supplier.pk)

    def read(reader: Membership) -> list[str]:
        return [one.text for one in notes_visible_to(reader).order_by("id")]

    assert read(cast.seller) == read(cast.lead)
    assert len(read(cast.seller)) == 4
    assert read(cast.supplier) == ["For all of you", "For Northwind", "From Northwind"]
    assert read(cast.other_supplier) == ["For all of you", "From the operator"]
    assert read(cast.other_seller) == []
    assert fresh(order).notes == 4
    told = Entry.objects.filter(kind="OrderNoted").order_by("pk")
    assert [cast.second_supplier.pk in entry.data["seen"] for entry in told] == [
        True, False, False, True,
    ]  # fmt: skip


def test_a_supplier_sees_the_lines_of_its_own_part_alone(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle, shop.lamp)
    seen = lines_visible_to(cast.supplier).filter(order=order.pk)
    assert [line.sku for line in seen] == ["KET-100"]


@pytest.mark.parametrize("text", ["", "  \n", "x" * 2001])
def test_a_note_says_something(cast: Cast, shop: Shop, text: str) -> None:
    with pytest.raises(NoteRefused):
        note(shop.passed().pk, text, by=cast.seller)


def test_a_note_is_for_a_supplier_of_the_order(cast: Cast, shop: Shop) -> None:
    with pytest.raises(NoteRefused, match="Pick a supplier"):
        note(shop.passed().pk, "Hello", by=cast.seller, supplier_id=cast.second_supplier.pk)
