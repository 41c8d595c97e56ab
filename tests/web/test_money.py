"""Balances, statements, top-ups and invoices, as people meet them."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from cast import Cast
from parley.ledger.balances import balance_of
from parley.ledger.models import AccountKind, Transfer, TransferKind
from parley.ledger.topping_up import top_up
from parley.ledger.transferring import Move, transfer
from parley.orders.advancing import advance
from parley.orders.models import Invoice, Order
from parley.orders.moving import lock
from parley.orders.refunding import refund_all
from parley.parties.models import Party, PartyKind
from shop import Shop
from web.pages import HTMX, Browser


def spend_all(cast: Cast) -> None:
    moves = [
        Move(AccountKind.BALANCE, cast.bright_home.pk, -100_000),
        Move(AccountKind.OUTSIDE, None, 100_000),
    ]
    with transaction.atomic():
        transfer(TransferKind.PAYOUT, "spent", moves, "GBP", by=None)


def test_a_seller_sees_the_balance_and_how_it_came_to_that(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    page = Browser(cast.seller).see("/balance/")
    assert "£972.40" in page.words
    for words in ("Top-up", "+£1,000.00", "Payment", f"Order {order.number}", "-£27.60"):
        assert words in page.words
    assert page.links[f"Order {order.number}"] == f"/orders/{order.pk}/"


def test_a_supplier_sees_its_earnings_and_nobody_elses(cast: Cast, shop: Shop) -> None:
    shop.passed(shop.kettle, shop.lamp)
    page = Browser(cast.supplier).see("/balance/")
    assert "Earnings" in page.words
    assert "+£27.60" in page.words
    assert "£54.00" not in page.words


def test_a_supplier_is_not_led_to_an_order_it_does_not_have_yet(cast: Cast, shop: Shop) -> None:
    with override_settings(HAND_OVER_MINUTES=30):
        order = shop.paid()
    for path in ("/balance/", "/balance/invoices/"):
        page = Browser(cast.supplier).see(path)
        assert "£27.60" in page.words
        assert f"/orders/{order.pk}/" not in page.html


def test_a_seller_is_told_what_waits_for_money(cast: Cast, shop: Shop) -> None:
    spend_all(cast)
    for _ in range(2):
        order = shop.queued()
        with transaction.atomic():
            advance(lock(order.pk, None), by=None)
    page = Browser(cast.seller).see("/balance/")
    assert "2 orders wait for money: they cost £55.20 together." in page.words


def test_nothing_yet_says_what_the_place_is_for(cast: Cast) -> None:
    assert "Nothing on the balance yet" in Browser(cast.seller).see("/balance/").words
    assert "Nothing earned yet" in Browser(cast.supplier).see("/balance/").words
    assert "No invoices yet" in Browser(cast.seller).see("/balance/invoices/").words


def test_the_statement_goes_on_over_pages_and_renews_itself(cast: Cast, shop: Shop) -> None:
    for number in range(60):
        top_up(cast.bright_home, 100 + number, "GBP", key=str(number), by=cast.admin)
    browser = Browser(cast.seller)
    page = browser.see("/balance/")
    older = browser.see(page.links["Older"])
    assert "+£1.59" in page.words
    assert "+£1,000.00" in older.words
    assert "<html" not in browser.get("/balance/", **HTMX).content.decode()
    assert browser.get("/balance/?cursor=junk").status_code == 404


def test_each_currency_has_a_statement_of_its_own(cast: Cast, shop: Shop) -> None:
    top_up(cast.bright_home, 5_500, "EUR", key="euros", by=cast.admin)
    browser = Browser(cast.seller)
    assert "£1,000.00" in browser.see("/balance/").words
    assert "€55.00" in browser.see("/balance/?currency=EUR").words


# --- the operator tops up ---


def form_of(cast: Cast, by: str = "lead") -> tuple[Browser, dict[str, Any], str]:
    browser = Browser(getattr(cast, by))
    path = f"/balance/parties/{cast.bright_home.pk}/"
    fields = browser.see(path).form("top-up/").fields
    return browser, {name: values[0] for name, values in fields.items()}, f"{path}top-up/"


def test_the_operator_finds_a_seller_and_tops_up_after_being_asked_once(cast: Cast) -> None:
    page = Browser(cast.lead).see("/balance/?q=bright")
    assert page.links["Bright Home"] == f"/balance/parties/{cast.bright_home.pk}/"
    assert "Second Seller" not in page.words
    browser, typed, path = form_of(cast)
    typed |= {"amount": "1 250,50", "note": "Bank transfer"}
    asked = browser.post(path, typed)
    assert "Put £1,250.50 on the balance of Bright Home?" in asked.content.decode()
    assert balance_of(cast.bright_home, "GBP") == 0
    done = browser.post(path, typed | {"sure": "yes"}, follow=True)
    assert "£1,250.50 is on the balance of Bright Home" in done.content.decode()
    assert balance_of(cast.bright_home, "GBP") == 125_050
    assert Transfer.objects.get().person_id == cast.lead.person_id


def test_a_form_sent_twice_tops_up_once(cast: Cast) -> None:
    browser, typed, path = form_of(cast)
    typed |= {"amount": "10", "sure": "yes"}
    for _ in range(2):
        assert browser.post(path, typed).status_code == 302
    assert balance_of(cast.bright_home, "GBP") == 1_000
    changed = browser.post(path, typed | {"amount": "20"})
    assert changed.status_code == 422
    assert "This form was sent before" in changed.content.decode()
    assert balance_of(cast.bright_home, "GBP") == 1_000


@pytest.mark.parametrize("amount", ["", "abc", "0", "-5", "1.234", "1e30", "NaN", "٣"])
def test_what_is_no_amount_is_said_and_kept(cast: Cast, amount: str) -> None:
    browser, typed, path = form_of(cast)
    answer = browser.post(path, typed | {"amount": amount, "note": "Kept", "key": "junk"})
    if amount == "٣":
        assert answer.status_code in (200, 422)
        return
    assert answer.status_code == 422
    assert 'value="Kept"' in answer.content.decode()
    assert not Transfer.objects.exists()


def test_agents_look_and_suppliers_are_not_topped_up(cast: Cast) -> None:
    path = f"/balance/parties/{cast.bright_home.pk}/"
    assert "top-up/" not in Browser(cast.agent).see(path).html
    supplier = f"/balance/parties/{cast.northwind.pk}/"
    lead = Browser(cast.lead)
    assert "top-up/" not in lead.see(supplier).html
    typed = {"amount": "5", "currency": "GBP", "key": str(uuid.uuid4()), "sure": "yes"}
    assert lead.post(f"{supplier}top-up/", typed).status_code == 404
    assert lead.get(f"/balance/parties/{cast.operator.pk}/").status_code == 404


def test_parties_go_on_over_pages(cast: Cast) -> None:
    Party.objects.bulk_create(Party(kind=PartyKind.SELLER, name=f"Shop {n:03}") for n in range(60))
    browser = Browser(cast.admin)
    first = browser.see("/balance/")
    second = browser.see("/balance/" + first.links["Next page"])
    assert "Shop 001" in first.words
    assert "Shop 059" in second.words
    assert "Shop 001" not in second.words


# --- invoices ---


def test_invoices_are_listed_and_downloaded_in_the_readers_language(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    invoice = Invoice.objects.get(consignment__order=order)
    page = Browser(cast.seller).see("/balance/invoices/")
    for words in ("NS-000001", "Northwind Supply", "£27.60", f"Order {order.number}"):
        assert words in page.words
    for who, query, words in (
        (cast.seller, "", "£27.60"),
        (cast.seller_member, "", "27,60 £"),
        (cast.seller, "?language=ru", "27,60 £"),
        (cast.supplier, "?language=junk", "£27.60"),
        (cast.lead, "", "£27.60"),
    ):
        answer = Browser(who).get(f"/balance/invoices/{invoice.pk}/{query}")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="NS-000001.pdf"'
        text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
        assert words in " ".join(text.split())


def test_nobody_else_gets_an_invoice(cast: Cast, shop: Shop) -> None:
    invoice = Invoice.objects.get(consignment__order=shop.passed())
    for who in (cast.other_seller, cast.other_supplier):
        assert Browser(who).get(f"/balance/invoices/{invoice.pk}/").status_code == 404
        assert "NS-000001" not in Browser(who).see("/balance/invoices/").words


def test_credit_notes_stand_beside_invoices(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    with transaction.atomic():
        refund_all(lock(order.pk, None), by=cast.seller, reason="")
    for who in (cast.seller, cast.supplier, cast.admin):
        page = Browser(who).see("/balance/invoices/")
        assert "NS-CN-000001" in page.words
        assert "−£27.60" in page.words


# --- how often the database is asked ---


def _more(cast: Cast, shop: Shop) -> None:
    for _ in range(8):
        Order.objects.get(pk=shop.passed().pk)


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/balance/", "seller"),
        ("/balance/", "supplier"),
        ("/balance/", "admin"),
        ("/balance/parties/{party}/", "lead"),
        ("/balance/invoices/", "seller"),
        ("/balance/invoices/", "supplier"),
        ("/balance/invoices/", "agent"),
    ],
)
def test_pages_ask_as_often_for_many_rows_as_for_few(
    cast: Cast, shop: Shop, path: str, who: str
) -> None:
    shop.passed()
    browser = Browser(getattr(cast, who))
    path = path.format(party=cast.bright_home.pk)
    count: Callable[[], int] = lambda: _count(browser, path)  # noqa: E731
    count()
    few = count()
    _more(cast, shop)
    assert count() == few
    assert few <= 6


def _count(browser: Browser, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)
