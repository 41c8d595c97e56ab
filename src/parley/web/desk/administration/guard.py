"""How strict the off-platform guard is (T13)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.guard.modes import MODE, Mode
from parley.parties.settling import CannotBeSo, settle, settled
from parley.web.desk.administration.sections import admins
from parley.web.reader import SignedInRequest, View, only_for


def _admins_only(view: View) -> View:
    return only_for(admins, view)


@require_http_methods(["GET", "POST"])
@_admins_only
def guard(request: SignedInRequest) -> HttpResponseBase:
    """`administration/guard.html`; posted, `mode` is settled.

    Context: `modes` (value, words, what it means), `mode` (the one that holds), `problem`.
    """
    if request.method == "GET":
        return _page(request)
    try:
        settle(MODE, request.POST.get("mode", ""), by=request.reader)
    except CannotBeSo:
        return _page(request, _("Pick one from the list."))
    messages.success(request, _("Saved."))
    return redirect("administration:guard")


def _page(request: SignedInRequest, problem: str = "") -> HttpResponse:
    meanings = {
        Mode.OFF: _("Nobody is warned, and nothing is flagged."),
        Mode.WARN: _("The sender is warned and decides. What is sent is flagged to you."),
        Mode.HOLD: _("What is sent all the same waits until one of your people has looked at it."),
    }
    context = {
        "modes": [(mode.value, mode.label, meanings[mode]) for mode in Mode],
        "mode": settled(MODE),
        "problem": problem,
    }
    return render(request, "administration/guard.html", context, status=422 if problem else 200)
