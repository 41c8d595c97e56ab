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
