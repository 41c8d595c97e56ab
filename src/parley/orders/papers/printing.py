"""Invoices and credit notes as PDF, set by Typst from what was kept on the day they were issued.

The layout is `invoice.typ`. It gets all its words and figures as data (JSON), so that nothing people
typed can be read as markup, and it can't read files or the network.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import typst
from babel.dates import format_date
from babel.numbers import format_percent
from django.utils.translation import gettext as _
from django.utils.translation import override, to_locale

from parley.catalogue.eligibility import country_name
from parley.ledger.money import BASIS_POINTS, in_words
from parley.orders.models import Invoice, InvoiceKind

_LAYOUT = Path(__file__).with_name("invoice.typ")


def pdf_of(invoice: Invoice, language: str) -> bytes:
    """The invoice or credit note as a PDF in `language`; the same bytes whenever it is asked for."""
    with override(language):
        paper = _paper(invoice, language)
    made: bytes = typst.compile(
        str(_LAYOUT),
        root=str(_LAYOUT.parent),
        font_paths=_fonts(),
        sys_inputs={"paper": json.dumps(paper, ensure_ascii=False)},
        timestamp=int(invoice.issued_at.timestamp()),
    )
    return made


@cache
def _fonts() -> typst.Fonts:
    """Typst's own fonts have Latin, Greek and Cyrillic; names in other scripts take the machine's."""
    return typst.Fonts()


def _paper(invoice: Invoice, language: str) -> dict[str, Any]:
    kind = str(InvoiceKind(invoice.kind).label)
    parties = invoice.parties
    return {
        "language": language.split("-", maxsplit=1)[0],
        "title": f"{kind} {invoice.shown_number}",
        "kind": kind,
        "supplier": _party(_("From"), parties["supplier"]),
        "seller": _party(_("Bill to"), parties["seller"]),
        "facts": _facts(invoice, language),
        "columns": [_("Item"), _("Quantity"), _("Unit price, net"), _("VAT"), _("Net")],
        "lines": [_line(line, invoice.currency, language) for line in invoice.lines],
        "rate_columns": [_("VAT rate"), _("Net"), _("VAT")],
        "rates": _rates(invoice, language),
        "sums": [
            [_("Net"), in_words(invoice.net_minor, invoice.currency, language)],
            [_("VAT"), in_words(invoice.vat_minor, invoice.currency, language)],
        ],
        "total": [_total(invoice), in_words(invoice.total_minor, invoice.currency, language)],
        "note": _note(invoice),
    }


def _party(label: str, party: dict[str, str]) -> dict[str, Any]:
    """Name, address and VAT number. Papers of before these were kept have the name alone."""
    lines = party.get("address", "").splitlines()
    if country := party.get("country"):
        lines.append(country_name(country))
    if number := party.get("vat_number"):
        lines.append(_("VAT number %(number)s") % {"number": number})
    return {"label": label, "name": party["name"], "lines": lines}


def _facts(invoice: Invoice, language: str) -> list[list[str]]:
    order = invoice.parties["order"]
    issued = format_date(invoice.issued_at.astimezone(UTC).date(), "long", _days_in(language))
    facts = [
        [_("Number"), invoice.shown_number],
        [_("Date of issue"), issued],
        [_("Order"), str(order["number"])],
        [_("Seller's reference"), order["channel_number"]],
        [_("Corrects invoice"), invoice.parties["corrects"]],
        [_("Reason"), invoice.parties["reason"]],
    ]
    return [fact for fact in facts if fact[1]]


def _days_in(language: str) -> str:
    """The locale of days: English ones are written the day first, as everywhere in the house."""
    return "en_GB" if language == "en" else to_locale(language)


def _line(line: dict[str, Any], currency: str, language: str) -> dict[str, str]:
    is_shipping = line["line"] is None
    title = line["title"]
    if is_shipping:
        title = _("Shipping: %(service)s") % {"service": title} if title else _("Shipping")
    return {
        "title": title,
        "sku": line["sku"],
        "quantity": str(line["quantity"]),
        "unit": in_words(line["unit_minor"], currency, language),
        "rate": _rate(line["vat_bp"], language),
        "net": in_words(line["net_minor"], currency, language),
    }


def _rates(invoice: Invoice, language: str) -> list[list[str]]:
    net: dict[int, int] = defaultdict(int)
    vat: dict[int, int] = defaultdict(int)
    for line in invoice.lines:
        net[line["vat_bp"]] += line["net_minor"]
        vat[line["vat_bp"]] += line["vat_minor"]
    return [
        [
            _rate(rate, language),
            in_words(net[rate], invoice.currency, language),
            in_words(vat[rate], invoice.currency, language),
        ]
        for rate in sorted(net, reverse=True)
    ]


def _rate(vat_bp: int, language: str) -> str:
    rate = Decimal(vat_bp) / BASIS_POINTS
    return format_percent(rate, locale=to_locale(language), decimal_quantization=False)


def _total(invoice: Invoice) -> str:
    return _("Credited") if invoice.kind == InvoiceKind.CREDIT_NOTE else _("Total")


def _note(invoice: Invoice) -> str:
    if invoice.kind == InvoiceKind.CREDIT_NOTE:
        return _("This amount has been given back to the seller.")
    return _("Paid in full. Nothing is left to pay.")
