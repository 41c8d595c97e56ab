"""The mail that came in: what waits for somebody, and all of it with what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parley.mailboxes.finding import Wanted, find_mails, how_many_to_look_at, to_look_at
from parley.mailboxes.models import Outcome, RawMail
from parley.parties.finding import names_of_people
from parley.postgres.keysets import CursorUnreadable, Page
from parley.tickets.finding import MOST_COUNTED
from parley.tickets.models import NUMBER_FORMAT
from parley.web.desk.counting import shown
from parley.web.desk.mail.words import became_in_words, look_of, reason_in_words
from parley.web.filtering import Chip, number_in
from parley.web.reader import SignedInRequest, operator_only

_NAMES = ("outcome", "q", "person", "ticket", "mailbox")


@dataclass(frozen=True)
class Line:
    """A mail as a list shows it: `tone` and `face` of what became of it, `why` in words."""

    mail: RawMail
    tone: str
    face: str
    words: str
    why: str


@require_GET
@operator_only
def mails(request: SignedInRequest) -> HttpResponseBase:
    """All of it, the latest first: `mail/mails.html`. Raises Http404 for a cursor nobody gave.

    Context: `tab`, `lines`, `outcomes` (pairs), `wanted` (the filters as typed), `chips`, `older`,
    `newer` (addresses, or empty), `waiting` (how many wait for somebody, in words).
    """
    wanted = _wanted(request)
    page = _page(request, lambda cursor: find_mails(request.reader, wanted, cursor=cursor))
    context = {
        **_context(request, page, "all"),
        "outcomes": Outcome.choices,
        "wanted": {name: request.GET.get(name, "") for name in _NAMES},
        "chips": _chips(request, wanted),
    }
    return render(request, "mail/mails.html", context)


@require_GET
@operator_only
def review(request: SignedInRequest) -> HttpResponseBase:
    """What waits for somebody: `mail/mails.html`. Context: as `mails`, without filters."""
    page = _page(request, lambda cursor: to_look_at(request.reader, cursor=cursor))
    return render(request, "mail/mails.html", _context(request, page, "review") | {"chips": []})


def waiting_in_words(request: SignedInRequest) -> str:
    """How many wait for somebody, as a count is shown; empty for none."""
    many = how_many_to_look_at(request.reader, MOST_COUNTED)
    return shown(many) if many else ""


def _page(request: SignedInRequest, find: Any) -> Page[RawMail]:
    try:
        found: Page[RawMail] = find(request.GET.get("cursor", ""))
    except CursorUnreadable:
        raise Http404 from None
    return found


def _context(request: SignedInRequest, page: Page[RawMail], tab: str) -> dict[str, Any]:
    return {
        "tab": tab,
        "lines": [_line(one) for one in page.rows],
        "older": _address(request, cursor=page.older) if page.older else "",
        "newer": _address(request, cursor=page.newer) if page.newer else "",
        "waiting": waiting_in_words(request),
    }


def _line(mail: RawMail) -> Line:
    tone, face = look_of(mail.outcome)
    return Line(mail, tone, face, became_in_words(mail), reason_in_words(mail.reason))


def _wanted(request: SignedInRequest) -> Wanted:
    asked = request.GET.get("outcome", "")
    return Wanted(
        outcome=asked if asked in Outcome.values else "",
        words=request.GET.get("q", ""),
        person=number_in(request.GET.get("person")),
        ticket=number_in(request.GET.get("ticket")),
        mailbox=number_in(request.GET.get("mailbox")),
    )


def _chips(request: SignedInRequest, wanted: Wanted) -> list[Chip]:
    chips = []
    if wanted.outcome:
        chips.append(Chip(str(Outcome(wanted.outcome).label), _address(request, outcome="")))
    if words := wanted.words.replace("\x00", "").strip():
        chips.append(Chip(_("“%(words)s”") % {"words": words}, _address(request, q="")))
    if wanted.person is not None:
        name = names_of_people([wanted.person]).get(wanted.person, str(wanted.person))
        chips.append(Chip(name, _address(request, person="")))
    if wanted.ticket is not None:
        chips.append(Chip(NUMBER_FORMAT.format(wanted.ticket), _address(request, ticket="")))
    if wanted.mailbox is not None:
        chips.append(Chip(_("one mailbox"), _address(request, mailbox="")))
    return chips


def _address(request: SignedInRequest, **changed: str) -> str:
    kept = {name: request.GET.get(name, "") for name in _NAMES} | changed
    return f"?{urlencode({name: value for name, value in kept.items() if value})}"
