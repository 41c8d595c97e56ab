"""Turning mails off from a mail: signed out, or by one click in a mail client (RFC 8058)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from parley.notifications import unsubscribing


@never_cache
@csrf_exempt  # mail providers post here; the signed address is what lets them
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, signed: str) -> HttpResponse:
    """GET asks, changing nothing, since mail scanners follow links; POST turns the mails off.

    `portal/unsubscribe.html`; context: `what` (words), `done`, `address`. In the person's language.
    """
    subscribed = unsubscribing.subscription(signed)
    if subscribed is None:
        raise Http404
    done = request.method == "POST"
    if done:
        unsubscribing.unsubscribe(subscribed)
    with translation.override(subscribed.person.language):
        context = {"what": subscribed.words, "done": done, "address": request.path}
        return render(request, "portal/unsubscribe.html", context)
