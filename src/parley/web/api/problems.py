"""Everything that can go wrong, said the same way: RFC 9457 `application/problem+json`."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from math import ceil
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, Field

from parley.conversations.attaching import AttachmentGone, EmptyFile, FileTooLarge, MessageTooLarge
from parley.conversations.leafing import NoSuchLeaf
from parley.conversations.posting import NothingToSay, TooLong
from parley.conversations.repeating import KeyUsedOtherwise
from parley.conversations.scanning import FileNotTaken
from parley.guard.watching import OffPlatform
from parley.orders.cancelling import CancellingRefused
from parley.orders.declining import DecliningRefused
from parley.orders.keeping_reasons import ReasonUnknown
from parley.orders.models import Order
from parley.orders.noting import NoteRefused
from parley.orders.shipping import ShippingRefused
from parley.postgres.keysets import CursorUnreadable
from parley.tickets.assigning import NotAnAgent
from parley.tickets.ending import RatingRefused
from parley.tickets.filling import FieldsRefused
from parley.tickets.models import Ticket
from parley.tickets.opening import OpeningRefused, TooSoon
from parley.tickets.states import NotAllowed
from parley.web.api.shapes import TicketRef
from parley.web.files import AGAIN_SECONDS, KeptBack
from parley.web.saying import refusal_words

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:parley:problem:"
MOST_ERRORS = 20
"""So many faults of one request are listed; the rest shows when these are mended."""
_log = logging.getLogger("parley.api")


class Fault(BaseModel):
    """One thing that is wrong with a request, and where."""

    detail: str
    pointer: str | None = Field(default=None, description="JSON pointer into the body, with its #")
    parameter: str | None = Field(default=None, description="name of the query or path parameter")
    header: str | None = Field(default=None, description="name of the request header")


class StateNow(BaseModel):
    """Where a ticket stands that an action was refused on."""

    status: str
    turn: str
    dispute: str


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(examples=["urn:parley:problem:not-found"])
    title: str
    status: int
    detail: str | None = None
    errors: list[Fault] | None = Field(
        default=None, description="with 422: each fault, where it is"
    )
    state: StateNow | None = Field(
        default=None, description="with not-allowed-now: where the ticket stands"
    )
    ticket: TicketRef | None = Field(
        default=None, description="with too-soon: the one that is there"
    )
    found: list[str] | None = Field(
        default=None, description="with off-platform: the kinds of what leads away from here"
    )
    aware: str | None = Field(
        default=None, description="with off-platform: what to send along to say it all the same"
    )


class Refused(Exception):
    """Ends a request with a problem. `more` are members of `Problem`."""

    def __init__(
        self,
        status: int,
        name: str,
        title: str,
        detail: str | None = None,
        *,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(title)
        self.status, self.headers = status, headers or {}
        self.problem = Problem(type=TYPES + name, title=title, status=status, detail=detail, **more)


def refusals(*statuses: int) -> dict[Any, type[Problem]]:
    """The problems an operation may answer with, for its `response=`; the common ones included."""
    return dict.fromkeys(sorted({401, 404, 422, 429, *statuses}), Problem)


def answer(refused: Refused) -> HttpResponse:
    """The response that says so."""
    text = json.dumps(refused.problem.model_dump(exclude_none=True), ensure_ascii=False)
    # A detail may quote the request, and with it half a character that UTF-8 can't say.
    content = text.encode(errors="replace")
    return HttpResponse(
        content, status=refused.status, content_type=MEDIA_TYPE, headers=refused.headers
    )


def not_found() -> Refused:
    """For what is not there, and for what is somebody else's: the two can't be told apart."""
    return Refused(404, "not-found", _("There is nothing here."))


def not_allowed_method(allowed: str) -> Refused:
    """`allowed` is the value of the Allow header."""
    title = _("This address takes other methods.")
    return Refused(405, "method-not-allowed", title, allowed, headers={"Allow": allowed})


def out_of_scope(needed: str) -> Refused:
    """For what a token was not made for; `needed` is the scope that it lacks."""
    title = _("This token was not made for that.")
    headers = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{needed}"'}
    return Refused(403, "out-of-scope", title, needed, headers=headers)


def operators_only() -> Refused:
    """For what a seller or supplier asks on a ticket of their own, and only the operator may do."""
    return Refused(403, "operator-only", _("Only the operator's people can do this."))


def invalid(*faults: Fault) -> Refused:
    """For a request that is understood and not right, fault by fault."""
    title = _("The request is not right yet.")
    return Refused(422, "invalid", title, errors=list(faults[:MOST_ERRORS]))


def at(field: str, detail: str) -> Fault:
    """A fault of one field of the body."""
    return Fault(detail=detail, pointer=f"#/{field}")


def unsupported(wanted: str) -> Refused:
    """For a body of another media type than `wanted`."""
    title = _("The body has the wrong media type.")
    detail = _("Send it as %(type)s.") % {"type": wanted}
    return Refused(415, "unsupported-media-type", title, detail, headers={"Accept": wanted})


def too_many(retry_after: int) -> Refused:
    """For a token that has asked too often; `retry_after` in seconds."""
    title = _("Too many requests with this token.")
    return Refused(429, "too-many-requests", title, headers={"Retry-After": str(retry_after)})


def _unauthenticated(request: HttpRequest, _exc: Exception) -> Refused:
    if "Authorization" not in request.headers:
        challenge = 'Bearer realm="parley"'
        detail = _("Send a token: Authorization: Bearer parley_…")
    else:
        challenge = 'Bearer realm="parley", error="invalid_token"'
        detail = _("The token is unknown or has been revoked.")
    title = _("This needs a valid token.")
    headers = {"WWW-Authenticate": challenge}
    return Refused(401, "unauthenticated", title, detail, headers=headers)


def _validation(_request: HttpRequest, exc: ValidationError) -> Refused:
    return invalid(*(_fault(error) for error in exc.errors))


def _fault(error: dict[str, Any]) -> Fault:
    source, *path = error["loc"]
    detail = str(error["msg"]).removeprefix("Value error, ")
    if source == "body":
        # The first step is the name of the function's own parameter.
        return Fault(detail=detail, pointer="#" + "".join(f"/{_escaped(p)}" for p in path[1:]))
    if source == "file":
        return Fault(detail=detail, pointer=f"#/{path[0]}")
    # Before the parameter's name may stand the function's own one; behind it, a place in a list.
    name = [step for step in path if isinstance(step, str)][-1]
    return Fault(detail=detail, **{"header" if source == "header" else "parameter": name})


def _escaped(step: object) -> str:
    """One step of a JSON pointer (RFC 6901), of a name that somebody else chose."""
    from urllib.parse import quote

    text = str(step)[:100].encode(errors="replace").decode()
    return quote(text.replace("~", "~0").replace("/", "~1"))


def _http_error(_request: HttpRequest, exc: HttpError) -> Refused:
    # ninja wraps whatever its parser raises: what is ours is the cause.
    if isinstance(exc.__cause__, Refused):
        return exc.__cause__
    return Refused(400, "unreadable", _("The request can't be read."), str(exc))


def _unreadable(_request: HttpRequest, exc: Exception) -> Refused:
    return Refused(400, "unreadable", _("The request can't be read."), str(exc)[:200])


def _too_large(_request: HttpRequest, exc: Exception) -> Refused:
    title = _("That is too large.")
    detail = refusal_words(exc) if isinstance(exc, FileTooLarge) else None
    return Refused(413, "too-large", title, detail)


def _kept_back(_request: HttpRequest, exc: KeptBack) -> Refused:
    if exc.waits:
        title = _("The file is being checked for viruses.")
        return Refused(
            409, "file-being-checked", title, headers={"Retry-After": str(AGAIN_SECONDS)}
        )
    return Refused(403, "file-kept-back", _("The file is kept from everyone."), exc.found or None)


def _not_allowed_now(_request: HttpRequest, exc: NotAllowed) -> Refused:
    status, turn, dispute = exc.state
    return Refused(
        409,
        "not-allowed-now",
        _("This can't be done to the ticket as it stands."),
        _("The ticket's `actions` say what can be done."),
        state=StateNow(status=status.value, turn=turn.value, dispute=dispute.value),
    )


def _too_soon(_request: HttpRequest, exc: TooSoon) -> Refused:
    # Not 429: a program that waits and repeats by itself would open the same ticket again, where
    # the person should read the one that is there.
    seconds = max(1, ceil(exc.wait.total_seconds()))
    return Refused(
        409,
        "too-soon",
        _("There is a ticket on this topic already."),
        _("%(number)s was opened a moment ago. Reply there, or wait %(minutes)s min.")
        % {"number": exc.ticket.number, "minutes": ceil(seconds / 60)},
        headers={"Retry-After": str(seconds)},
        ticket=TicketRef.of(exc.ticket),
    )


def _not_this_order(_request: HttpRequest, exc: CancellingRefused) -> Refused:
    title = _("This can't be done to the order as it stands.")
    return Refused(409, "order-not-allowed-now", title, str(exc))


def _fields_refused(
    _request: HttpRequest, exc: OpeningRefused | ShippingRefused | DecliningRefused
) -> Refused:
    return invalid(*(_fault_of(field, detail) for field, detail in exc.problems.items()))


def _fault_of(field: str, detail: str) -> Fault:
    """Of a custom field, which the room calls `field-12`, the body has no place of its own."""
    key = field.removeprefix("field-")
    return at(field, detail) if key == field else _custom(int(key), detail)


def _custom(key: int, detail: str) -> Fault:
    words = _("Field %(number)s: %(words)s") % {"number": key, "words": detail}
    return at("fields", words if key else detail)


def _not_filled_in(_request: HttpRequest, exc: FieldsRefused) -> Refused:
    return invalid(*(_custom(key, detail) for key, detail in exc.problems.items()))


def _said_wrong(field: str) -> Callable[[HttpRequest, Exception], Refused]:
    return lambda _request, exc: invalid(at(field, refusal_words(exc)))


def _off_platform(_request: HttpRequest, exc: OffPlatform) -> Refused:
    return Refused(
        422,
        "off-platform",
        _("Keep it here, so that you are protected."),
        refusal_words(exc),
        found=exc.kinds,
        aware=exc.aware,
    )


def _cursor_unreadable(_request: HttpRequest, _exc: Exception) -> Refused:
    detail = _("Take the cursor from a page, as it is.")
    return invalid(Fault(detail=detail, parameter="cursor"))


def _key_used(_request: HttpRequest, _exc: KeyUsedOtherwise) -> Refused:
    detail = _("This key came with another request before; a new request needs a new key.")
    return Refused(
        422,
        "idempotency-key-reused",
        _("The key has been used."),
        errors=[Fault(detail=detail, header="Idempotency-Key")],
    )


def _broken(request: HttpRequest, exc: Exception) -> Refused:
    got_request_exception.send(sender=None, request=request)
    _log.error("%s %s failed", request.method, request.path, exc_info=exc)
    title = _("Something broke on our side.")
    return Refused(500, "broken", title, _("It has been noted. Nothing was changed."))


HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], Refused]] = {
    Refused: lambda _request, exc: exc,
    AuthenticationError: _unauthenticated,
    ValidationError: _validation,
    HttpError: _http_error,
    Http404: lambda _request, _exc: not_found(),
    Ticket.DoesNotExist: lambda _request, _exc: not_found(),
    Order.DoesNotExist: lambda _request, _exc: not_found(),
    RequestDataTooBig: _too_large,
    FileTooLarge: _too_large,
    MessageTooLarge: _too_large,
    SuspiciousOperation: _unreadable,
    MultiPartParserError: _unreadable,
    UnreadablePostError: _unreadable,
    NotAllowed: _not_allowed_now,
    TooSoon: _too_soon,
    OpeningRefused: _fields_refused,
    FieldsRefused: _not_filled_in,
    ShippingRefused: _fields_refused,
    DecliningRefused: _fields_refused,
    CancellingRefused: _not_this_order,
    ReasonUnknown: lambda _request, exc: invalid(at("reason", str(exc))),
    NoteRefused: lambda _request, exc: invalid(at("text", str(exc))),
    OffPlatform: _off_platform,
    NothingToSay: _said_wrong("text"),
    TooLong: _said_wrong("text"),
    EmptyFile: _said_wrong("file"),
    AttachmentGone: _said_wrong("attachments"),
    FileNotTaken: _said_wrong("attachments"),
    KeptBack: _kept_back,
    RatingRefused: lambda _request, exc: invalid(at("comment", str(exc))),
    NotAnAgent: lambda _request, _exc: invalid(
        at("person", _("Nobody of your team has this number."))
    ),
    CursorUnreadable: _cursor_unreadable,
    NoSuchLeaf: _cursor_unreadable,
    KeyUsedOtherwise: _key_used,
    Exception: _broken,
}
"""What each exception is told as. ninja takes the nearest class."""
