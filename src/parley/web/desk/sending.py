"""A reply that waits to go out: shown to its sender, taken back, or sent when the time is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parley.journal.moment import now
from parley.tickets.access import tickets_visible_to
from parley.tickets.sending import SentAlready, send_now, take_back
from parley.web.filtering import number_in
from parley.web.reader import SignedInRequest, operator_only


@require_POST
@operator_only
def taking_back(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Take the reply `unsent` back into the box."""
    _there(request, number)
    try:
        take_back(number_in(request.POST.get("unsent")) or 0, by=request.reader)
    except SentAlready:
        messages.error(request, _("It has been sent already."))
    return redirect("desk:ticket", number)


@require_POST
@operator_only
def sending(request: SignedInRequest, number: int) -> HttpResponseBase:
    """The time to take the reply `unsent` back is over: it goes out."""
    _there(request, number)
    send_now(number_in(request.POST.get("unsent")) or 0, by=request.reader)
    return HttpResponse(status=204)


def as_shown(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Unsent replies as the thread shows them, each with `left`: milliseconds until it goes out."""
    for row in rows:
        left = datetime.fromisoformat(row["send_at"]) - now()
        row["left"] = max(0, int(left.total_seconds() * 1000))
    return rows


def _there(request: SignedInRequest, number: int) -> None:
    if not tickets_visible_to(request.reader).filter(pk=number).exists():
        raise Http404
