"""Where an order stands: four independent axes, each a small state machine, and nothing else.

    payment        queued · unpaid · failed → paid → part_refunded → refunded
    fulfilment     unshipped → part_shipped → shipped → delivered → returned
    cancellation   none ⇄ asked → cancelled
    dispute        none ⇄ open

They are never one status: a shipped order may be in dispute, a refunded one delivered. But some steps
look across: what is cancelled is neither paid for nor shipped, what is not paid is not shipped, and
what has been shipped is not cancelled. `after` says where a step leads, or raises `NotAllowed`; what a
page offers (`allowed`) and what a capability takes is the same.

Each supplier's part of an order (its consignment) has a fulfilment and a cancellation of its own, by
the same rules; `together` says how the order as a whole then stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple


class Payment(StrEnum):
    QUEUED = "queued"
    UNPAID = "unpaid"
    FAILED = "failed"
    PAID = "paid"
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"


class Fulfilment(StrEnum):
    UNSHIPPED = "unshipped"
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"


class Cancellation(StrEnum):
    NONE = "none"
    ASKED = "asked"
    CANCELLED = "cancelled"


class Dispute(StrEnum):
    NONE = "none"
    OPEN = "open"


class Step(StrEnum):
    PAY = "pay"
    LACK_MONEY = "lack_money"
    FAIL_TO_PAY = "fail_to_pay"
    REFUND = "refund"
    SHIP = "ship"
    DELIVER = "deliver"
    TAKE_BACK = "take_back"
    ASK_TO_CANCEL = "ask_to_cancel"
    KEEP = "keep"
    CANCEL = "cancel"
    OPEN_DISPUTE = "open_dispute"
    END_DISPUTE = "end_dispute"


class Standing(NamedTuple):
    """Where an order (or a part of it) stands. Amounts are in minor units."""

    payment: Payment = Payment.QUEUED
    fulfilment: Fulfilment = Fulfilment.UNSHIPPED
    cancellation: Cancellation = Cancellation.NONE
    dispute: Dispute = Dispute.NONE
    paid_minor: int = 0
    refunded_minor: int = 0


class NotAllowed(Exception):
    """An order that stands like this can't take this step."""

    def __init__(self, standing: Standing, step: Step) -> None:
        super().__init__(f"can't {step} an order that is {standing}")
        self.standing, self.step = standing, step


OWED = frozenset({Payment.QUEUED, Payment.UNPAID, Payment.FAILED})
HELD_MONEY = frozenset({Payment.PAID, Payment.PART_REFUNDED})
ON_THE_WAY = frozenset({Fulfilment.SHIPPED, Fulfilment.DELIVERED})


def after(standing: Standing, step: Step, *, amount: int = 0, left: bool = False) -> Standing:
    """Where `step` leads. `amount`: what is paid or refunded; `left`: whether goods still are to ship.

    Raises NotAllowed.
    """
    reached = _RULES[step](standing, amount, left)
    if reached is None:
        raise NotAllowed(standing, step)
    return reached


def allowed(standing: Standing, step: Step, *, amount: int = 1) -> bool:
    """Whether the step can be taken now."""
    return _RULES[step](standing, amount, False) is not None


def together(parts: Iterable[Standing], whole: Standing) -> Standing:
    """The order as its parts make it: its payment and dispute are its own, the rest is theirs."""
    standings = list(parts)
    if not standings:
        return whole
    return whole._replace(
        fulfilment=_fulfilment_of(standings), cancellation=_cancellation_of(standings)
    )


def _pay(standing: Standing, amount: int, left: bool) -> Standing | None:
    if standing.payment not in OWED or _is_cancelled(standing) or amount < 0:
        return None
    return standing._replace(payment=Payment.PAID, paid_minor=amount)


def _lack_money(standing: Standing, amount: int, left: bool) -> Standing | None:
    return _not_paid(standing, Payment.UNPAID)


def _fail_to_pay(standing: Standing, amount: int, left: bool) -> Standing | None:
    return _not_paid(standing, Payment.FAILED)


