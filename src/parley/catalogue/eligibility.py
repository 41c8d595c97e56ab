"""Whether products may be shipped to a place (O6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from parley.catalogue.access import terms_of
from parley.catalogue.models import Product


def restrictions(
    products: Mapping[int, Product], country: str, postcode: str
) -> list[dict[str, Any]]:
    """What keeps each of `products` (by line position) from being shipped there; nothing if it may."""
    terms = terms_of({product.supplier_id for product in products.values()})
    why = []
    for line, product in products.items():
        of_supplier = terms.get(product.supplier_id)
        countries = (of_supplier and of_supplier.countries) or settings.COUNTRIES_SERVED
        if country.upper() not in countries:
            why.append({"line": line, "supplier": product.supplier_id, "code": "country"})
    return why
