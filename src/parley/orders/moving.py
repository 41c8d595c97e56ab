"""What every capability of an order shares: lock it, take a step on an axis, save where it leads."""

from __future__ import annotations

from parley.journal.moment import now
from parley.orders.access import orders_visible_to
from parley.orders.axes import Cancellation, Standing, Step, after, together
from parley.orders.models import Consignment, Order
from parley.parties.access import operator
from parley.parties.models import Membership

_WHOLE = ["payment", "fulfilment", "cancellation", "paid_minor", "refunded_minor", "cancelled_at"]


def lock(order_id: int, by: Membership | None) -> Order:
    """The order, locked for the rest of the transaction; `by` None is the house itself.

    Raises Order.DoesNotExist when there is none that `by` may see.
    """
    visible = orders_visible_to(by) if by else Order.objects.all()
    key = visible.filter(pk=order_id).values_list("id", flat=True).first()
    if key is None:
        raise Order.DoesNotExist
    return (
        Order.objects.select_related("seller", "channel")
        .defer("words")
        .select_for_update(of=("self",))
        .get(pk=key)
    )


def consignments_of(order: Order) -> list[Consignment]:
    """The parts of a locked order, with their suppliers."""
    return list(order.consignments.select_related("supplier").defer("words").order_by("id"))


def step(order: Order, taken: Step, *, amount: int = 0) -> None:
    """Take a step of the order as a whole (payment) and save it. Raises NotAllowed."""
    _save(order, after(order.standing, taken, amount=amount))


def step_part(order: Order, part: Consignment, taken: Step, *, left: bool = False) -> None:
    """Take a step of one supplier's part and save where it and the whole order then stand.

    Raises NotAllowed, and then nothing has changed.
    """
    reached = after(part.standing_in(order), taken, left=left)
    part.fulfilment, part.cancellation = reached.fulfilment, reached.cancellation
    part.save(update_fields=["fulfilment", "cancellation"])
    parts = [one if one.pk != part.pk else part for one in consignments_of(order)]
    _save(order, together([one.standing_in(order) for one in parts], order.standing))


def cancel_all(order: Order) -> None:
    """Take the step of cancelling the order and every part of it. Raises NotAllowed."""
    reached = after(order.standing, Step.CANCEL)
    order.consignments.update(cancellation=Cancellation.CANCELLED)
    _save(order, reached)


def _save(order: Order, reached: Standing) -> None:
    order.payment, order.fulfilment, order.cancellation = reached[:3]
    order.paid_minor, order.refunded_minor = reached.paid_minor, reached.refunded_minor
    if reached.cancellation is Cancellation.CANCELLED:
        order.cancelled_at = order.cancelled_at or now()
    order.save(update_fields=_WHOLE)


def seen_by_all(order: Order) -> tuple[int, ...]:
    """The parties who may know what happens to an order: its suppliers once it was passed on."""
    suppliers = order.consignments.filter(passed_at__isnull=False)
    return tuple(sorted({*seen_by_seller(order), *suppliers.values_list("supplier_id", flat=True)}))


def seen_by_seller(order: Order) -> tuple[int, ...]:
    """The seller and the operator: for what no supplier is to know (payments, matching)."""
    return tuple(sorted({order.seller_id, operator().pk}))


def seen_by_part(order: Order, part: Consignment) -> tuple[int, ...]:
    """The seller, the operator and the part's own supplier, and no other supplier."""
    suppliers = {part.supplier_id} if part.passed_at else set()
    return tuple(sorted({*seen_by_seller(order), *suppliers}))
