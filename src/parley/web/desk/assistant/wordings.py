"""Asked in these words: how people asked who were helped, for an editor to let it count or not."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.assistant.learning import decide, list_wordings
from parley.assistant.models import Wording
from parley.postgres.keysets import CursorUnreadable
from parley.web.desk.assistant.doors import lookers_only
from parley.web.reader import SignedInRequest


@require_GET
@lookers_only
def wordings(request: SignedInRequest) -> HttpResponseBase:
    """The list: `assistant/wordings.html`.

    Context: `rows` (each with `.title` of its article), `taken` (whether it is the list of those that
    count), `older`, `newer` (addresses or None).
    """
    taken = request.GET.get("taken") == "1"
    try:
        page = list_wordings(request.reader, taken=taken, cursor=request.GET.get("cursor", ""))
    except CursorUnreadable:
        raise Http404 from None
    more = "&taken=1" if taken else ""
    context = {
        "rows": page.rows,
        "taken": taken,
        "older": f"?cursor={page.older}{more}" if page.older else None,
        "newer": f"?cursor={page.newer}{more}" if page.newer else None,
    }
    return render(request, "assistant/wordings.html", context)


@require_POST
@lookers_only
def decision(request: SignedInRequest, question: int) -> HttpResponseBase:
    """Let a way of asking count (`taken=1`), or not."""
    taken = request.POST.get("taken") == "1"
    try:
        decide(question, taken=taken, by=request.reader)
    except Wording.DoesNotExist:
        raise Http404 from None
    messages.success(
        request, _("From now on it finds the article.") if taken else _("It does not count.")
    )
    return redirect("assistant:wordings")
