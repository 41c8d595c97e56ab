"""The one way in to the messenger's addresses: who asks, from where, and how they are answered.

Two ways to say who one is, never both. On our own pages the session's cookie does, with a CSRF token
for whatever changes something. Elsewhere, and for visitors, a key in `Authorization: Bearer …` does;
then cookies are not looked at. Pages of other origins are let in by CORS (Fetch standard) for the
origins of sites that the operator has named, and never with cookies.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    RawPostDataException,
)
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from parley.messenger.keeping_sites import is_of_a_site
from parley.messenger.limiting import NEWCOMERS_OF_ADDRESS, spend
from parley.messenger.models import Site
from parley.messenger.visiting import Caller, arrive, caller_of
from parley.parties.models import Membership
from parley.web.chat.problems import Problem, answer_of
from parley.web.reader import address_of_caller, zone_named

METHODS = "GET, POST, DELETE"
HEADERS = "Authorization, Content-Type"
PREFLIGHT_HOLDS_FOR = 7200
MOST_FILES = 20
_SCHEME = "bearer "
_OURS = ("same-origin", "none")


@dataclass
class Asking:
    """A request to the messenger: who asks (None: nobody has said), and from which origin, if not ours."""

    request: HttpRequest
    caller: Caller | None
    origin: str = ""

    @property
    def reader(self) -> Membership | None:
        """The membership they act as; None for somebody new."""
        return self.caller.membership if self.caller else None

    @property
    def known(self) -> Membership:
        """The same, where nobody new can be meant: they have nothing yet that could be there."""
        if self.reader is None:
            raise Problem(404, _("There is nothing here."))
        return self.reader

    @property
    def site(self) -> Site | None:
        """The site they ask from."""
        return self.caller.site if self.caller else None

    def arrived(self) -> Membership:
        """The membership they act as, made now for somebody new."""
        assert self.caller is not None
        if not self.caller.is_known:
            spend("new", self.address, NEWCOMERS_OF_ADDRESS)
        return arrive(self.caller)

    @cached_property
    def address(self) -> str:
        """The network address they ask from."""
        return address_of_caller(self.request)

    @cached_property
    def body(self) -> Body:
        """What was sent. Raises Problem for what is no JSON object."""
        try:
            read = json.loads(self.request.body or b"{}")
        except (ValueError, RecursionError, RawPostDataException):
            raise Problem(400, _("The request can't be read.")) from None
        if not isinstance(read, dict):
            raise Problem(400, _("The request can't be read."))
        return Body(read)


@dataclass
class Body:
    """The fields of a JSON object; each of its kind, or refused."""

    fields: dict[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A text; empty where there is none."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise Problem(422, _("The request is not right yet."), field=name)
        return value

    def number(self, name: str) -> int:
        """A whole number; 0 where there is none."""
        value = self.fields.get(name)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 1 << 62:
            raise Problem(422, _("The request is not right yet."), field=name)
        return value

    def key(self, name: str) -> uuid.UUID | None:
        """A UUID, if there is one."""
        value = self.text(name)
        return _uuid(value, name) if value else None

    def keys(self, name: str) -> list[uuid.UUID]:
        """A list of UUIDs."""
        value = self.fields.get(name) or []
        if not isinstance(value, list) or len(value) > MOST_FILES:
            raise Problem(422, _("The request is not right yet."), field=name)
        return [_uuid(one if isinstance(one, str) else "", name) for one in value]


def _uuid(text: str, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Problem(422, _("The request is not right yet."), field=name) from None


Answer = HttpResponseBase | Mapping[str, Any]
View = Callable[..., Answer]


def address(*, is_for_anybody: bool = False, **by_method: View) -> Callable[..., HttpResponseBase]:
    """One address: what answers each method. `is_for_anybody`: also those who have not said who they are."""

    @csrf_exempt
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        origin = _foreign_origin(request)
        if request.method == "OPTIONS":
            return _preflight(origin)
        asking = Asking(request, None, origin)
        try:
            view = by_method.get("GET" if request.method == "HEAD" else request.method or "")
            if view is None:
                allowed = ", ".join(sorted({*by_method, "OPTIONS"}))
                raise Problem(405, _("This address takes other methods."), allowed=allowed)
            asking.caller = _who_asks(request, origin, is_for_anybody=is_for_anybody)
            with as_they_read(asking):
                response = _whole(view(asking, *args, **kwargs))
        except Exception as trouble:  # noqa: BLE001 - every trouble is told the same way
            with as_they_read(asking):
                response = answer_of(request, trouble, asking.reader)
        return _with_headers(asking, response)

    return answered


def _whole(answer: Answer) -> HttpResponseBase:
    if isinstance(answer, HttpResponseBase):
        return answer
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


def made(answer: Mapping[str, Any]) -> HttpResponse:
    """The answer for what has been made (201)."""
    return JsonResponse(answer, status=201, json_dumps_params={"ensure_ascii": False})


def nothing() -> HttpResponse:
    """The answer for what was done (204)."""
    return HttpResponse(status=204)


def _foreign_origin(request: HttpRequest) -> str:
    """The origin of the page that asks, where it is not one of ours; empty where it is, or is no page."""
    origin = request.headers.get("Origin", "")
    own = (f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS)
    return "" if not origin or origin in own else origin


def _preflight(origin: str) -> HttpResponse:
    """What a browser asks before it sends a page's request: whether pages of that origin may."""
    if not origin or not is_of_a_site(origin):
        return _never_alike(HttpResponse(status=403))
    response = HttpResponse(status=204)
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Allow-Methods"] = METHODS
    response.headers["Access-Control-Allow-Headers"] = HEADERS
    response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_HOLDS_FOR)
    return _never_alike(response)


