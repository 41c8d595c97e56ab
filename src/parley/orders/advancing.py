"""How an order comes on its way: matched, within the area served, invoiced and paid, passed on.

    draft ─────────────┐
    matching ──────────┼─→ (held ⇄) queued ─→ paid ─→ passed
       └→ not_linked ──┘

`advance` takes it as far as it can go now. It is called by whatever may have changed that: an arrival,
a link, a new address, a top-up, a sweep. Calling it again does nothing.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from parley.journal.moment import now
from parley.journal.recording import record
from parley.orders import events
from parley.orders.axes import Cancellation
from parley.orders.each import of_each
from parley.orders.holding import why_held
from parley.orders.matching import match
from parley.orders.models import Order, Stage
from parley.orders.moving import lock, seen_by_all, seen_by_seller
from parley.orders.parting import part_out
from parley.orders.settling import settle
from parley.parties.models import Membership

PUT_OFF = timedelta(minutes=10)
"""How long an order waits that could not be taken on because of a fault of ours."""


def advance(order: Order, *, by: Membership | None) -> None:
    """Take a locked order as far as it can go now; `by` is who caused it, None for the house.

    Call it in the transaction that locked the order.
    """
    if order.cancellation == Cancellation.CANCELLED:
        return
    if order.stage in (Stage.MATCHING, Stage.NOT_LINKED):
        _match(order, by)
    if order.stage == Stage.HELD:
        _look_again(order, by)
    # The address, or where a supplier ships to, may be another since it was queued.
    if order.stage == Stage.QUEUED and not _hold(order, by):
        settle(order, by=by)
    if order.stage == Stage.PAID and order.pass_at is not None and order.pass_at <= now():
        pass_on(order, by=by)


def queue_up(order: Order, *, by: Membership | None) -> None:
    """Every line of a locked order is linked: part it by supplier and look where it goes to."""
    part_out(order)
    _look_again(order, by)


def pass_on(order: Order, *, by: Membership | None) -> None:
    """Hand a paid, locked order to its suppliers: from now on they see it."""
    order.stage, order.passed_at, order.pass_at = Stage.PASSED, now(), None
    order.save(update_fields=["stage", "passed_at", "pass_at"])
    order.consignments.update(passed_at=order.passed_at)
    record(events.OrderPassedOn(order=order.pk, seen=seen_by_all(order)), by=by)


def sweep(limit: int = 100) -> int:
    """Advance the orders whose time has come, each in a transaction of its own; gives how many.

    Those that matching is given up for, those to be paid for again, those to be passed on. Many may
    sweep at once: each takes what nobody else has locked, and one that fails keeps nobody waiting: it
    is put off.
    """
    return of_each(_whose_time_has_come(limit), _take_on, on_failure=_put_off)


def _take_on(order_id: int) -> bool:
    order = _claim(order_id)
    if order is None:
        return False
    if order.stage == Stage.MATCHING:
        _give_up_matching(order)
    advance(order, by=None)
    return True


def _put_off(order_id: int) -> None:
    for stage, column in _DUE_AT.items():
        waiting = Order.objects.filter(pk=order_id, stage=stage, **{f"{column}__lte": now()})
        waiting.update(**{column: now() + PUT_OFF})


def _match(order: Order, by: Membership | None) -> None:
    if match(order, by=by):
        queue_up(order, by=by)


def _look_again(order: Order, by: Membership | None) -> None:
    if _hold(order, by):
        return
    order.stage, order.why_held, order.matching_until = Stage.QUEUED, [], None
    order.settle_at = now()
    order.save(update_fields=["stage", "why_held", "matching_until", "settle_at"])
    record(events.OrderQueued(order=order.pk, seen=seen_by_seller(order)), by=by)


def _hold(order: Order, by: Membership | None) -> bool:
    """Hold a locked order back that goes where it may not be shipped; gives whether it is held."""
    why = why_held(order)
    if why and (order.stage != Stage.HELD or order.why_held != why):
        order.stage, order.why_held = Stage.HELD, why
        order.save(update_fields=["stage", "why_held"])
        record(events.OrderHeld(order=order.pk, seen=seen_by_seller(order), why=tuple(why)), by=by)
    return bool(why)


def _give_up_matching(order: Order) -> None:
    """The time for matching is over: one last try comes with `advance`, and it is shown."""
    order.stage, order.matching_until = Stage.NOT_LINKED, None
    order.save(update_fields=["stage", "matching_until"])
    record(events.OrderNotLinked(order=order.pk, seen=seen_by_seller(order)), by=None)


_DUE_AT = {Stage.MATCHING: "matching_until", Stage.QUEUED: "settle_at", Stage.PAID: "pass_at"}

_DUE = """
    (SELECT id FROM orders_order WHERE stage = 'matching' AND matching_until <= %(now)s
        ORDER BY matching_until LIMIT %(most)s)
    UNION ALL
    (SELECT id FROM orders_order WHERE stage = 'queued' AND settle_at <= %(now)s
        ORDER BY settle_at LIMIT %(most)s)
    UNION ALL
    (SELECT id FROM orders_order WHERE stage = 'paid' AND pass_at <= %(now)s
        ORDER BY pass_at LIMIT %(most)s)
"""


def _whose_time_has_come(most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"now": now(), "most": most})
        return [row[0] for row in cursor.fetchall()]


def _claim(order_id: int) -> Order | None:
    """The order, locked, unless somebody else has it, or its time is no longer come."""
    free = Order.objects.filter(pk=order_id).select_for_update(skip_locked=True)
    order = free.values_list("id", flat=True).first() and lock(order_id, None)
    if not order or order.stage not in _DUE_AT:
        return None
    due = getattr(order, _DUE_AT[Stage(order.stage)])
    return order if due is not None and due <= now() else None
