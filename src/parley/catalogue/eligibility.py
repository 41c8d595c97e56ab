"""Whether products may be shipped to a place (O6).

Two things decide: the countries that a supplier ships to (the marketplace's, unless it names its own),
and the postcodes in them that it does not ship to. Guernsey, Jersey and the Isle of Man have codes of
their own in ISO 3166-1 (GG, JE, IM) but British postcodes, and addresses there are written either way:
as `GB` with a `GY`, `JE` or `IM` postcode, or with their own code. Both ways are one place here: it is
served where the United Kingdom or the island itself is, and postcode rules hold for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from parley.catalogue.access import terms_of
from parley.catalogue.models import Product, Terms
from parley.catalogue.postcodes import Postcode, Reading, read_postcode, read_rules

ISLANDS = {"GG": "GY", "JE": "JE", "IM": "IM"}
"""The Crown dependencies: ISO 3166-1 code → postcode area."""
BRITISH = frozenset({"GB", *ISLANDS})
"""Where postcodes are of the British form."""


def restrictions(
    products: Mapping[int, Product], country: str, postcode: str
) -> list[dict[str, Any]]:
    """What keeps each of `products` (by line position) from being shipped there; nothing if it may.

    Each is a dict of plain values that can be kept: `line`, `supplier`, `code` (`country`, `postcode`,
    `no_postcode`, `postcode_unreadable`), for `postcode` the `rule` as the supplier wrote it, and what
    `reason_in_words` says of them: `product`, `supplier_name`, `country`, `postcode`.
    """
    terms = terms_of({product.supplier_id for product in products.values()})
    why = []
    for line, product in sorted(products.items()):
        against = against_terms(terms.get(product.supplier_id), country, postcode)
        if against:
            why.append({"line": line, **_named(product, country, postcode), **against})
    return why


def against_terms(terms: Terms | None, country: str, postcode: str) -> dict[str, str]:
    """What in a supplier's terms is against shipping there: `code` and perhaps `rule`; or nothing."""
    country = _code(country)
    postcode = postcode.strip()
    read = read_postcode(postcode) if country in BRITISH else None
    if not _serves(countries_of(terms), country, read):
        return {"code": "country"}
    rules = read_rules(terms.not_shipped_to if terms else "")
    if country not in BRITISH or not rules.rules:
        return {}
    return _against_rules(rules, country, postcode, read)


def countries_of(terms: Terms | None) -> list[str]:
    """The ISO 3166 codes of the countries a supplier ships to."""
    return list((terms and terms.countries) or settings.COUNTRIES_SERVED)


def country_name(code: str) -> str:
    """The name of a country in the active language, or the code if it has none."""
    locale = Locale.parse(to_locale(get_language() or "en"))
    return str(locale.territories.get(code.upper()) or code)


def country_choices() -> list[tuple[str, str]]:
    """Every country: (ISO 3166 code, name), by name in the active language."""
    locale = Locale.parse(to_locale(get_language() or "en"))
    named = [
        (code, str(name))
        for code, name in locale.territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    ]
    return sorted(named, key=lambda pair: pair[1].casefold().replace("ё", "е"))


def reason_in_words(why: Mapping[str, Any]) -> str:
    """One of the `restrictions` as a sentence that names line, product and supplier."""
    names = {
        "line": int(why.get("line", 0)) + 1,
        "product": why.get("product", ""),
        "supplier": why.get("supplier_name", ""),
        "country": country_name(str(why.get("country") or "")),
        "postcode": why.get("postcode", ""),
        "rule": why.get("rule", ""),
    }
    return _sentence(str(why.get("code", "")), has_country=bool(why.get("country"))) % names


def terms_in_words(terms: Terms | None) -> str:
    """Where a supplier ships to, for the page of a product."""
    countries = ", ".join(map(country_name, countries_of(terms)))
    rules = read_rules(terms.not_shipped_to if terms else "").rules
    if not rules:
        return _("Ships to: %(countries)s.") % {"countries": countries}
    return _("Ships to: %(countries)s; not to: %(rules)s.") % {
        "countries": countries,
        "rules": ", ".join(rule.in_words() for rule in rules),
    }


_NO_COUNTRIES = frozenset(
    {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "DG", "EA", "IC", "TA"}
)
"""What CLDR names beside the countries of ISO 3166-1."""


def _sentence(code: str, *, has_country: bool) -> str:
    match code:
        case "country" if not has_country:
            return _("Line %(line)s, %(product)s: the address has no country.")
        case "country":
            return _(
                "Line %(line)s, %(product)s: %(supplier)s does not ship to this country: %(country)s."
            )
        case "postcode":
            return _(
                "Line %(line)s, %(product)s: %(supplier)s does not ship to %(postcode)s (rule “%(rule)s”)."
            )
        case "no_postcode":
            return _(
                "Line %(line)s, %(product)s: %(supplier)s does not ship everywhere, and the address has no"
                " postcode."
            )
        case "postcode_unreadable":
            return _(
                "Line %(line)s, %(product)s: %(supplier)s does not ship everywhere, and “%(postcode)s” is"
                " not a postcode."
            )
        case _:
            return _("Line %(line)s, %(product)s: %(supplier)s does not ship there.")


def _named(product: Product, country: str, postcode: str) -> dict[str, Any]:
    return {
        "supplier": product.supplier_id,
        "supplier_name": product.supplier.name,
        "product": product.title,
        "country": _code(country),
        "postcode": postcode.strip().upper(),
    }


def _code(country: str) -> str:
    code = country.strip().upper()
    return "GB" if code == "UK" else code  # as many write it; ISO keeps it for GB


def _serves(countries: Iterable[str], country: str, postcode: Postcode | None) -> bool:
    served = set(countries)
    if country in served:
        return True
    if country in ISLANDS:
        return "GB" in served
    island = next((code for code, area in ISLANDS.items() if _lies_in(postcode, area)), None)
    return country == "GB" and island in served


def _lies_in(postcode: Postcode | None, area: str) -> bool:
    return postcode is not None and postcode.area == area


def _against_rules(
    rules: Reading, country: str, postcode: str, read: Postcode | None
) -> dict[str, str]:
    if read is not None:
        rule = rules.rule_for(read)
        return {"code": "postcode", "rule": rule.written or str(rule)} if rule else {}
    area = ISLANDS.get(country)
    of_island = [rule for rule in rules.rules if rule.area == area]
    if area and not of_island:
        return {}
    for rule in of_island:
        if rule.is_whole_area:
            return {"code": "postcode", "rule": rule.written or str(rule)}
    return {"code": "postcode_unreadable" if postcode else "no_postcode"}
