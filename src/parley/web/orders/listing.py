"""The list of orders (O1)."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parley.orders.access import orders_visible_to
from parley.web.reader import SignedInRequest, signed_in


@require_GET
@signed_in
def orders(request: SignedInRequest) -> HttpResponseBase:
    """The list: `orders/orders.html`."""
    rows = orders_visible_to(request.reader).defer("words").order_by("-placed_at", "-id")[:25]
    return render(request, "orders/orders.html", {"rows": rows})
