"""The supplier ships its part of an order, or declines some of it (O10)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.catalogue.access import services_of
from parley.orders import shipping
from parley.orders.cancelling import CancellingRefused
from parley.orders.declining import DecliningRefused, decline
from parley.orders.models import Consignment, Order, OrderLine
from parley.orders.own_part import lines_of
from parley.web.orders.actions import done, number_of, order_of, part_to_act_on, shown
from parley.web.reader import SignedInRequest, signed_in

FIELD = "quantity-"
"""A line's quantity is the field of this name with its id."""


@require_http_methods(["GET", "POST"])
@signed_in
def shipments(request: SignedInRequest, key: int) -> HttpResponseBase:
    """Ship all of one's part or some: `orders/_shipment.html`.

    Context: `lines` (line, and the quantity in its field), `carriers`, `typed`, `problems`.
    """
    order = order_of(request.reader, key)
    part = part_to_act_on(request.reader, order)
    lines = lines_of(part)
    if request.method == "GET":
        return shown(request, order, "shipment", _shipping(part, lines, request))
    parcel = shipping.Parcel(
        carrier=request.POST.get("carrier", ""),
        tracking=request.POST.get("tracking", ""),
        quantities=_quantities(request, lines),
    )
    try:
        shipping.ship(key, parcel, by=request.reader)
    except Order.DoesNotExist:
        raise Http404 from None
    except shipping.ShippingRefused as refusal:
        again = _shipping(part, lines, request) | {"problems": refusal.problems}
        return shown(request, order, "shipment", again, status=422)
    except CancellingRefused as refusal:
        again = _shipping(part, lines, request) | {"problems": {"order": str(refusal)}}
        return shown(request, order, "shipment", again, status=409)
    return done(request, key, _("The shipment is noted, and the seller's channel is told."))


@require_http_methods(["GET", "POST"])
@signed_in
def declining(request: SignedInRequest, key: int) -> HttpResponseBase:
    """Decline a line of one's own, or some of it: `orders/_declining.html`.

    Context: `lines` (those of which something is left), `typed`, `problems`.
    """
    order = order_of(request.reader, key)
    part = part_to_act_on(request.reader, order)
    left = [line for line in lines_of(part) if line.left]
    typed = {name: request.POST.get(name, "") for name in ("line", "quantity", "reason")}
    if request.method == "GET":
        typed["line"] = request.GET.get("line", "") or (str(left[0].pk) if len(left) == 1 else "")
        return shown(request, order, "declining", {"lines": left, "typed": typed})
    line_id, quantity = number_of(typed["line"]) or 0, number_of(typed["quantity"])
    if quantity is None:
        # Left empty it is all that is left of the line.
        quantity = 0 if typed["quantity"] else _left(left, line_id)
    again: dict[str, Any] = {"lines": left, "typed": typed}
    try:
        decline(key, line_id, quantity, typed["reason"], by=request.reader)
    except Order.DoesNotExist:
        raise Http404 from None
    except DecliningRefused as refusal:
        again["problems"] = refusal.problems
        return shown(request, order, "declining", again, status=422)
    except CancellingRefused as refusal:
        again["problems"] = {"order": str(refusal)}
        return shown(request, order, "declining", again, status=409)
    return done(request, key, _("It is declined, and the seller gets back what was paid for it."))


def _shipping(
    part: Consignment, lines: list[OrderLine], request: SignedInRequest
) -> dict[str, Any]:
    services = services_of([part.supplier_id])
    carriers = dict.fromkeys(service.carrier for service in services if service.carrier)
    own = part.service.carrier if part.service else ""
    return {
        "lines": [(line, request.POST.get(f"{FIELD}{line.pk}", str(line.left))) for line in lines],
        "field": FIELD,
        "carriers": list(carriers),
        "typed": {
            "carrier": request.POST.get("carrier", own),
            "tracking": request.POST.get("tracking", ""),
        },
    }


def _quantities(request: SignedInRequest, lines: list[OrderLine]) -> dict[int, int]:
    """What the form says of each line; empty when it says nothing of any: then all goes out.

    What is no number is more than there ever is of anything, and so refused beside the lines.
    """
    said = {
        line.pk: request.POST[f"{FIELD}{line.pk}"].strip() or "0"
        for line in lines
        if f"{FIELD}{line.pk}" in request.POST
    }
    return {key: _count(text) for key, text in said.items()}


def _count(text: str) -> int:
    number = number_of(text)
    return -1 if number is None else number


def _left(lines: list[OrderLine], line_id: int) -> int:
    return next((line.left for line in lines if line.pk == line_id), 0)
