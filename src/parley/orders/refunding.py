"""Refunding: what was paid goes back from the supplier's earnings to the seller, with a credit note.

What is refunded are lines of the invoice, so that credit notes always add up to it exactly. Call
these in the transaction that has the order locked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from parley.journal.recording import record
from parley.ledger import paying
from parley.ledger.money import vat_of
from parley.orders import events
from parley.orders.axes import Step
from parley.orders.invoicing import Line, issue_credit_note
from parley.orders.models import Consignment, Invoice, InvoiceKind, Order, OrderLine
from parley.orders.moving import consignments_of, seen_by_part, step
from parley.parties.models import Membership


class MoreThanInvoiced(ValueError):
    """There are not so many of this line that were invoiced and not refunded yet; `left` are."""

    def __init__(self, left: int) -> None:
        super().__init__(f"only {left} are left to refund")
        self.left = left


def refund_all(order: Order, *, by: Membership | None, reason: str) -> int:
    """Refund all of an order that was not refunded yet; gives the amount, in minor units.

    0 when there is nothing to give back, also because it was not paid yet.
    """
    parts = consignments_of(order)
    return _refund(order, [(part, _left_of(part)) for part in parts], by, reason)


def refund_part(order: Order, part: Consignment, *, by: Membership | None, reason: str) -> int:
    """Refund all of one supplier's part, shipping too, that was not refunded yet; as `refund_all`."""
    return _refund(order, [(part, _left_of(part))], by, reason)


def refund_line(
    order: Order,
    part: Consignment,
    line: OrderLine,
    quantity: int,
    *,
    by: Membership | None,
    reason: str,
) -> int:
    """Refund `quantity` of a line of the part, without any shipping; gives the amount.

    Raises MoreThanInvoiced; also when the order was not invoiced yet.
    """
    left = {one["line"]: one for one in _left_of(part) if one["line"] is not None}
    found = left.get(line.pk)
    if found is None or not 0 < quantity <= found["quantity"]:
        raise MoreThanInvoiced(found["quantity"] if found else 0)
    return _refund(order, [(part, [_some_of(found, quantity)])], by, reason)


def _refund(
    order: Order,
    asked: Sequence[tuple[Consignment, list[Line]]],
    by: Membership | None,
    reason: str,
) -> int:
    # One transfer for all of them, and suppliers in the order of their ids: so all lock alike.
    parts = [
        (part, lines, amount)
        for part, lines in sorted(asked, key=lambda one: one[0].supplier_id)
        if (amount := _amount_of(lines))
    ]
    total = sum(amount for _part, _lines, amount in parts)
    if not total:
        return 0
    reference = f"refund:{order.pk}:{order.refunded_minor}"
    step(order, Step.REFUND, amount=total)
    shares = [(part.supplier_id, amount) for part, _lines, amount in parts]
    paying.give_back(paying.payment_of(order.pk), shares, reference, by=by)
    for part, lines, amount in parts:
        part.refunded_minor += amount
        part.save(update_fields=["refunded_minor"])
        issue_credit_note(order, part, lines, by=by, reason=reason)
        _tell(order, part, amount, by)
    return total


def _amount_of(lines: Sequence[Line]) -> int:
    return sum(int(line["net_minor"]) + int(line["vat_minor"]) for line in lines)


def _tell(order: Order, part: Consignment, amount: int, by: Membership | None) -> None:
    record(
        events.OrderRefunded(
            order=order.pk,
            seen=seen_by_part(order, part),
            currency=order.currency,
            amount_minor=amount,
            supplier=part.supplier_id,
        ),
        by=by,
    )


def _left_of(part: Consignment) -> list[Line]:
    """The lines of the part's invoice, without what its credit notes have given back of them."""
    papers = list(part.invoices.order_by("id"))
    credited = _credited(papers)
    invoiced = [line for one in papers if one.kind == InvoiceKind.INVOICE for line in one.lines]
    lines = [_without(line, *credited[line["line"]]) for line in invoiced]
    return [line for line in lines if line["quantity"]]


def _credited(papers: Sequence[Invoice]) -> dict[int | None, tuple[int, int]]:
    """By line: how many were given back, and how much VAT with them."""
    credited: dict[int | None, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for paper in papers:
        if paper.kind == InvoiceKind.CREDIT_NOTE:
            for line in paper.lines:
                quantity, vat = credited[line["line"]]
                credited[line["line"]] = (quantity + line["quantity"], vat + line["vat_minor"])
    return credited


def _without(line: Line, quantity: int, vat_minor: int) -> Line:
    left = line["quantity"] - quantity
    return line | {
        "quantity": left,
        "net_minor": line["unit_minor"] * left,
        "vat_minor": line["vat_minor"] - vat_minor,
    }


def _some_of(line: Line, quantity: int) -> Line:
    """`quantity` of what is left of a line; the last of it takes what rounding has left of the VAT."""
    if quantity == line["quantity"]:
        return line
    net = line["unit_minor"] * quantity
    vat = min(vat_of(net, line["vat_bp"]), line["vat_minor"])
    return line | {"quantity": quantity, "net_minor": net, "vat_minor": vat}
