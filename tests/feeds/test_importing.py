"""Stock, prices and products from files: mapped, previewed, applied row by row."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cast import Cast
from parley.catalogue.models import Product
from parley.feeds import applying, receiving
from parley.feeds.applying import carry_out, preview
from parley.feeds.jobs import carry_out as carry_out_job
from parley.feeds.mapping import guess
from parley.feeds.models import Feed, FeedRun, State
from parley.feeds.setting_up import FeedRefused, set_up, switch
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.transfer.tables import TableUnreadable
from shop import Shop


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.EXPORT_FOLDER = str(tmp_path / "places")


def uploaded(shop: Shop, text: str, *, creates: bool = False) -> FeedRun:
    by = shop.cast.supplier
    run = receiving.upload(SimpleUploadedFile("stock.csv", text.encode()), "stock.csv", by=by)
    if creates:
        receiving.change_mapping(run.pk, run.mapping, creates=True, by=by)
    return run


def imported(shop: Shop, text: str, *, creates: bool = False) -> FeedRun:
    run = uploaded(shop, text, creates=creates)
    receiving.start(run.pk, by=shop.cast.supplier)
    carry_out(run.pk)
    return FeedRun.objects.get(pk=run.pk)


def counts(run: FeedRun) -> tuple[int, int, int, int]:
    return run.added, run.changed, run.unchanged, run.refused


@pytest.mark.parametrize(
    ("columns", "mapping"),
    [
        (["SKU", "Price", "Qty"], {"sku": "SKU", "price": "Price", "stock": "Qty"}),
        (["Артикул", "Цена", "Остаток"], {"sku": "Артикул", "price": "Цена", "stock": "Остаток"}),
        (["product_id", "code"], {"sku": "code", "supplier_product_id": "product_id"}),
        (["colour", "size"], {}),
    ],
)
def test_columns_are_guessed_from_their_headings(
    columns: list[str], mapping: dict[str, str]
) -> None:
    assert guess(columns) == mapping


def test_stock_and_prices_are_brought_up_to_date(shop: Shop) -> None:
    run = imported(shop, "SKU,Price,Stock\nket-100,21.50,7\nTEA-200,12.50,12\nLAMP-9,1,1\n")
    assert (run.state, counts(run)) == (State.DONE, (0, 1, 1, 1))
    shop.kettle.refresh_from_db()
    assert (shop.kettle.price_minor, shop.kettle.stock, shop.kettle.sku) == (2150, 7, "KET-100")
    row = run.refused_rows.get()
    assert (row.number, row.sku) == (4, "LAMP-9"), "another supplier's product"
    assert row.problems == {"sku": "You have no product with this SKU."}
    shop.lamp.refresh_from_db()
    assert shop.lamp.price_minor == 4000


def test_a_row_stands_or_falls_as_a_whole(shop: Shop) -> None:
    run = imported(shop, "SKU,Price,Stock\nKET-100,cheap,7\nTEA-200,13,5\nTEA-200,14,5,x\n,1,1\n")
    assert counts(run) == (0, 1, 0, 3)
    shop.kettle.refresh_from_db()
    assert (shop.kettle.price_minor, shop.kettle.stock) == (2000, 40)
    problems = [row.problems for row in run.refused_rows.order_by("number")]
    assert list(problems[0]) == ["price"]
    assert list(problems[1]) == ["row"]
    assert "sku" in problems[2]


def test_empty_cells_change_nothing(shop: Shop) -> None:
    run = imported(shop, "SKU,Price,Stock\nKET-100,,9\n")
    assert counts(run) == (0, 1, 0, 0)
    shop.kettle.refresh_from_db()
    assert (shop.kettle.price_minor, shop.kettle.stock) == (2000, 9)


def test_products_appear_where_that_was_ticked(shop: Shop) -> None:
    text = "SKU,Title,Price,Stock\nMUG-1,Mug,4.50,3\nMUG-2,,4.50,3\nmug-1,Big mug,5.00,3\n"
    assert counts(imported(shop, text)) == (0, 0, 0, 3)
    run = imported(shop, text, creates=True)
    assert counts(run) == (1, 1, 0, 1)
    mug = Product.objects.get(sku="MUG-1")
    assert (mug.title, mug.price_minor, mug.supplier) == ("Big mug", 500, shop.cast.northwind)
    assert run.refused_rows.get().problems == {"title": "Write what the product is called."}
    listed = Entry.objects.filter(kind="ProductListed")
    assert [one.data["sku"] for one in listed] == ["MUG-1"]


def test_what_changes_is_journalled_but_for_stock_which_the_run_tells(shop: Shop) -> None:
    imported(shop, "SKU,Price,Stock\nKET-100,21,7\nTEA-200,12.50,1\n")
    changed = Entry.objects.filter(kind="ProductChanged")
    assert [sorted(one.data["fields"]) for one in changed] == [["price_minor", "stock"]]
    told = Entry.objects.get(kind="FileImported").data
    assert (told["added"], told["changed"], told["refused"]) == (0, 2, 0)


def test_a_preview_changes_nothing(shop: Shop) -> None:
    run = uploaded(shop, "SKU,Price\nKET-100,21\nTEA-200,12.50\nNEW,1\n")
    table, rows = preview(run)
    assert table.columns == ("SKU", "Price")
    assert [row.what for row in rows] == ["changed", "unchanged", "refused"]
    shop.kettle.refresh_from_db()
    assert shop.kettle.price_minor == 2000


def test_a_run_that_was_broken_off_goes_on_where_it_was(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "BATCH", 2)
    lines = "".join(f"MUG-{n},Mug,1\n" for n in range(7))
    run = uploaded(shop, f"SKU,Title,Price\n{lines}", creates=True)
    receiving.start(run.pk, by=shop.cast.supplier)
    batches = iter(range(2))
    real = applying._apply_batch

    def killed(*args: Any) -> bool:
        if next(batches, None) is None:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(applying, "_apply_batch", killed)
    with pytest.raises(KeyboardInterrupt):
        carry_out(run.pk)
    run.refresh_from_db()
    assert (run.state, run.added, run.at_row) == (State.RUNNING, 4, 5)
    monkeypatch.setattr(applying, "_apply_batch", real)
    carry_out_job(run.pk)
    carry_out_job(run.pk)
    run.refresh_from_db()
    assert (run.state, run.added, run.rows) == (State.DONE, 7, 7)
    assert Product.objects.filter(sku__startswith="MUG").count() == 7


def test_a_file_that_breaks_half_way_keeps_what_was_read_and_says_where(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "BATCH", 1)
    run = imported(shop, 'SKU,Stock\nKET-100,1\nTEA-200,"' + "x" * 150_000)
    assert (run.state, run.changed) == (State.FAILED, 1)
    assert run.trouble.startswith("Line 3 can't be read.")


def test_what_is_no_table_is_refused_at_once(shop: Shop) -> None:
    with pytest.raises(TableUnreadable):
        uploaded(shop, "")
    run = uploaded(shop, "Colour,Size\nred,1\n")
    with pytest.raises(receiving.MappingRefused):
        receiving.start(run.pk, by=shop.cast.supplier)
    for who in (shop.cast.other_supplier, shop.cast.seller):
        with pytest.raises(FeedRun.DoesNotExist):
            receiving.start(run.pk, by=who)
    receiving.discard(run.pk, by=shop.cast.supplier)
    assert not FeedRun.objects.exists()


FOLDER = {
    "name": "Nightly stock",
    "kind": "folder",
    "file_name": "stock.csv",
    "folder": "in",
    "every": "hourly",
    "map_sku": "SKU",
    "map_stock": "Stock",
}


def lay_down(settings: Any, cast: Cast, text: str) -> None:
    folder = Path(settings.EXPORT_FOLDER) / f"supplier-{cast.northwind.pk}" / "in"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stock.csv").write_text(text)


def test_a_file_is_fetched_when_it_is_new_and_only_then(shop: Shop, settings: Any) -> None:
    feed = set_up(FOLDER, by=shop.cast.supplier)
    lay_down(settings, shop.cast, "SKU,Stock\nKET-100,3\n")
    assert receiving.fetch_due() == 1
    assert receiving.fetch_due() == 0, "its time has not come again"
    run = receiving.fetch(feed.pk)
    assert run is not None
    carry_out(run.pk)
    shop.kettle.refresh_from_db()
    assert shop.kettle.stock == 3
    assert receiving.fetch(feed.pk) is None
    lay_down(settings, shop.cast, "SKU,Stock\nKET-100,44\n")
    assert receiving.fetch(feed.pk) is not None


def test_a_file_that_cannot_be_fetched_is_told_and_tried_again_soon(
    shop: Shop, settings: Any
) -> None:
    moment = now()
    with at(moment):
        feed = set_up(FOLDER | {"every": "daily"}, by=shop.cast.supplier)
        receiving.fetch_due()
        run = receiving.fetch(feed.pk)
        feed.refresh_from_db()
    assert run is not None
    assert (run.state, bool(run.trouble)) == (State.FAILED, True)
    assert feed.next_run_at is not None
    assert (feed.next_run_at - moment).seconds == 300
    assert feed.failures == 1


def test_a_feed_is_refused_with_what_is_wrong_and_keeps_its_secrets_sealed(cast: Cast) -> None:
    with pytest.raises(FeedRefused) as refused:
        set_up({"kind": "sftp"}, by=cast.supplier)
    expected = {"name", "host", "user", "secret", "file_name", "every", "mapping"}
    assert set(refused.value.problems) == expected
    sftp = FOLDER | {"kind": "sftp", "host": "files.example", "user": "nw", "secret": "s3cret"}
    feed = set_up(sftp, by=cast.supplier)
    assert Feed.objects.get().as_place().secret == "s3cret"
    assert "s3cret" not in str(Feed.objects.values("place"))
    set_up(sftp | {"secret": "", "every": "daily"}, by=cast.supplier, feed_id=feed.pk)
    assert Feed.objects.get().as_place().secret == "s3cret"
    with pytest.raises(FeedRefused) as refused:
        set_up(sftp | {"secret": "", "host": "evil.example"}, by=cast.supplier, feed_id=feed.pk)
    assert list(refused.value.problems) == ["secret"], "a secret is not told to another server"
    with pytest.raises(Feed.DoesNotExist):
        switch(feed.pk, active=False, by=cast.other_supplier)
    switch(feed.pk, active=False, by=cast.supplier)
    assert receiving.fetch_due() == 0


def test_an_excel_file_does_as_well(shop: Shop) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (["SKU", "Price", "Stock"], ["KET-100", 19.99, 8]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("stock.xlsx", out.getvalue())
    run = receiving.upload(file, "stock.xlsx", by=shop.cast.supplier)
    receiving.start(run.pk, by=shop.cast.supplier)
    carry_out(run.pk)
    shop.kettle.refresh_from_db()
    assert (shop.kettle.price_minor, shop.kettle.stock) == (1999, 8)
