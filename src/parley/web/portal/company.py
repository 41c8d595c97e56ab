"""What stands of the reader's company on invoices: its people read it, its owners change it."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.catalogue.eligibility import country_choices, country_name
from parley.parties.changing_company import (
    LONGEST_NAME,
    CompanyDetails,
    CompanyRefused,
    NotTheirs,
    change_company,
    lacks_for_invoices,
    may_change_company,
)
from parley.parties.models import Membership, PartyKind
from parley.web.reader import SignedInRequest, signed_in

_FIELDS = tuple(asdict(CompanyDetails()))


def lacks_details(reader: Membership) -> bool:
    """Whether to ask `reader` for what their company's invoices lack: a supplier's owner alone."""
    asked = reader.party.kind == PartyKind.SUPPLIER and may_change_company(reader)
    return asked and lacks_for_invoices(reader.party)


@require_GET
@signed_in
def company(request: SignedInRequest) -> HttpResponseBase:
    """`portal/company.html`: the form for owners, the same to read for the others.

    Context: `may_change`, `typed`, `problems`, `countries` (pairs of code and name), `country` (the
    name of the one that is kept), `longest_name`.
    """
    party = request.reader.party
    return _page(request, {name: getattr(party, name) for name in _FIELDS})


@require_POST
@signed_in
def details(request: SignedInRequest) -> HttpResponseBase:
    """Change them. Raises Http404 for those whose it is not to do."""
    typed = {name: request.POST.get(name, "") for name in _FIELDS}
    try:
        change_company(CompanyDetails(**typed), by=request.reader)
    except NotTheirs:
        raise Http404 from None
    except CompanyRefused as refusal:
        return _page(request, typed, refusal.problems)
    messages.success(
        request, _("Saved. Invoices from now on carry it; those issued stay as they are.")
    )
    return redirect("company")


def _page(
    request: SignedInRequest, typed: dict[str, str], problems: dict[str, str] | None = None
) -> HttpResponse:
    may_change = may_change_company(request.reader)
    context = {
        "may_change": may_change,
        "typed": typed,
        "problems": problems or {},
        "countries": country_choices() if may_change else [],
        "country": country_name(request.reader.party.country),
        "longest_name": LONGEST_NAME,
    }
    return render(request, "portal/company.html", context, status=422 if problems else 200)