def _never_alike(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["Origin"])
    return response


def _who_asks(request: HttpRequest, origin: str, *, is_for_anybody: bool) -> Caller | None:
    """Raises Problem: 401 for nobody, 403 for a page of an origin that may not ask for them."""
    shown = request.headers.get("Authorization", "")
    if shown:
        key = shown[len(_SCHEME) :].strip() if shown.lower().startswith(_SCHEME) else ""
        caller = caller_of(key)
        if caller is None:
            if is_for_anybody:
                return None
            raise _nobody()
        if origin and (caller.site is None or origin not in caller.site.origins):
            raise Problem(403, _("The messenger is not meant for this site."))
        return caller
    reader: Membership | None = getattr(request, "reader", None)
    if origin or reader is None or not _is_from_our_page(request):
        if is_for_anybody:
            return None
        raise _nobody()
    if request.method not in ("GET", "HEAD") and not is_for_anybody:
        _check_csrf(request)
    person = reader.person
    return Caller("", reader, None, person.language, person.time_zone)


def _nobody() -> Problem:
    return Problem(401, _("Begin anew: the messenger does not know you any more."))


def _is_from_our_page(request: HttpRequest) -> bool:
    """Whether it was our own page that asked, as far as the browser says (Fetch metadata)."""
    return request.headers.get("Sec-Fetch-Site", "none") in _OURS


def _check_csrf(request: HttpRequest) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return nothing()

    if CsrfViewMiddleware(view).process_view(request, view, (), {}) is not None:
        raise Problem(403, _("This page has been open for too long. Load it again."))


@contextmanager
def as_they_read(asking: Asking) -> Iterator[None]:
    """Language and zone of whoever asks, for as long as they are answered."""
    caller = asking.caller
    language = caller.language if caller else translation.get_language()
    zone = zone_named(caller.time_zone if caller else "UTC")
    with translation.override(language or settings.LANGUAGE_CODE), timezone.override(zone):
        yield


def _with_headers(asking: Asking, response: HttpResponseBase) -> HttpResponseBase:
    patch_vary_headers(cast(HttpResponse, response), ["Origin", "Authorization", "Cookie"])
    response.headers.setdefault("Cache-Control", "private, no-store")
    if asking.origin and _may_read(asking):
        response.headers["Access-Control-Allow-Origin"] = asking.origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _may_read(asking: Asking) -> bool:
    """Whether a page of that origin may read the answer; of what is told to nobody, any site's may."""
    if asking.caller is not None and asking.site is not None:
        return asking.origin in asking.site.origins
    return is_of_a_site(asking.origin)
