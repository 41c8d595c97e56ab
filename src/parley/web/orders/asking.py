"""Raise a ticket about an order: one that asks its supplier to cancel it, filled in (O8)."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.conversations.posting import NothingToSay, TooLong
from parley.orders.models import Consignment, Order
from parley.orders.own_part import lines_of
from parley.parties.models import PartyKind
from parley.tickets.calling_off import parts_to_ask_for, topic_to_cancel, words_to_ask
from parley.tickets.opening import NewTicket, OpeningRefused, open_ticket
from parley.web.orders.actions import done, number_of, order_of, shown
from parley.web.reader import SignedInRequest, signed_in
from parley.web.saying import refusal_words, submit_key_of

FIELDS = ("title", "text")


@require_http_methods(["GET", "POST"])
@signed_in
def ticket(request: SignedInRequest, key: int) -> HttpResponseBase:
    """Ask a supplier of the order to cancel it: `orders/_ticket.html`.

    Where nobody can be asked (any more, or by this reader), it leads to an ordinary new ticket about
    the order. Context: `parts` (to choose from), `part` (the chosen one), `topic`, `typed`,
    `problems`, `submit_key`, `elsewhere` (a ticket on another topic).
    """
    order = order_of(request.reader, key)
    is_sellers = request.reader.party.kind == PartyKind.SELLER
    if request.method == "POST":
        return _open(request, order) if is_sellers else _to_ordinary(request, order)
    parts = parts_to_ask_for(order) if is_sellers else []
    if not parts:
        return _to_ordinary(request, order)
    asked = number_of(request.GET.get("supplier", ""))
    part = next((one for one in parts if one.supplier_id == asked), None)
    if part is None and len(parts) == 1:
        part = parts[0]
    return shown(request, order, "ticket", _form(request, order, parts, part))


def _open(request: SignedInRequest, order: Order) -> HttpResponseBase:
    parts = list(order.consignments.select_related("supplier").defer("words").order_by("id"))
    asked = number_of(request.POST.get("supplier", ""))
    part = next((one for one in parts if one.supplier_id == asked), None)
    new = NewTicket(
        topic=topic_to_cancel(),
        to=part.supplier if part else None,
        title=request.POST.get("title", ""),
        text=request.POST.get("text", ""),
        order=order.pk,
        submit_key=submit_key_of(request),
        draft="",
    )
    problems = {}
    try:
        opened = open_ticket(new, by=request.reader)
    except OpeningRefused as refusal:
        problems = refusal.problems
    except (NothingToSay, TooLong) as refusal:
        problems = {"text": refusal_words(refusal)}
    else:
        words = _("%(number)s is opened: the supplier has been asked to cancel the order.")
        to = reverse("portal:ticket", args=[opened.pk])
        return done(request, order.pk, words % {"number": opened.number}, to)
    context = _form(request, order, parts_to_ask_for(order), part) | {"problems": problems}
    return shown(request, order, "ticket", context, status=422)


def _form(
    request: SignedInRequest, order: Order, parts: list[Consignment], part: Consignment | None
) -> dict[str, Any]:
    typed = {name: request.POST[name] for name in FIELDS if name in request.POST}
    if part is not None and request.method == "GET":
        ask = words_to_ask(order, [str(line) for line in lines_of(part) if line.left])
        typed = {"title": ask.title, "text": ask.text}
    return {
        "parts": parts,
        "part": part,
        "topic": topic_to_cancel(),
        "typed": {**dict.fromkeys(FIELDS, ""), **typed},
        "submit_key": uuid.uuid4(),
        "elsewhere": ordinary_address(order, part),
    }


def ordinary_address(order: Order, part: Consignment | None = None) -> str:
    """Where a new ticket on any topic is opened about the order."""
    to = f"&to={part.supplier_id}" if part else ""
    return f"{reverse('portal:new_ticket')}?order={order.pk}{to}"


def _to_ordinary(request: SignedInRequest, order: Order) -> HttpResponseBase:
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": ordinary_address(order)})
    return redirect(ordinary_address(order))
