"""A supplier declines a line of an order, or some of it: what was paid for it goes back (O10)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from parley.conversations.typed import typed_line
from parley.journal.recording import record
from parley.orders import events, refunding
from parley.orders.axes import HELD_MONEY, Fulfilment
from parley.orders.cancelling import AlreadyCancelled, cancel_part
from parley.orders.models import Consignment, Order, OrderLine
from parley.orders.moving import lock, seen_by_part
from parley.orders.own_part import is_cancelled, lines_of, own_part
from parley.orders.shipping import all_shipped_but_declined
from parley.parties.models import Membership

LONGEST_REASON = 200


class DecliningRefused(ValueError):
    """What was filled in can't be declined; `problems` says why, field by field, to the reader.

    The fields are `line`, `quantity` and `reason`.
    """

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def decline(
    order_id: int, line_id: int, quantity: int, reason: str, *, by: Membership
) -> OrderLine:
    """Decline `quantity` of a line of one's own, saying why; the seller gets back what it paid for it.

    With nothing left and nothing shipped, the whole part is cancelled, shipping charge included.
    Raises Order.DoesNotExist (also for anybody but a supplier of it), AlreadyCancelled or
    DecliningRefused; then nothing has changed.
    """
    reason = typed_line(reason)
    with transaction.atomic():
        order = lock(order_id, by)
        part = own_part(order, by)
        if is_cancelled(part):
            raise AlreadyCancelled
        lines = lines_of(part)
        line = next((one for one in lines if one.pk == line_id), None)
        problems = _problems(line, quantity, reason)
        if problems or line is None:
            raise DecliningRefused(problems)
        line.declined += quantity
        line.why_declined = reason
        line.save(update_fields=["declined", "why_declined"])
        record(
            events.LineDeclined(
                order=order.pk,
                seen=seen_by_part(order, part),
                supplier=part.supplier_id,
                line=line.pk,
                quantity=quantity,
                reason=reason,
            ),
            by=by,
        )
        if any(one.left for one in lines) or part.fulfilment != Fulfilment.UNSHIPPED:
            _refund(order, part, line, quantity, by=by)
        else:
            cancel_part(order, part, reason, by=by)
        if part.fulfilment == Fulfilment.PART_SHIPPED and not any(one.left for one in lines):
            all_shipped_but_declined(order, part)
    return line


def _refund(
    order: Order, part: Consignment, line: OrderLine, quantity: int, *, by: Membership
) -> None:
    if order.payment in HELD_MONEY and line.cost_minor:
        refunding.refund_line(order, part, line, quantity, by=by, reason=line.why_declined)


def _problems(line: OrderLine | None, quantity: int, reason: str) -> dict[str, str]:
    if line is None:
        return {"line": _("Pick the line that you decline.")}
    problems = {}
    if not 0 < quantity <= line.left:
        problems["quantity"] = (
            _("Nothing of “%(item)s” is left to decline.") % {"item": line.title}
            if not line.left
            else _("Of “%(item)s”, 1 to %(left)s can be declined.")
            % {"item": line.title, "left": line.left}
        )
    if not reason:
        problems["reason"] = _("Say why, so that the seller can tell the buyer.")
    elif len(reason) > LONGEST_REASON:
        problems["reason"] = _("Keep the reason under %(most)s characters.") % {
            "most": LONGEST_REASON
        }
    return problems
