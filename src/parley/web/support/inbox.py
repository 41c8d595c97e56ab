"""The inbox of the support area: a company's tickets, sorted into trays."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from parley.tickets.queues import TRAYS
from parley.tickets.standing import standing
from parley.web.reader import SignedInRequest
from parley.web.support.doors import companies_only
from parley.web.ticket_list import list_context

EVERYTHING = "all"
NAMES: dict[str, str | Promise] = {
    "open": pgettext_lazy("tray", "Open"),
    "to-answer": pgettext_lazy("tray", "Your turn"),
    "to-rate": pgettext_lazy("tray", "To rate"),
    "waiting": pgettext_lazy("tray", "Waiting for others"),
    "late": pgettext_lazy("tray", "Late"),
    "disputes": pgettext_lazy("tray", "In dispute"),
    EVERYTHING: pgettext_lazy("tray", "All"),
}


@require_GET
@companies_only
def inbox(request: SignedInRequest, name: str = TRAYS[0]) -> HttpResponseBase:
    """One tray of the inbox: `support/inbox.html`.

    Context: `ticket_list.list_context`, `tray`, `trays` (triples of name, words and count or None).
    """
    if name not in NAMES:
        raise Http404
    counted = standing(request.reader)
    context = list_context(request, request.reader, name)
    context |= {
        "tray": name,
        "trays": [(tray, words, counted.get(tray)) for tray, words in NAMES.items()],
    }
    return render(request, "support/inbox.html", context)
