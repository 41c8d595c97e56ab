"""Balances and invoices, for programs."""

from __future__ import annotations

import io

from pypdf import PdfReader

from cast import Cast
from parley.orders.models import Invoice
from shop import Shop
from web.api.calling import Caller


def test_what_one_has(shop: Shop, seller: Caller, supplier: Caller, agent: Caller) -> None:
    shop.passed()
    assert seller.get("/balances").json() == {"data": [{"currency": "GBP", "amount": "972.40"}]}
    assert supplier.get("/balances").json()["data"][0]["amount"] == "27.60"
    assert agent.get("/balances").json() == {"data": []}


def test_invoices_are_given_page_by_page(
    cast: Cast, shop: Shop, seller: Caller, supplier: Caller, agent: Caller
) -> None:
    orders = [shop.passed(shop.kettle, shop.lamp) for _ in range(3)]
    for caller, expected in ((seller, 6), (supplier, 3), (agent, 6)):
        numbers, query = [], "?limit=2"
        while query:
            page = caller.get(f"/invoices{query}").json()
            numbers += [one["number"] for one in page["data"]]
            query = f"?limit=2&cursor={page['next']}" if page["next"] else ""
        assert len(numbers) == expected
        if caller is supplier:
            assert len(set(numbers)) == expected
    first = supplier.get("/invoices").json()["data"][-1]
    assert first["number"] == "NS-000001"
    assert first["order_number"] == orders[0].number
    assert (first["net"], first["vat"], first["total"]) == ("23.00", "4.60", "27.60")
    assert seller.get("/invoices?cursor=junk").status_code == 422


def test_a_pdf_is_for_who_gave_and_got_it(shop: Shop, seller: Caller, supplier: Caller) -> None:
    shop.passed(shop.lamp)
    invoice = Invoice.objects.get()
    answer = seller.get(f"/invoices/{invoice.pk}/pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "£54.00" in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert supplier.get(f"/invoices/{invoice.pk}/pdf").status_code == 404
