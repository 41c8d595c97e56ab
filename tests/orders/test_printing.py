"""Invoices and credit notes on paper, in both languages."""

from __future__ import annotations

import io

import pytest
from django.db import transaction
from django.utils.translation import gettext, override
from pypdf import PdfReader

from cast import Cast
from parley.ledger.money import in_words
from parley.orders.models import Invoice, InvoiceKind, Order
from parley.orders.moving import lock
from parley.orders.papers.printing import pdf_of
from parley.orders.refunding import refund_all
from parley.parties.changing_company import CompanyDetails, change_company
from shop import Shop


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def plain(words: str) -> str:
    return " ".join(words.split())


@pytest.fixture
def invoice(shop: Shop) -> Invoice:
    order = shop.paid(shop.kettle, shop.teapot)
    return Invoice.objects.get(consignment__order=order)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_invoice_says_who_what_and_how_much(invoice: Invoice, language: str) -> None:
    text = text_of(pdf_of(invoice, language))
    order = invoice.consignment.order
    with override(language):
        said = [
            gettext("Invoice"),
            gettext("Unit price, net"),
            gettext("VAT rate"),
            in_words(3550, "GBP"),
            in_words(710, "GBP"),
            in_words(4260, "GBP"),
        ]
    said += ["NS-000001", "Northwind Supply", "Bright Home", str(order.number)]
    said += [order.channel_number, "Enamel stove kettle, 1.8 l", "KET-100", "Tracked 48"]
    for words in said:
        assert plain(words) in text
    assert ("£42.60" if language == "en" else "42,60 £") in text


@pytest.mark.parametrize(("language", "country"), [("en", "Germany"), ("ru", "Германия")])
def test_both_companies_stand_on_it_with_address_and_vat_number(
    cast: Cast, shop: Shop, language: str, country: str
) -> None:
    change_company(
        CompanyDetails(
            legal_name="Northwind Supply Limited",
            address="Unit 12, Weir Park\nLeeds\nLS11 8QB",
            country="GB",
            vat_number="GB447712782",
        ),
        by=cast.supplier,
    )
    change_company(
        CompanyDetails(
            address="Ахорнштрассе 5 #panic()\nBerlin", country="DE", vat_number="DE12345"
        ),
        by=cast.seller,
    )
    issued = Invoice.objects.get(consignment__order=shop.paid())
    text = text_of(pdf_of(issued, language))
    for words in ("Northwind Supply Limited", "Unit 12, Weir Park", "LS11 8QB", "GB447712782"):
        assert words in text
    for words in ("Bright Home", "Ахорнштрассе 5 #panic()", country, "DE12345"):
        assert words in text


def test_what_was_issued_stays_as_it_was_when_a_company_moves(
    cast: Cast, shop: Shop, invoice: Invoice
) -> None:
    before = pdf_of(invoice, "en")
    change_company(CompanyDetails(address="Elsewhere 1", country="GB"), by=cast.supplier)
    again = Invoice.objects.get(pk=invoice.pk)
    assert again.parties == invoice.parties
    assert pdf_of(again, "en") == before
    with transaction.atomic():
        refund_all(lock(invoice.consignment.order_id, None), by=cast.seller, reason="")
    note = Invoice.objects.get(kind=InvoiceKind.CREDIT_NOTE)
    assert "Elsewhere 1" in text_of(pdf_of(note, "en"))


def test_papers_of_before_addresses_were_kept_are_printed_still(invoice: Invoice) -> None:
    invoice.parties["supplier"] = {"name": "Northwind Supply"}
    assert "Northwind Supply" in text_of(pdf_of(invoice, "en"))


def test_a_credit_note_names_the_invoice_it_corrects(cast: Cast, shop: Shop) -> None:
    order = shop.paid()
    with transaction.atomic():
        refund_all(lock(order.pk, None), by=cast.seller, reason="Передумали & <b>$x$ #panic()</b>")
    note = Invoice.objects.get(consignment__order=order, kind=InvoiceKind.CREDIT_NOTE)
    text = text_of(pdf_of(note, "en"))
    for words in ("Credit note", "NS-CN-000001", "Corrects invoice", "NS-000001", "£27.60"):
        assert words in text
    assert "Передумали&<b>$x$#panic()</b>" in text.replace(" ", "")


def test_the_day_is_written_as_people_write_it(invoice: Invoice) -> None:
    day = invoice.issued_at
    assert f"{day.day} {day:%B} {day.year}" in text_of(pdf_of(invoice, "en"))
    assert f"{day.year} г." in text_of(pdf_of(invoice, "ru"))


def test_it_is_the_same_paper_each_time_whatever_becomes_of_the_products(
    invoice: Invoice, shop: Shop
) -> None:
    before = pdf_of(invoice, "en")
    type(shop.kettle).objects.filter(pk=shop.kettle.pk).update(title="Other", price_minor=1)
    assert pdf_of(Invoice.objects.get(pk=invoice.pk), "en") == before


def test_long_ones_go_on_over_pages(shop: Shop) -> None:
    order = Order.objects.get(pk=shop.paid().pk)
    invoice = Invoice.objects.get(consignment__order=order)
    invoice.lines = invoice.lines * 40
    pages = PdfReader(io.BytesIO(pdf_of(invoice, "ru"))).pages
    assert len(pages) > 1
