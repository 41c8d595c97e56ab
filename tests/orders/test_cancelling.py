"""Cancelling an order before its suppliers have it (O8), and the operator's list of reasons."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import transaction

from cast import Cast
from crowd import all_at_once
from parley.journal.models import Entry
from parley.ledger.balances import balance_of
from parley.orders import keeping_reasons
from parley.orders.advancing import advance, sweep
from parley.orders.axes import Cancellation, Payment
from parley.orders.cancelling import (
    AlreadyCancelled,
    NothingToCancel,
    TooLate,
    cancel,
    may_cancel,
)
from parley.orders.keeping_reasons import ReasonRefused, ReasonTyped, ReasonUnknown
from parley.orders.models import CancelReason, Invoice, InvoiceKind, Order, Stage
from parley.orders.moving import lock
from shop import Shop


def reason() -> int:
    return CancelReason.objects.get_or_create(
        names={"en": "Ordered by mistake", "ru": "По ошибке"}
    )[0].pk


def of_bright_home(cast: Cast) -> int:
    return balance_of(cast.bright_home, "GBP")


def test_a_paid_order_is_cancelled_and_refunded(cast: Cast, shop: Shop) -> None:
    before = of_bright_home(cast)
    order = shop.paid(shop.kettle, shop.lamp)
    assert of_bright_home(cast) < before
    cancel(order.pk, reason(), by=cast.seller)
    order.refresh_from_db()
    assert order.cancellation == Cancellation.CANCELLED
    assert order.payment == Payment.REFUNDED
    assert order.refunded_minor == order.paid_minor > 0
    assert order.cancel_reason == "Ordered by mistake"
    assert order.cancelled_at is not None
    assert of_bright_home(cast) == before
    assert {part.cancellation for part in order.consignments.all()} == {Cancellation.CANCELLED}
    assert Invoice.objects.filter(kind=InvoiceKind.CREDIT_NOTE).count() == 2
    kinds = list(Entry.objects.filter(subject=f"order:{order.pk}").values_list("kind", flat=True))
    assert kinds.index("OrderCancelled") < kinds.index("OrderRefunded")


@pytest.mark.parametrize("made", ["queued", "paid"])
def test_what_is_cancelled_waits_for_nothing_any_more(cast: Cast, shop: Shop, made: str) -> None:
    order = getattr(shop, made)()
    cancel(order.pk, reason(), by=cast.admin)
    with transaction.atomic():
        advance(lock(order.pk, None), by=None)
    assert sweep() == 0
    order.refresh_from_db()
    assert order.stage != Stage.PASSED
    assert (order.settle_at, order.pass_at) == (None, None)


def test_an_unpaid_order_is_cancelled_without_a_refund(cast: Cast, shop: Shop) -> None:
    order = shop.queued()
    cancel(order.pk, reason(), by=cast.seller_member)
    order.refresh_from_db()
    assert order.cancellation == Cancellation.CANCELLED
    assert order.payment == Payment.QUEUED
    assert order.cancel_reason == "По ошибке", "in the words of whoever picked it"
    assert not Entry.objects.filter(kind="OrderRefunded").exists()


def test_not_after_the_hand_over(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    for by in (cast.seller, cast.lead):
        assert not may_cancel(order, by)
        with pytest.raises(TooLate, match="Raise a ticket"):
            cancel(order.pk, reason(), by=by)
    order.refresh_from_db()
    assert order.cancellation == Cancellation.NONE
    assert order.refunded_minor == 0


def test_a_second_time_is_refused_and_gives_nothing_back_twice(cast: Cast, shop: Shop) -> None:
    order = shop.paid()
    cancel(order.pk, reason(), by=cast.seller)
    money = of_bright_home(cast)
    with pytest.raises(AlreadyCancelled):
        cancel(order.pk, reason(), by=cast.seller)
    assert of_bright_home(cast) == money


def test_a_dismissed_order_has_nothing_to_cancel(cast: Cast, shop: Shop) -> None:
    order = shop.order(stage=Stage.DISMISSED)
    with pytest.raises(NothingToCancel):
        cancel(order.pk, reason(), by=cast.seller)


def test_a_reason_has_to_be_one_of_the_list(cast: Cast, shop: Shop) -> None:
    order = shop.paid()
    off = CancelReason.objects.create(names={"en": "Not any more"}, active=False)
    for key in (None, 0, off.pk, 10**15):
        with pytest.raises(ReasonUnknown):
            cancel(order.pk, key, by=cast.seller)
    assert may_cancel(order, cast.seller)


def test_it_is_the_sellers_own_and_the_operators(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    for by in (cast.other_seller, cast.supplier, cast.other_supplier):
        with pytest.raises(Order.DoesNotExist):
            cancel(order.pk, reason(), by=by)
        assert not may_cancel(order, cast.supplier)


def test_of_cancelling_and_handing_over_at_once_one_wins(
    transactional_db: None, cast: Cast, shop: Shop
) -> None:
    why = reason()
    before = of_bright_home(cast)
    for _ in range(6):
        order = shop.paid()
        Order.objects.filter(pk=order.pk).update(pass_at=order.paid_at)
        paid = of_bright_home(cast)
        cancelling, _swept = all_at_once([partial(cancel, order.pk, why, by=cast.seller), sweep])
        order.refresh_from_db()
        if isinstance(cancelling, Order):
            assert order.stage == Stage.PAID
            assert order.cancellation == Cancellation.CANCELLED
            assert order.payment == Payment.REFUNDED
        else:
            assert isinstance(cancelling, TooLate)
            assert order.stage == Stage.PASSED
            assert order.payment == Payment.PAID
            assert of_bright_home(cast) == paid
    assert of_bright_home(cast) <= before


def test_cancelled_by_two_at_once_is_refunded_once(
    transactional_db: None, cast: Cast, shop: Shop
) -> None:
    why = reason()
    before = of_bright_home(cast)
    order = shop.paid()
    ends = all_at_once([partial(cancel, order.pk, why, by=cast.seller)] * 3)
    assert sorted(type(end).__name__ for end in ends) == ["AlreadyCancelled"] * 2 + ["Order"]
    assert of_bright_home(cast) == before


def test_an_operator_starts_with_reasons_in_both_languages(db: None) -> None:
    listed = list(keeping_reasons.reasons())
    assert listed[0].name_in("en-gb") == "The customer changed their mind"
    assert listed[0].name_in("ru") == "Покупатель передумал"
    assert all(one.names.keys() == {"en", "ru"} for one in listed)


def test_the_operator_keeps_the_list(cast: Cast) -> None:
    made = keeping_reasons.add_reason({"en": " Out of  season ", "ru": "Не сезон"}, by=cast.admin)
    assert list(keeping_reasons.reasons())[-1] == made
    keeping_reasons.move_reason(made.pk, -1, by=cast.admin)
    assert list(keeping_reasons.reasons())[-2] == made
    given = ReasonTyped(names={"en": "Out of season", "ru": ""}, active=False)
    keeping_reasons.change_reason(made.pk, given, by=cast.admin)
    keeping_reasons.change_reason(made.pk, given, by=cast.admin)
    made.refresh_from_db()
    assert made.name_in("ru") == "Out of season"
    assert made not in keeping_reasons.reasons()
    assert made in keeping_reasons.all_reasons()
    entries = Entry.objects.filter(kind="ReasonsChanged", subject=f"cancel-reason:{made.pk}")
    assert [entry.data["what"] for entry in entries.order_by("pk")] == ["added", "moved", "changed"]
    assert entries.exclude(person_id=cast.admin.person_id).count() == 0


@pytest.mark.parametrize("names", [{}, {"ru": "Не сезон"}, {"en": "x" * 121}])
def test_a_reason_has_a_name(cast: Cast, names: dict[str, str]) -> None:
    with pytest.raises(ReasonRefused):
        keeping_reasons.add_reason(names, by=cast.admin)
