"""A manual order to the end, as the steps say it, and the pages it leads over (O6, O9, O11)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from cast import Cast
from flows.browsing import House
from flows.test_every_page import look_at
from parley.catalogue.models import Product, Terms
from parley.feeds.receiving import upload
from parley.orders.drafting import add_item, begin
from parley.orders.models import Order, OrderLine
from shop import Shop

MARGARET = {
    "name": "Margaret Hale",
    "street": "14 Cloudesley Road",
    "city": "London",
    "postcode": "N1 0EB",
    "country": "GB",
}


def add(page: Page, words: str, quantity: str, title: str) -> None:
    """*Add item*: look for it, say how many, add it."""
    page.get_by_role("button", name="Add item").click()
    page.get_by_role("searchbox", name="Search products").last.fill(words)
    found = page.locator(".found-items li", has_text=title)
    found.get_by_label(f"Quantity of {title}").fill(quantity)
    found.get_by_role("button", name="Add").click()
    expect(page.locator(".draft-lines", has_text=title)).to_be_visible()


def test_an_order_is_made_by_hand_to_the_end(house: House, cast: Cast, shop: Shop) -> None:
    Terms.objects.create(supplier=cast.northwind, not_shipped_to="BT")
    page = house.desk(cast.seller).go("/orders/")
    page.get_by_role("link", name="Add order").click()
    page.get_by_label("Name", exact=False).first.fill("Margaret Hale")
    page.get_by_label("Street and house").fill("14 Cloudesley Road")
    page.get_by_label("Town").fill("Belfast")
    page.get_by_label("Postcode").fill("bt7 1nn")
    page.get_by_role("button", name="Save").click()

    add(page, "kettle", "2", "Enamel stove kettle, 1.8 l")
    add(page, "LAMP-9", "1", "Brass desk lamp")
    expect(page.get_by_text("does not ship to BT7 1NN")).to_be_visible()
    page.get_by_role("link", name="Change").click()
    page.get_by_label("Town").fill("London")
    page.get_by_label("Postcode").fill("N1 0EB")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice.warn")).to_have_count(0)

    count = page.get_by_label("Quantity of Brass desk lamp")
    count.fill("2")
    count.press("Tab")
    expect(page.locator(".totals .sum")).to_contain_text("£153.60")
    page.locator("label.choice", has_text="Next day").click()
    expect(page.locator(".totals .sum")).to_contain_text("£159.00")
    page.get_by_role("button", name="Complete order").click()

    expect(page.get_by_text("is paid and goes to the supplier")).to_be_visible()
    order = Order.objects.get()
    assert page.url.endswith(f"/orders/{order.pk}/")
    assert (order.paid_minor, order.number is not None) == (15_900, True)
    assert OrderLine.objects.filter(order=order).count() == 2


def test_postcode_rules_say_what_they_mean_while_they_are_typed(
    house: House, cast: Cast, shop: Shop
) -> None:
    page = house.desk(cast.supplier).go("/products/terms/")
    page.get_by_label("Postcodes you do not ship to").fill("g, scotland")
    reading = page.locator("#reading")
    expect(reading.get_by_text("all of G", exact=True)).to_be_visible()
    expect(reading.get_by_text("“SCOTLAND” is not understood.")).to_be_visible()
    page.get_by_label("Postcodes you do not ship to").fill("G")
    page.get_by_role("button", name="Northern Ireland").click()
    page.get_by_label("Try a postcode").fill("gy9 3ta")
    expect(reading.get_by_text("GY9 3TA: shipped to.")).to_be_visible()
    page.get_by_label("Try a postcode").fill("bt7 1nn")
    expect(reading.get_by_text("BT7 1NN: not shipped to, by the rule “BT”.")).to_be_visible()
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert Terms.objects.get().not_shipped_to == "G, BT"


@pytest.fixture
def laid_out(cast: Cast, shop: Shop) -> dict[str, list[str]]:
    """The addresses to look at, by who looks."""
    from django.core.files.base import ContentFile

    Terms.objects.create(supplier=cast.northwind, not_shipped_to="BT, HS, AB31-38")
    Product.objects.filter(pk=shop.teapot.pk).update(stock=0)
    order = begin(MARGARET | {"postcode": "BT7 1NN"}, by=cast.seller)
    add_item(order.pk, shop.kettle.pk, 100, by=cast.seller)
    add_item(order.pk, shop.lamp.pk, 1, by=cast.seller)
    begin(MARGARET | {"name": "Константин Константинопольский-Задунайский"}, by=cast.seller)
    table = "SKU,Price,Stock\nKET-100,21.00,7\nNOPE,cheap,1\n"
    run = upload(ContentFile(table.encode()), "stock.csv", by=cast.supplier)
    own = f"/products/{shop.kettle.pk}/"
    return {
        "seller": ["/products/", own, "/orders/new/", f"/orders/new/{order.pk}/", "/orders/drafts/"],
        "supplier": [
            "/products/", own, f"{own}change/", "/products/terms/", "/settings/imports/",
            f"/settings/imports/files/{run.pk}/", "/settings/imports/new/",
        ],
    }  # fmt: skip


@pytest.mark.parametrize("who", ["seller", "supplier"])
def test_every_page_of_it_fits_and_can_be_used_by_all(
    house: House, cast: Cast, laid_out: dict[str, list[str]], who: str
) -> None:
    look_at(house.desk(cast.everybody[who]), laid_out[who])


def test_nothing_sticks_out_in_russian(
    house: House, cast: Cast, laid_out: dict[str, list[str]]
) -> None:
    look_at(house.desk(cast.seller_member), laid_out["seller"], axe=False)
    look_at(house.desk(cast.supplier_member), laid_out["supplier"], axe=False)
