"""A supplier's pages for adding a product, changing it, and taking it off offer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.catalogue.access import images_of, products_visible_to
from parley.catalogue.keeping import USUAL_CURRENCY, ProductRefused, add_product, change_product
from parley.catalogue.models import Product
from parley.catalogue.offering import FIELDS
from parley.catalogue.picturing import MOST_IMAGES
from parley.ledger.money import plain
from parley.web.reader import SignedInRequest
from parley.web.sides import supplier_only

CURRENCIES = ("GBP", "EUR", "USD", "RUB")


@require_http_methods(["GET", "POST"])
@supplier_only
def new_product(request: SignedInRequest) -> HttpResponseBase:
    """The form of a new product, `products/form.html`; posted, it adds it and leads to its page."""
    if request.method == "GET":
        typed = {"currency": USUAL_CURRENCY, "vat": "20", "stock": "0", "active": "on"}
        return _form(request, typed)
    typed = _typed(request)
    try:
        product = add_product(typed, by=request.reader)
    except ProductRefused as refusal:
        return _form(request, typed, problems=refusal.problems, status=422)
    messages.success(request, _("The product is added. Now give it a picture."))
    return redirect("products:change", product.pk)


@require_http_methods(["GET", "POST"])
@supplier_only
def change(request: SignedInRequest, product: int) -> HttpResponseBase:
    """The form of one's own product with its pictures; posted, it changes the product."""
    found = _own(request, product)
    if request.method == "GET":
        return _form(request, written_of(found), found)
    typed = _typed(request)
    try:
        change_product(found.pk, typed, by=request.reader)
    except ProductRefused as refusal:
        return _form(request, typed, found, problems=refusal.problems, status=422)
    messages.success(request, _("The product is saved."))
    return redirect("products:product", found.pk)


@require_POST
@supplier_only
def offer(request: SignedInRequest, product: int) -> HttpResponseBase:
    """Put one's own product on offer or take it off: `active` is on or off."""
    active = "on" if request.POST.get("active") == "on" else "off"
    try:
        change_product(product, {"active": active}, by=request.reader)
    except Product.DoesNotExist:
        raise Http404 from None
    said = (
        _("The product is on offer again.")
        if active == "on"
        else _("The product is not on offer now.")
    )
    messages.success(request, said)
    return redirect("products:product", product)


def written_of(product: Product) -> dict[str, str]:
    """A product as it would be written into the form."""
    return {
        "sku": product.sku,
        "supplier_product_id": product.supplier_product_id,
        "title": product.title,
        "description": product.description,
        "currency": product.currency,
        "price": plain(product.price_minor, product.currency),
        "vat": f"{product.vat_bp / 100:g}",
        "stock": str(product.stock),
        "weight": "" if product.weight_grams is None else str(product.weight_grams),
        "active": "on" if product.active else "off",
    }


def _own(request: SignedInRequest, key: int) -> Product:
    found = products_visible_to(request.reader).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _typed(request: SignedInRequest) -> dict[str, str]:
    typed = {name: request.POST[name] for name in FIELDS if name in request.POST}
    # A box that is not ticked is not sent.
    return typed | {"active": "on" if request.POST.get("active") == "on" else "off"}


def _form(
    request: SignedInRequest,
    typed: dict[str, str],
    product: Product | None = None,
    *,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    known = [*CURRENCIES, *({typed.get("currency", "")} - {"", *CURRENCIES})]
    context: dict[str, Any] = {
        "product": product,
        "images": images_of(product) if product else [],
        "most_images": MOST_IMAGES,
        "typed": dict.fromkeys(FIELDS, "") | typed,
        "problems": problems or {},
        "currencies": [(code, code) for code in known],
    }
    return render(request, "products/form.html", context, status=status)
