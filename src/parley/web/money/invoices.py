"""Invoices and credit notes: the list, and each as a PDF."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from parley.orders.access import invoices_visible_to
from parley.orders.models import Invoice, InvoiceKind
from parley.orders.papers.printing import pdf_of
from parley.postgres.keysets import CursorUnreadable, Keyset
from parley.web.filtering import address
from parley.web.portal.company import lacks_details
from parley.web.reader import SignedInRequest, signed_in

PAGE = 50


@require_GET
@signed_in
def invoices(request: SignedInRequest) -> HttpResponseBase:
    """The invoices and credit notes that the reader's party got or gave: `money/invoices.html`.

    Context: `rows`, `older`, `newer`, `CREDIT_NOTE`, `lacks_details`. Raises Http404 for a cursor
    nobody gave.
    """
    # Along the index there is: of a party's own by date, of all of them by key.
    fields = ("id",) if request.reader.is_operator else ("issued_at", "id")
    keyset = Keyset(fields, request.GET.get("cursor", ""), PAGE)
    visible = (
        invoices_visible_to(request.reader)
        .select_related("supplier", "seller", "consignment__order")
        .only(
            "id", "kind", "shown_number", "issued_at", "currency", "net_minor", "vat_minor",
            "supplier__name", "seller__name", "consignment__passed_at", "consignment__order__number",
        )
    )  # fmt: skip
    try:
        page = keyset.page(list(keyset.cut(visible)))
    except CursorUnreadable:
        raise Http404 from None
    context = {
        "rows": page.rows,
        "older": address(request.GET, cursor=page.older) if page.older else None,
        "newer": address(request.GET, cursor=page.newer) if page.newer else None,
        "CREDIT_NOTE": InvoiceKind.CREDIT_NOTE,
        "lacks_details": lacks_details(request.reader),
    }
    return render(request, "money/invoices.html", context)


@require_GET
@signed_in
def invoice(request: SignedInRequest, invoice: int) -> HttpResponseBase:
    """One of them as a PDF to keep, in the reader's language or the one of `?language=`."""
    found = invoices_visible_to(request.reader).filter(pk=invoice).first()
    if found is None:
        raise Http404
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else get_language() or "en"
    response = HttpResponse(pdf_of(found, language), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(found)}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _file_name(invoice: Invoice) -> str:
    """The invoice's number; its key, where the number has letters that a header can't carry."""
    return f"{invoice.shown_number if invoice.shown_number.isascii() else invoice.pk}.pdf"