def _not_paid(standing: Standing, payment: Payment) -> Standing | None:
    if standing.payment not in OWED or _is_cancelled(standing):
        return None
    return standing._replace(payment=payment)


def _refund(standing: Standing, amount: int, left: bool) -> Standing | None:
    rest = standing.paid_minor - standing.refunded_minor - amount
    if standing.payment not in HELD_MONEY or amount <= 0 or rest < 0:
        return None
    return standing._replace(
        payment=Payment.PART_REFUNDED if rest else Payment.REFUNDED,
        refunded_minor=standing.refunded_minor + amount,
    )


def _ship(standing: Standing, amount: int, left: bool) -> Standing | None:
    if standing.payment not in HELD_MONEY or _is_cancelled(standing):
        return None
    if standing.fulfilment not in {Fulfilment.UNSHIPPED, Fulfilment.PART_SHIPPED}:
        return None
    return standing._replace(fulfilment=Fulfilment.PART_SHIPPED if left else Fulfilment.SHIPPED)


def _deliver(standing: Standing, amount: int, left: bool) -> Standing | None:
    if standing.fulfilment is not Fulfilment.SHIPPED:
        return None
    return standing._replace(fulfilment=Fulfilment.DELIVERED)


def _take_back(standing: Standing, amount: int, left: bool) -> Standing | None:
    if standing.fulfilment not in ON_THE_WAY:
        return None
    return standing._replace(fulfilment=Fulfilment.RETURNED)


def _ask_to_cancel(standing: Standing, amount: int, left: bool) -> Standing | None:
    if standing.cancellation is not Cancellation.NONE or not _is_unshipped(standing):
        return None
    return standing._replace(cancellation=Cancellation.ASKED)


def _keep(standing: Standing, amount: int, left: bool) -> Standing | None:
    if standing.cancellation is not Cancellation.ASKED:
        return None
    return standing._replace(cancellation=Cancellation.NONE)


def _cancel(standing: Standing, amount: int, left: bool) -> Standing | None:
    if _is_cancelled(standing) or not _is_unshipped(standing):
        return None
    return standing._replace(cancellation=Cancellation.CANCELLED)


def _open_dispute(standing: Standing, amount: int, left: bool) -> Standing | None:
    return standing._replace(dispute=Dispute.OPEN)


def _end_dispute(standing: Standing, amount: int, left: bool) -> Standing | None:
    return standing._replace(dispute=Dispute.NONE)


def _is_cancelled(standing: Standing) -> bool:
    return standing.cancellation is Cancellation.CANCELLED


def _is_unshipped(standing: Standing) -> bool:
    return standing.fulfilment is Fulfilment.UNSHIPPED


def _fulfilment_of(parts: list[Standing]) -> Fulfilment:
    going = {part.fulfilment for part in parts if not _is_cancelled(part)}
    if not going:
        return Fulfilment.UNSHIPPED
    if len(going) == 1:
        return going.pop()
    if going & {Fulfilment.UNSHIPPED, Fulfilment.PART_SHIPPED}:
        return Fulfilment.PART_SHIPPED
    return Fulfilment.DELIVERED if Fulfilment.SHIPPED not in going else Fulfilment.SHIPPED


def _cancellation_of(parts: list[Standing]) -> Cancellation:
    found = {part.cancellation for part in parts}
    if found == {Cancellation.CANCELLED}:
        return Cancellation.CANCELLED
    return Cancellation.ASKED if Cancellation.ASKED in found else Cancellation.NONE


_RULES: dict[Step, Callable[[Standing, int, bool], Standing | None]] = {
    Step.PAY: _pay,
    Step.LACK_MONEY: _lack_money,
    Step.FAIL_TO_PAY: _fail_to_pay,
    Step.REFUND: _refund,
    Step.SHIP: _ship,
    Step.DELIVER: _deliver,
    Step.TAKE_BACK: _take_back,
    Step.ASK_TO_CANCEL: _ask_to_cancel,
    Step.KEEP: _keep,
    Step.CANCEL: _cancel,
    Step.OPEN_DISPUTE: _open_dispute,
    Step.END_DISPUTE: _end_dispute,
}
