"""The reasons to cancel an order, which the operator keeps: add, rename, put in order, switch off (O8)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.orders import keeping_reasons
from parley.orders.keeping_reasons import LANGUAGES, LONGEST, ReasonRefused, ReasonTyped
from parley.orders.models import CancelReason
from parley.web.reader import SignedInRequest, operator_only


@require_http_methods(["GET", "POST"])
@operator_only
def reasons(request: SignedInRequest) -> HttpResponseBase:
    """The list: `desk/reasons.html`; posted, it has one more.

    Context: `reasons`, `refused` (the id of the one that was refused, 0 for a new one, None for
    none), `problem` (why), `typed` (its names), `most` (characters of a name).
    """
    if request.method == "GET":
        return _shown(request)
    names = _names(request)
    try:
        keeping_reasons.add_reason(names, by=request.reader)
    except ReasonRefused as refusal:
        return _shown(request, 0, str(refusal), names)
    messages.success(request, _("The reason is on the list."))
    return redirect("desk:reasons")


@require_POST
@operator_only
def reason(request: SignedInRequest, key: int) -> HttpResponseBase:
    """Rename a reason, or switch it off or on."""
    names = _names(request)
    given = ReasonTyped(names=names, active=request.POST.get("active") == "on")
    try:
        keeping_reasons.change_reason(key, given, by=request.reader)
    except CancelReason.DoesNotExist:
        raise Http404 from None
    except ReasonRefused as refusal:
        return _shown(request, key, str(refusal), names)
    messages.success(request, _("Saved."))
    return redirect("desk:reasons")


@require_POST
@operator_only
def reason_place(request: SignedInRequest, key: int) -> HttpResponseBase:
    """Move a reason: `to` is up or down."""
    places = -1 if request.POST.get("to") == "up" else 1
    try:
        keeping_reasons.move_reason(key, places, by=request.reader)
    except CancelReason.DoesNotExist:
        raise Http404 from None
    return redirect("desk:reasons")


def _names(request: SignedInRequest) -> dict[str, str]:
    return {code: request.POST.get(code, "") for code in LANGUAGES}


def _shown(
    request: SignedInRequest,
    refused: int | None = None,
    problem: str = "",
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "reasons": list(keeping_reasons.all_reasons()),
        "refused": refused,
        "problem": problem,
        "typed": typed or {},
        "most": LONGEST,
    }
    status = 422 if problem else 200
    return render(request, "desk/reasons.html", context, status=status)
