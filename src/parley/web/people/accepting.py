"""Accepting an invitation. Its link leads here once; from then on the session knows it, not the address.

So the secret stays neither in the address bar nor in what a page tells others of where it came from.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import (
    Login,
    perform_login,
    record_authentication,
)
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from parley.parties.accepting import (
    LONGEST_NAME,
    AccountClosed,
    HasAccount,
    NewPerson,
    PersonRefused,
    accept_as_known,
    accept_as_new,
    account_of,
    invitation_by,
)
from parley.parties.inviting import InvitationGone, digest_of
from parley.parties.models import Invitation, Membership, Person
from parley.web.acting import act_as

KEY = "invitation"
"""The session's key for the digest of the link that its browser has opened."""


@require_GET
def link(request: HttpRequest, secret: str) -> HttpResponseBase:
    """What the mail links to: notes the link in the session, and leads on without it."""
    request.session[KEY] = digest_of(secret)
    return redirect("invitation")


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest) -> HttpResponseBase:
    """`people/invitation.html`: what one is invited to, and what is needed for it; posted, it is done.

    Context: `invitation`, `way`: new (name and password), known (one click), other (somebody else is
    signed in here) or closed (the account was closed); `typed`, `problems`, `longest`. A link that
    works no longer is `people/invitation_gone.html`, with 410.
    """
    try:
        found = invitation_by(request.session.get(KEY, ""))
    except InvitationGone:
        return _gone(request)
    reader: Membership | None = request.reader  # type: ignore[attr-defined]
    language = reader.person.language if reader else found.language
    with translation.override(language):
        response = _answer(request, found, reader)
    response.headers["Content-Language"] = language
    return response


def _answer(request: HttpRequest, found: Invitation, reader: Membership | None) -> HttpResponseBase:
    way = _way(found, reader)
    if request.method == "GET" or way in ("other", "closed"):
        return _page(request, found, way)
    try:
        return _join(request, found) if way == "new" else _join_known(request, found, reader)
    except InvitationGone:
        return _gone(request)
    except (HasAccount, AccountClosed, Person.DoesNotExist):
        # Somebody has made or closed the account meanwhile: show what holds now.
        return _page(request, found, _way(found, reader))


def _way(found: Invitation, reader: Membership | None) -> str:
    if reader is not None and reader.person.email != found.email:
        return "other"
    try:
        return "known" if account_of(found) else "new"
    except AccountClosed:
        return "closed"


def _join(request: HttpRequest, found: Invitation) -> HttpResponseBase:
    typed = {name: request.POST.get(name, "") for name in ("name", "password", "time_zone")}
    try:
        membership = accept_as_new(found.digest, NewPerson(**typed, language=found.language))
    except PersonRefused as refusal:
        return _page(request, found, "new", typed, refusal.problems)
    request.session.pop(KEY, None)
    person = membership.person
    record_authentication(request, person, method="password", email=person.email)
    answer = perform_login(request, Login(user=person, redirect_url="/"))
    assert isinstance(answer, HttpResponseBase)
    messages.success(request, _welcome(found))
    return answer


def _join_known(
    request: HttpRequest, found: Invitation, reader: Membership | None
) -> HttpResponseBase:
    membership = accept_as_known(found.digest)
    request.session.pop(KEY, None)
    if reader is None:
        return render(request, "people/joined.html", {"party": found.party})
    act_as(request, membership)  # type: ignore[arg-type]
    messages.success(request, _welcome(found))
    return redirect("home")


def _welcome(found: Invitation) -> str:
    return _("You act for %(party)s from now on.") % {"party": found.party.name}


def _page(
    request: HttpRequest,
    found: Invitation,
    way: str,
    typed: dict[str, str] | None = None,
    problems: dict[str, list[str]] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "invitation": found,
        "way": way,
        "typed": typed or {"name": found.name, "time_zone": ""},
        "problems": {name: " ".join(words) for name, words in (problems or {}).items()},
        "longest": LONGEST_NAME,
    }
    return render(request, "people/invitation.html", context, status=422 if problems else 200)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "people/invitation_gone.html", status=410)
