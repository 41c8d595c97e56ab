"""The messenger as a page of its own: for sites whose policy keeps it out, and for links in mails."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.messenger.keeping_sites import site_of_key
from parley.web.chat.script import script


@require_safe
def page(request: HttpRequest) -> HttpResponseBase:
    """The page: `chat/page.html`. Context: `site` (whose visitors it is for, or None), `fingerprint`."""
    site = site_of_key(request.GET.get("site", ""))
    context = {"site": site, "fingerprint": script().fingerprint}
    return render(request, "chat/page.html", context)
