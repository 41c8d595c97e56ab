"""Paying for an order, through a provider behind a small interface. The seller's balance is the first.

A provider says where the money is taken from, and takes it. The ledger then books it to the suppliers.
Each order is paid once: a row of `Payment` stands for each try, at most one of them is paid.

A provider is asked inside the order's transaction, which may yet be undone. So it must not talk to the
outside itself: it answers `Pending` and defers a job, which talks to the outside with the payment's id
as the key of idempotency, and brings the answer to `orders.confirming.confirm`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from parley.journal.moment import now
from parley.ledger.models import AccountKind, Payment, PaymentState, TransferKind
from parley.ledger.transferring import Move, Overdrawn, transfer
from parley.parties.models import Membership


@dataclass(frozen=True)
class Bill:
    """What `payer` owes for an order: to each supplier its share, in minor units."""

    order_id: int
    payer_id: int
    currency: str
    shares: tuple[tuple[int, int], ...]
    """(supplier's id, amount)"""

    @property
    def amount_minor(self) -> int:
        return sum(amount for _supplier, amount in self.shares)


@dataclass(frozen=True)
class Paid:
    """The provider has the money; `reference` is its own word for the payment."""

    reference: str = ""


@dataclass(frozen=True)
class Lacking:
    """There is too little: worth another try when there is more."""

    lacking_minor: int


@dataclass(frozen=True)
class Failed:
    """The provider could not take it; `reason` in words for people. Worth another try later."""

    reason: str


@dataclass(frozen=True)
class Pending:
    """The provider answers later."""

    reference: str = ""


Outcome = Paid | Lacking | Failed | Pending


class Provider(Protocol):
    """A way to pay."""

    key: str
    source: AccountKind
    """Where the money comes from: the seller's balance, or outside."""

    def pay(self, payment: Payment, bill: Bill) -> Outcome:
        """Take the money for a bill, once for each `payment.pk`. See the top of this file."""
        ...

    def refund(self, payment: Payment, amount_minor: int, reference: str) -> None:
        """Give a part of it back, once for each `reference`: at once, or by a job that is deferred."""
        ...


class Balance:
    """Pays from the seller's balance: the ledger itself finds out whether there is enough."""

    key = "balance"
    source = AccountKind.BALANCE

    def pay(self, payment: Payment, bill: Bill) -> Outcome:
        """Nothing is to be fetched: the booking moves it."""
        return Paid()

    def refund(self, payment: Payment, amount_minor: int, reference: str) -> None:
        """Nothing is to be sent: the booking moves it."""


BALANCE = Balance()
_known: dict[str, Provider] = {BALANCE.key: BALANCE}
_used: Provider = BALANCE


def use(provider: Provider) -> None:
    """Pay through `provider` from now on; refunds go by the one that was paid through."""
    global _used  # noqa: PLW0603 - one way to pay for the house, set when it is put together
    _known[provider.key] = _used = provider


def pay(bill: Bill, *, by: Membership | None) -> tuple[Payment | None, Outcome]:
    """Try to pay a bill of more than nothing, in the transaction that has its order locked.

    Gives the try and what came of it; no try is kept of one that lacked money. One that is under way
    is left so: `Pending`.
    """
    under_way = Payment.objects.filter(order_id=bill.order_id, state=PaymentState.PENDING).first()
    if under_way is not None:
        return under_way, Pending(under_way.provider_reference)
    payment = Payment.objects.create(
        order_id=bill.order_id,
        party_id=bill.payer_id,
        provider=_used.key,
        currency=bill.currency,
        amount_minor=bill.amount_minor,
    )
    outcome = keep(payment, bill, _used.pay(payment, bill), by=by)
    return (payment if payment.pk else None), outcome


def keep(payment: Payment, bill: Bill, outcome: Outcome, *, by: Membership | None) -> Outcome:
    """Book and keep what a provider says of a locked payment under way; gives what it comes to.

    Of one that lacked money nothing is kept: it was not begun.
    """
    if isinstance(outcome, Paid):
        outcome = _book(payment, bill, outcome, by)
    if isinstance(outcome, Lacking):
        payment.delete()
        return outcome
    if isinstance(outcome, Paid):
        payment.state, payment.settled_at = PaymentState.PAID, now()
        payment.provider_reference = outcome.reference or payment.provider_reference
    elif isinstance(outcome, Failed):
        payment.state, payment.settled_at = PaymentState.FAILED, now()
        payment.reason = outcome.reason[:200]
    elif isinstance(outcome, Pending):
        payment.provider_reference = outcome.reference
    payment.save()
    return outcome


def give_back(
    payment: Payment,
    shares: Sequence[tuple[int, int]],
    reference: str,
    *,
    by: Membership | None,
) -> None:
    """Refund a part of a locked, paid payment: of each supplier's earnings (supplier's id, amount).

    What they have earned may fall below nothing: they owe it then.
    """
    provider = _known[payment.provider]
    payer = payment.party_id if provider.source is AccountKind.BALANCE else None
    amount = sum(share for _supplier, share in shares)
    moves = [
        *(Move(AccountKind.EARNINGS, supplier, -share) for supplier, share in shares),
        Move(provider.source, payer, amount),
    ]
    _moved, just_now = transfer(
        TransferKind.REFUND, reference, moves, payment.currency, by=by, order_id=payment.order_id
    )
    if just_now:
        provider.refund(payment, amount, reference)
        payment.refunded_minor += amount
        payment.save(update_fields=["refunded_minor"])


def send_back(payment: Payment, paid: Paid) -> None:
    """Money has come for what is not wanted any more: all of it goes back where it came from."""
    payment.state, payment.settled_at = PaymentState.PAID, now()
    payment.provider_reference = paid.reference or payment.provider_reference
    payment.refunded_minor = payment.amount_minor
    payment.save()
    _known[payment.provider].refund(payment, payment.amount_minor, f"unwanted:{payment.pk}")


def payment_of(order_id: int) -> Payment:
    """The paid payment of an order, locked. Raises Payment.DoesNotExist."""
    paid = Payment.objects.filter(order_id=order_id, state=PaymentState.PAID)
    return paid.select_for_update().get()


def order_of(payment_id: int) -> int:
    """The order a payment is for. Raises Payment.DoesNotExist."""
    return Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)


def under_way(payment_id: int) -> Payment | None:
    """The payment, locked, if its provider has not answered yet."""
    waiting = Payment.objects.filter(pk=payment_id, state=PaymentState.PENDING)
    return waiting.select_for_update().first()


def failures_of(order_id: int) -> int:
    """How many tries to pay for the order have failed."""
    return Payment.objects.filter(order_id=order_id, state=PaymentState.FAILED).count()


def _book(payment: Payment, bill: Bill, paid: Paid, by: Membership | None) -> Outcome:
    source = _known[payment.provider].source
    payer = bill.payer_id if source is AccountKind.BALANCE else None
    moves = [
        Move(source, payer, -bill.amount_minor),
        *(Move(AccountKind.EARNINGS, supplier, amount) for supplier, amount in bill.shares),
    ]
    reference = f"payment:{bill.order_id}"
    try:
        transfer(
            TransferKind.PAYMENT, reference, moves, bill.currency, by=by, order_id=bill.order_id
        )
    except Overdrawn as overdrawn:
        return Lacking(overdrawn.lacking_minor)
    return paid
