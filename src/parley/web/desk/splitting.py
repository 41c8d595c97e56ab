"""Making a ticket of some of the messages of another: a page on which they are chosen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.tickets.access import tickets_visible_to
from parley.tickets.models import NUMBER_FORMAT, Ticket
from parley.tickets.opening import MAX_TITLE
from parley.tickets.seeing import messages_with_files
from parley.tickets.splitting import Part, SplitRefused, split, topics_for
from parley.web.filtering import number_in, sorted_by_name
from parley.web.reader import SignedInRequest, operator_only


@require_http_methods(["GET", "POST"])
@operator_only
def splitting(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Choose messages, a title and a topic: `desk/split.html`; posted, lead to the new ticket.

    Context: `ticket`, `messages` (with `files`), `topics`, `typed` (Part), `problem`, `most`.
    """
    if request.method == "GET":
        return _shown(request, number, Part(messages=(), title=""))
    chosen = [number_in(key) for key in request.POST.getlist("message")]
    part = Part(
        messages=[key for key in chosen if key is not None],
        title=request.POST.get("title", ""),
        topic=number_in(request.POST.get("topic")),
    )
    try:
        made = split(number, part, by=request.reader)
    except Ticket.DoesNotExist:
        raise Http404 from None
    except SplitRefused as refusal:
        return _shown(request, number, part, str(refusal))
    words = {"new": made.number, "old": NUMBER_FORMAT.format(number)}
    messages.success(request, _("%(new)s was made of a part of %(old)s.") % words)
    return redirect("desk:ticket", made.pk)


def _shown(request: SignedInRequest, number: int, typed: Part, problem: str = "") -> HttpResponse:
    related = ("topic__category", "opener", "counterparty")
    found = tickets_visible_to(request.reader).select_related(*related).filter(pk=number).first()
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        "ticket": found,
        "messages": messages_with_files(request.reader, found),
        "topics": sorted_by_name(topics_for(found)),
        "typed": typed,
        "problem": problem,
        "most": MAX_TITLE,
    }
    return render(request, "desk/split.html", context, status=422 if problem else 200)
