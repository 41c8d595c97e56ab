"""The guard at the desk: replies that wait to be looked at, and what was flagged (T13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.conversations.attaching import AttachmentGone, MessageTooLarge
from parley.conversations.models import Attachment
from parley.conversations.scanning import FileInfected
from parley.guard.access import files_held, flags_newest_first, held_decided, held_waiting
from parley.guard.models import Flag, HeldReply
from parley.guard.reviewing import (
    DecidedAlready,
    ReasonRefused,
    SenderGone,
    decline,
    release,
)
from parley.tickets.models import Ticket
from parley.tickets.states import NotAllowed
from parley.web.guarding import marked
from parley.web.reader import SignedInRequest, operator_only
from parley.web.saying import refusal_words

MOST_WAITING = 50
MOST_DECIDED = 20
MOST_FLAGS = 40


@dataclass(frozen=True)
class Waiting:
    """A held reply as the page shows it: in pieces (words, kind), with its files."""

    held: HeldReply
    pieces: list[tuple[str, str]]
    files: list[Attachment]


@require_GET
@operator_only
def held(request: SignedInRequest) -> HttpResponseBase:
    """What waits, and what became of the last ones: `desk/held.html`."""
    return _page(request)


@require_POST
@operator_only
def releasing(request: SignedInRequest, held: int) -> HttpResponseBase:
    """Send it as its sender's."""
    return _decide(request, held, lambda: release(held, by=request.reader), _("It is sent."))


@require_POST
@operator_only
def declining(request: SignedInRequest, held: int) -> HttpResponseBase:
    """Don't send it; `reason` is told to its sender."""
    reason = request.POST.get("reason", "")
    try:
        return _decide(
            request,
            held,
            lambda: decline(held, reason, by=request.reader),
            _("It is not sent, and its sender reads why."),
        )
    except ReasonRefused as refusal:
        return _page(request, refused=held, typed=reason, problem=str(refusal))


@require_GET
@operator_only
def flags(request: SignedInRequest) -> HttpResponseBase:
    """What was sent and leads away, the newest first: `desk/flags.html`.

    Context: `rows` (pairs of a flag and its pieces), `older` (the cursor of the next page, or empty).
    """
    before = request.GET.get("before", "")
    rows = flags_newest_first()
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(message__lt=int(before))
    found = list(rows.order_by("-message")[: MOST_FLAGS + 1])
    shown = found[:MOST_FLAGS]
    context = {
        "rows": [(flag, pieces_of(flag)) for flag in shown],
        "older": str(shown[-1].pk) if len(found) > MOST_FLAGS else "",
    }
    return render(request, "desk/flags.html", context)


def pieces_of(flag: Flag) -> list[tuple[str, str]]:
    """A flagged message in pieces."""
    return marked(flag.message.text, flag.findings)


def _page(
    request: SignedInRequest, *, refused: int = 0, typed: str = "", problem: str = ""
) -> HttpResponse:
    waiting = list(held_waiting()[:MOST_WAITING])
    files = files_held(waiting)
    context = {
        "waiting": [
            Waiting(one, marked(one.text, one.findings), files.get(one.pk, [])) for one in waiting
        ],
        "decided": list(held_decided()[:MOST_DECIDED]),
        "refused": refused,
        "typed": typed,
        "problem": problem,
    }
    return render(request, "desk/held.html", context, status=422 if problem else 200)


def _decide(
    request: SignedInRequest, key: int, act: Callable[[], object], done: str
) -> HttpResponseBase:
    try:
        act()
    except (HeldReply.DoesNotExist, Ticket.DoesNotExist):
        raise Http404 from None
    except DecidedAlready:
        messages.error(
            request, _("Somebody has looked at it meanwhile, or its sender took it back.")
        )
    except SenderGone:
        messages.error(
            request,
            _("Its sender acts for that company no more. Decline it, so that it is settled."),
        )
    except AttachmentGone:
        messages.error(request, _("One of its files is not there any more. Decline it, saying so."))
    except (FileInfected, MessageTooLarge) as refusal:
        messages.error(request, refusal_words(refusal))
    except NotAllowed:
        messages.error(
            request, _("The ticket has moved on and takes no such reply. Decline it, saying so.")
        )
    else:
        messages.success(request, done)
    return redirect("desk:held")
