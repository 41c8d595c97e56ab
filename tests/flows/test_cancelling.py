"""Cancelling in real browsers: with a reason before the hand-over, by a ticket after it (O8)."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from cast import Cast
from flows.browsing import PHONE, House
from parley.orders.models import Order
from shop import Shop


def open_menu(page: Page, order: Order) -> None:
    """The three dots of the order's row in the list."""
    page.locator(f"[popovertarget=m{order.pk}]").click()


def test_a_seller_cancels_with_a_reason_and_sees_the_refund(
    house: House, cast: Cast, shop: Shop
) -> None:
    order = shop.paid()
    seller = house.desk(cast.seller)
    page = seller.go("/orders/")
    open_menu(page, order)
    page.locator(f"#m{order.pk}").get_by_text("Cancel order").click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("£27.60")
    expect(dialog.locator("[data-gated]")).to_be_disabled()
    dialog.get_by_text("Ordered by mistake").click()
    dialog.locator("[data-gated]").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#toasts")).to_contain_text("The order is cancelled.")
    row = page.locator("[data-row]", has=page.locator(f"#o{order.pk}"))
    expect(row).to_contain_text("Refunded")
    expect(row).to_contain_text("Cancelled")
    open_menu(page, order)
    expect(page.locator(f"#m{order.pk}")).to_contain_text("Raise ticket")
    expect(page.locator(f"#m{order.pk}")).not_to_contain_text("Cancel order")
    page.locator(f"#m{order.pk}").get_by_text("Open the order").click()
    expect(page.locator("#order-now")).to_contain_text("£27.60 refunded")
    expect(page.locator("#order-now")).to_contain_text("Ordered by mistake")


def test_a_ticket_asks_the_supplier_who_accepts(house: House, cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    seller, supplier = house.desk(cast.seller), house.desk(cast.supplier)
    page = seller.go("/orders/")
    open_menu(page, order)
    page.locator(f"#m{order.pk}").get_by_text("Raise ticket").click()
    dialog = page.locator("dialog[open]")
    expect(dialog.locator("[name=title]")).to_have_value(f"Please cancel order {order.number}")
    dialog.locator("[data-gated]").click()
    page.wait_for_url("**/tickets/*/")
    seller.awake()
    expect(page.locator(".order-of-ticket")).to_contain_text(str(order.number))
    number = page.url.rstrip("/").rpartition("/")[2]

    theirs = supplier.go(f"/tickets/{number}/")
    theirs.get_by_role("button", name="Accept: cancel and refund").click()
    theirs.locator("#accept-dialog").get_by_role("button", name="Cancel and refund").click()
    accepted = "is cancelled, and £27.60 is refunded"
    expect(theirs.locator("#thread")).to_contain_text(accepted)
    expect(theirs.get_by_role("button", name="Accept: cancel and refund")).to_have_count(0)
    # The seller, who still looks at it, sees it without reloading; and on the order, too.
    expect(page.locator("#thread")).to_contain_text(accepted)
    expect(page.locator(".order-of-ticket")).to_contain_text("Refunded")
    with page.expect_popup() as opened:
        page.locator(".order-of-ticket a").click()
    expect(opened.value.locator("#order-now")).to_contain_text("Cancelled")


def test_a_supplier_ships_on_a_phone_and_declines_the_rest(
    house: House, cast: Cast, shop: Shop
) -> None:
    order = shop.passed(shop.kettle, shop.teapot)
    kettle, teapot = order.lines.order_by("position")
    supplier = house.desk(cast.supplier, size=PHONE)
    page = supplier.go(f"/orders/{order.pk}/")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("button", name="Accept")).to_have_count(0)
    page.get_by_role("link", name="Ship", exact=True).click()
    dialog = page.locator("dialog[open]")
    dialog.locator(f"[name=quantity-{teapot.pk}]").fill("0")
    dialog.locator("[name=tracking]").fill("RM 1234 5678 9GB")
    dialog.locator("[data-gated]").click()
    expect(page.locator("#order-now")).to_contain_text("RM 1234 5678 9GB")
    page.get_by_role("link", name="Decline items").click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text(teapot.title)
    expect(dialog).not_to_contain_text(kettle.title)
    dialog.locator("[name=reason]").fill("Broken in the store")
    dialog.locator("[data-gated]").click()
    expect(page.locator("#order-now")).to_contain_text("Broken in the store")
    assert Order.objects.get(pk=order.pk).fulfilment == "shipped"


def test_a_refused_dialog_stays_with_what_was_typed(house: House, cast: Cast, shop: Shop) -> None:
    order = shop.paid()
    seller = house.desk(cast.seller)
    seller.forgive("409 (Conflict)")
    page = seller.go(f"/orders/{order.pk}/")
    page.get_by_role("link", name="Cancel order").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_text("Ordered twice").click()
    Order.objects.filter(pk=order.pk).update(stage="passed", passed_at=order.paid_at)
    dialog.locator("[data-gated]").click()
    expect(page.locator("dialog[open]")).to_contain_text("with the supplier already")
    expect(page.locator("dialog[open]").get_by_text("Raise ticket")).to_be_visible()


def test_an_order_is_picked_as_one_types(house: House, cast: Cast, shop: Shop) -> None:
    order = shop.passed(channel_number="BH-2001")
    seller = house.desk(cast.seller)
    page = seller.go(f"/tickets/new/?topic={cast.late_parcel.pk}&to={cast.northwind.pk}")
    field = page.locator("#f-order_number")
    field.press_sequentially("bh-2")
    option = page.locator("#f-order_number-list [role=option]")
    expect(option).to_contain_text(str(order.number))
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value(str(order.number))
    expect(page.locator("#f-order")).to_have_value(str(order.pk))
    field.press_sequentially("9")
    expect(page.locator("#f-order")).to_have_value("")
