"""The first page after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from parley.parties.contact import safety_notice
from parley.tickets.finding import home_rows
from parley.web.reader import SignedInRequest, signed_in


@require_GET
@signed_in
def home(request: SignedInRequest) -> HttpResponseBase:
    """Whose turn it is in one's open tickets: `portal/home.html`; the operator goes to the desk.

    Context: `ours` and `theirs` (rows of open tickets by whose turn it is, the most pressing first).
    """
    if request.reader.is_operator:
        return redirect("desk:queue", "mine")
    ours, theirs = home_rows(request.reader)
    return render(request, "portal/home.html", {"ours": ours, "theirs": theirs})


@require_GET
@signed_in
def safety(request: HttpRequest) -> HttpResponseBase:
    """How to tell a swindler (T13): `portal/safety.html`. Context: `notice`, the operator's own words."""
    return render(request, "portal/safety.html", {"notice": safety_notice()})
