"""What can be done to an order now, by whom: what the pages offer is what the capabilities take."""

from __future__ import annotations

from typing import NamedTuple

from parley.orders.axes import HELD_MONEY, Cancellation, Fulfilment, Step, allowed
from parley.orders.cancelling import may_cancel
from parley.orders.models import Consignment, Order, Stage
from parley.parties.models import Membership, PartyKind

TO_SHIP = frozenset({Fulfilment.UNSHIPPED, Fulfilment.PART_SHIPPED})


class Offered(NamedTuple):
    """Each thing that may be done, by its name; `raise_ticket` stands where `cancel` no longer can."""

    cancel: bool = False
    raise_ticket: bool = False
    accept: bool = False
    ship: bool = False
    decline: bool = False
    take_back: bool = False
    note: bool = False

    @property
    def names(self) -> list[str]:
        return [name for name, may in self._asdict().items() if may]


def offered(reader: Membership, order: Order, part: Consignment | None = None) -> Offered:
    """What `reader` may do to the order; `part` is a supplier's own one."""
    if reader.party.kind == PartyKind.SUPPLIER:
        return _to_supplier(order, part) if part else Offered()
    cancel = may_cancel(order, reader)
    hidden = order.stage in (Stage.DRAFT, Stage.MATCHING)
    return Offered(cancel=cancel, raise_ticket=not cancel and not hidden, note=not hidden)


def _to_supplier(order: Order, part: Consignment) -> Offered:
    to_ship = (
        part.fulfilment in TO_SHIP
        and part.cancellation != Cancellation.CANCELLED
        and order.payment in HELD_MONEY
    )
    return Offered(
        raise_ticket=True,
        # Asked to cancel it, the supplier accepts or declines that, on the ticket.
        accept=to_ship
        and part.accepted_at is None
        and part.fulfilment == Fulfilment.UNSHIPPED
        and part.cancellation == Cancellation.NONE,
        ship=to_ship,
        decline=to_ship,
        take_back=allowed(part.standing_in(order), Step.TAKE_BACK),
        note=True,
    )
