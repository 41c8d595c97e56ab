"""Verifying at the desk that somebody is who they say, by the support PIN they quote (P2)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from parley.parties.models import Person, PinOutcome, PinWay
from parley.parties.pinning import TooManyTries, last_verified, person_to_verify, try_pin
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import Ticket
from parley.tickets.verifying import NotOnTheTicket, people_to_verify, verify
from parley.web.desk.more import more_again
from parley.web.reader import SignedInRequest, operator_only


@require_http_methods(["GET", "POST"])
@operator_only
def verification(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Check a PIN on a ticket: `desk/_verify_dialog.html` for htmx, or else `desk/verify.html`.

    Context: `ticket`, `people` (memberships), `chosen` (a person's id), `problem` (why not).
    """
    ticket = tickets_visible_to(request.reader).filter(pk=number).first()
    if ticket is None:
        raise Http404
    if request.method == "GET":
        return _asked(request, ticket)
    person_id = _id(request.POST.get("person", ""))
    try:
        outcome = verify(number, person_id, request.POST.get("pin", ""), by=request.reader)
    except NotOnTheTicket:
        return _asked(request, ticket, person_id, _("Pick who it is."))
    except TooManyTries as refusal:
        return _asked(request, ticket, person_id, refusal_words(refusal))
    if outcome != PinOutcome.RIGHT:
        return _asked(request, ticket, person_id, outcome_words(outcome))
    messages.success(request, _("The PIN is right: they are who they say."))
    return more_again(request, number)


@require_http_methods(["GET", "POST"])
@operator_only
def person_verification(request: SignedInRequest, person: int) -> HttpResponseBase:
    """Check a PIN of a person, beside everything else about them: for htmx `desk/_verify_person.html`.

    Context: `person`, `verified` (the last time, or None), `problem` (why not), `right` (just now).
    """
    found = person_to_verify(person)
    if found is None:
        raise Http404
    if request.method == "GET":
        return _person(request, found)
    try:
        outcome = try_pin(person, request.POST.get("pin", ""), by=request.reader, way=PinWay.PERSON)
    except TooManyTries as refusal:
        return _person(request, found, refusal_words(refusal))
    if outcome != PinOutcome.RIGHT:
        return _person(request, found, outcome_words(outcome))
    return _person(request, found, right=True)


def outcome_words(outcome: PinOutcome) -> str:
    """Why a PIN does not do, and what to do."""
    if outcome == PinOutcome.EXPIRED:
        return _("This was their PIN, and it has expired. Ask them for the one they see now.")
    return _("This is not their PIN. Ask them to read it out once more.")


def refusal_words(refusal: TooManyTries) -> str:
    """From when on a PIN can be tried again."""
    words = (
        ngettext(
            "You have typed too many wrong PINs. Try again in %(num)s minute.",
            "You have typed too many wrong PINs. Try again in %(num)s minutes.",
            refusal.minutes,
        )
        if refusal.of_agent
        else ngettext(
            "Too many wrong PINs were typed for this person. Try again in %(num)s minute.",
            "Too many wrong PINs were typed for this person. Try again in %(num)s minutes.",
            refusal.minutes,
        )
    )
    return words % {"num": refusal.minutes}


def _asked(
    request: SignedInRequest, ticket: Ticket, chosen: int = 0, problem: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "ticket": ticket,
        "people": people_to_verify(ticket),
        "chosen": chosen,
        "problem": problem,
    }
    template = "desk/_verify_dialog.html" if request.htmx else "desk/verify.html"
    return render(request, template, context, status=422 if problem else 200)


def _person(
    request: SignedInRequest, person: Person, problem: str = "", *, right: bool = False
) -> HttpResponse:
    context = {
        "person": person,
        "verified": last_verified(person.pk),
        "problem": problem,
        "right": right,
    }
    template = "desk/_verify_person.html" if request.htmx else "desk/verify_person.html"
    return render(request, template, context)


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
