"""The pages of imports: upload, mapping, a look at what it would do, the report, the schedule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cast import Cast
from parley.feeds.jobs import carry_out, fetch_feed
from parley.feeds.models import Feed, FeedRun, State
from shop import Shop
from web.pages import HTMX, Browser, words_of


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.EXPORT_FOLDER = str(tmp_path / "places")


def sent(browser: Browser, text: str) -> Any:
    file = SimpleUploadedFile("stock.csv", text.encode())
    return browser.post("/settings/imports/files/", {"file": file}, follow=True)


def test_a_file_is_uploaded_mapped_looked_at_and_imported(shop: Shop) -> None:
    browser = Browser(shop.cast.supplier)
    assert "/settings/imports/" in browser.see("/products/").links.values()
    answer = sent(browser, "Code,Trade,Left\nKET-100,21.00,7\nNOPE,1,1\n=1+1,1,1\n")
    run = FeedRun.objects.get()
    at = f"/settings/imports/files/{run.pk}/"
    assert answer.redirect_chain == [(at, 302)]
    mapping = {"map_sku": "Code", "map_price": "Trade", "map_stock": "Left"}
    looked = words_of(browser.send(at, "/mapping/", **mapping, act="look"))
    assert "2 Changed KET-100 21.00 7" in looked
    assert "You have no product with this SKU." in looked
    shop.kettle.refresh_from_db()
    assert shop.kettle.stock == 40
    browser.send(at, "/mapping/", act="import")
    waiting = browser.see(at)
    assert "Waiting" in waiting.words
    assert "every 2s" in waiting.having("hx-trigger")
    carry_out(run.pk)
    done = browser.see(at)
    assert "2 rows not imported" in done.words
    shop.kettle.refresh_from_db()
    assert (shop.kettle.price_minor, shop.kettle.stock) == (2100, 7)
    report = b"".join(browser.get(f"{at}report/").streaming_content).decode("utf-8-sig")
    assert report.splitlines()[1:] == [
        "3,NOPE,You have no product with this SKU.",
        "4,'=1+1,You have no product with this SKU.",
    ]
    assert "every 2s" not in str(browser.get(at, **HTMX).content)


def test_what_cannot_be_imported_is_said(cast: Cast, settings: Any) -> None:
    browser = Browser(cast.supplier)
    assert "There is nothing in this file." in words_of(sent(browser, ""))
    assert "Pick a file first." in words_of(browser.post("/settings/imports/files/", follow=True))
    sent(browser, "Colour,Size\nred,1\n")
    at = f"/settings/imports/files/{FeedRun.objects.get().pk}/"
    refused = browser.send(at, "/mapping/", act="import")
    assert refused.status_code == 422
    assert "Say which column is the SKU" in words_of(refused)
    browser.send(at, "/removal/")
    assert not FeedRun.objects.exists()
    settings.FILE_LIMIT = 10
    assert "over the limit" in words_of(sent(browser, "SKU,Stock\n" + "A,1\n" * 100))


FOLDER = {
    "name": "Nightly stock",
    "kind": "folder",
    "folder": "in",
    "file_name": "stock.csv",
    "every": "hourly",
    "map_sku": "SKU",
    "map_stock": "Stock",
    "map_price": "",
}


def test_a_schedule_is_set_up_looked_at_and_runs(shop: Shop, settings: Any) -> None:
    browser = Browser(shop.cast.supplier)
    missing = words_of(browser.post("/settings/imports/look/", FOLDER, **HTMX))
    assert "there is no file called stock.csv" in missing
    folder = Path(settings.EXPORT_FOLDER) / f"supplier-{shop.cast.northwind.pk}" / "in"
    (folder / "stock.csv").write_text("SKU,Stock\nKET-100,2\n")
    there = words_of(browser.post("/settings/imports/look/", FOLDER, **HTMX))
    assert "The file is there: stock.csv." in there
    saved = browser.send("/settings/imports/new/", "", **FOLDER)
    assert "Saved. The file is fetched from now on." in words_of(saved)
    feed = Feed.objects.get()
    browser.send("/settings/imports/", f"/{feed.pk}/run/")
    fetch_feed(feed.pk)
    run = FeedRun.objects.get()
    carry_out(run.pk)
    assert FeedRun.objects.get().state == State.DONE
    shop.kettle.refresh_from_db()
    assert shop.kettle.stock == 2
    browser.send("/settings/imports/", f"/{feed.pk}/activity/", active="off")
    assert not Feed.objects.get().active
    assert "Off" in browser.see("/settings/imports/").words


def test_a_schedule_that_is_refused_keeps_what_was_typed_but_no_secret(cast: Cast) -> None:
    typed = FOLDER | {
        "kind": "sftp",
        "host": "",
        "user": "nw",
        "secret": "t0psecret",
        "map_sku": "",
    }
    answer = Browser(cast.supplier).send("/settings/imports/new/", "", **typed)
    assert answer.status_code == 422
    said = words_of(answer)
    assert "Write the server's name" in said
    assert "Say which column is the SKU" in said
    assert "t0psecret" not in answer.content.decode()
    assert not Feed.objects.exists()
