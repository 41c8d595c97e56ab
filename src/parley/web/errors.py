"""What went wrong, in words: the error pages."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render

from parley.web.files import AGAIN_SECONDS, KeptBack, kept_back_words


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself is broken, or its upload was cut short."""
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is no such thing, or it is not for this reader; the page does not say which."""
    return render(request, "errors/404.html", status=404)


def kept_back(request: HttpRequest, why: KeptBack, name: str) -> HttpResponse:
    """403 for a file that is kept from everyone, 409 for one that is still being checked."""
    context = {"name": name, "words": kept_back_words(why), "waits": why.waits}
    response = render(request, "errors/kept_back.html", context, status=409 if why.waits else 403)
    if why.waits:
        response.headers["Retry-After"] = str(AGAIN_SECONDS)
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """500: ours; everything that was sent before is safe."""
    return render(request, "errors/500.html", status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that is too old or from elsewhere; what was typed is in the browser's back."""
    return render(request, "errors/403_csrf.html", status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """429: too often; says in how many minutes it can be tried again."""
    minutes = minutes_to_wait(request)
    response = render(request, "errors/429.html", {"minutes": minutes}, status=429)
    response.headers["Retry-After"] = str(minutes * 60)
    return response


def in_words(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer itself, or a page where it would be an empty 405."""
    if not isinstance(response, HttpResponseNotAllowed) or response.content:
        return response
    page = render(request, "errors/405.html", status=405)
    page.headers["Allow"] = response.headers["Allow"]
    return page


def minutes_to_wait(request: HttpRequest) -> int:
    """After how many minutes all tries at this address count anew."""
    name = request.resolver_match.url_name if request.resolver_match else None
    rates = settings.ACCOUNT_RATE_LIMITS.get(_LIMITED.get(name or "", ""), "").split(",")
    return max((_minutes(rate) for rate in rates if rate), default=1)


_LIMITED = {
    "account_login": "login_failed",
    "account_reset_password": "reset_password",
    "account_change_password": "change_password",
    "join": "ask_to_join",
    "account_reauthenticate": "reauthenticate",
    "mfa_authenticate": "login_failed",
    "mfa_reauthenticate": "reauthenticate",
    "mfa_reauthenticate_webauthn": "reauthenticate",
    "mfa_login_webauthn": "webauthn_login",
}


def _minutes(rate: str) -> int:
    # Such as "5/5m/key" or "60/m/ip": the limits that are told of are by the minute.
    return int(rate.split("/")[1].removesuffix("m") or 1)
