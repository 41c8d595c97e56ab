"""What becomes of shipped goods: delivered, or come back (O2)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from parley.journal.moment import now
from parley.journal.recording import record
from parley.orders import events
from parley.orders.axes import Step, allowed
from parley.orders.models import Consignment, Order, Shipment
from parley.orders.moving import lock, seen_by_part, step_part
from parley.orders.own_part import own_part
from parley.parties.models import Membership


class NotShipped(Exception):
    """Nothing of it is on its way; says so to the reader."""

    def __init__(self) -> None:
        super().__init__(_("It has not been shipped yet, or has come back already."))


def deliver(order_id: int, shipment_id: int, *, by: Membership) -> Order:
    """The supplier notes that a shipment has arrived; noting it again changes nothing.

    With the last one of a part that was shipped whole, the part is delivered. Raises
    Order.DoesNotExist (also for a shipment that is not one of its own).
    """
    with transaction.atomic():
        order = lock(order_id, by)
        part = own_part(order, by)
        shipment = part.shipments.filter(pk=shipment_id).first()
        if shipment is None:
            raise Order.DoesNotExist
        if shipment.delivered_at is None:
            _deliver(order, part, shipment, by)
    return order


def take_back(order_id: int, *, by: Membership) -> Order:
    """The supplier notes that the goods of its part have come back. Money is settled apart from it.

    Raises Order.DoesNotExist or NotShipped.
    """
    with transaction.atomic():
        order = lock(order_id, by)
        part = own_part(order, by)
        if not allowed(part.standing_in(order), Step.TAKE_BACK):
            raise NotShipped
        step_part(order, part, Step.TAKE_BACK)
        seen = seen_by_part(order, part)
        record(events.OrderReturned(order=order.pk, seen=seen, supplier=part.supplier_id), by=by)
    return order


def _deliver(order: Order, part: Consignment, shipment: Shipment, by: Membership) -> None:
    shipment.delivered_at = now()
    shipment.save(update_fields=["delivered_at"])
    on_the_way = part.shipments.filter(delivered_at=None).exists()
    if not on_the_way and allowed(part.standing_in(order), Step.DELIVER):
        step_part(order, part, Step.DELIVER)
    record(
        events.OrderDelivered(
            order=order.pk,
            seen=seen_by_part(order, part),
            supplier=part.supplier_id,
            shipment=shipment.pk,
        ),
        by=by,
    )
