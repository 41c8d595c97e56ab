"""A supplier accepts its part of an order: it has seen it and will ship it (O10)."""

from __future__ import annotations

from django.db import transaction

from parley.journal.moment import now
from parley.journal.recording import record
from parley.orders import events
from parley.orders.cancelling import AlreadyCancelled
from parley.orders.models import Order
from parley.orders.moving import lock, seen_by_part
from parley.orders.own_part import is_cancelled, own_part
from parley.parties.models import Membership


def accept(order_id: int, *, by: Membership) -> Order:
    """Accept one's part of the order; accepting it again changes nothing.

    Raises Order.DoesNotExist (also for anybody but a supplier of it) or AlreadyCancelled.
    """
    with transaction.atomic():
        order = lock(order_id, by)
        part = own_part(order, by)
        if is_cancelled(part):
            raise AlreadyCancelled
        if part.accepted_at is None:
            part.accepted_at = now()
            part.save(update_fields=["accepted_at"])
            seen = seen_by_part(order, part)
            record(
                events.OrderAccepted(order=order.pk, seen=seen, supplier=part.supplier_id), by=by
            )
    return order
