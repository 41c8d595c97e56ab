"""The part of an order that a supplier acts on: its own and no other."""

from __future__ import annotations

from parley.orders.axes import Cancellation
from parley.orders.models import Consignment, Order, OrderLine
from parley.orders.moving import consignments_of
from parley.parties.models import Membership, PartyKind


def own_part(order: Order, by: Membership) -> Consignment:
    """The part of a locked order that `by`'s party is to ship.

    Raises Order.DoesNotExist when there is none, as for the seller and the operator.
    """
    if by.party.kind == PartyKind.SUPPLIER:
        for part in consignments_of(order):
            if part.supplier_id == by.party_id and part.passed_at:
                return part
    raise Order.DoesNotExist


def lines_of(part: Consignment) -> list[OrderLine]:
    """The lines of a part of a locked order, in their order."""
    return list(part.lines.order_by("position"))


def is_cancelled(part: Consignment) -> bool:
    """Whether nothing is to be done for the part any more."""
    return part.cancellation == Cancellation.CANCELLED
