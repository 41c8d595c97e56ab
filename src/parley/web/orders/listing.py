"""The list of orders (O1)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parley.orders.finding import Row, find, with_disputes
from parley.orders.models import QUEUE
from parley.orders.stating import (
    StateLine,
    Symbol,
    cancellation_symbol,
    payment_symbol,
    shipping_symbol,
    state_line,
    state_line_of_part,
)
from parley.parties.models import Membership
from parley.postgres.keysets import CursorUnreadable
from parley.tickets.finding import orders_in_dispute, orders_with_open_tickets
from parley.web.filtering import address
from parley.web.orders.filtering import chips_of, choices_for, read_filters
from parley.web.reader import SignedInRequest, signed_in


@require_GET
@signed_in
def orders(request: SignedInRequest) -> HttpResponseBase:
    """The list: `orders/orders.html`, or its `_orders.html` for htmx. Context: `list_context`."""
    context = list_context(request, request.reader)
    template = "orders/_orders.html" if request.htmx else "orders/orders.html"
    return render(request, template, context)


@require_GET
@signed_in
def filters(request: SignedInRequest) -> HttpResponseBase:
    """The filter panel, loaded when it is opened: `orders/_filters.html`.

    Context: `filtering.choices_for`, `set` (the query in use).
    """
    context = {**choices_for(request.reader), "set": request.GET}
    return render(request, "orders/_filters.html", context)


def list_context(request: HttpRequest, reader: Membership) -> dict[str, Any]:
    """What the list's template is given.

    `rows` (see `orders.finding.Row`), `chips`, `query`, `older`, `newer` (addresses or None), `here`;
    `state_of_row` and `symbols_of` of a row; `QUEUE`. Raises Http404 for a cursor nobody gave.
    """
    filters = read_filters(request.GET, reader)
    try:
        page = find(
            reader,
            filters,
            cursor=request.GET.get("cursor", ""),
            disputed=orders_with_open_tickets(reader),
        )
    except CursorUnreadable:
        raise Http404 from None
    in_dispute = orders_in_dispute(reader, [row.order.pk for row in page.rows])
    return {
        "rows": with_disputes(page.rows, in_dispute),
        "older": address(request.GET, cursor=page.older) if page.older else None,
        "newer": address(request.GET, cursor=page.newer) if page.newer else None,
        "query": filters.text,
        "chips": chips_of(request.GET, reader, filters),
        "here": address(request.GET, cursor=request.GET.get("cursor")),
        "state_of_row": state_of_row,
        "symbols_of": symbols_of,
        "QUEUE": QUEUE,
    }


def state_of_row(row: Row) -> StateLine:
    """The sentence of a row, in its reader's terms."""
    if row.part is not None:
        return state_line_of_part(row.order, row.part)
    return state_line(row.order, row.suppliers)


def symbols_of(row: Row) -> list[Symbol]:
    """The symbols of payment, shipping and cancellation, in this order."""
    symbols = [payment_symbol(row.order, row.part), shipping_symbol(row.order, row.part)]
    cancelled = cancellation_symbol(row.order, row.part)
    return [*symbols, cancelled] if cancelled else symbols
