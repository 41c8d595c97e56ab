"""A queued order is paid from the balance, gets its number and invoices, and goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.db import connections, transaction
from django.test import override_settings

from cast import Cast
from crowd import all_at_once, failures
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.ledger import paying
from parley.ledger.balances import balance_of
from parley.ledger.models import Account, AccountKind, Payment, Transfer, TransferKind
from parley.ledger.paying import Bill, Failed, Outcome, Paid, Pending
from parley.ledger.topping_up import top_up
from parley.ledger.transferring import Move, transfer
from parley.orders import settling
from parley.orders.advancing import advance, sweep
from parley.orders.axes import Cancellation
from parley.orders.confirming import confirm
from parley.orders.models import Consignment, Invoice, InvoiceSeries, Order, Stage
from parley.orders.moving import cancel_all, lock
from parley.orders.refunding import refund_all
from parley.orders.settling_again import settle_unpaid
from shop import Shop

KETTLE = 2400 + 360
"""A kettle and its post, VAT included."""
LAMP = 4800 + 600


def events_of(order: Order) -> list[str]:
    entries = Entry.objects.filter(subject=f"order:{order.pk}").order_by("id")
    return list(entries.values_list("kind", flat=True))


def go_on(order: Order) -> Order:
    with transaction.atomic():
        advance(lock(order.pk, None), by=None)
    return Order.objects.get(pk=order.pk)


def poor(cast: Cast, shop: Shop) -> Shop:
    """The shop, its money spent."""
    moves = [
        Move(AccountKind.BALANCE, cast.bright_home.pk, -100_000),
        Move(AccountKind.OUTSIDE, None, 100_000),
    ]
    with transaction.atomic():
        transfer(TransferKind.PAYOUT, "spent", moves, "GBP", by=None)
    return shop


def test_an_order_is_paid_to_each_supplier_its_part(cast: Cast, shop: Shop) -> None:
    queued = shop.queued(shop.kettle, shop.lamp)
    assert (queued.shown_number, queued.stage) == ("QUEUE", Stage.QUEUED)
    order = go_on(queued)
    assert (order.payment, order.paid_minor) == ("paid", KETTLE + LAMP)
    assert order.number is not None
    assert order.number > 100_000
    assert balance_of(cast.bright_home, "GBP") == 100_000 - KETTLE - LAMP
    assert balance_of(cast.northwind, "GBP") == KETTLE
    assert balance_of(cast.second_supplier, "GBP") == LAMP
    payment = Payment.objects.get(order_id=order.pk)
    assert (payment.state, payment.provider, payment.amount_minor) == (
        "paid",
        "balance",
        KETTLE + LAMP,
    )
    assert [kind for kind in events_of(order) if kind.startswith(("OrderPa", "Invoice"))][:3] == [
        "OrderPaid",
        "InvoiceIssued",
        "InvoiceIssued",
    ]


def test_it_waits_before_it_is_passed_on_and_then_is(shop: Shop) -> None:
    with override_settings(HAND_OVER_MINUTES=30):
        order = shop.paid()
        assert order.stage == Stage.PAID
        assert order.pass_at == order.paid_at + timedelta(minutes=30)
        assert sweep() == 0
        with at(order.pass_at):
            assert sweep() == 1
    order.refresh_from_db()
    assert order.stage == Stage.PASSED


def test_without_waiting_it_is_passed_on_at_once(shop: Shop) -> None:
    with override_settings(HAND_OVER_MINUTES=0):
        order = shop.paid()
    assert order.stage == Stage.PASSED
    assert events_of(order)[-1] == "OrderPassedOn"


def test_nothing_is_left_of_a_payment_that_breaks_off(
    cast: Cast, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever happens between the money and the invoices: all of it or none."""
    queued, other = shop.queued(), shop.queued()
    unbroken = settling.issue_invoices

    def breaks(order: Order, **rest: object) -> object:
        if order.pk == queued.pk:
            raise RuntimeError("the lights go out")
        return unbroken(order, by=None)

    monkeypatch.setattr(settling, "issue_invoices", breaks)
    with at(now() + timedelta(seconds=1)):
        assert sweep() == 1, "the other one is not kept waiting"
        assert sweep() == 0, "and it is put off"
    order = Order.objects.get(pk=queued.pk)
    assert (order.stage, order.number, order.payment) == (Stage.QUEUED, None, "queued")
    assert not Payment.objects.filter(order_id=queued.pk).exists()
    assert balance_of(cast.bright_home, "GBP") == 100_000 - KETTLE
    monkeypatch.undo()
    with at(now() + timedelta(minutes=11)):
        sweep()
    numbers = Invoice.objects.order_by("number").values_list("number", "consignment__order")
    assert list(numbers) == [(1, other.pk), (2, queued.pk)]


