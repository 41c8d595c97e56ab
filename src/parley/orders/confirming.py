"""What a payment provider answers later: the order goes on, or the money goes back."""

from __future__ import annotations

from django.db import transaction

from parley.ledger import paying
from parley.ledger.paying import Failed, Lacking, Outcome, Paid
from parley.orders.advancing import advance
from parley.orders.axes import Cancellation
from parley.orders.models import Order, Stage
from parley.orders.moving import lock
from parley.orders.settling import bill_of, follow


@transaction.atomic
def confirm(payment_id: int, outcome: Paid | Failed | Lacking) -> None:
    """Take in what became of a payment that was under way; the same answer twice does nothing.

    Money for an order that was cancelled meanwhile goes back. Raises Payment.DoesNotExist.
    """
    order = lock(paying.order_of(payment_id), None)
    payment = paying.under_way(payment_id)
    if payment is None:
        return
    bill = bill_of(order)
    if _is_wanted(order):
        known: Outcome = paying.keep(payment, bill, outcome, by=None)
        follow(order, bill, known, by=None, provider=payment.provider)
        advance(order, by=None)
    elif isinstance(outcome, Paid):
        paying.send_back(payment, outcome)
    else:
        paying.keep(payment, bill, outcome, by=None)


def _is_wanted(order: Order) -> bool:
    return order.stage == Stage.QUEUED and order.cancellation != Cancellation.CANCELLED
