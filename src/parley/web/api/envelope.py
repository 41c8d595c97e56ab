"""What is the same around every request: language, methods, headers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from parley.parties.limiting import LIMIT, WINDOW, Allowance
from parley.web.api.problems import answer, not_allowed_method, not_found

View = Callable[..., HttpResponseBase]


def enveloped(view: View) -> View:
    """`view` with the language asked for, HEAD as GET without a body, and the common headers."""

    @wraps(view)
    def around(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = language_asked_for(request)
        request.language_asked_for = asked  # type: ignore[attr-defined]
        with translation.override(asked or settings.LANGUAGE_CODE), timezone.override("UTC"):
            response = _answered(view, request, *args, **kwargs)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ["Authorization", "Accept-Language"])
        _say_what_is_left(response, getattr(request, "allowance", None))
        return response

    around.csrf_exempt = True  # type: ignore[attr-defined]
    return around


def nothing_here(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The answer at every address of the API that is none."""
    return answer(not_found())


def language_asked_for(request: HttpRequest) -> str | None:
    """The first language of Accept-Language that we speak; None when it names none."""
    header = request.headers.get("Accept-Language", "")[:500]
    for language, _weight in parse_accept_lang_header(header.lower()):
        try:
            return get_supported_language_variant(language)
        except LookupError:
            continue
    return None


def _answered(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    without_body = request.method == "HEAD"
    if without_body:
        request.method = "GET"
    response = view(request, *args, **kwargs)
    if response.status_code == 405:
        return answer(not_allowed_method(_sorted(response.headers["Allow"])))
    if without_body and isinstance(response, HttpResponse):
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


def _sorted(methods: str) -> str:
    """The methods in a fixed order, with HEAD beside GET."""
    given = {method.strip() for method in methods.split(",")}
    return ", ".join(sorted(given | ({"HEAD"} if "GET" in given else set())))


def _say_what_is_left(response: HttpResponseBase, allowance: Allowance | None) -> None:
    if allowance is None:
        return
    response.headers["RateLimit-Limit"] = str(LIMIT)
    response.headers["RateLimit-Remaining"] = str(allowance.left)
    response.headers["RateLimit-Reset"] = str(allowance.full_in)
    response.headers["RateLimit-Policy"] = f"{LIMIT};w={int(WINDOW.total_seconds())}"
