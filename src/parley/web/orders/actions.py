"""What can be done to an order: each is a page of its own, and a dialog where scripts run.

A dialog is the same form, asked for by htmx: `orders/_dialog.html` around it instead of
`orders/action.html`. Done, the page goes to the order, and a dialog goes away with a word of success;
refused, either comes back with all that was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.orders import cancelling, delivering, noting
from parley.orders.accepting import accept
from parley.orders.access import consignments_visible_to, orders_visible_to
from parley.orders.keeping_reasons import ReasonUnknown, reasons
from parley.orders.models import Consignment, Order
from parley.orders.noting import NoteRefused
from parley.orders.offering import offered
from parley.parties.models import Membership, PartyKind
from parley.web.reader import SignedInRequest, signed_in

RENEWED = "live-party, live-order, live-orders"
"""What a page listens to that shows orders: after a deed it asks anew at once."""


@require_GET
@signed_in
def menu(request: SignedInRequest, key: int) -> HttpResponseBase:
    """What can be done to an order, for the three dots of its row: `orders/_menu.html`.

    Context: `order`, `can` (see `orders.offering`).
    """
    order = order_of(request.reader, key)
    part = own_part_of(request.reader, order)
    can = offered(request.reader, order, part)
    return render(request, "orders/_menu.html", {"order": order, "can": can})


@require_http_methods(["GET", "POST"])
@signed_in
def cancellation(request: SignedInRequest, key: int) -> HttpResponseBase:
    """Cancel the order for a reason of the list: `orders/_cancellation.html`.

    Context: `reasons`, `typed`, `problems`.
    """
    order = order_of(request.reader, key)
    if request.reader.party.kind == PartyKind.SUPPLIER:
        raise Http404
    if request.method == "GET":
        return shown(request, order, "cancellation", _cancelling(order, {}))
    chosen = request.POST.get("reason", "")
    try:
        cancelling.cancel(key, number_of(chosen), by=request.reader)
    except ReasonUnknown as refusal:
        again = _cancelling(order, {"reason": str(refusal)}, reason=chosen)
        return shown(request, order, "cancellation", again, status=422)
    except cancelling.CancellingRefused as refusal:
        again = _cancelling(order, {"order": str(refusal)}, reason=chosen)
        return shown(request, order, "cancellation", again, status=409)
    return done(request, key, _("The order is cancelled."))


@require_POST
@signed_in
def acceptance(request: SignedInRequest, key: int) -> HttpResponseBase:
    """The supplier accepts its part of the order."""
    return _at_once(
        request, key, lambda: accept(key, by=request.reader), _("The order is accepted.")
    )


@require_POST
@signed_in
def delivery(request: SignedInRequest, key: int, shipment: int) -> HttpResponseBase:
    """The supplier notes that a shipment has arrived."""
    return _at_once(
        request,
        key,
        lambda: delivering.deliver(key, shipment, by=request.reader),
        _("The shipment is marked as delivered."),
    )


@require_POST
@signed_in
def coming_back(request: SignedInRequest, key: int) -> HttpResponseBase:
    """The supplier notes that the goods have come back."""
    return _at_once(
        request,
        key,
        lambda: delivering.take_back(key, by=request.reader),
        _("The order is marked as returned."),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def notes(request: SignedInRequest, key: int) -> HttpResponseBase:
    """Write a note on the order: `orders/_note.html`. Context: `suppliers`, `typed`, `problems`."""
    order = order_of(request.reader, key)
    if request.method == "GET":
        return shown(request, order, "note", _noting(request.reader, order))
    text, to = request.POST.get("text", ""), request.POST.get("to", "")
    try:
        # What names nobody must not become a note for everybody: it stands for no party at all.
        noting.note(key, text, by=request.reader, supplier_id=(number_of(to) or 0) if to else None)
    except NoteRefused as refusal:
        again = _noting(request.reader, order, text=text, to=to, problem=str(refusal))
        return shown(request, order, "note", again, status=422)
    return done(request, key, _("The note is on the order."))


def order_of(reader: Membership, key: int) -> Order:
    """The order. Raises Http404 when there is none for this reader."""
    visible = orders_visible_to(reader).select_related("seller").defer("words")
    found = visible.filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def own_part_of(reader: Membership, order: Order) -> Consignment | None:
    """A supplier's own part of an order it may see; None for the others."""
    if reader.party.kind != PartyKind.SUPPLIER:
        return None
    return consignments_visible_to(reader).filter(order=order.pk).defer("words").first()


def part_to_act_on(reader: Membership, order: Order) -> Consignment:
    """The reader's own part. Raises Http404 for whoever is no supplier of the order."""
    part = own_part_of(reader, order)
    if part is None:
        raise Http404
    return part


def shown(
    request: SignedInRequest, order: Order, form: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The form of a deed, `orders/_<form>.html`, as a dialog for htmx or else as a page."""
    template = "orders/_dialog.html" if request.htmx else "orders/action.html"
    context = {"typed": {}, "problems": {}, "is_dialog": bool(request.htmx), **context}
    context |= {"order": order, "form": f"orders/_{form}.html", "form_name": form}
    return render(request, template, context, status=status)


def done(request: SignedInRequest, key: int, words: str, to: str = "") -> HttpResponseBase:
    """It is done: a word of success, and the order as it stands now (or the address `to`)."""
    if not request.htmx:
        messages.success(request, words)
        return redirect(to) if to else redirect("orders:order", key)
    if to:
        messages.success(request, words)
        return HttpResponse(headers={"HX-Redirect": to})
    answer = render(request, "orders/_done.html", {"words": words, "tone": ""})
    answer.headers["HX-Trigger"] = RENEWED
    return answer


def number_of(text: str) -> int | None:
    """The number a form or an address gives; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _at_once(
    request: SignedInRequest, key: int, act: Callable[[], object], words: str
) -> HttpResponseBase:
    """Do what asks for nothing more than a button."""
    try:
        act()
    except Order.DoesNotExist:
        raise Http404 from None
    except (cancelling.CancellingRefused, delivering.NotShipped) as refusal:
        if request.htmx:
            answer = render(request, "orders/_done.html", {"words": str(refusal), "tone": "bad"})
            answer.headers["HX-Trigger"] = RENEWED
            return answer
        messages.error(request, str(refusal))
        return redirect("orders:order", key)
    return done(request, key, words)


def _cancelling(order: Order, problems: dict[str, str], reason: str = "") -> dict[str, Any]:
    if not problems:
        try:
            cancelling.why_not(order)
        except cancelling.CancellingRefused as refusal:
            problems = {"order": str(refusal)}
    return {"reasons": list(reasons()), "typed": {"reason": reason}, "problems": problems}


def _noting(
    reader: Membership, order: Order, *, text: str = "", to: str = "", problem: str = ""
) -> dict[str, Any]:
    suppliers = []
    if reader.party.kind != PartyKind.SUPPLIER:
        parts = consignments_visible_to(reader).filter(order=order.pk).select_related("supplier")
        suppliers = [(part.supplier_id, part.supplier.name) for part in parts.defer("words")]
    return {
        "suppliers": suppliers,
        "typed": {"text": text, "to": to},
        "problems": {"text": problem} if problem else {},
    }
