"""Where a supplier ships to, and by which services (O6, O9)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.catalogue.access import own_services, terms_of
from parley.catalogue.eligibility import against_terms, country_choices
from parley.catalogue.models import ShippingService, Terms
from parley.catalogue.postcodes import LONGEST_TEXT, STARTER_SETS, read_postcode, read_rules
from parley.catalogue.shipping_terms import (
    ServiceRefused,
    TermsRefused,
    keep_service,
    keep_terms,
)
from parley.ledger.money import plain
from parley.web.reader import SignedInRequest
from parley.web.sides import supplier_only

_SETS = {key: rules for key, _name, rules in STARTER_SETS}
SERVICE_FIELDS = ("name", "carrier", "price", "vat", "currency", "days", "usual", "active")


@require_http_methods(["GET", "POST"])
@supplier_only
def terms(request: SignedInRequest) -> HttpResponseBase:
    """The page of terms and services, `products/terms.html`; posted, it keeps the terms.

    With `add` (the key of a starter set), the set is put in and nothing is kept yet.
    """
    if request.method == "GET":
        kept = terms_of([request.reader.party_id]).get(request.reader.party_id)
        return _page(request, kept.countries if kept else [], kept.not_shipped_to if kept else "")
    countries = request.POST.getlist("countries")
    rules = request.POST.get("not_shipped_to", "")
    if added := _SETS.get(request.POST.get("add", "")):
        together = f"{rules.rstrip().rstrip(',;')}, {added}" if rules.strip() else added
        return _page(request, countries, together)
    try:
        keep_terms(countries, rules, by=request.reader)
    except TermsRefused as refusal:
        return _page(request, countries, rules, problems=refusal.problems, status=422)
    messages.success(request, _("Saved. Orders that were held are looked at again."))
    return redirect("products:terms")


@require_POST
@supplier_only
def reading(request: SignedInRequest) -> HttpResponseBase:
    """What the rules being typed mean, and whether a postcode is caught: `products/_reading.html`.

    Nothing is kept.
    """
    rules, tried = request.POST.get("not_shipped_to", ""), request.POST.get("tried", "")
    return render(request, "products/_reading.html", _read(rules, tried))


@require_POST
@supplier_only
def services(request: SignedInRequest) -> HttpResponseBase:
    """Add a shipping service."""
    return _keep(request, None)


@require_POST
@supplier_only
def service(request: SignedInRequest, service: int) -> HttpResponseBase:
    """Change a shipping service of one's own."""
    return _keep(request, service)


def _keep(request: SignedInRequest, key: int | None) -> HttpResponseBase:
    written = {name: request.POST[name] for name in SERVICE_FIELDS if name in request.POST}
    written.setdefault("active", "off" if key else "on")
    try:
        keep_service(written, by=request.reader, service_id=key)
    except ShippingService.DoesNotExist:
        raise Http404 from None
    except ServiceRefused as refusal:
        kept = terms_of([request.reader.party_id]).get(request.reader.party_id)
        about: dict[str, Any] = {
            "service_typed": written,
            "service_problems": refusal.problems,
            "service_key": key,
        }
        return _page(
            request,
            kept.countries if kept else [],
            kept.not_shipped_to if kept else "",
            status=422,
            **about,
        )
    messages.success(request, _("The shipping service is saved."))
    return redirect("products:terms")


def _read(rules: str, tried: str) -> dict[str, Any]:
    reading = read_rules(rules)
    caught: str | None = None
    postcode = read_postcode(tried)
    if postcode is not None:
        against = against_terms(Terms(not_shipped_to=rules, countries=["GB"]), "GB", tried)
        caught = against.get("rule", "")
    return {
        "reading": reading,
        "understood": [(str(rule), rule.in_words()) for rule in reading.rules],
        "misread": [one.in_words() for one in reading.misread],
        "tried": tried.strip()[:20],
        "postcode": postcode,
        "caught": caught,
    }


def _chosen_first(countries: list[str]) -> list[tuple[str, str]]:
    """Every country, with those that are chosen, or else served here, in sight."""
    first = set(countries or settings.COUNTRIES_SERVED)
    return sorted(country_choices(), key=lambda pair: pair[0] not in first)


def _page(
    request: SignedInRequest,
    countries: list[str],
    rules: str,
    *,
    problems: dict[str, str] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    shown = [
        (one, {"price": plain(one.price_minor, one.currency), "vat": f"{one.vat_bp / 100:g}"})
        for one in own_services(request.reader)
    ]
    context = {
        "countries": countries,
        "country_choices": _chosen_first(countries),
        "rules": rules,
        "starter_sets": STARTER_SETS,
        "longest": LONGEST_TEXT,
        "problems": problems or {},
        "services": shown,
        "service_typed": {},
        "service_problems": {},
        "service_key": None,
        **_read(rules, ""),
        **more,
    }
    return render(request, "products/terms.html", context, status=status)
