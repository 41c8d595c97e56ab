"""The four axes hold whatever is tried: nothing cancelled is shipped, nothing paid twice, and no more
refunded than was paid (O2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.orders.axes import (
    HELD_MONEY,
    ON_THE_WAY,
    OWED,
    Cancellation,
    Dispute,
    Fulfilment,
    NotAllowed,
    Payment,
    Standing,
    Step,
    after,
    allowed,
    together,
)

STEPS = st.tuples(st.sampled_from(Step), st.integers(min_value=-50, max_value=500), st.booleans())
STANDINGS = st.builds(
    lambda payment, fulfilment, cancellation, dispute, paid, refunded: Standing(
        payment, fulfilment, cancellation, dispute, paid, min(refunded, paid)
    ),
    st.sampled_from(Payment),
    st.sampled_from(Fulfilment),
    st.sampled_from(Cancellation),
    st.sampled_from(Dispute),
    st.integers(min_value=0, max_value=500),
    st.integers(min_value=0, max_value=500),
)
SENT = ON_THE_WAY | {Fulfilment.PART_SHIPPED, Fulfilment.RETURNED}


def walk(steps: list[tuple[Step, int, bool]]) -> list[tuple[Step, int, Standing]]:
    """The steps that could be taken from the beginning, each with its amount and where it led."""
    standing, taken = Standing(), []
    for step, amount, left in steps:
        try:
            standing = after(standing, step, amount=amount, left=left)
        except NotAllowed:
            continue
        taken.append((step, amount, standing))
    return taken


@given(st.lists(STEPS, max_size=40))
def test_no_path_ships_what_is_cancelled(steps: list[tuple[Step, int, bool]]) -> None:
    for _step, _amount, standing in walk(steps):
        if standing.cancellation is Cancellation.CANCELLED:
            assert standing.fulfilment is Fulfilment.UNSHIPPED
        if standing.fulfilment in SENT:
            assert standing.payment not in OWED, "what is not paid for is not shipped"


@given(st.lists(STEPS, max_size=40))
def test_no_path_pays_twice(steps: list[tuple[Step, int, bool]]) -> None:
    payments = [amount for step, amount, _standing in walk(steps) if step is Step.PAY]
    assert len(payments) <= 1
    for _step, _amount, standing in walk(steps):
        assert standing.paid_minor == (payments[0] if standing.payment not in OWED else 0)


@given(st.lists(STEPS, max_size=40))
def test_no_path_refunds_more_than_was_paid(steps: list[tuple[Step, int, bool]]) -> None:
    taken = walk(steps)
    refunds = [amount for step, amount, _standing in taken if step is Step.REFUND]
    assert all(amount > 0 for amount in refunds)
    for _step, _amount, standing in taken:
        assert 0 <= standing.refunded_minor <= standing.paid_minor
        if standing.payment is Payment.REFUNDED:
            assert standing.refunded_minor == standing.paid_minor
        if standing.payment in HELD_MONEY:
            assert standing.refunded_minor < standing.paid_minor or standing.paid_minor == 0
    assert sum(refunds) == (taken[-1][2].refunded_minor if taken else 0)


@given(STANDINGS, st.sampled_from(Step), st.integers(min_value=-10, max_value=500))
def test_what_is_offered_is_what_is_taken(standing: Standing, step: Step, amount: int) -> None:
    if allowed(standing, step, amount=amount):
        after(standing, step, amount=amount)
        return
    with pytest.raises(NotAllowed) as refused:
        after(standing, step, amount=amount)
    assert (refused.value.standing, refused.value.step) == (standing, step)


@given(STANDINGS, STEPS)
def test_a_step_moves_its_own_axis_alone(standing: Standing, taken: tuple[Step, int, bool]) -> None:
    step, amount, left = taken
    if not allowed(standing, step, amount=amount):
        return
    reached = after(standing, step, amount=amount, left=left)
    moved = {
        name
        for name in ("payment", "fulfilment", "cancellation", "dispute")
        if getattr(reached, name) != getattr(standing, name)
    }
    axis = {
        Step.PAY: "payment",
        Step.LACK_MONEY: "payment",
        Step.FAIL_TO_PAY: "payment",
        Step.REFUND: "payment",
        Step.SHIP: "fulfilment",
        Step.DELIVER: "fulfilment",
        Step.TAKE_BACK: "fulfilment",
        Step.ASK_TO_CANCEL: "cancellation",
        Step.KEEP: "cancellation",
        Step.CANCEL: "cancellation",
        Step.OPEN_DISPUTE: "dispute",
        Step.END_DISPUTE: "dispute",
    }[step]
    assert moved <= {axis}


PARTS = st.lists(
    st.builds(
        lambda fulfilment, cancellation: Standing(
            payment=Payment.PAID,
            fulfilment=Fulfilment.UNSHIPPED
            if cancellation is Cancellation.CANCELLED
            else fulfilment,
            cancellation=cancellation,
        ),
        st.sampled_from(Fulfilment),
        st.sampled_from(Cancellation),
    ),
    min_size=1,
    max_size=5,
)


@given(PARTS)
def test_the_whole_agrees_with_its_parts(parts: list[Standing]) -> None:
    whole = together(parts, Standing(payment=Payment.PAID, dispute=Dispute.OPEN, paid_minor=7))
    assert (whole.payment, whole.dispute, whole.paid_minor) == (Payment.PAID, Dispute.OPEN, 7)
    going = [part for part in parts if part.cancellation is not Cancellation.CANCELLED]
    assert (whole.cancellation is Cancellation.CANCELLED) == (not going)
    assert (whole.fulfilment is Fulfilment.UNSHIPPED) == all(
        part.fulfilment is Fulfilment.UNSHIPPED for part in going
    )
    if whole.fulfilment in ON_THE_WAY:
        assert all(part.fulfilment in SENT - {Fulfilment.PART_SHIPPED} for part in going)
    if len({part[1:3] for part in parts}) == 1:
        assert (whole.fulfilment, whole.cancellation) == parts[0][1:3], "alike parts make it so"
    if whole.cancellation is Cancellation.ASKED:
        assert any(part.cancellation is Cancellation.ASKED for part in parts)


@given(STANDINGS)
def test_one_part_alone_is_the_whole(part: Standing) -> None:
    if part.cancellation is Cancellation.CANCELLED:
        part = part._replace(fulfilment=Fulfilment.UNSHIPPED)
    assert together([part], part) == part
    assert together([], part) == part


def test_every_step_has_a_rule_and_some_way_to_it() -> None:
    path = [
        (Step.LACK_MONEY, 0),
        (Step.FAIL_TO_PAY, 0),
        (Step.PAY, 100),
        (Step.ASK_TO_CANCEL, 0),
        (Step.KEEP, 0),
        (Step.OPEN_DISPUTE, 0),
        (Step.SHIP, 0),
        (Step.DELIVER, 0),
        (Step.TAKE_BACK, 0),
        (Step.REFUND, 100),
        (Step.END_DISPUTE, 0),
    ]
    standing = Standing()
    for step, amount in path:
        standing = after(standing, step, amount=amount)
    assert standing == Standing(
        Payment.REFUNDED, Fulfilment.RETURNED, Cancellation.NONE, Dispute.NONE, 100, 100
    )
    assert {step for step, _amount in path} | {Step.CANCEL} == set(Step)
    assert after(Standing(), Step.CANCEL).cancellation is Cancellation.CANCELLED
