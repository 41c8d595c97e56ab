"""What was paid goes back, a credit note for each supplier, and never more than was paid."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as some

from cast import Cast
from parley.ledger.balances import balance_of
from parley.ledger.models import Payment
from parley.orders.access import invoices_visible_to
from parley.orders.models import Consignment, Invoice, InvoiceKind, Order, OrderLine
from parley.orders.moving import lock
from parley.orders.refunding import MoreThanInvoiced, refund_all, refund_line, refund_part
from shop import Shop

KETTLE = 2400 + 360
LAMP = 4800 + 600


def many(shop: Shop, quantity: int, cost: int, vat_bp: int) -> Order:
    """A paid order of so many kettles at this price."""
    order = shop.queued()
    order.lines.update(quantity=quantity, cost_minor=cost, vat_bp=vat_bp)
    from parley.orders.advancing import advance, queue_up

    with transaction.atomic():
        queue_up(lock(order.pk, None), by=None)
        advance(lock(order.pk, None), by=None)
    return Order.objects.get(pk=order.pk)


def part_of(order: Order) -> Consignment:
    return Consignment.objects.select_related("supplier").get(order=order)


def credit_notes(order: Order) -> list[Invoice]:
    papers = Invoice.objects.filter(consignment__order=order, kind=InvoiceKind.CREDIT_NOTE)
    return list(papers.order_by("id"))


def test_all_of_it_goes_back(cast: Cast, shop: Shop) -> None:
    order = shop.paid(shop.kettle, shop.lamp)
    with transaction.atomic():
        given_back = refund_all(lock(order.pk, None), by=cast.seller, reason="Too slow")
        assert refund_all(lock(order.pk, None), by=cast.seller, reason="Too slow") == 0
    assert given_back == KETTLE + LAMP
    order.refresh_from_db()
    assert (order.payment, order.refunded_minor) == ("refunded", KETTLE + LAMP)
    assert balance_of(cast.bright_home, "GBP") == 100_000
    assert balance_of(cast.northwind, "GBP") == balance_of(cast.second_supplier, "GBP") == 0
    assert Payment.objects.get(order_id=order.pk).refunded_minor == KETTLE + LAMP
    northwinds, seconds = credit_notes(order)
    assert (northwinds.shown_number, seconds.shown_number) == ("NS-CN-000001", "SS-CN-000001")
    assert northwinds.corrects is not None
    assert northwinds.parties["corrects"] == northwinds.corrects.shown_number == "NS-000001"
    assert northwinds.parties["reason"] == "Too slow"
    assert northwinds.total_minor == KETTLE


def test_one_suppliers_part_goes_back(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle, shop.lamp)
    part = Consignment.objects.select_related("supplier").get(order=order, supplier=cast.northwind)
    with transaction.atomic():
        assert (
            refund_part(lock(order.pk, None), part, by=cast.supplier, reason="Sold out") == KETTLE
        )
    order.refresh_from_db()
    assert (order.payment, order.refunded_minor) == ("part_refunded", KETTLE)
    assert balance_of(cast.northwind, "GBP") == 0
    assert balance_of(cast.second_supplier, "GBP") == LAMP


def test_lines_go_back_and_then_the_rest(cast: Cast, shop: Shop) -> None:
    order = many(shop, 3, 333, 2000)
    part, line = part_of(order), OrderLine.objects.get(order=order)
    with transaction.atomic():
        locked = lock(order.pk, None)
        refund_line(locked, part, line, 1, by=cast.supplier, reason="Broken")
        with pytest.raises(MoreThanInvoiced) as refused:
            refund_line(locked, part, line, 3, by=cast.supplier, reason="Broken")
        refund_part(locked, part, by=cast.supplier, reason="Sold out")
    assert refused.value.left == 2
    first, rest = credit_notes(order)
    assert [line["quantity"] for line in first.lines] == [1]
    assert [line["quantity"] for line in rest.lines] == [2, 1]
    invoice = Invoice.objects.get(consignment=part, kind=InvoiceKind.INVOICE)
    assert first.vat_minor + rest.vat_minor == invoice.vat_minor
    part.refresh_from_db()
    assert part.refunded_minor == part.total_minor


@settings(max_examples=25)
@given(data=some.data())
def test_credit_notes_add_up_to_the_invoice(shop: Shop, data: some.DataObject) -> None:
    """However the lines are given back, to the penny, net and VAT."""
    with transaction.atomic():
        quantity, cost = data.draw(some.integers(1, 9)), data.draw(some.integers(0, 999))
        order = many(shop, quantity, cost, data.draw(some.sampled_from([0, 500, 2000, 1999])))
        part, line = part_of(order), OrderLine.objects.get(order=order)
        locked = lock(order.pk, None)
        while quantity and data.draw(some.booleans()):
            some_of_them = data.draw(some.integers(1, quantity))
            refund_line(locked, part, line, some_of_them, by=None, reason="")
            quantity -= some_of_them if cost else 0
        refund_part(locked, part, by=None, reason="")
        invoice = Invoice.objects.get(consignment=part, kind=InvoiceKind.INVOICE)
        notes = credit_notes(order)
        assert sum(note.net_minor for note in notes) == invoice.net_minor
        assert sum(note.vat_minor for note in notes) == invoice.vat_minor
        assert locked.refunded_minor == locked.paid_minor == locked.cost_minor


def test_earnings_may_fall_below_nothing(cast: Cast, shop: Shop) -> None:
    from parley.ledger.models import AccountKind, TransferKind
    from parley.ledger.transferring import Move, transfer

    order = shop.paid()
    with transaction.atomic():
        moves = [
            Move(AccountKind.EARNINGS, cast.northwind.pk, -KETTLE),
            Move(AccountKind.OUTSIDE, None, KETTLE),
        ]
        transfer(TransferKind.PAYOUT, "paid out", moves, "GBP", by=cast.admin)
        refund_all(lock(order.pk, None), by=cast.seller, reason="")
    assert balance_of(cast.northwind, "GBP") == -KETTLE


def test_what_was_not_paid_is_not_refunded(cast: Cast, shop: Shop) -> None:
    order = shop.queued()
    with transaction.atomic():
        assert refund_all(lock(order.pk, None), by=cast.seller, reason="") == 0


def test_an_invoice_says_what_was_on_the_day_and_never_changes(cast: Cast, shop: Shop) -> None:
    order = shop.paid(shop.kettle, shop.teapot)
    invoice = Invoice.objects.get(consignment__order=order)
    assert [line["title"] for line in invoice.lines] == [
        "Enamel stove kettle, 1.8 l",
        "Stoneware teapot with strainer",
        "Tracked 48",
    ]
    assert (invoice.net_minor, invoice.vat_minor) == (2000 + 1250 + 300, 400 + 250 + 60)
    assert invoice.parties["order"] == {
        "number": order.number,
        "channel_number": order.channel_number,
    }
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(net_minor=1)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).delete()


def test_invoices_are_for_who_gave_and_got_them(cast: Cast, shop: Shop) -> None:
    invoice = Invoice.objects.get(consignment__order=shop.paid())
    for reader in (cast.seller, cast.supplier_member, cast.agent):
        assert invoices_visible_to(reader).get().pk == invoice.pk
    for reader in (cast.other_seller, cast.other_supplier):
        assert not invoices_visible_to(reader).exists()