def test_settling_again_does_nothing(cast: Cast, shop: Shop) -> None:
    order = go_on(shop.paid())
    assert Transfer.objects.filter(order_id=order.pk).count() == 1
    assert Invoice.objects.filter(consignment__order=order).count() == 1


def test_without_money_it_stays_queued_and_is_said_once(cast: Cast, shop: Shop) -> None:
    poor(cast, shop)
    order = go_on(go_on(shop.queued()))
    assert (order.payment, order.stage, order.shown_number) == ("unpaid", Stage.QUEUED, "QUEUE")
    assert order.settle_at is None
    assert events_of(order).count("OrderUnpaid") == 1
    entry = Entry.objects.get(kind="OrderUnpaid")
    assert entry.data["lacking_minor"] == KETTLE
    assert not Invoice.objects.exists()
    assert not Payment.objects.exists()


def test_when_money_comes_the_oldest_that_it_is_enough_for_are_paid(cast: Cast, shop: Shop) -> None:
    poor(cast, shop)
    dear, first, second, third = [
        go_on(shop.queued(*products))
        for products in ((shop.kettle, shop.lamp), (shop.kettle,), (shop.kettle,), (shop.kettle,))
    ]
    top_up(cast.bright_home, 2 * KETTLE + 10, "GBP", key="now", by=cast.admin)
    assert settle_unpaid(cast.bright_home.pk, "GBP") == 2
    payments = [Order.objects.get(pk=one.pk).payment for one in (dear, first, second, third)]
    assert payments == ["unpaid", "paid", "paid", "unpaid"]
    assert settle_unpaid(cast.bright_home.pk, "GBP") == 0


def test_when_money_comes_one_that_can_not_be_settled_keeps_no_other_waiting(
    cast: Cast, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    poor(cast, shop)
    broken, whole = go_on(shop.queued()), go_on(shop.queued())
    top_up(cast.bright_home, 2 * KETTLE, "GBP", key="now", by=cast.admin)
    unbroken = settling.issue_invoices

    def breaks(order: Order, **rest: object) -> object:
        if order.pk == broken.pk:
            raise RuntimeError("the lights go out")
        return unbroken(order, by=None)

    monkeypatch.setattr(settling, "issue_invoices", breaks)

    assert settle_unpaid(cast.bright_home.pk, "GBP") == 1
    assert Order.objects.get(pk=whole.pk).number
    assert balance_of(cast.bright_home, "GBP") == KETTLE


def test_a_refund_is_money_too(cast: Cast, shop: Shop) -> None:
    with override_settings(HAND_OVER_MINUTES=30):
        paid = shop.paid()
    with transaction.atomic():
        Account.objects.filter(kind=AccountKind.BALANCE).update(balance_minor=0)
    order = go_on(shop.queued())
    assert order.payment == "unpaid"
    with transaction.atomic():
        locked = lock(paid.pk, None)
        cancel_all(locked)
        refund_all(locked, by=cast.seller, reason="Bought by mistake")
    assert settle_unpaid(cast.bright_home.pk, "GBP") == 1


def test_an_order_that_costs_nothing_is_paid_without_a_payment(cast: Cast, shop: Shop) -> None:
    order = shop.queued()
    order.lines.update(cost_minor=0)
    Consignment.objects.filter(order=order).update(shipping_minor=0, net_minor=0, vat_minor=0)
    order = go_on(order)
    assert (order.payment, order.paid_minor) == ("paid", 0)
    assert order.number is not None
    assert not Payment.objects.exists()


class Bank:
    """A provider that answers when a test says so."""

    key = "bank"
    source = AccountKind.OUTSIDE

    def __init__(self, answer: Outcome) -> None:
        self.answer, self.refunds = answer, list[tuple[int, str]]()

    def pay(self, payment: Payment, bill: Bill) -> Outcome:
        return self.answer

    def refund(self, payment: Payment, amount_minor: int, reference: str) -> None:
        self.refunds.append((amount_minor, reference))


@pytest.fixture
def bank() -> Iterator[Bank]:
    bank = Bank(Pending("tx-1"))
    paying.use(bank)
    yield bank
    paying.use(paying.BALANCE)


def test_a_provider_that_answers_later_is_waited_for(cast: Cast, shop: Shop, bank: Bank) -> None:
    order = go_on(go_on(shop.queued()))
    assert (order.stage, order.payment, order.settle_at) == (Stage.QUEUED, "queued", None)
    payment = Payment.objects.get(order_id=order.pk)
    confirm(payment.pk, Paid("tx-2"))
    confirm(payment.pk, Paid("tx-2"))
    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.payment, payment.state, payment.provider_reference) == ("paid", "paid", "tx-2")
    assert balance_of(cast.bright_home, "GBP") == 100_000
    assert balance_of(cast.northwind, "GBP") == KETTLE
    with transaction.atomic():
        refund_all(lock(order.pk, None), by=None, reason="")
    assert bank.refunds == [(KETTLE, f"refund:{order.pk}:0")]
    assert balance_of(cast.northwind, "GBP") == 0


