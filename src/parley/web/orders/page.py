"""The page of one order, and the dialogs that say more of it (O2 to O4)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parley.catalogue.eligibility import country_name, reason_in_words
from parley.orders.auditing import audit_of
from parley.orders.axes import Cancellation
from parley.orders.models import Order, Stage
from parley.orders.offering import offered
from parley.orders.seeing import SeenOrder, line_total_minor, see
from parley.orders.stating import (
    StateLine,
    cancellation_symbol,
    payment_symbol,
    shipping_symbol,
    state_line,
    state_line_of_part,
)
from parley.parties.models import Membership
from parley.tickets.finding import open_tickets_about
from parley.tickets.ordering import tickets_about
from parley.web.acting import ticket_address
from parley.web.reader import SignedInRequest, signed_in


@require_GET
@signed_in
def order(request: SignedInRequest, key: int) -> HttpResponseBase:
    """One order: `orders/order.html`; for htmx what changes of it, `orders/_order.html`.

    Context: `order_context`.
    """
    template = "orders/_order.html" if request.htmx else "orders/order.html"
    return render(request, template, order_context(request.reader, key))


@require_GET
@signed_in
def details(request: SignedInRequest, key: int) -> HttpResponseBase:
    """Its present state in full: `orders/_details.html` as a dialog, or a page of its own.

    Context: `seen`, `order`, `state`, `payment`, `shipping`, `cancelled`, `address`, `open_tickets`
    (how many of those the reader may see).
    """
    seen = seen_by(request.reader, key)
    context = {"seen": seen, "order": seen.order, "state": state_of(seen), **_symbols(seen)}
    context["address"] = _address(seen.order)
    context["open_tickets"] = open_tickets_about(request.reader, seen.order.pk)
    return render(request, _dialog(request, "details"), context)


@require_GET
@signed_in
def audit(request: SignedInRequest, key: int) -> HttpResponseBase:
    """Every change it went through: `orders/_audit.html` as a dialog, or a page of its own.

    Context: `order`, `lines`.
    """
    found = audit_of(request.reader, key)
    if found is None:
        raise Http404
    context = {"order": found.order, "lines": found.lines}
    return render(request, _dialog(request, "audit"), context)


def order_context(reader: Membership, key: int) -> dict[str, Any]:
    """What the order's template is given.

    `seen` (see `orders.seeing.SeenOrder`), `order`, `state` (the sentence), `payment`, `shipping`,
    `cancelled` (symbols), `tickets` (rows of those about it), `address_of_ticket`, `line_total`,
    `why_held` (sentences), `unlinked` (lines), `address` (a text), `can` (see `orders.offering`).
    Raises Http404 when there is none for this reader.
    """
    seen = seen_by(reader, key)
    return {
        "seen": seen,
        "order": seen.order,
        "state": state_of(seen),
        **_symbols(seen),
        "tickets": tickets_about(reader, seen.order),
        "address_of_ticket": lambda number: ticket_address(reader, number),
        "line_total": line_total_minor,
        "why_held": _why_held(seen.order),
        "unlinked": [one for part in seen.parts for one in part.lines if one.product_id is None],
        "address": _address(seen.order),
        "can": offered(reader, seen.order, seen.own_part),
    }


def seen_by(reader: Membership, key: int) -> SeenOrder:
    """The order as the reader sees it. Raises Http404."""
    seen = see(reader, key)
    if seen is None:
        raise Http404
    return seen


def state_of(seen: SeenOrder) -> StateLine:
    """The sentence that leads the page, in its reader's terms."""
    if seen.own_part is not None:
        return state_line_of_part(seen.order, seen.own_part)
    return state_line(
        seen.order,
        _asked(seen) or seen.suppliers,
        lacking_minor=seen.lacking_minor,
        unlinked=seen.unlinked,
    )


def _address(order: Order) -> str:
    """The address as it stands on a parcel, with the country in the reader's words."""
    lines = order.address_lines
    if order.to_country:
        lines = [*lines[:-1], country_name(order.to_country)]
    return "\n".join(lines)


def _asked(seen: SeenOrder) -> list[str]:
    """Of several suppliers, those who are asked to cancel: they are waited for, and not the others."""
    parts = [part.consignment for part in seen.parts if part.consignment]
    return [part.supplier.name for part in parts if part.cancellation == Cancellation.ASKED]


def _why_held(order: Order) -> list[str]:
    if order.stage != Stage.HELD or order.cancellation == Cancellation.CANCELLED:
        return []
    return [reason_in_words(why) for why in order.why_held]


def _symbols(seen: SeenOrder) -> dict[str, Any]:
    return {
        "payment": payment_symbol(seen.order, seen.own_part),
        "shipping": shipping_symbol(seen.order, seen.own_part),
        "cancelled": cancellation_symbol(seen.order, seen.own_part),
    }


def _dialog(request: SignedInRequest, name: str) -> str:
    """The template of a dialog: for htmx the dialog, for a browser without scripts a page."""
    return f"orders/_{name}.html" if request.htmx else f"orders/{name}.html"
