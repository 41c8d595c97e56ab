"""Making an order by hand, through its pages (O9)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Cast
from parley.catalogue.keeping import add_product
from parley.catalogue.models import Terms
from parley.orders.axes import Payment
from parley.orders.drafting import add_item
from parley.orders.models import Order, Stage
from shop import Shop
from web.pages import HTMX, Browser, Page, words_of

MARGARET = {
    "name": "Margaret Hale",
    "street": "14 Cloudesley Road",
    "city": "London",
    "postcode": "N1 0EB",
    "country": "GB",
}


def begun(browser: Browser, **changed: str) -> Order:
    browser.send("/orders/new/", "", **MARGARET | changed)
    return Order.objects.latest("pk")


def test_from_add_order_to_the_end(shop: Shop) -> None:
    browser = Browser(shop.cast.seller)
    assert browser.see("/orders/").links["Add order"] == "/orders/new/"
    order = begun(browser)
    at = f"/orders/new/{order.pk}/"
    found = Page(browser.get(f"{at}search/?q=kettle", **HTMX))
    assert "Enamel stove kettle" in found.words
    assert "40 in stock" in found.words
    form = found.form("/items/")
    browser.post(form.action, {**form.fields, "quantity": "2"})
    page = browser.see(at)
    assert "£51.60" in page.words, "2 × £20, £3 shipping, VAT 20 %"
    browser.send(at, "/services/", service=str(shop.courier.pk))
    page = browser.see(at)
    assert "£57.00" in page.words
    done = browser.send(at, "/completion/")
    order.refresh_from_db()
    assert (order.payment, order.paid_minor) == (Payment.PAID, 5700)
    assert f"Order {order.number} is paid and goes to the supplier." in words_of(done)
    assert browser.get(at).headers["Location"] == f"/orders/{order.pk}/"
    again = browser.post(f"{at}completion/", {"agreed": "5700"})
    assert again.headers["Location"] == f"/orders/{order.pk}/"
    assert Order.objects.count() == 1


def test_delivery_details_that_are_refused_keep_what_was_typed(shop: Shop) -> None:
    browser = Browser(shop.cast.seller)
    answer = browser.send("/orders/new/", "", **MARGARET | {"postcode": "N1", "email": "x"})
    assert answer.status_code == 422
    assert "“N1” is not a British postcode." in words_of(answer)
    assert 'value="Margaret Hale"' in answer.content.decode()
    assert not Order.objects.exists()


def test_what_may_not_go_there_is_said_before_and_at_completion(shop: Shop) -> None:
    Terms.objects.create(supplier=shop.cast.northwind, not_shipped_to="BT")
    browser = Browser(shop.cast.seller)
    order = begun(browser, postcode="BT7 1NN")
    add_item(order.pk, shop.kettle.pk, 1, by=shop.cast.seller)
    at = f"/orders/new/{order.pk}/"
    reason = "Line 1, Enamel stove kettle, 1.8 l: Northwind Supply does not ship to BT7 1NN"
    assert reason in browser.see(at).words
    answer = browser.send(at, "/completion/")
    assert answer.status_code == 409
    assert "The order is not completed." in words_of(answer)
    assert reason in words_of(answer)
    browser.send(f"{at}delivery/", "", postcode="N1 0EB")
    browser.send(at, "/completion/")
    assert Order.objects.get().number is not None


def test_quantities_change_items_go_and_stock_is_shown(shop: Shop) -> None:
    browser = Browser(shop.cast.seller)
    order = begun(browser)
    line = add_item(order.pk, shop.teapot.pk, 1, by=shop.cast.seller)
    at = f"/orders/new/{order.pk}/"
    browser.post(f"{at}items/{line.pk}/", {"quantity": "50"})
    assert "Only 12 in stock" in browser.see(at).words
    wrong = browser.post(f"{at}items/{line.pk}/", {"quantity": "99999"}, follow=True)
    assert "Write how many: from 1 to 10000." in words_of(wrong)
    browser.post(f"{at}items/{line.pk}/", {"quantity": "0"})
    page = browser.see(at)
    assert "Nothing yet." in page.words


def test_without_money_it_waits_in_the_queue(cast: Cast, shop: Shop) -> None:
    browser = Browser(cast.other_seller)
    order = begun(browser)
    add_item(order.pk, shop.kettle.pk, 1, by=cast.other_seller)
    at = f"/orders/new/{order.pk}/"
    assert "Your balance is £27.60 short." in browser.see(at).words
    answer = browser.send(at, "/completion/")
    assert "It gets its number once it is paid." in words_of(answer)
    order.refresh_from_db()
    assert (order.stage, order.number) == (Stage.QUEUED, None)


def test_drafts_are_listed_and_deleted(cast: Cast, shop: Shop) -> None:
    browser = Browser(cast.seller)
    assert "No drafts" in browser.see("/orders/drafts/").words
    order = begun(browser)
    page = browser.see("/orders/drafts/")
    assert "Margaret Hale" in page.words
    assert "No items yet" in page.words
    assert "Margaret Hale" not in Browser(cast.other_seller).see("/orders/drafts/").words
    browser.send("/orders/drafts/", f"/new/{order.pk}/removal/")
    assert not Order.objects.exists()


@pytest.mark.parametrize("more", [20])
def test_the_page_of_a_draft_asks_as_often_for_many_lines_as_for_few(shop: Shop, more: int) -> None:
    browser, by = Browser(shop.cast.seller), shop.cast.seller
    order = begun(browser)
    add_item(order.pk, shop.kettle.pk, 1, by=by)
    add_item(order.pk, shop.lamp.pk, 1, by=by)
    at = f"/orders/new/{order.pk}/"

    def asked(path: str) -> int:
        browser.get(path)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    paths = (
        at,
        f"{at}search/?q=lamp",
        f"{at}search/?q=lmap",
        f"{at}delivery/",
        "/orders/drafts/",
        "/products/",
        "/products/?q=lamp",
        "/products/?q=lmap",
        f"/products/{shop.lamp.pk}/",
    )
    few = {path: asked(path) for path in paths}
    for n in range(more):
        product = add_product(
            {"sku": f"M{n}", "title": f"Mug {n}", "price": "1"}, by=shop.cast.supplier
        )
        add_item(order.pk, product.pk, 1, by=by)
        begun(browser)
    assert {path: asked(path) for path in paths} == few
    assert max(few.values()) <= 6, few
