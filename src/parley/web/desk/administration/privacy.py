"""What is kept of people, for administrators: rules of age, one person's data, erasure (P4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.parties.closing import NotOneself
from parley.parties.keeping_people import LastOne
from parley.parties.models import Person
from parley.parties.settling import settle
from parley.privacy.access import person_to_erase
from parley.privacy.erasing import ErasedAlready, NotConfirmed, belongings_of, erase, is_erased
from parley.privacy.exporting import export
from parley.privacy.retaining import (
    LEAST_DAYS,
    MOST_DAYS,
    RULES,
    Tried,
    rules_as_settled,
    try_rules,
)
from parley.web.desk.administration.sections import admins
from parley.web.reader import SignedInRequest, View, only_for

BELONGINGS = {
    "messages": gettext_lazy("Messages, which stay"),
    "held_replies": gettext_lazy("Held replies"),
    "unsent_replies": gettext_lazy("Replies not sent yet"),
    "unsent_files": gettext_lazy("Files not sent yet"),
    "drafts": gettext_lazy("Drafts"),
    "notices": gettext_lazy("Notices"),
    "notice_choices": gettext_lazy("Choices of notices"),
    "muted_tickets": gettext_lazy("Muted tickets"),
    "undeliverable_addresses": gettext_lazy("Addresses that mails come back from"),
    "reply_addresses": gettext_lazy("Addresses to answer by mail"),
    "mails": gettext_lazy("Mails, as they came"),
    "readings": gettext_lazy("What was read up to when"),
    "sessions": gettext_lazy("Places signed in"),
    "api_tokens": gettext_lazy("API tokens"),
    "messenger_keys": gettext_lazy("Keys of the messenger"),
    "support_pin": gettext_lazy("Support PIN"),
    "support_pin_uses": gettext_lazy("Uses of the support PIN"),
    "ways_back": gettext_lazy("Ways back after a lost second factor"),
    "invitations": gettext_lazy("Invitations"),
    "join_requests": gettext_lazy("Requests to join a company"),
    "second_factors": gettext_lazy("Second factors"),
    "mail_addresses": gettext_lazy("Mail addresses"),
    "single_sign_on": gettext_lazy("Single sign-on"),
}


def _admins_only(view: View) -> View:
    return only_for(admins, view)


@require_http_methods(["GET", "POST"])
@_admins_only
def privacy(request: SignedInRequest) -> HttpResponseBase:
    """The rules: `administration/privacy.html`; posted, they are settled. `?try` is the dry run.

    Context: `rules` (`retaining.Tried`, counted only in a dry run), `is_tried`, `typed` (key → text),
    `problems` (key → words), `least`, `most`.
    """
    if request.method == "POST":
        return _settle(request)
    is_tried = "try" in request.GET
    return _rules(request, try_rules() if is_tried else rules_as_settled(), is_tried=is_tried)


@require_GET
@_admins_only
def person(request: SignedInRequest, person: int) -> HttpResponseBase:
    """What is kept of one person: `administration/person_data.html`."""
    return _person(request, person)


@require_POST
@_admins_only
def person_export(request: SignedInRequest, person: int) -> HttpResponseBase:
    """Their data, to be sent to them."""
    try:
        archive = export(person, by=request.reader)
    except Person.DoesNotExist:
        raise Http404 from None
    return FileResponse(archive, as_attachment=True, filename=f"person-{person}.zip")


@require_POST
@_admins_only
def erasure(request: SignedInRequest, person: int) -> HttpResponseBase:
    """Erase them; `email` is typed to confirm."""
    try:
        erase(person, request.POST.get("email", ""), by=request.reader)
    except Person.DoesNotExist:
        raise Http404 from None
    except NotConfirmed:
        return _person(request, person, _("This is not their address. Type it as it stands above."))
    except NotOneself:
        return _person(request, person, _("Nobody erases themselves. Ask another administrator."))
    except LastOne:
        words = _("They alone keep their company. Make somebody else an owner first, or close it.")
        return _person(request, person, words)
    except ErasedAlready:
        return _person(request, person, _("They are erased already."))
    messages.success(request, _("They are erased."))
    return redirect("administration:person_data", person)


def _settle(request: SignedInRequest) -> HttpResponseBase:
    typed = {rule.key: request.POST.get(rule.key, "").strip() for rule in RULES}
    days = {key: _days(text) for key, text in typed.items()}
    words = _("Write a number of days between %(least)s and %(most)s, or nothing to keep it.") % {
        "least": LEAST_DAYS,
        "most": MOST_DAYS,
    }
    problems = {key: words for key, number in days.items() if number is None}
    if problems:
        return _rules(request, rules_as_settled(), typed=typed, problems=problems)
    for rule in RULES:
        settle(rule.days, days[rule.key] or 0, by=request.reader)
    messages.success(request, _("Saved. The next night keeps to it."))
    return redirect("administration:privacy")


def _days(text: str) -> int | None:
    """The days that are typed; 0 for nothing, None for what is no such number."""
    if not text:
        return 0
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return number if LEAST_DAYS <= number <= MOST_DAYS else None


def _rules(
    request: SignedInRequest,
    rules: list[Tried],
    *,
    is_tried: bool = False,
    typed: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "rules": rules,
        "is_tried": is_tried,
        "typed": typed or {one.rule.key: str(one.days or "") for one in rules},
        "problems": problems or {},
        "least": LEAST_DAYS,
        "most": MOST_DAYS,
    }
    return render(request, "administration/privacy.html", context, status=422 if problems else 200)


def _person(request: SignedInRequest, key: int, problem: str = "") -> HttpResponse:
    found = person_to_erase(key)
    if found is None:
        raise Http404
    counted = belongings_of(found)
    context = {
        "person": found,
        "is_erased": is_erased(found),
        "belongings": [
            (words, counted[name]) for name, words in BELONGINGS.items() if counted[name]
        ],
        "problem": problem,
    }
    return render(
        request, "administration/person_data.html", context, status=422 if problem else 200
    )
