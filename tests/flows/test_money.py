"""Money at real browsers: what is shown renews itself, and a queued order gets its number."""

from __future__ import annotations

import pytest
from django.db import transaction
from playwright.sync_api import expect

from cast import Cast
from flows.browsing import House
from flows.test_every_page import look_at
from parley.ledger.models import AccountKind, TransferKind
from parley.ledger.topping_up import top_up
from parley.ledger.transferring import Move, transfer
from parley.orders.advancing import advance
from parley.orders.models import Order
from parley.orders.moving import lock
from parley.orders.refunding import refund_all
from shop import Shop


@pytest.fixture
def unpaid(cast: Cast, shop: Shop) -> Order:
    """Bright Home's balance is spent, and an order waits for £27.60."""
    moves = [
        Move(AccountKind.BALANCE, cast.bright_home.pk, -100_000),
        Move(AccountKind.OUTSIDE, None, 100_000),
    ]
    order = shop.queued()
    with transaction.atomic():
        transfer(TransferKind.PAYOUT, "spent", moves, "GBP", by=None)
        advance(lock(order.pk, None), by=None)
    return order


def test_a_queued_order_is_paid_when_money_arrives(house: House, cast: Cast, unpaid: Order) -> None:
    seller, operator = house.desk(cast.seller), house.desk(cast.lead)
    page = seller.go("/balance/")
    expect(page.locator(".money-waits")).to_be_visible()

    desk = operator.go("/balance/")
    desk.get_by_role("link", name="Bright Home").click()
    button = desk.get_by_role("button", name="Top up")
    expect(button).to_be_disabled()
    desk.get_by_label("Amount").fill("50,00")
    button.click()
    expect(desk.get_by_text("Put £50.00 on the balance of Bright Home?")).to_be_visible()
    desk.get_by_role("button", name="Yes, top up").click()

    expect(page.locator(".big-number")).to_have_text("£22.40")
    expect(page.locator(".money-waits")).to_have_count(0)
    unpaid.refresh_from_db()
    assert unpaid.number is not None
    expect(page.get_by_role("link", name=f"Order {unpaid.number}")).to_be_visible()
    page.goto(page.url.replace("/balance/", "/balance/invoices/"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as PDF: NS-000001").click()
    assert download.value.suggested_filename == "NS-000001.pdf"


def test_the_pages_of_money(house: House, cast: Cast, shop: Shop, unpaid: Order) -> None:
    top_up(cast.bright_home, 1_234_567, "GBP", key="much", by=cast.admin,
           note="Bank transfer of 12 March, Überweisungsträgernummer 4711-0815-4242")  # fmt: skip
    top_up(cast.bright_home, 5_500, "EUR", key="euros", by=cast.admin)
    for _ in range(3):
        order = shop.passed(shop.kettle, shop.lamp)
    with transaction.atomic():
        refund_all(lock(order.pk, None), by=cast.seller, reason="Bought by mistake")
    own = ["/balance/", "/balance/?currency=EUR", "/balance/invoices/"]
    for who in (cast.seller, cast.seller_member, cast.supplier, cast.other_seller):
        look_at(house.desk(who), own)
    of_operator = [
        "/balance/",
        "/balance/?q=nobody",
        f"/balance/parties/{cast.bright_home.pk}/",
        f"/balance/parties/{cast.northwind.pk}/",
        "/balance/invoices/",
    ]
    look_at(house.desk(cast.lead), of_operator)
    look_at(house.desk(cast.agent), of_operator[:3])
