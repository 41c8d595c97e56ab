"""The rows of the orders that were lived through."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from parley.demo.copying import NULL, Numbering, Table, escaped
from parley.demo.lexemes import lexemes_of
from parley.demo.trade.books import CURRENCY
from parley.demo.trade.deals import Deal, Line, Note, Parcel, Part
from parley.orders.models import (
    Consignment,
    Order,
    OrderLine,
    OrderNote,
    Shipment,
    ShipmentLine,
)


def write_orders(deals: Sequence[Deal]) -> None:
    """Write orders, their parts, lines, shipments and notes, in the order they refer to each other."""
    words = _words(deals)
    orders, parts, lines = Table(Order), Table(Consignment), Table(OrderLine)
    shipments, shipped, notes = Table(Shipment), Table(ShipmentLine), Table(OrderNote)
    ids = Numbering(ShipmentLine)
    for deal in deals:
        orders.add(_order(deal, words[deal.id, 0]))
        for part in deal.parts:
            if deal.parted:
                parts.add(_part(deal, part, words[deal.id, part.id]))
            for line in part.lines:
                lines.add(_line(deal, part, line))
        for part in deal.parts:
            for parcel in part.parcels:
                shipments.add(_parcel(part, parcel))
                for line, quantity in parcel.quantities:
                    shipped.add(
                        {"id": next(ids), "shipment_id": parcel.id, "line_id": line.id,
                         "quantity": quantity}
                    )  # fmt: skip
        for note in deal.notes:
            notes.add(_note(deal, note))
    for table in (orders, parts, lines, shipments, shipped, notes):
        table.copy()
    ids.close()


def _order(deal: Deal, words: str) -> dict[str, Any]:
    standing = deal.standing
    row = {
        "id": deal.id,
        "number": deal.number or NULL,
        "seller_id": deal.seller_id,
        "channel_id": deal.way.channel.pk,
        "external_id": escaped(deal.external_id) if deal.external_id else NULL,
        "channel_number": escaped(deal.channel_number),
        "person_id": deal.person.membership.person_id if deal.person else NULL,
        "stage": deal.stage.value,
        "payment": standing.payment.value,
        "fulfilment": standing.fulfilment.value,
        "cancellation": standing.cancellation.value,
        "why_held": _json(deal.why_held),
        "cancel_reason": escaped(deal.cancel_reason),
        "outside": _json(deal.outside),
        "currency": CURRENCY,
        "sale_minor": deal.sale_minor if deal.external_id else NULL,
        "sale_currency": CURRENCY if deal.external_id else "",
        "cost_minor": deal.cost_minor,
        "paid_minor": standing.paid_minor,
        "refunded_minor": standing.refunded_minor,
        "note": escaped(deal.note),
        "notes": len(deal.notes),
        "words": words,
    }
    moments = {
        name: _moment(getattr(deal, name))
        for name in (
            "placed_at", "arrived_at", "matching_until", "settle_at", "paid_at", "pass_at",
            "passed_at", "cancelled_at",
        )
    }  # fmt: skip
    address = {name: escaped(value) for name, value in deal.buyer.columns().items()}
    return row | moments | address


def _part(deal: Deal, part: Part, words: str) -> dict[str, Any]:
    return {
        "id": part.id,
        "order_id": deal.id,
        "supplier_id": part.supplier_id,
        "service_id": part.service.pk,
        "shipping_minor": part.service.price_minor,
        "shipping_vat_bp": part.service.vat_bp,
        "net_minor": part.net_minor,
        "vat_minor": part.vat_minor,
        "refunded_minor": part.refunded_minor,
        "fulfilment": part.fulfilment.value,
        "cancellation": part.cancellation.value,
        "passed_at": _moment(part.passed_at),
        "accepted_at": _moment(part.accepted_at),
        "exported_at": _moment(part.exported_at),
        "words": words,
    }


def _line(deal: Deal, part: Part, line: Line) -> dict[str, Any]:
    sold = line.sold_for_minor if deal.external_id else NULL
    return {
        "id": line.id,
        "order_id": deal.id,
        "consignment_id": part.id if deal.parted else NULL,
        "product_id": line.product.pk if line.known else NULL,
        "position": _position(deal, line),
        "listing_id": line.listing_id,
        "sku": escaped(line.sku),
        "title": escaped(line.title),
        "quantity": line.quantity,
        "sold_for_minor": sold,
        "cost_minor": line.product.price_minor if line.known else 0,
        "vat_bp": line.product.vat_bp if line.known else 0,
        "shipped": line.shipped,
        "declined": line.declined,
        "why_declined": escaped(line.why_declined),
    }


def _position(deal: Deal, line: Line) -> int:
    return next(n for n, other in enumerate(deal.lines) if other is line)


def _parcel(part: Part, parcel: Parcel) -> dict[str, Any]:
    return {
        "id": parcel.id,
        "consignment_id": part.id,
        "carrier": parcel.carrier,
        "tracking": parcel.tracking,
        "shipped_at": _moment(parcel.shipped_at),
        "delivered_at": _moment(parcel.delivered_at),
        "told_at": _moment(parcel.told_at),
    }


def _note(deal: Deal, note: Note) -> dict[str, Any]:
    return {
        "id": note.id,
        "order_id": deal.id,
        "party_id": note.by.membership.party_id,
        "person_id": note.by.membership.person_id,
        "supplier_id": note.supplier_id or NULL,
        "text": escaped(note.text),
        "at": _moment(note.at),
    }


def _words(deals: Iterable[Deal]) -> dict[tuple[int, int], str]:
    """The lexemes of orders (by id and 0) and of their parts (by both ids)."""
    texts: dict[tuple[int, int], str] = {}
    for deal in deals:
        texts[deal.id, 0] = _said(deal, deal.lines)
        for part in deal.parts if deal.parted else ():
            texts[deal.id, part.id] = _said(deal, part.lines)
    return dict(zip(texts, lexemes_of(list(texts.values())), strict=True))


def _said(deal: Deal, lines: Iterable[Line]) -> str:
    """What `orders.words` says it is found by."""
    said = [deal.channel_number]
    for line in lines:
        said += [line.title, line.sku]
        if line.known:
            product = line.product
            said += [product.title, product.sku, product.supplier_product_id]
    return " ".join(filter(None, said))


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else NULL


def _json(value: Any) -> str:
    return escaped(json.dumps(value, ensure_ascii=False))
