"""Was this helpful: one opinion of each reader, signed in or not, which they may change."""

from __future__ import annotations

import re
import secrets

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from parley.help_centre.addressing import address_of, languages
from parley.help_centre.models import Article
from parley.help_centre.opining import give_opinion
from parley.messenger.limiting import OPINIONS_OF_ADDRESS, TooMany, spend
from parley.web.help.showing import reader_of
from parley.web.reader import address_of_caller

STRANGER = "parley_reader"
"""The cookie that tells a stranger from others; it says nothing of who they are."""
_KEY = re.compile(r"[A-Za-z0-9_-]{16,40}")
YEAR = 365 * 86_400


# A page that strangers' browsers and proxies keep can carry no token. What a token is for, that no
# other site speaks in one's name, the browser's own word for where the form stood does.
@csrf_exempt
@require_POST
def opinions(request: HttpRequest) -> HttpResponseBase:
    """Keep whether the article `path`, in `language`, `helped` (yes, no), and the `reason`.

    204 for a script, and for a form back to the article.
    """
    if not _from_here(request):
        return HttpResponseForbidden()
    try:
        spend("opinion", address_of_caller(request), OPINIONS_OF_ADDRESS)
    except TooMany as refusal:
        return HttpResponse(status=429, headers={"Retry-After": str(refusal.wait)})
    path, language = request.POST.get("path", ""), request.POST.get("language", "")
    if language not in languages() or request.POST.get("helped") not in ("yes", "no"):
        raise Http404
    reader, stranger = reader_of(request), _stranger(request)
    try:
        give_opinion(
            path,
            language,
            helped=request.POST["helped"] == "yes",
            reason=request.POST.get("reason", ""),
            by=reader,
            stranger=stranger,
        )
    except Article.DoesNotExist:
        raise Http404 from None
    by_script = request.headers.get("Accept", "").startswith("application/json")
    response: HttpResponseBase = HttpResponse(status=204)
    if not by_script:
        response = redirect(f"{address_of(language, path)}?thanks=1#opinion")
    if reader is None:
        response.set_cookie(
            STRANGER,
            stranger,
            max_age=YEAR,
            path="/help/",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _from_here(request: HttpRequest) -> bool:
    """Whether the form stood on a page of this site (Fetch Metadata; else the origin)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"


def _stranger(request: HttpRequest) -> str:
    key = request.COOKIES.get(STRANGER, "")
    return key if _KEY.fullmatch(key) else secrets.token_urlsafe(18)
