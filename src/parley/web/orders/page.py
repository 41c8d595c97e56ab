"""The page of one order (O2 to O4)."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parley.orders.access import orders_visible_to
from parley.web.reader import SignedInRequest, signed_in


@require_GET
@signed_in
def order(request: SignedInRequest, key: int) -> HttpResponseBase:
    """One order: `orders/order.html`."""
    found = orders_visible_to(request.reader).defer("words").filter(pk=key).first()
    if found is None:
        raise Http404
    return render(request, "orders/order.html", {"order": found})
