"""Who is reading: the membership a request acts with, its language and its time zone."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.crypto import constant_time_compare

from parley.parties.access import acting_membership
from parley.parties.models import Membership, Person
from parley.web.errors import in_words

ACTING_AS = "acting_as"
"""The session's key for the chosen membership of a person who has several; and the name by which
every form carries the one it was shown to."""
View = Callable[..., HttpResponseBase]


class SignedInRequest(HttpRequest):
    """A request whose reader is known: what views behind `signed_in` are given."""

    reader: Membership
    htmx: Any


class ReaderMiddleware:
    """Sets `request.reader` (a Membership or None) and `request.user`, in one query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reader = _reader_of(request)
        request.reader = reader  # type: ignore[attr-defined]
        request.user = reader.person if reader else AnonymousUser()
        language = reader.person.language if reader else _language_asked_for(request)
        zone = reader.person.time_zone if reader else "UTC"
        with translation.override(language), timezone.override(zone_named(zone)):
            response = in_words(request, self.get_response(request))
        response.headers.setdefault("Content-Language", language)
        if reader is None:
            patch_vary_headers(response, ["Accept-Language"])
        else:
            # What says that there is nothing is a page of theirs too.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: object, *_arguments: object
    ) -> HttpResponse | None:
        """A form is sent for the party it was shown to, whatever its sender has turned to since.

        In another window, say: a link there may have led to a ticket of another of their parties,
        and what was written for the one must not be said by the other. Raises PermissionDenied when
        they no longer act for the form's party. And whoever owes their company a second factor comes
        to where it is set up, whatever they ask for.
        """
        reader: Membership | None = request.reader  # type: ignore[attr-defined]
        if reader is None:
            return None
        sender = reader
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            shown_to = request.POST.get(ACTING_AS, str(reader.pk))
            sender = reader if shown_to == str(reader.pk) else _membership_of(reader, shown_to)
        # What counts is what the company asks for which the form is sent.
        if sender.owes_second_factor and not _is_open_to_owing(request):
            return _to_set_one_up(request)
        if sender is not reader:
            request.reader = sender  # type: ignore[attr-defined]
            if not request.headers.get("HX-Request"):
                # The page that follows is of the same party.
                request.session[ACTING_AS] = sender.pk
        return None


_OPEN_TO_OWING = frozenset(
    {
        *("security:security", "security:history", "security:ending", "security:ending_others"),
        *("account_logout", "account_change_password", "account_reauthenticate", "acting"),
        *("account_reset_password", "account_reset_password_done"),
        *("account_reset_password_from_key", "account_reset_password_from_key_done"),
        *("theme", "language", "brand", "messenger_script", "messenger_sheet"),
    }
)
"""Besides what sets a second factor up: names of addresses. Not all that stands on Settings → Security:
whoever has only stolen a password would else lift the demand, or come by the PIN and the data."""


def _is_open_to_owing(request: HttpRequest) -> bool:
    """Whether somebody who owes their company a second factor may come here all the same."""
    match = request.resolver_match
    return match is None or match.view_name.startswith("mfa_") or match.view_name in _OPEN_TO_OWING


def _to_set_one_up(request: HttpRequest) -> HttpResponse:
    if request.method == "GET" and "text/html" in request.headers.get("Accept", "text/html"):
        return redirect("security:security")
    return HttpResponse(status=403)


def signed_in(view: View) -> View:
    """The view is for people who are signed in; others are sent to sign in and back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request, "reader", None) is None:
            return _to_sign_in(request)
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded


def only_for(may: Callable[[Membership], bool], view: View) -> View:
    """The view is for signed-in readers of whom `may` is true; for anybody else it does not exist."""

    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may(cast(SignedInRequest, request).reader):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def operator_only(view: View) -> View:
    """The view is the operator's people's; for anybody else it does not exist."""
    return only_for(lambda reader: reader.is_operator, view)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # A fragment can't be a sign-in page: send the whole window there.
        response = HttpResponse(status=401)
        response.headers["HX-Redirect"] = redirect_to_login("/").url
        return response
    if request.method == "POST" and "json" in request.headers.get("Accept", ""):
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())


def _reader_of(request: HttpRequest) -> Membership | None:
    if request.COOKIES.get("parley_session") is None:
        return None
    person_id = request.session.get(SESSION_KEY)
    if person_id is None:
        return None
    reader = _acting(int(person_id), request.session.get(ACTING_AS))
    if reader is None or not _password_unchanged(request, reader.person):
        request.session.flush()
        return None
    request.session.note_seen()  # type: ignore[attr-defined]
    return reader


def _acting(person_id: int, chosen: int | None) -> Membership | None:
    """The chosen membership, or another of the person's when that one has ended."""
    found = acting_membership(person_id, chosen)
    return found if found or chosen is None else acting_membership(person_id)


def _membership_of(reader: Membership, key: str) -> Membership:
    known = key.isascii() and key.isdigit() and len(key) < 19
    found = acting_membership(reader.person_id, int(key)) if known else None
    if found is None:
        raise PermissionDenied
    return found


def _password_unchanged(request: HttpRequest, person: Person) -> bool:
    signed = request.session.get(HASH_SESSION_KEY, "")
    return constant_time_compare(signed, person.get_session_auth_hash())


def _language_asked_for(request: HttpRequest) -> str:
    return translation.get_language_from_request(request)


def zone_named(name: str) -> zoneinfo.ZoneInfo:
    """A person's time zone; UTC when there is none of that name any more."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def address_of_caller(request: HttpRequest) -> str:
    """The network address a request comes from: behind a trusted proxy the one it tells; or empty."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return ""
