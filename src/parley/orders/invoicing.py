"""Issuing invoices and credit notes: one invoice for an order and supplier, numbered without gaps.

What stands on one is kept as it was on the day, so that it never changes. Each of `lines`:

    {"line": 17, "title": "…", "sku": "…", "quantity": 2, "unit_minor": 2000, "vat_bp": 2000,
     "net_minor": 4000, "vat_minor": 800}

`line` is the order's line, and none for the shipping. `parties` says who gave it to whom (each as
`on_paper` has it), for which order, and on a credit note why.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from parley.journal.recording import record
from parley.ledger.money import vat_of
from parley.orders import events
from parley.orders.models import Consignment, Invoice, InvoiceKind, InvoiceSeries, Order
from parley.orders.moving import consignments_of, seen_by_part
from parley.parties.models import Membership, Party

Line = dict[str, Any]

_DIGITS = 6
_MOST_INITIALS = 6


def issue_invoices(order: Order, *, by: Membership | None) -> list[Invoice]:
    """An invoice of each supplier of a locked, paid order that has its number."""
    parts = sorted(consignments_of(order), key=lambda part: part.supplier_id)
    return [_issue(order, part, InvoiceKind.INVOICE, _lines_of(part), by=by) for part in parts]


def issue_credit_note(
    order: Order, part: Consignment, lines: Sequence[Line], *, by: Membership | None, reason: str
) -> Invoice:
    """A credit note for lines of the part's invoice. Raises Invoice.DoesNotExist without one."""
    corrected = part.invoices.get(kind=InvoiceKind.INVOICE)
    kind = InvoiceKind.CREDIT_NOTE
    return _issue(order, part, kind, lines, by=by, corrects=corrected, reason=reason)


def line_of(
    title: str,
    quantity: int,
    unit_minor: int,
    vat_bp: int,
    *,
    line: int | None = None,
    sku: str = "",
) -> Line:
    """One line of an invoice, with its VAT (rounded once a line)."""
    net = unit_minor * quantity
    return {
        "line": line,
        "title": title,
        "sku": sku,
        "quantity": quantity,
        "unit_minor": unit_minor,
        "vat_bp": vat_bp,
        "net_minor": net,
        "vat_minor": vat_of(net, vat_bp),
    }


def on_paper(party: Party) -> dict[str, str]:
    """A company as papers name it: `name`, `address` (its lines), `country`, `vat_number`."""
    return {
        "name": party.legal_name or party.name,
        "address": party.address,
        "country": party.country,
        "vat_number": party.vat_number,
    }


def _lines_of(part: Consignment) -> list[Line]:
    lines = [
        line_of(
            line.product.title if line.product else line.title,
            line.quantity - line.declined,
            line.cost_minor,
            line.vat_bp,
            line=line.pk,
            sku=line.product.sku if line.product else line.sku,
        )
        for line in part.lines.select_related("product").order_by("position")
        if line.quantity > line.declined
    ]
    if part.shipping_minor:
        service = part.service.name if part.service else ""
        lines.append(line_of(service, 1, part.shipping_minor, part.shipping_vat_bp))
    return lines


def _issue(
    order: Order,
    part: Consignment,
    kind: InvoiceKind,
    lines: Sequence[Line],
    *,
    by: Membership | None,
    corrects: Invoice | None = None,
    reason: str = "",
) -> Invoice:
    series = _next_in_series(part.supplier, kind)
    invoice = Invoice.objects.create(
        consignment=part,
        kind=kind,
        supplier_id=part.supplier_id,
        seller_id=order.seller_id,
        number=series.last,
        shown_number=shown(series.prefix, series.last),
        corrects=corrects,
        currency=order.currency,
        net_minor=sum(line["net_minor"] for line in lines),
        vat_minor=sum(line["vat_minor"] for line in lines),
        lines=list(lines),
        parties={
            "supplier": on_paper(part.supplier),
            "seller": on_paper(order.seller),
            "order": {"number": order.number, "channel_number": order.channel_number},
            "corrects": corrects.shown_number if corrects else "",
            "reason": reason,
        },
    )
    record(
        events.InvoiceIssued(
            order=order.pk,
            seen=seen_by_part(order, part),
            invoice=invoice.pk,
            shown_number=invoice.shown_number,
            kind=kind,
        ),
        by=by,
    )
    return invoice


def _next_in_series(supplier: Party, kind: InvoiceKind) -> InvoiceSeries:
    """The series, its next number taken; locked until the transaction ends, so none is ever lost."""
    InvoiceSeries.objects.bulk_create(
        [InvoiceSeries(supplier=supplier, kind=kind, prefix=prefix_of(supplier.name, kind))],
        ignore_conflicts=True,
    )
    series = InvoiceSeries.objects.select_for_update().get(supplier=supplier, kind=kind)
    series.last += 1
    series.save(update_fields=["last"])
    return series


def shown(prefix: str, number: int) -> str:
    """A number as it stands on the paper: `NS-000042`."""
    return f"{prefix}{number:0{_DIGITS}}"


def prefix_of(name: str, kind: InvoiceKind) -> str:
    """Northwind Supply: `NS-`, and `NS-CN-` for its credit notes."""
    initials = "".join(word[0] for word in name.split() if word[0].isalnum()).upper()
    end = "-CN-" if kind is InvoiceKind.CREDIT_NOTE else "-"
    return f"{initials[:_MOST_INITIALS]}{end}".removeprefix("-")
