"""The operator's queues (S1)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from parley.parties.access import all_teams
from parley.tickets.finding import queue_counts
from parley.tickets.queues import team_in
from parley.web.desk.counting import shown
from parley.web.desk.mail.listing import waiting_in_words
from parley.web.desk.more import NAMES as PIECES
from parley.web.reader import SignedInRequest, operator_only
from parley.web.ticket_list import list_context

NAMES = {
    "mine": _("Mine"),
    "unassigned": _("Unassigned"),
    "due-soon": _("Due soon"),
    "ran-out": _("Ran out"),
    "urgent": _("Urgent"),
    "disputes": _("Disputes"),
    "snoozed": pgettext_lazy("a queue", "Put aside"),
    "all": _("All"),
}


def beside(asked: str) -> dict[str, Any]:
    """What a page shows around a ticket: `queue`, `queues`, and `more_pieces`, which come later."""
    queues = queues_with(asked)
    at = asked if asked in dict(queues) else "all"
    return {"queue": at, "queues": queues, "more_pieces": PIECES}


def queues_with(asked: str) -> list[tuple[str, str | Promise]]:
    """The queues there are for everyone, and a team's where it is `asked` for: names and words."""
    team = team_in(asked)
    found = all_teams().filter(pk=team).first() if team is not None else None
    return [*NAMES.items(), *([(asked, found.name)] if found else [])]


@require_GET
@operator_only
def queue(request: SignedInRequest, name: str) -> HttpResponseBase:
    """One queue: `desk/queue.html`; for htmx its list alone, `desk/_list.html`.

    Context: `ticket_list.list_context`, `queue` (name), `queues` (pairs name, words). The counts come
    by themselves from `counts`.
    """
    queues = queues_with(name)
    if name not in dict(queues):
        raise Http404
    context = list_context(request, request.reader, name)
    context |= {"queue": name, "queues": queues}
    return render(request, "desk/_list.html" if request.htmx else "desk/queue.html", context)


@require_GET
@operator_only
def counts(request: SignedInRequest) -> HttpResponseBase:
    """How many are in each queue, live: `desk/_counts.html`.

    Context: `queues` (triples name, words, count or ""), `queue` (the one that is open), `mail` (how
    many mails wait for somebody, in words; empty for none).
    """
    open_one = request.GET.get("queue", "")
    queues = queues_with(open_one)
    many = queue_counts(request.reader, [name for name, _words in queues if team_in(name)])
    context = {
        "queues": [(name, words, shown(many.get(name))) for name, words in queues],
        "queue": open_one,
        "mail": waiting_in_words(request),
    }
    return render(request, "desk/_counts.html", context)
