"""What readers tell: what they searched for and did not find, and what they thought of articles."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.help_centre import hearing
from parley.help_centre.models import MissedSearch
from parley.help_centre.roles import may_publish
from parley.postgres.keysets import CursorUnreadable
from parley.web.desk.help.doors import article_of, writers_only
from parley.web.filtering import address, number_in
from parley.web.reader import SignedInRequest


@require_GET
@writers_only
def missed(request: SignedInRequest) -> HttpResponseBase:
    """What was searched for and not found: `writing/missed.html`.

    Context: `rows`, `settled` (whether those already seen to are shown), `older_url`, `newer_url`.
    """
    settled = request.GET.get("settled") == "yes"
    try:
        cursor = request.GET.get("cursor", "")
        page = hearing.missed_searches(request.reader, cursor, settled=settled)
    except CursorUnreadable:
        raise Http404 from None
    context = {
        "rows": page.rows,
        "settled": settled,
        "may_publish": may_publish(request.reader),
        "older_url": address(request.GET, cursor=page.older) if page.older else "",
        "newer_url": address(request.GET, cursor=page.newer) if page.newer else "",
    }
    return render(request, "writing/missed.html", context)


@require_POST
@writers_only
def settling(request: SignedInRequest, missed: int) -> HttpResponseBase:
    """An editor has seen to it."""
    try:
        hearing.settle(missed, by=request.reader)
    except MissedSearch.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Settled. It comes back if people miss it again."))
    return redirect("writing:missed")


@require_GET
@writers_only
def opinions(request: SignedInRequest) -> HttpResponseBase:
    """What readers said: `writing/opinions.html`.

    Context: `rows` (each with `.article`), `article` (the only one that is shown, or None),
    `older_url`, `newer_url`.
    """
    key = number_in(request.GET.get("article"))
    article = article_of(request.reader, key) if key else None
    try:
        cursor = request.GET.get("cursor", "")
        page = hearing.opinions(request.reader, cursor, article=key)
    except CursorUnreadable:
        raise Http404 from None
    context = {
        "rows": page.rows,
        "article": article,
        "may_publish": may_publish(request.reader),
        "older_url": address(request.GET, cursor=page.older) if page.older else "",
        "newer_url": address(request.GET, cursor=page.newer) if page.newer else "",
    }
    return render(request, "writing/opinions.html", context)
