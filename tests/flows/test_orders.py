"""Finding an order and looking into it, in a real browser: filters, dialogs, Back, and live rows."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from cast import Cast
from flows.browsing import PHONE, WIDE, House
from parley.journal.moment import now
from parley.orders.accepting import accept
from parley.orders.models import Order
from stall import days_ago, made_order


def of_last_week() -> datetime:
    """A moment of the last week, Monday to Sunday, wherever in this one we are."""
    today = now()
    monday = today - timedelta(days=today.weekday() + 7)
    return monday.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=2)


def shop_front(cast: Cast) -> list[Order]:
    """Thirty unshipped orders of last week, and others around them."""
    when = of_last_week()
    wanted = [
        made_order(cast, placed_at=when - timedelta(minutes=n), channel_number=f"#1{n:03}")
        for n in range(30)
    ]
    for n in range(4):
        made_order(cast, placed_at=when, fulfilment="shipped")
        made_order(cast, placed_at=days_ago(40 + n))
    return wanted


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_find_one_look_into_it_and_come_back(
    house: House, cast: Cast, size: tuple[int, int]
) -> None:
    wanted = shop_front(cast)
    desk = house.desk(cast.seller, size=size)
    page = desk.go("/")
    page.locator(".rail a[href='/orders/']").click()
    expect(page.locator("h1")).to_have_text("Orders")

    # Filters: unshipped, of last week. Apply; each is a chip with its ×.
    page.locator("[popovertarget=filters]").click()
    page.locator("#filters [name=status][value=unshipped]").check()
    page.locator("#filter-when").select_option("last-week")
    page.locator("#filters .button.main").click()
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator(".orders tbody tr")).to_have_count(25)
    expect(page).to_have_url(re.compile(r"status=unshipped&when=last-week"))

    page.locator("a[rel=next]").click()
    expect(page.locator(".orders tbody tr")).to_have_count(5)
    page.locator("a[rel=prev]").click()
    expect(page.locator(".orders tbody tr")).to_have_count(25)
    address = page.url

    # The symbols have words behind them.
    marks = page.locator(".orders tbody tr").first.locator(".mark")
    expect(marks.nth(0)).to_have_attribute("title", "Paid")
    expect(marks.nth(1)).to_have_attribute("title", "Unshipped")

    # Details and audit from the three dots leave the list where it was.
    row = page.locator(".orders tbody tr").nth(20)
    # In the middle of the window, where nothing is to be scrolled before it can be clicked.
    row.locator(".o-menu > button").evaluate("button => button.scrollIntoView({block: 'center'})")
    before = page.evaluate("scrollY")
    for words, dialog in (("Order details", "order-details"), ("Order audit", "order-audit")):
        row.locator(".o-menu > button").click()
        page.locator(".menu:popover-open .menu-item", has_text=words).click()
        shown = page.locator(f"dialog#{dialog}")
        expect(shown).to_be_visible()
        shown.get_by_role("button", name="Cancel").click()
        expect(page.locator("dialog[open]")).to_have_count(0)
        assert page.url == address
        assert abs(page.evaluate("scrollY") - before) < 2, "the page is where it was"

    # The blue number opens the order. (Clicked where it stands: a driver scrolls before it clicks.)
    row.locator(".o-number a").dispatch_event("click")
    expect(page.locator("h1")).to_contain_text(str(wanted[20].number))
    page.locator("a[data-dialog][href$='/audit/']").click()
    audit = page.locator("dialog#order-audit")
    expect(audit).to_be_visible()
    audit.get_by_role("button", name="Cancel").click()
    expect(audit).to_have_count(0)

    # Back leads to the same list, as it was.
    page.locator("a[data-back]").click()
    expect(page.locator(".orders tbody tr")).to_have_count(25)
    assert page.url == address
    assert scrolled_to(page, before), page.evaluate("scrollY")

    # A filter goes by its ×.
    page.locator(".chip a").first.click()
    expect(page.locator(".chip")).to_have_count(1)


def scrolled_to(page: Page, place: float) -> bool:
    """Whether the page comes to stand near there, less than half a window away.

    It is asked, since its policy lets no text be evaluated.
    """
    for _try in range(100):
        if abs(page.evaluate("scrollY") - place) < 400:
            return True
        page.wait_for_timeout(100)
    return False


def test_what_changes_is_seen_at_once_on_the_list_and_the_page(house: House, cast: Cast) -> None:
    order = made_order(cast)
    listing = house.desk(cast.supplier)
    listing.go("/orders/")
    one = house.desk(cast.supplier_member, language="en")
    cast.supplier_member.person.language = "en"
    cast.supplier_member.person.save()
    one.go(f"/orders/{order.pk}/")
    expect(listing.page.locator(".orders .state")).to_contain_text("to be accepted")
    expect(one.page.locator(".state.banner")).to_contain_text("to be accepted")
    with transaction.atomic():
        accept(order.pk, by=cast.supplier)
    expect(listing.page.locator(".orders .state")).to_contain_text("Accepted · to be shipped")
    expect(one.page.locator(".state.banner")).to_contain_text("Accepted · to be shipped")


def test_a_search_keeps_the_filters(house: House, cast: Cast) -> None:
    order = made_order(cast, items=[("Garden hose", "HOSE-25-B", 1)], channel_number="#2001")
    made_order(cast)
    desk = house.desk(cast.seller)
    page = desk.go("/orders/?status=unshipped")
    expect(page.locator(".orders tbody tr")).to_have_count(2)
    page.locator(".order-search input[name=q]").fill("hose-25-b")
    page.keyboard.press("Enter")
    expect(page.locator(".orders tbody tr")).to_have_count(1)
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator(f"#o{order.pk}")).to_be_visible()
