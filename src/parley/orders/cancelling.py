"""Cancelling an order before its suppliers have it (O8), and a part of one afterwards.

The row lock decides between a cancellation and the hand-over: whoever comes second finds the order
cancelled, or with its suppliers.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from parley.journal.recording import record
from parley.orders import events, refunding
from parley.orders.axes import HELD_MONEY, Cancellation, Step, allowed
from parley.orders.keeping_reasons import reason_to_pick
from parley.orders.models import CancelReason, Consignment, Order, Stage
from parley.orders.moving import cancel_all, lock, seen_by_all, seen_by_part, step_part
from parley.parties.models import Membership, PartyKind

BEFORE_THE_SUPPLIER = frozenset({Stage.NOT_LINKED, Stage.HELD, Stage.QUEUED, Stage.PAID})


class CancellingRefused(Exception):
    """The order can't be cancelled; the text says why, to the reader."""


class TooLate(CancellingRefused):
    """The order is with its suppliers: from now on they have to be asked, by a ticket."""

    def __init__(self) -> None:
        super().__init__(
            _("The order is with the supplier already. Raise a ticket to ask them to cancel it.")
        )


class AlreadyCancelled(CancellingRefused):
    """Somebody has cancelled it before."""

    def __init__(self) -> None:
        super().__init__(_("The order has been cancelled already."))


class ShippedAlready(CancellingRefused):
    """What has been shipped is not cancelled."""

    def __init__(self) -> None:
        super().__init__(_("Goods of the order have been shipped, so it can't be cancelled."))


class NothingToCancel(CancellingRefused):
    """It was dismissed: nobody would have been charged for it or shipped it."""

    def __init__(self) -> None:
        super().__init__(_("The order has been dismissed, so there is nothing to cancel."))


def cancel(order_id: int, reason_id: int | None, *, by: Membership) -> Order:
    """The seller, or the operator, cancels an order that no supplier has yet; what was paid goes back.

    Raises Order.DoesNotExist, ReasonUnknown, or CancellingRefused: TooLate, AlreadyCancelled,
    NothingToCancel. Then nothing has changed.
    """
    if by.party.kind == PartyKind.SUPPLIER:
        raise Order.DoesNotExist
    with transaction.atomic():
        order = lock(order_id, by)
        why_not(order)
        reason = reason_to_pick(reason_id)
        _cancel(order, reason, by)
    return order


def may_cancel(order: Order, reader: Membership) -> bool:
    """Whether `reader` may cancel the order as it stands: what the menu offers is what is taken."""
    if reader.party.kind == PartyKind.SUPPLIER:
        return False
    return (
        order.stage in BEFORE_THE_SUPPLIER
        and order.cancellation != Cancellation.CANCELLED
        and allowed(order.standing, Step.CANCEL)
    )


def why_not(order: Order) -> None:
    """Raises what keeps the order from being cancelled before its suppliers have it, if anything."""
    if order.cancellation == Cancellation.CANCELLED:
        raise AlreadyCancelled
    if order.stage == Stage.PASSED:
        raise TooLate
    if order.stage not in BEFORE_THE_SUPPLIER:
        raise NothingToCancel


def cancel_part(order: Order, part: Consignment, reason: str, *, by: Membership) -> None:
    """Cancel one supplier's part of a locked order and give back what was paid for it.

    Raises AlreadyCancelled or ShippedAlready; then nothing has changed.
    """
    if part.cancellation == Cancellation.CANCELLED:
        raise AlreadyCancelled
    if not allowed(part.standing_in(order), Step.CANCEL):
        raise ShippedAlready
    step_part(order, part, Step.CANCEL)
    seen = seen_by_part(order, part)
    record(
        events.OrderCancelled(order=order.pk, seen=seen, reason=reason, supplier=part.supplier_id),
        by=by,
    )
    if order.payment in HELD_MONEY and part.refunded_minor < part.total_minor:
        refunding.refund_part(order, part, by=by, reason=reason)


def _cancel(order: Order, reason: CancelReason, by: Membership) -> None:
    words = reason.name_in(by.person.language)
    cancel_all(order)
    order.cancel_reason = words
    # Nothing waits for it any more: neither matching, nor the payment, nor the hand-over.
    order.matching_until = order.settle_at = order.pass_at = None
    order.save(update_fields=["cancel_reason", "matching_until", "settle_at", "pass_at"])
    record(events.OrderCancelled(order=order.pk, seen=seen_by_all(order), reason=words), by=by)
    if order.payment in HELD_MONEY:
        refunding.refund_all(order, by=by, reason=words)
