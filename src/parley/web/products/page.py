"""The page of one product."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parley.catalogue.access import images_of, products_visible_to, services_of, terms_of
from parley.catalogue.eligibility import terms_in_words
from parley.ledger.money import vat_of
from parley.web.reader import SignedInRequest, signed_in


@require_GET
@signed_in
def product(request: SignedInRequest, product: int) -> HttpResponseBase:
    """One product: `products/product.html`.

    Context: `product`, `images`, `services`, `ships` (where it goes, in words), `with_vat` (minor
    units), `is_own`.
    """
    found = products_visible_to(request.reader).filter(pk=product).first()
    if found is None:
        raise Http404
    context = {
        "product": found,
        "images": images_of(found),
        "services": list(services_of([found.supplier_id])),
        "ships": terms_in_words(terms_of([found.supplier_id]).get(found.supplier_id)),
        "with_vat": found.price_minor + vat_of(found.price_minor, found.vat_bp),
        "is_own": found.supplier_id == request.reader.party_id,
    }
    return render(request, "products/product.html", context)
