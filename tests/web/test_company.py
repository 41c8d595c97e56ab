"""The page of a company's details, and the hint that they are missing."""

from __future__ import annotations

import pytest

from cast import Cast
from parley.orders.models import Invoice
from parley.parties.models import Party
from shop import Shop
from web.pages import Browser, Page

HINT = "Add your address and VAT number, so that your invoices are complete."
FORM = ("/settings/company/", "company/details/")


def test_an_owner_fills_it_in_and_members_read_it(cast: Cast) -> None:
    owner = Browser(cast.supplier)
    assert owner.see("/settings/").links["Company details"] == "/settings/company/"
    page = Page(
        owner.send(
            *FORM, legal_name="Northwind Supply Limited", address="Unit 12\r\nLeeds", country="GB",
            vat_number="gb 447 7127 82",
        )
    )  # fmt: skip
    assert "Invoices from now on carry it" in page.words
    kept = page.form("company/details/").fields
    assert kept["address"] == ["Unit 12\nLeeds"]
    assert (kept["country"], kept["vat_number"]) == (["GB"], ["GB447712782"])
    members = Browser(cast.supplier_member).see("/settings/company/")
    for words in ("Northwind Supply Limited", "Unit 12", "Великобритания", "GB447712782"):
        assert words in members.words
    assert "company/details/" not in members.html


def test_the_operator_has_its_own(cast: Cast) -> None:
    Browser(cast.admin).send(*FORM, vat_number="GB447712782")
    assert "GB447712782" in Browser(cast.lead).see("/settings/company/").words
    assert Party.objects.exclude(vat_number="").get() == cast.operator


def test_what_is_refused_is_said_and_kept(cast: Cast) -> None:
    answer = Browser(cast.supplier).send(
        *FORM, legal_name="Kept", address="1 <b>Kept</b> Lane", vat_number="?!"
    )
    assert answer.status_code == 422
    page = Page(answer)
    assert "Pick the country of the address." in page.words
    assert "A VAT number has 4 to 14 letters and digits, such as GB123456789." in page.words
    typed = page.form("company/details/").fields
    assert (typed["legal_name"], typed["vat_number"]) == (["Kept"], ["?!"])
    assert typed["address"] == ["1 <b>Kept</b> Lane"]
    assert not Party.objects.exclude(legal_name="").exists()


@pytest.mark.parametrize("path", ["/balance/", "/balance/invoices/"])
def test_a_suppliers_owner_is_reminded_until_it_is_there(cast: Cast, path: str) -> None:
    browser = Browser(cast.supplier)
    page = browser.see(path)
    assert HINT in page.words
    assert page.links["Company details"] == "/settings/company/"
    for who in (cast.seller, cast.supplier_member, cast.admin):
        assert "/settings/company/" not in Browser(who).see(path).html
    browser.send(*FORM, address="Leeds", country="GB", vat_number="GB447712782")
    assert HINT not in browser.see(path).words


def test_without_them_invoices_are_issued_all_the_same(cast: Cast, shop: Shop) -> None:
    invoice = Invoice.objects.get(consignment__order=shop.paid())
    assert invoice.parties["supplier"] == {
        "name": "Northwind Supply", "address": "", "country": "", "vat_number": "",
    }  # fmt: skip
