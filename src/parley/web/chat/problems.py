"""What can go wrong in the messenger, said the same way: RFC 9457 `application/problem+json`."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.assistant.models import Question
from parley.conversations.attaching import AttachmentGone, EmptyFile, FileTooLarge
from parley.conversations.posting import NothingToSay, TooLong
from parley.conversations.scanning import FileNotTaken
from parley.guard.watching import OffPlatform
from parley.messenger.limiting import TooMany
from parley.messenger.models import Chat
from parley.parties.models import Membership, PartyKind
from parley.postgres.keysets import CursorUnreadable
from parley.tickets.ending import RatingRefused
from parley.tickets.models import Ticket
from parley.tickets.opening import OpeningRefused, TooSoon
from parley.tickets.states import NotAllowed
from parley.web.acting import ticket_address
from parley.web.files import KeptBack, kept_back_words
from parley.web.saying import refusal_words

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:parley:problem:"
_log = logging.getLogger("parley.messenger")


class Problem(Exception):
    """Ends a request. `more` are further members: `detail`, `field`, `link`, `conversation`, `wait`."""

    def __init__(self, status: int, title: str, **more: Any) -> None:
        super().__init__(title)
        self.status, self.title, self.more = status, title, more


def answer_of(request: HttpRequest, trouble: Exception, reader: Membership | None) -> HttpResponse:
    """The answer that says what went wrong; what is ours to mend is noted, and told as such."""
    for kind, tell in TOLD.items():
        if isinstance(trouble, kind):
            problem = tell(trouble, reader)
            break
    else:
        problem = _broken(request, trouble)
    said = {"type": f"{TYPES}{problem.status}", "title": problem.title, "status": problem.status}
    text = json.dumps({**said, **problem.more}, ensure_ascii=False)
    # A detail may quote the request, and with it half a character that UTF-8 can't say.
    response = HttpResponse(
        text.encode(errors="replace"), status=problem.status, content_type=MEDIA_TYPE
    )
    if wait := problem.more.get("wait"):
        response.headers["Retry-After"] = str(wait)
    if allowed := problem.more.get("allowed"):
        response.headers["Allow"] = allowed
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="parley messenger"'
    return response


def _itself(trouble: Problem, _reader: Membership | None) -> Problem:
    return trouble


def _not_found(_trouble: Exception, _reader: Membership | None) -> Problem:
    return Problem(404, _("There is nothing here."))


def _denied(_trouble: Exception, _reader: Membership | None) -> Problem:
    return Problem(403, _("This is not yours to do."))


def _too_large(trouble: Exception, _reader: Membership | None) -> Problem:
    if isinstance(trouble, FileTooLarge):
        return Problem(413, refusal_words(trouble), field="files")
    return Problem(413, _("That is too large."))


def _unreadable(_trouble: Exception, _reader: Membership | None) -> Problem:
    return Problem(400, _("The request can't be read."))


def _said_wrong(field: str) -> Callable[[Exception, Membership | None], Problem]:
    return lambda trouble, _reader: Problem(422, refusal_words(trouble), field=field)


def _kept_back(trouble: KeptBack, _reader: Membership | None) -> Problem:
    return Problem(409 if trouble.waits else 403, kept_back_words(trouble))


def _not_allowed(trouble: Exception, _reader: Membership | None) -> Problem:
    return Problem(409, refusal_words(trouble))


def _fields(trouble: OpeningRefused, _reader: Membership | None) -> Problem:
    field, words = next(iter(trouble.problems.items()))
    return Problem(422, words, field=field, problems=trouble.problems)


def _rating(trouble: RatingRefused, _reader: Membership | None) -> Problem:
    return Problem(422, str(trouble), field="comment")


def _cursor(_trouble: Exception, _reader: Membership | None) -> Problem:
    return Problem(422, _("The request is not right yet."), field="before")


def _too_many(trouble: TooMany, _reader: Membership | None) -> Problem:
    seconds = trouble.wait
    if seconds < 90:
        words = ngettext("Try again in %(n)s second.", "Try again in %(n)s seconds.", seconds) % {
            "n": seconds
        }
    else:
        minutes = ceil(seconds / 60)
        words = ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes) % {
            "n": minutes
        }
    return Problem(429, _("That was a lot at once."), detail=words, wait=seconds)


def _too_soon(trouble: TooSoon, reader: Membership | None) -> Problem:
    """Names the ticket that is there, and the way to go on in it (T5)."""
    ticket, seconds = trouble.ticket, max(1, ceil(trouble.wait.total_seconds()))
    minutes = ceil(seconds / 60)
    has_pages = reader is not None and reader.party.kind != PartyKind.VISITOR
    return Problem(
        409,
        _("There is a ticket from the messenger already: %(number)s.") % {"number": ticket.number},
        detail=ngettext(
            "Write there, and it is read together. A new one can be opened in %(n)s minute. What "
            "you wrote is kept.",
            "Write there, and it is read together. A new one can be opened in %(n)s minutes. What "
            "you wrote is kept.",
            minutes,
        )
        % {"n": minutes},
        number=ticket.number,
        conversation=ticket.conversation_id,
        link=ticket_address(reader, ticket.pk) if reader and has_pages else reverse("chat:page"),
        wait=seconds,
    )


def _broken(request: HttpRequest, trouble: Exception) -> Problem:
    got_request_exception.send(sender=None, request=request)
    _log.error("%s %s failed", request.method, request.path, exc_info=trouble)
    return Problem(
        500, _("Something broke on our side."), detail=_("It has been noted. Nothing was changed.")
    )


def _off_platform(trouble: OffPlatform, _reader: Membership | None) -> Problem:
    """Warns; tried again with `aware`, it is sent."""
    detail = _("Try again to send it all the same.")
    if trouble.holds:
        detail = _("Try again to send it all the same: it is looked at by the operator first.")
    return Problem(422, refusal_words(trouble), detail=detail, field="text", aware=trouble.aware)


TOLD: dict[type[Exception], Callable[[Any, Membership | None], Problem]] = {
    Problem: _itself,
    Http404: _not_found,
    Chat.DoesNotExist: _not_found,
    Ticket.DoesNotExist: _not_found,
    Question.DoesNotExist: _not_found,
    PermissionDenied: _denied,
    RequestDataTooBig: _too_large,
    FileTooLarge: _too_large,
    SuspiciousOperation: _unreadable,
    MultiPartParserError: _unreadable,
    UnreadablePostError: _unreadable,
    OffPlatform: _off_platform,
    NothingToSay: _said_wrong("text"),
    TooLong: _said_wrong("text"),
    EmptyFile: _said_wrong("files"),
    AttachmentGone: _said_wrong("files"),
    FileNotTaken: _said_wrong("files"),
    KeptBack: _kept_back,
    NotAllowed: _not_allowed,
    OpeningRefused: _fields,
    TooSoon: _too_soon,
    RatingRefused: _rating,
    CursorUnreadable: _cursor,
    TooMany: _too_many,
}
"""What each refusal is told as; whatever is not here is ours to mend."""
