"""A supplier saying where it ships to, and by which services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parley.catalogue import events
from parley.catalogue.eligibility import country_choices
from parley.catalogue.keeping import USUAL_CURRENCY, NotASupplier, ProductRefused
from parley.catalogue.models import ShippingService, Terms
from parley.catalogue.offering import read_offer
from parley.catalogue.postcodes import LONGEST_TEXT, read_rules
from parley.conversations.typed import typed, typed_line
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership, PartyKind

MOST_SERVICES = 20


class TermsRefused(ProductRefused):
    """The terms can't be kept so; `problems` says why, field by field."""


class ServiceRefused(ProductRefused):
    """The service can't be kept so; `problems` says why, field by field."""


def keep_terms(countries: Iterable[str], not_shipped_to: str, *, by: Membership) -> Terms:
    """Keep where the actor's company ships to: country codes (none: the marketplace's), and rules.

    Orders that were held are looked at again by a reaction. Raises TermsRefused and NotASupplier.
    """
    if by.party.kind != PartyKind.SUPPLIER:
        raise NotASupplier
    chosen = sorted({code.strip().upper() for code in countries if code.strip()})
    rules = typed(not_shipped_to).strip()
    _check_terms(chosen, rules)
    with transaction.atomic():
        Terms.objects.get_or_create(supplier=by.party)
        terms = Terms.objects.select_for_update().get(supplier=by.party_id)
        after = {"countries": chosen, "not_shipped_to": rules}
        changed = {
            name: [getattr(terms, name), value]
            for name, value in after.items()
            if getattr(terms, name) != value
        }
        if changed:
            terms.countries, terms.not_shipped_to, terms.updated_at = chosen, rules, now()
            terms.save()
            record(events.TermsChanged(supplier=by.party_id, fields=changed), by=by)
    return terms


def keep_service(
    written: Mapping[str, str], *, by: Membership, service_id: int | None = None
) -> ShippingService:
    """Add a shipping service of the actor's company, or change one.

    `written`: name, carrier, price (net, for a consignment), vat, currency, days, usual, active.
    Raises ShippingService.DoesNotExist, ServiceRefused and NotASupplier.
    """
    if by.party.kind != PartyKind.SUPPLIER:
        raise NotASupplier
    with transaction.atomic():
        own = ShippingService.objects.select_for_update().filter(supplier=by.party_id)
        others = list(own.exclude(pk=service_id or 0).order_by("position", "pk"))
        service = own.get(pk=service_id) if service_id else ShippingService(supplier=by.party)
        values = _read_service(written, service, others)
        is_usual = (not service_id and not others) or written.get("usual") == "on"
        values["position"] = 0 if is_usual else service.position or len(others) + 1
        changed = {
            name: [getattr(service, name) if service_id else None, value]
            for name, value in values.items()
            if not service_id or getattr(service, name) != value
        }
        if changed:
            _set(service, values)
            if is_usual:
                _put_behind(service, others)
            record(
                events.ShippingServiceKept(
                    supplier=by.party_id, service=service.pk, fields=changed
                ),
                by=by,
            )
    return service


def _set(service: ShippingService, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(service, name, value)
    service.save()


def _put_behind(first: ShippingService, others: Iterable[ShippingService]) -> None:
    for place, other in enumerate(others, start=1):
        ShippingService.objects.filter(pk=other.pk).exclude(pk=first.pk).update(position=place)


def _check_terms(countries: list[str], rules: str) -> None:
    problems = {}
    known = dict(country_choices())
    if strange := [code for code in countries if code not in known]:
        problems["countries"] = _("Pick countries from the list: %(code)s is none.") % {
            "code": strange[0][:10]
        }
    misread = read_rules(rules).misread
    if len(rules) > LONGEST_TEXT:
        problems["not_shipped_to"] = _("Use at most %(most)s characters.") % {"most": LONGEST_TEXT}
    elif misread:
        problems["not_shipped_to"] = " ".join(one.in_words() for one in misread[:5])
    if problems:
        raise TermsRefused(problems)


def _read_service(
    written: Mapping[str, str], service: ShippingService, others: list[ShippingService]
) -> dict[str, Any]:
    usual = service.currency or USUAL_CURRENCY
    asked = {"price": "", **{k: written[k] for k in ("price", "vat", "currency") if k in written}}
    values, problems = read_offer(asked, usual)
    values["name"] = name = typed_line(written.get("name", ""))[:100]
    values["carrier"] = typed_line(written.get("carrier", ""))[:60]
    values["active"] = written.get("active", "on") == "on"
    if not name:
        problems["name"] = _("Write what the service is called.")
    elif any(one.name.casefold() == name.casefold() for one in others):
        problems["name"] = _("You have a service of this name already.")
    days = typed_line(written.get("days", "3"))
    if days.isascii() and days.isdigit() and 0 < len(days) < 4 and int(days) <= 90:
        values["days"] = int(days)
    else:
        problems["days"] = _("Write how many working days it takes at most, up to 90.")
    if len(others) >= MOST_SERVICES:
        problems.setdefault("name", _("That is more services than anybody could choose from."))
    if problems:
        raise ServiceRefused(problems)
    return values
