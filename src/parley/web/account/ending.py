"""Ending sessions from another one, and what a company asks of its people."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from parley.parties.second_factors import (
    HasNoneThemselves,
    may_require,
    require_second_factor,
)
from parley.parties.signing_in import end_session, end_sessions
from parley.web.account.history import recent
from parley.web.reader import SignedInRequest, only_for, signed_in


@require_POST
@signed_in
def ending(request: SignedInRequest, handle: str) -> HttpResponseBase:
    """End one session. Raises Http404 when none of theirs is called so."""
    person = request.reader.person
    if not end_session(person, handle, by=request.reader):
        raise Http404
    messages.success(request, _("That device is signed out."))
    return redirect("security:security")


@require_POST
@signed_in
def ending_others(request: SignedInRequest) -> HttpResponseBase:
    """End all sessions but this one."""
    mine = request.session.session_key
    count = end_sessions(request.reader.person, "asked", by=request.reader, but=mine)
    words = ngettext(
        "%(num)s other device is signed out.", "%(num)s other devices are signed out.", count
    )
    messages.success(request, words % {"num": count})
    return redirect("security:security")


@require_POST
def _requirement(request: SignedInRequest) -> HttpResponseBase:
    """Ask a second factor of everybody who acts for the company, or no more."""
    required = request.POST.get("required") == "yes"
    try:
        require_second_factor(required, by=request.reader)
    except HasNoneThemselves:
        messages.error(request, _("Set up a second factor for yourself first."))
    else:
        messages.success(
            request,
            _("Everybody who acts for your company needs a second factor now.")
            if required
            else _("A second factor is everybody's own choice again."),
        )
    return redirect("security:security")


requirement = only_for(may_require, _requirement)


@require_GET
@signed_in
def history(request: SignedInRequest) -> HttpResponseBase:
    """`security/history.html`: what the journal knows of the account, the latest first."""
    return render(request, "security/history.html", {"lines": recent(request.reader.person)})
