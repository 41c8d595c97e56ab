"""A person's own settings: profile, what to be told of, API tokens, theme and language."""

from __future__ import annotations

import zoneinfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.notifications.access import ways_of
from parley.notifications.choosing import ChoiceUnknown, choose_ways, kinds_for
from parley.notifications.models import Kind, Way
from parley.parties.access import memberships_of, tokens_of
from parley.parties.changing import ProfileRefused, change_profile
from parley.parties.models import Membership, PartyKind, Person, Scope
from parley.parties.tokens import NoScopes, make_token, revoke_token
from parley.reports.scorecards import may_compare
from parley.web.reader import ACTING_AS, SignedInRequest, signed_in


@require_GET
@signed_in
def profile(request: SignedInRequest) -> HttpResponseBase:
    """`portal/settings.html`, with `tab` = profile, notifications or tokens.

    Context: `person`, `zones`, `kinds` (triples kind, words, way), `ways`, `tokens`, `new_token`
    (the secret just made, shown once), `memberships`, `scorecards` (whether there are any to see).
    """
    return _page(request)


def _page(request: SignedInRequest, status: int = 200, **more: object) -> HttpResponse:
    reader = request.reader
    chosen = ways_of(reader)
    context = {
        "person": reader.person,
        "zones": sorted(zoneinfo.available_timezones()),
        "kinds": [(kind.value, kind.label, chosen[kind.value]) for kind in kinds_for(reader)],
        "ways": Way.choices,
        "own_messages": Person.OwnMessages.choices,
        "tokens": list(tokens_of(reader)),
        "memberships": list(memberships_of(reader.person)),
        "scopes": Scope.choices,
        "scorecards": _sees_scorecards(reader),
        "new_token": None,
        "problems": {},
        **more,
    }
    return render(request, "portal/settings.html", context, status=status)


def _sees_scorecards(reader: Membership) -> bool:
    """Whether there is a scorecard for them: a supplier's own, or for sellers those of suppliers."""
    return reader.party.kind == PartyKind.SUPPLIER or may_compare(reader)


@require_POST
@signed_in
def person(request: SignedInRequest) -> HttpResponseBase:
    """Change name, language, time zone, and the side one's own messages stand on."""
    names = ("name", "language", "time_zone", "own_messages")
    changed = {name: request.POST[name] for name in names if name in request.POST}
    try:
        change_profile(request.reader.person, **changed)
    except ProfileRefused as refusal:
        return _page(request, status=422, problems=refusal.problems)
    with translation.override(request.reader.person.language):
        messages.success(request, _("Your settings are saved."))
    return redirect("settings")


@require_POST
@signed_in
def ways(request: SignedInRequest) -> HttpResponseBase:
    """Choose by which way one hears of each kind of notice by mail."""
    chosen = {kind: request.POST[kind] for kind in Kind.values if kind in request.POST}
    try:
        choose_ways(request.reader, chosen)
    except ChoiceUnknown:
        messages.error(request, _("Pick one of the ways for each kind."))
    else:
        messages.success(request, _("Your choice is saved."))
    return redirect("settings")


@require_POST
@signed_in
def tokens(request: SignedInRequest) -> HttpResponseBase:
    """Make an API token; its secret is on the page that answers, and nowhere ever again."""
    name = request.POST.get("name", "").replace("\x00", "").strip() or _("Token")
    scopes = request.POST.getlist("scope") if "narrowed" in request.POST else None
    try:
        _token, secret = make_token(request.reader, name, scopes)
    except NoScopes:
        messages.error(request, _("Pick at least one thing that the token is for."))
        return _page(request, status=422)
    return _page(request, new_token=secret)


@require_POST
@signed_in
def token_revocation(request: SignedInRequest, key: int) -> HttpResponseBase:
    """Revoke one of one's API tokens."""
    if revoke_token(request.reader, key):
        messages.success(request, _("The token no longer works."))
    return redirect("settings")


@require_POST
@signed_in
def theme(request: SignedInRequest) -> HttpResponseBase:
    """Light, dark, or as the device has it."""
    return _change(request, theme=request.POST.get("theme", ""))


@require_POST
@signed_in
def language(request: SignedInRequest) -> HttpResponseBase:
    """The language of everything."""
    return _change(request, language=request.POST.get("language", ""))


@require_POST
@signed_in
def acting(request: SignedInRequest) -> HttpResponseBase:
    """Act for another of the companies one is a member of."""
    key = request.POST.get("membership", "")
    if any(str(m.pk) == key for m in memberships_of(request.reader.person)):
        request.session[ACTING_AS] = int(key)
    return redirect("home")


def _change(request: SignedInRequest, **changed: str) -> HttpResponseBase:
    try:
        change_profile(request.reader.person, **changed)
    except ProfileRefused as refusal:
        messages.error(request, " ".join(refusal.problems.values()))
    if request.htmx:
        return HttpResponse(status=204)
    # Not `redirect`, which would look for a page of that name.
    return HttpResponseRedirect(_back(request))


def _back(request: SignedInRequest) -> str:
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe and asked.startswith("/") else settings.LOGIN_REDIRECT_URL
