"""Settling what could not be paid: money has come to a seller's balance."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, QuerySet, Sum

from parley.journal.events import Event
from parley.journal.models import Entry
from parley.ledger.balances import balance_of
from parley.ledger.events import BalanceToppedUp
from parley.orders.advancing import advance
from parley.orders.axes import Cancellation, Payment
from parley.orders.each import of_each
from parley.orders.events import OrderRefunded
from parley.orders.models import Order, Stage
from parley.orders.moving import lock


def when_money_came(event: Event, entry: Entry) -> None:
    """Have the seller's unpaid orders settled by a job: a reaction to top-ups and refunds."""
    from parley.orders.jobs import settle_unpaid

    if isinstance(event, BalanceToppedUp):
        settle_unpaid.defer(seller_id=event.party, currency=event.currency)
    elif isinstance(event, OrderRefunded):
        seller_id = Order.objects.values_list("seller_id", flat=True).get(pk=event.order)
        if _unpaid_of(seller_id, event.currency).exists():
            settle_unpaid.defer(seller_id=seller_id, currency=event.currency)


def settle_unpaid(seller_id: int, currency: str) -> int:
    """Settle the seller's orders that lacked money, the oldest first; gives how many were paid.

    Each in a transaction of its own. Neither one that costs more than there is nor one that can't be
    settled at all keeps a later one waiting.
    """
    return of_each(_payable(seller_id, currency), _settle)


def _settle(key: int) -> bool:
    order = lock(key, None)
    if order.stage != Stage.QUEUED:
        return False
    advance(order, by=None)
    return order.number is not None


def waiting_for_money(seller_id: int) -> dict[str, tuple[int, int]]:
    """How many of the seller's orders lack money, and what they cost together; by currency."""
    waiting = (
        Order.objects.filter(seller=seller_id, stage=Stage.QUEUED, payment=Payment.UNPAID)
        .exclude(cancellation=Cancellation.CANCELLED)
        .order_by()
        .values_list("currency")
        .annotate(count=Count("id"), cost=Sum("cost_minor"))
    )
    return {currency: (count, cost) for currency, count, cost in waiting}


def _unpaid_of(seller_id: int, currency: str) -> QuerySet[Order]:
    return Order.objects.filter(
        seller=seller_id,
        currency=currency,
        stage=Stage.QUEUED,
        payment=Payment.UNPAID,
    ).exclude(cancellation=Cancellation.CANCELLED)


def _payable(seller_id: int, currency: str) -> Iterator[int]:
    """The orders there is money for, one after the other: each is asked for once the last is paid."""
    last = 0
    while key := _next_payable(seller_id, currency, last):
        last = key
        yield key


def _next_payable(seller_id: int, currency: str, after: int) -> int | None:
    """The next order, the oldest first, that there is money enough for."""
    affordable = _unpaid_of(seller_id, currency).filter(
        cost_minor__lte=balance_of(seller_id, currency)
    )
    return affordable.filter(pk__gt=after).order_by("id").values_list("id", flat=True).first()
