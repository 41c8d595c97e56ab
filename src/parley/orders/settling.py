"""Invoicing an order and having it paid (O7): it gets its number with the money, and its invoices."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection

from parley.journal.moment import now
from parley.journal.recording import record
from parley.ledger import paying
from parley.ledger.paying import Bill, Failed, Lacking, Outcome, Paid
from parley.orders import events
from parley.orders.axes import Payment, Step
from parley.orders.invoicing import issue_invoices
from parley.orders.models import Order, Stage
from parley.orders.moving import consignments_of, seen_by_seller, step
from parley.parties.models import Membership

FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=1)


def settle(order: Order, *, by: Membership | None) -> None:
    """Have a queued, locked order paid and invoiced, or say why it could not be.

    For want of money it waits until there is some (`settling_again`); a provider that failed is tried
    again after a while; one that answers later is waited for (`confirming`).
    """
    bill = bill_of(order)
    if bill.amount_minor == 0:
        follow(order, bill, Paid(), by=by, provider="")
        return
    payment, outcome = paying.pay(bill, by=by)
    follow(order, bill, outcome, by=by, provider=payment.provider if payment else "")


def hand_over_time() -> timedelta:
    """How long a paid order waits before it goes to the suppliers, and can still be cancelled."""
    return timedelta(minutes=settings.HAND_OVER_MINUTES)


def bill_of(order: Order) -> Bill:
    """What the seller owes for an order: to each supplier what its part costs."""
    shares = tuple((part.supplier_id, part.total_minor) for part in consignments_of(order))
    return Bill(order.pk, order.seller_id, order.currency, shares)


def follow(
    order: Order, bill: Bill, outcome: Outcome, *, by: Membership | None, provider: str
) -> None:
    """Do with a queued, locked order what the outcome of paying for it asks for."""
    if isinstance(outcome, Paid):
        _paid(order, bill, provider, by)
    elif isinstance(outcome, Lacking):
        _unpaid(order, bill, Step.LACK_MONEY, lacking=outcome.lacking_minor)
    elif isinstance(outcome, Failed):
        _unpaid(order, bill, Step.FAIL_TO_PAY, reason=outcome.reason)
    else:
        order.settle_at = None
        order.save(update_fields=["settle_at"])


def _paid(order: Order, bill: Bill, provider: str, by: Membership | None) -> None:
    step(order, Step.PAY, amount=bill.amount_minor)
    order.number, order.stage, order.paid_at = _next_number(), Stage.PAID, now()
    order.settle_at, order.pass_at = None, order.paid_at + hand_over_time()
    order.save(update_fields=["number", "stage", "paid_at", "settle_at", "pass_at"])
    record(
        events.OrderPaid(
            order=order.pk,
            seen=seen_by_seller(order),
            number=order.number,
            currency=bill.currency,
            amount_minor=bill.amount_minor,
            provider=provider,
        ),
        by=by,
    )
    issue_invoices(order, by=by)


def _unpaid(
    order: Order,
    bill: Bill,
    taken: Step,
    *,
    lacking: int = 0,
    reason: str = "",
) -> None:
    """It stays in the queue. That is nobody's doing, so that all who should know are told of it."""
    before = order.payment
    step(order, taken)
    order.settle_at = now() + _wait(order) if order.payment == Payment.FAILED else None
    order.save(update_fields=["settle_at"])
    if order.payment == before:
        return
    record(
        events.OrderUnpaid(
            order=order.pk,
            seen=seen_by_seller(order),
            currency=bill.currency,
            amount_minor=bill.amount_minor,
            lacking_minor=lacking,
            reason=reason,
        ),
        by=None,
    )


def _wait(order: Order) -> timedelta:
    """Until the next try with a provider that failed: twice as long each time."""
    doubled = 1 << min(paying.failures_of(order.pk) - 1, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('orders_number')")
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])
