"""The list of products (O11)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parley.catalogue.finding import Filters, find, suppliers_with_products
from parley.parties.models import PartyKind
from parley.postgres.keysets import CursorUnreadable
from parley.web.filtering import Chip
from parley.web.reader import SignedInRequest, signed_in

NAMES = ("q", "supplier", "in_stock", "off")


@require_GET
@signed_in
def products(request: SignedInRequest) -> HttpResponseBase:
    """The list: `products/products.html`, or its `_products.html` for htmx.

    Context: `rows` (products, each with the key of its picture as `face`), `filters`, `suppliers`
    (pairs id, name), `chips`, `older`, `newer`, `is_supplier`.
    """
    filters = read_filters(request.GET)
    try:
        found = find(request.reader, filters, cursor=request.GET.get("cursor", ""))
    except CursorUnreadable:
        raise Http404 from None
    suppliers = suppliers_with_products(request.reader)
    context = {
        "rows": found.rows,
        "filters": filters,
        "suppliers": suppliers,
        "chips": chips_of(request.GET, filters, dict(suppliers)),
        "older": address(request.GET, cursor=found.older) if found.older else None,
        "newer": address(request.GET, cursor=found.newer) if found.newer else None,
        "is_supplier": request.reader.party.kind == PartyKind.SUPPLIER,
    }
    template = "products/_products.html" if request.htmx else "products/products.html"
    return render(request, template, context)


def read_filters(query: QueryDict) -> Filters:
    """The filters in an address; junk in one of them is passed over like an empty one."""
    supplier = query.get("supplier", "")
    known = supplier.isascii() and supplier.isdigit() and len(supplier) < 19
    return Filters(
        text=query.get("q", "").replace("\x00", "").strip()[:200],
        supplier=int(supplier) if known else None,
        in_stock=query.get("in_stock") == "on",
        off=query.get("off") == "on",
    )


def chips_of(query: QueryDict, filters: Filters, suppliers: dict[int, str]) -> list[Chip]:
    """What the list is narrowed to, each with the address of the list without it."""
    made = []
    if filters.text:
        made.append(Chip(_("“%(words)s”") % {"words": filters.text}, address(query, q=None)))
    if filters.supplier in suppliers:
        made.append(Chip(suppliers[filters.supplier], address(query, supplier=None)))
    if filters.in_stock:
        made.append(Chip(_("In stock"), address(query, in_stock=None)))
    if filters.off:
        made.append(Chip(_("Not on offer"), address(query, off=None)))
    return made


def address(query: QueryDict, **changed: Any) -> str:
    """The same list with some words of its address changed."""
    kept = QueryDict(mutable=True)
    for name in NAMES:
        kept.setlist(name, [value for value in query.getlist(name) if value][:1])
    for name, value in changed.items():
        kept.setlist(name, [value] if value else [])
    return f"?{kept.urlencode()}"
