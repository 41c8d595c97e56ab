"""Support PINs: for how many days they hold, and how they are used (P2)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.parties.counting_pins import LOOKED_BACK, pin_figures
from parley.parties.pinning import DAYS, MOST_DAYS
from parley.parties.settling import CannotBeSo, settle
from parley.web.desk.administration.sections import admins
from parley.web.reader import SignedInRequest, View, only_for


def _admins_only(view: View) -> View:
    return only_for(admins, view)


@require_http_methods(["GET", "POST"])
@_admins_only
def pins(request: SignedInRequest) -> HttpResponseBase:
    """`administration/pins.html`; posted, `days` is settled.

    Context: `figures` (`counting_pins.PinFigures`), `looked_back` (days), `typed`, `most`, `problem`.
    """
    if request.method == "GET":
        return _page(request)
    typed = request.POST.get("days", "").strip()
    days = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
    try:
        settle(DAYS, days, by=request.reader)
    except CannotBeSo:
        words = _("Write a number of days between 1 and %(most)s.") % {"most": MOST_DAYS}
        return _page(request, typed, words)
    messages.success(request, _("Saved."))
    return redirect("administration:pins")


def _page(request: SignedInRequest, typed: str | None = None, problem: str = "") -> HttpResponse:
    figures = pin_figures()
    context = {
        "figures": figures,
        "looked_back": LOOKED_BACK,
        "typed": figures.holds_for if typed is None else typed,
        "most": MOST_DAYS,
        "problem": problem,
    }
    return render(request, "administration/pins.html", context, status=422 if problem else 200)
