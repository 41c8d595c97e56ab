"""A supplier ships its part of an order, at once or in several goes (O10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from parley.conversations.typed import typed_line
from parley.journal.recording import record
from parley.orders import events
from parley.orders.axes import Cancellation, Step, allowed
from parley.orders.cancelling import AlreadyCancelled
from parley.orders.models import Consignment, Order, OrderLine, Shipment, ShipmentLine
from parley.orders.moving import lock, seen_by_part, step_part
from parley.orders.own_part import is_cancelled, lines_of, own_part
from parley.parties.models import Membership

LONGEST_CARRIER = 60
LONGEST_TRACKING = 100


class ShippingRefused(ValueError):
    """What was filled in is no shipment; `problems` says why, field by field, to the reader.

    The fields are `carrier`, `tracking`, and `lines` for the quantities.
    """

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What goes out. `quantities`: line id → how many; none: all that is left of every line."""

    carrier: str
    tracking: str = ""
    quantities: Mapping[int, int] = field(default_factory=dict)


def ship(order_id: int, parcel: Parcel, *, by: Membership) -> Shipment:
    """Hand goods of one's part of the order to a carrier.

    A part that the seller has asked to cancel is then kept: the goods are on their way. Raises
    Order.DoesNotExist (also for anybody but a supplier of it), AlreadyCancelled or ShippingRefused;
    then nothing has changed.
    """
    carrier, tracking = typed_line(parcel.carrier), typed_line(parcel.tracking)
    with transaction.atomic():
        order = lock(order_id, by)
        part = own_part(order, by)
        if is_cancelled(part):
            raise AlreadyCancelled
        lines = lines_of(part)
        going = _going(lines, parcel.quantities)
        problems = {
            "carrier": _problem_with_carrier(carrier),
            "tracking": _problem_with_tracking(tracking),
            "lines": _problem_with_quantities(order, part, lines, going, parcel.quantities),
        }
        if any(problems.values()):
            raise ShippingRefused({name: words for name, words in problems.items() if words})
        shipment = _pack(
            Shipment(consignment=part, carrier=carrier, tracking=tracking), lines, going
        )
        _send(order, part, shipment, left=any(line.left for line in lines), by=by)
    return shipment


def all_shipped_but_declined(order: Order, part: Consignment) -> None:
    """What was left of a part-shipped part has been declined: all there is to ship is on its way."""
    step_part(order, part, Step.SHIP, left=False)


def _going(lines: list[OrderLine], quantities: Mapping[int, int]) -> dict[int, int]:
    if not quantities:
        return {line.pk: line.left for line in lines if line.left}
    return {key: quantity for key, quantity in quantities.items() if quantity}


def _pack(shipment: Shipment, lines: list[OrderLine], going: dict[int, int]) -> Shipment:
    shipment.save()
    for line in lines:
        if line.pk in going:
            line.shipped += going[line.pk]
            line.save(update_fields=["shipped"])
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, line_id=key, quantity=quantity)
        for key, quantity in going.items()
    )
    return shipment


def _send(
    order: Order, part: Consignment, shipment: Shipment, *, left: bool, by: Membership
) -> None:
    if part.cancellation == Cancellation.ASKED:
        step_part(order, part, Step.KEEP)
    step_part(order, part, Step.SHIP, left=left)
    record(
        events.OrderShipped(
            order=order.pk,
            seen=seen_by_part(order, part),
            supplier=part.supplier_id,
            shipment=shipment.pk,
            carrier=shipment.carrier,
            tracking=shipment.tracking,
            all_of_it=not left,
        ),
        by=by,
    )


def _problem_with_carrier(carrier: str) -> str:
    if not carrier:
        return _("Say who carries it, such as Royal Mail.")
    if len(carrier) > LONGEST_CARRIER:
        return _("A carrier's name has at most %(most)s characters.") % {"most": LONGEST_CARRIER}
    return ""


def _problem_with_tracking(tracking: str) -> str:
    if len(tracking) <= LONGEST_TRACKING:
        return ""
    return _("A tracking number has at most %(most)s characters.") % {"most": LONGEST_TRACKING}


def _problem_with_quantities(
    order: Order,
    part: Consignment,
    lines: list[OrderLine],
    going: dict[int, int],
    asked: Mapping[int, int],
) -> str:
    if not any(line.left for line in lines):
        return _("Everything of it has been shipped already.")
    if not going:
        return _("Say how many of something go out.")
    by_key = {line.pk: line for line in lines}
    for key, quantity in going.items():
        line = by_key.get(key)
        if line is None:
            return _("One of the lines is not yours to ship. Load the page anew.")
        if quantity < 0 or quantity > line.left:
            return _("Of “%(item)s”, %(left)s are left to ship.") % {
                "item": line.title,
                "left": line.left,
            }
    standing = part.standing_in(order)._replace(cancellation=Cancellation.NONE)
    return "" if allowed(standing, Step.SHIP) else _("The order can't be shipped as it stands.")
