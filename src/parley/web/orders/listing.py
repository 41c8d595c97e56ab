"""The list of orders (O1)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_GET
from markupsafe import Markup

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
    `state_of_row` and `marks_of` of a row, `pieces` of a quantity; `QUEUE`. Raises Http404 for a
    cursor nobody gave.
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
        "marks_of": marks_of,
        "pieces": pieces,
        "QUEUE": QUEUE,
    }


def state_of_row(row: Row) -> StateLine:
    """The sentence of a row, in its reader's terms."""
    if row.part is not None:
        return state_line_of_part(row.order, row.part)
    return state_line(row.order, row.suppliers)


def marks_of(row: Row) -> Markup:
    """The symbols of payment, shipping and cancellation, in this order, as they are drawn."""
    order, part = row.order, row.part
    return _drawn(
        payment_symbol(order, part), shipping_symbol(order, part), cancellation_symbol(order, part)
    )


def pieces(quantity: int) -> str:
    """How many pieces, in words."""
    return _pieces(quantity, get_language())


# A list has the same ones again and again.
@lru_cache(maxsize=1024)
def _drawn(*symbols: Symbol | None) -> Markup:
    drawn = [_MARK.format(**symbol._asdict()) for symbol in symbols if symbol]
    return Markup("").join(drawn)


_MARK = Markup(
    '<span class="mark" data-tone="{tone}" title="{words}">'
    '<svg class="i" aria-hidden="true"><use href="#i-{icon}"/></svg><span>{words}</span></span>'
)


@lru_cache(maxsize=1024)
def _pieces(quantity: int, _language: str | None) -> str:
    return ngettext("%(num)s piece", "%(num)s pieces", quantity) % {"num": quantity}
