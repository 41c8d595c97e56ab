"""The operator's queues (S1)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from parley.tickets.finding import MOST_COUNTED, queue_counts
from parley.tickets.queues import QUEUES
from parley.web.reader import SignedInRequest, operator_only
from parley.web.ticket_list import list_context

NAMES = {
    "mine": _("Mine"),
    "unassigned": _("Unassigned"),
    "due-soon": _("Due soon"),
    "ran-out": _("Ran out"),
    "urgent": _("Urgent"),
    "disputes": _("Disputes"),
    "snoozed": _("Put aside"),
    "all": _("All"),
}


def beside(asked: str) -> dict[str, Any]:
    """What a page shows of the queues when a ticket stands beside one: `queue`, `queues`."""
    return {"queue": asked if asked in QUEUES else "all", "queues": list(NAMES.items())}


@require_GET
@operator_only
def queue(request: SignedInRequest, name: str) -> HttpResponseBase:
    """One queue: `desk/queue.html`; for htmx its list alone, `desk/_list.html`.

    Context: `ticket_list.list_context`, `queue` (name), `queues` (pairs name, words). The counts come
    by themselves from `counts`.
    """
    if name not in QUEUES:
        raise Http404
    context = list_context(request, request.reader, name)
    context |= {"queue": name, "queues": list(NAMES.items())}
    return render(request, "desk/_list.html" if request.htmx else "desk/queue.html", context)


@require_GET
@operator_only
def counts(request: SignedInRequest) -> HttpResponseBase:
    """How many are in each queue, live: `desk/_counts.html`.

    Context: `queues` (triples name, words, count or ""), `queue` (the one that is open).
    """
    counted = queue_counts(request.reader)
    context = {
        "queues": [(name, words, _shown(counted.get(name))) for name, words in NAMES.items()],
        "queue": request.GET.get("queue", ""),
    }
    return render(request, "desk/_counts.html", context)


def _shown(count: int | None) -> str:
    if count is None:
        return ""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)