def test_money_for_what_was_cancelled_meanwhile_goes_back(shop: Shop, bank: Bank) -> None:
    order = go_on(shop.queued())
    with transaction.atomic():
        cancel_all(lock(order.pk, None))
    payment = Payment.objects.get(order_id=order.pk)
    confirm(payment.pk, Paid())
    confirm(payment.pk, Paid())
    order.refresh_from_db()
    assert (order.cancellation, order.payment) == (Cancellation.CANCELLED, "queued")
    assert bank.refunds == [(KETTLE, f"unwanted:{payment.pk}")]
    assert not Invoice.objects.exists()


def test_a_provider_that_fails_is_tried_again_ever_later(shop: Shop, bank: Bank) -> None:
    bank.answer = Failed("The card was declined")
    order = go_on(shop.queued())
    assert order.payment == "failed"
    first = order.settle_at
    assert first is not None
    assert timedelta(minutes=4) < first - now() <= timedelta(minutes=5)
    with at(first):
        assert sweep() == 1
    order.refresh_from_db()
    assert order.settle_at == first + timedelta(minutes=10)
    assert events_of(order).count("OrderUnpaid") == 1
    bank.answer = Paid()
    with at(order.settle_at):
        assert sweep() == 1
    order.refresh_from_db()
    assert order.payment == "paid"
    assert [one.state for one in Payment.objects.order_by("id")] == ["failed", "failed", "paid"]


@pytest.mark.django_db(transaction=True)
def test_many_orders_at_once_from_one_balance(transactional_db: None, shop: Shop) -> None:
    """Never overdrawn, nothing paid twice, and invoices numbered without gaps or doubles."""
    cast = shop.cast
    with transaction.atomic():
        poor(cast, shop)
    top_up(cast.bright_home, 5 * (KETTLE + LAMP) + KETTLE, "GBP", key="some", by=cast.admin)
    orders = [shop.queued(shop.kettle, shop.lamp) for _ in range(8)]

    def settle_each(turn: int) -> None:
        for order in orders[turn:] + orders[:turn]:
            go_on(order)

    assert not failures(all_at_once(partial(settle_each, turn) for turn in range(8)))
    payments = sorted(Order.objects.values_list("payment", flat=True))
    assert payments == ["paid"] * 5 + ["unpaid"] * 3
    assert balance_of(cast.bright_home, "GBP") == KETTLE
    for supplier in (cast.northwind, cast.second_supplier):
        numbers = Invoice.objects.filter(supplier=supplier).values_list("number", flat=True)
        assert sorted(numbers) == [1, 2, 3, 4, 5]
    assert Payment.objects.filter(state="paid").count() == 5
    assert InvoiceSeries.objects.filter(last=5).count() == 2


@pytest.mark.django_db(transaction=True)
def test_paying_and_refunding_at_once_do_not_lock_each_other_out(
    transactional_db: None, shop: Shop
) -> None:
    cast = shop.cast
    with override_settings(HAND_OVER_MINUTES=30):
        # The second supplier's account is older than that of the first: the worst order to lock in.
        first = shop.paid(shop.lamp)
        paid = [shop.paid(shop.kettle, shop.lamp) for _ in range(4)]
    queued = [shop.queued(shop.kettle, shop.lamp) for _ in range(4)]

    @transaction.atomic
    def refund(order: Order) -> None:
        refund_all(lock(order.pk, None), by=None, reason="")

    @transaction.atomic
    def pay(order: Order) -> None:
        advance(lock(order.pk, None), by=None)

    work = [partial(refund, one) for one in paid] + [partial(pay, one) for one in queued]
    assert not failures(all_at_once(work))
    assert balance_of(cast.bright_home, "GBP") == 100_000 - LAMP - 4 * (KETTLE + LAMP)
    assert first.payment == "paid"


@pytest.mark.django_db(transaction=True)
def test_money_that_comes_while_an_order_fails_to_be_paid_is_not_missed(
    transactional_db: None, shop: Shop
) -> None:
    """The top-up waits for the order's transaction, and so finds it unpaid when it looks."""
    cast = shop.cast
    poor(cast, shop)
    order = shop.queued()
    looked, topped_up = threading.Event(), threading.Event()

    def put() -> None:
        try:
            looked.wait(30)
            top_up(cast.bright_home, KETTLE, "GBP", key="late", by=cast.admin)
            settle_unpaid(cast.bright_home.pk, "GBP")
            topped_up.set()
        finally:
            connections.close_all()

    putting = threading.Thread(target=put)
    putting.start()
    with transaction.atomic():
        advance(lock(order.pk, None), by=None)
        looked.set()
        assert not topped_up.wait(0.3)
    putting.join(60)
    order.refresh_from_db()
    assert order.payment == "paid"
