"""Asking for help: what to include, filled in as far as it is known, for a ticket or for a mail."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from parley.conversations.access import draft_of
from parley.conversations.drafting import keep_draft
from parley.conversations.typed import typed, typed_line
from parley.parties.contact import safety_notice, support_address
from parley.parties.models import Membership
from parley.tickets.opening import DRAFT
from parley.web.account.pin_section import pin_section
from parley.web.devices import device_and_version
from parley.web.reader import SignedInRequest
from parley.web.support.doors import companies_only

LONGEST_LINE = 200
LONGEST_ANSWER = 5_000
LONGEST_LINK = 1_800
"""Characters of a `mailto:` address that every mail program takes; a longer text is copied by hand."""


@dataclass(frozen=True)
class Ask:
    """One thing that is helpful to say: its field, the question, and an example."""

    name: str
    words: str | Promise
    example: str | Promise = ""
    long: bool = True


ASKS = (
    Ask("what", gettext_lazy("What happened"), gettext_lazy("The parcel has not moved since Leeds.")),
    Ask("since", gettext_lazy("Since when"), gettext_lazy("Tuesday, about noon"), long=False),
    Ask("steps", gettext_lazy("Steps to see it again"), gettext_lazy("1. Open the order. 2. Press Track.")),
    Ask("expected", gettext_lazy("What you expected"), long=False),
    Ask("actual", gettext_lazy("What came instead"), long=False),
    Ask("error", gettext_lazy("Error message, word for word"), long=False),
)  # fmt: skip
KNOWN = ("company", "email", "device", "order_number")
"""What fills itself in as far as Parley knows it."""


@require_GET
@companies_only
def contact(request: SignedInRequest) -> HttpResponseBase:
    """Every way to reach the operator: `support/contact.html`.

    Context: `address` (to write to), `notice` (the operator's own safety notice, or empty), `asks`,
    `filled` (field → text), `written` (the mail's text once it is asked for, or empty), `mailto`, and
    `pin_section` for the PIN.
    """
    asked = {"order_number": typed_line(request.GET.get("order", ""))[:60]}
    return render(request, "support/contact.html", _context(request, _known(request) | asked))


@require_POST
@companies_only
def request_written(request: SignedInRequest) -> HttpResponseBase:
    """Take what was filled in on: with `into` "ticket" into a new one, else into a mail's text."""
    filled = _filled(request)
    if request.POST.get("into") == "ticket":
        _into_draft(request.reader, filled)
        messages.success(request, _("Taken over. Pick what it is about, and open the ticket."))
        return redirect("portal:new_ticket")
    return _as_mail(request, filled)


def _as_mail(request: SignedInRequest, filled: dict[str, str]) -> HttpResponse:
    written = _text(filled, of_whom=True)
    context = _context(request, filled) | {"written": written}
    subject = _("Support request from %(company)s") % {"company": request.reader.party.name}
    words = f"subject={quote(subject)}&body={quote(written)}"
    fits = len(words) <= LONGEST_LINK
    context["mailto"] = f"mailto:{context['address']}?{words if fits else words.partition('&')[0]}"
    return render(request, "support/contact.html", context)


def _context(request: SignedInRequest, filled: Mapping[str, str]) -> dict[str, Any]:
    address = support_address()
    return {
        "address": address,
        "notice": safety_notice(),
        "asks": ASKS,
        "filled": dict.fromkeys([ask.name for ask in ASKS], "") | dict(filled),
        "written": "",
        "mailto": f"mailto:{address}",
        **pin_section(request),
    }


def _known(request: SignedInRequest) -> dict[str, str]:
    reader = request.reader
    return {
        "company": reader.party.name,
        "email": reader.person.email,
        "device": device_and_version(request.headers.get("User-Agent", "")),
        "order_number": "",
    }


def _filled(request: SignedInRequest) -> dict[str, str]:
    """What was filled in, without what no text may hold; whose account it is stays as we know it."""
    known = _known(request)
    lines = {name: typed_line(request.POST.get(name, ""))[:LONGEST_LINE] for name in KNOWN}
    answers = {
        ask.name: typed(request.POST.get(ask.name, "")).strip()[:LONGEST_ANSWER] for ask in ASKS
    }
    return lines | answers | {name: known[name] for name in ("company", "email")}


def _into_draft(reader: Membership, filled: Mapping[str, str]) -> None:
    """Put it into the draft of a new ticket, behind what stands there already."""
    draft = draft_of(reader, DRAFT)
    before, fields = (draft.text, dict(draft.fields)) if draft else ("", {})
    files = [uuid.UUID(file["pk"]) for file in draft.files] if draft else []
    # Whoever reads a ticket sees who opened it; the other company needs nobody's address.
    said = _text(filled, of_whom=False)
    if said and said not in before:
        before = f"{before.rstrip()}\n\n{said}".strip()
    if filled["order_number"]:
        fields |= {"order_number": filled["order_number"], "order": ""}
    keep_draft(reader, DRAFT, before, fields, files)


def _text(filled: Mapping[str, str], *, of_whom: bool) -> str:
    """What was filled in as plain text; nothing is said of what was left empty."""
    lines = [
        (_("Company"), filled["company"] if of_whom else ""),
        (_("Account e-mail"), filled["email"] if of_whom else ""),
        (_("Browser and device"), filled["device"]),
        (_("Order"), filled["order_number"] if of_whom else ""),
    ]
    head = "\n".join(f"{words}: {value}" for words, value in lines if value)
    answers = [f"{ask.words}:\n{filled[ask.name]}" for ask in ASKS if filled[ask.name]]
    parts = [head, *answers] if of_whom else [*answers, head]
    return "\n\n".join(part for part in parts if part)
