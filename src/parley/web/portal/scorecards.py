"""Scorecards outside of the desk: suppliers side by side for sellers, and a company's own (T14)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from parley.parties.access import parties_called
from parley.parties.models import PartyKind
from parley.reports.figures import ENOUGH
from parley.reports.roles import MayNotLook
from parley.reports.scorecards import USUAL_DAYS, card_of_party, suppliers, usual_period
from parley.web.desk.reports.asking import asked
from parley.web.desk.reports.cards import card_context
from parley.web.reader import SignedInRequest, signed_in


@require_GET
@signed_in
def scorecards(request: SignedInRequest) -> HttpResponseBase:
    """How suppliers answer: `reports/scorecards.html`. Suppliers are sent on to their own card.

    Context: `rows` (of `scorecards.Row`), `days` looked back on, `enough`. For sellers there is no such
    page until the operator has switched it on.
    """
    if request.reader.party.kind == PartyKind.SUPPLIER:
        return redirect("scorecards:card", request.reader.party_id)
    try:
        rows = suppliers(request.reader, usual_period())
    except MayNotLook:
        raise Http404 from None
    context = {"rows": rows, "days": USUAL_DAYS, "enough": ENOUGH}
    return render(request, "reports/scorecards.html", context)


@require_GET
@signed_in
def card(request: SignedInRequest, supplier: int) -> HttpResponseBase:
    """One company's card: `reports/card.html`, read as `desk.reports.cards.card_context`."""
    found = parties_called([supplier]).get(supplier)
    wanted = asked(request.GET)
    try:
        if found is None:
            raise MayNotLook
        told = card_of_party(request.reader, found, wanted.period)
    except MayNotLook:
        raise Http404 from None
    context: dict[str, Any] = card_context(found.name, told, wanted)
    return render(request, "reports/card.html", context)
