"""Setting an export up in a real browser, to a real server; and its pages, wide and narrow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from cast import Cast
from flows.browsing import House
from flows.scene import LONG_WORD
from flows.test_every_page import look_at
from parley.exports.models import Export, State
from parley.journal.moment import now
from parley.transfer.troubles import PlaceTrouble, Step, Trouble
from servers import PASSWORD, USER, ftp_server
from shop import Shop
from web.exported import export, run


def test_from_the_settings_to_the_file_on_the_server(
    house: House, cast: Cast, shop: Shop, tmp_path: Path, settings: Any
) -> None:
    settings.ALLOW_LOCAL_HOSTS = True
    orders = [shop.passed(shop.kettle, shop.teapot) for _ in range(3)]
    desk = house.desk(cast.supplier)
    page = desk.go("/settings/")
    page.get_by_role("link", name="Exports").click()
    page.get_by_label("Export details").select_option("orders")
    page.wait_for_url("**/exports/new/**")
    expect(page.locator("#f-bucket")).to_be_hidden()
    page.get_by_label("Kind").select_option("s3")
    expect(page.locator("#f-bucket")).to_be_visible()
    expect(page.locator("#f-host")).to_be_hidden()
    page.get_by_label("Kind").select_option("ftp")
    with ftp_server(tmp_path) as server:
        page.locator("#f-host").fill(server.place.host)
        page.locator("#f-port").fill(str(server.place.port))
        page.locator("#f-user").fill(USER)
        page.locator("#f-secret").fill("wrong")
        page.get_by_role("button", name="Test connection").click()
        expect(page.locator("#trial")).to_contain_text("The server does not know this user")
        page.locator("#f-secret").fill(PASSWORD)
        page.get_by_role("button", name="Test connection").click()
        expect(page.locator("#trial")).to_contain_text("Everything works")
        page.locator("button[name=move][value='order_date:up']").click()
        page.locator(".form-foot").get_by_role("button", name="Save").click()
        expect(page.locator("#toasts")).to_contain_text("Saved. The export is active.")
        page.get_by_role("button", name="Run now").click()
        expect(page.locator("#runs")).to_contain_text("Delivered")
        expect(page.locator("#runs")).to_contain_text("3 orders")
        [content] = server.content().values()
    lines = content.decode().splitlines()
    assert lines[0].startswith("order_date,order_number,sku,")
    assert [line.split(",")[1] for line in lines[1:]] == [
        str(order.number) for order in orders for _line in range(2)
    ]
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this file").click()
    assert Path(download.value.path()).read_bytes() == content
    page.get_by_role("button", name="Switch off").click()
    expect(page.locator("#toasts")).to_contain_text("The export is switched off.")


def pages(cast: Cast) -> list[str]:
    """Its pages, with runs in every state."""
    made = export(cast)
    trouble = PlaceTrouble(Step.SIGN_IN, Trouble.SIGN_IN_REFUSED, "530 Login incorrect.").kept()
    stalled = PlaceTrouble(Step.SPACE, Trouble.STALLED).kept()
    run(cast, orders=1204, size=418_233)
    run(cast, state=State.FAILED, trouble=trouble, attempts=6, person=cast.supplier.person)
    run(cast, state=State.NOTHING, orders=0, stored_as="", size=0)
    run(cast, state=State.WAITING, trouble=stalled, attempts=2, next_try_at=now())
    run(cast, file_name=f"orders-{LONG_WORD}-5.csv", person=cast.supplier_member.person)
    Export.objects.filter(pk=made.pk).update(
        place={**made.place, "host_key": "SHA256:" + "aB3/" * 11}, name=f"Склад {LONG_WORD}"
    )
    place = f"/settings/exports/{made.pk}/"
    return ["/settings/exports/", "/settings/exports/new/", place, f"{place}change/"]


def test_the_pages_of_exports(house: House, cast: Cast) -> None:
    look_at(house.desk(cast.supplier), pages(cast))
    look_at(house.desk(cast.other_supplier), ["/settings/exports/"])
    look_at(house.desk(cast.lead), ["/settings/exports/"], axe=False)
