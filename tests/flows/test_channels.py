"""The pages of channels in a real browser, on a phone and at a desk; and the way through them."""

from __future__ import annotations

import io
from datetime import timedelta

from playwright.sync_api import expect

from cast import Cast
from flows.browsing import House
from flows.scene import LONG_WORD
from flows.test_every_page import look_at
from parley.channels.connecting import Typed, add_channel
from parley.channels.models import Connection, OrderFile
from parley.channels.reasons import reason
from parley.channels.uploading import start, upload
from parley.journal.moment import now
from parley.orders.linking import list_product
from parley.orders.models import ChannelKind, Order, Stage
from shop import Shop
from web.channelled import channel, delivery, unlinked

ORDERS = (
    "Order number,Date,SKU,Qty,Price,Recipient,Address,Town,Postcode,Country,Gift wrapping\n"
    "77,21/11/2026,KET-100,2,£49.00,Margaret Hale,14 Cloudesley Road,London,N1 0EB,UK,no\n"
    "78,21/11/2026,LAMP-9,1,89.00,Ольга Петренко,1 Marlborough Mills,Manchester,M1 2AB,GB,yes\n"
    "79,21/11/2026,KET-100,none,49,Fanny,,,,,\n"
).encode()


def pages(cast: Cast, shop: Shop) -> list[str]:
    place = "/settings/channels/"
    found = channel(cast)
    Connection.objects.filter(pk=found.pk).update(
        trouble=reason("sign_in"), trouble_at=now() - timedelta(hours=3), refused=3
    )
    delivery(cast, state="taken", reason={}, order=shop.passed(), external_id="5512873349203")
    delivery(cast, state="waiting", reason={}, topic="orders/updated")
    delivery(cast, state="ignored", reason=reason("not_wanted"), topic="fetched")
    failed = delivery(cast, external_id="551287334" * 8,
                      reason=reason("unreadable", where="quantity", value=LONG_WORD))  # fmt: skip
    woo = channel(cast, ChannelKind.WOOCOMMERCE)
    json_api = channel(cast, ChannelKind.JSON)
    files = add_channel(ChannelKind.FILE, Typed(f"Выгрузка заказов {LONG_WORD}"), by=cast.seller)
    new = upload(files.pk, "orders-november.csv", io.BytesIO(ORDERS), by=cast.seller)
    done = upload(files.pk, f"{LONG_WORD}.csv", io.BytesIO(ORDERS), by=cast.seller)
    start(done.pk, by=cast.seller)
    list_product(found, shop.lamp, listing_id="44610569208040", sku="BH-LAMP", title="Лампа",
                 by=cast.seller)  # fmt: skip
    order = unlinked(cast)
    return [
        place,
        f"{place}new/",
        f"{place}new/shopify/",
        f"{place}{found.pk}/",
        f"{place}{found.pk}/change/",
        f"{place}{woo.pk}/",
        f"{place}{json_api.pk}/",
        f"{place}{files.pk}/",
        f"{place}{found.pk}/listings/",
        f"{place}deliveries/{failed.pk}/",
        f"{place}files/{new.pk}/",
        f"{place}files/{done.pk}/",
        f"/orders/{order.pk}/",
    ]


def test_every_page_of_channels(house: House, cast: Cast, shop: Shop) -> None:
    paths = pages(cast, shop)
    look_at(house.desk(cast.seller), paths)
    russian = [path for path in paths if "new" not in path and "change" not in path]
    look_at(house.desk(cast.seller_member), russian, axe=False)


def test_empty_places(house: House, cast: Cast, shop: Shop) -> None:
    files = add_channel(ChannelKind.FILE, Typed("Files"), by=cast.seller)
    found = channel(cast)
    place = "/settings/channels/"
    look_at(
        house.desk(cast.seller),
        [f"{place}{files.pk}/", f"{place}{found.pk}/", f"{place}{found.pk}/listings/"],
    )
    look_at(house.desk(cast.other_seller), [place])


def test_a_file_of_orders_from_picking_to_the_report(house: House, cast: Cast, shop: Shop) -> None:
    add_channel(ChannelKind.FILE, Typed("Files"), by=cast.seller)
    desk = house.desk(cast.seller)
    page = desk.go("/settings/channels/")
    page.get_by_role("link", name="Files").click()
    page.locator("#f-file").set_input_files(
        {"name": "orders.csv", "mimeType": "text/csv", "buffer": ORDERS}
    )
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("77 · 2 × KET-100 → Margaret Hale, N1 0EB")).to_be_visible()
    page.get_by_label("Gift wrapping").select_option("note")
    expect(page.get_by_label("Gift wrapping")).to_have_value("note")
    page.get_by_role("button", name="Take the orders in").click()
    expect(page.get_by_role("heading", name="Report")).to_be_visible()
    expect(page.get_by_text("“Quantity” can't be read: none")).to_be_visible()
    assert OrderFile.objects.get().made == 2
    assert Order.objects.get(external_id="78").note == "yes"


def test_an_unknown_item_is_linked_on_the_order(house: House, cast: Cast, shop: Shop) -> None:
    order = unlinked(cast)
    page = house.desk(cast.seller).go(f"/orders/{order.pk}/")
    page.get_by_label("Find the product for A vase").fill("brass lamp")
    page.get_by_role("button", name="Brass desk lamp").click()
    expect(page.get_by_text("All of it is linked")).to_be_visible()
    assert Order.objects.get(pk=order.pk).stage not in (Stage.NOT_LINKED, Stage.MATCHING)


def test_the_connection_is_tested_before_it_is_saved(house: House, cast: Cast, shop: Shop) -> None:
    page = house.desk(cast.seller).go("/settings/channels/new/woocommerce/")
    page.get_by_label("The shop's address").fill("https://127.0.0.1:1")
    page.get_by_label("Consumer key").fill("ck_1")
    page.get_by_label("Consumer secret").fill("cs_1")
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_text("It does not work yet.")).to_be_visible()
    expect(page.get_by_label("The shop's address")).to_have_value("https://127.0.0.1:1")
    assert not Connection.objects.exists()
