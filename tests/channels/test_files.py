"""Files of orders: uploaded, their columns picked, each row's fate shown, taken in, and reported on."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cast import Cast
from parley.channels import importing
from parley.channels.connecting import Typed, add_channel
from parley.channels.models import Connection, FileRow, FileState, OrderFile
from parley.channels.uploading import FileRefused, preview, upload
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.orders.models import Channel, ChannelKind, Order, Stage
from shop import Shop
from web.pages import Browser, words_of

ENGLISH = (
    "Order number,Date,SKU,Qty,Price,Recipient,Address,Town,Postcode,Country\n"
    "77,21/11/2026,KET-100,2,£49.00,Margaret Hale,14 Cloudesley Road,London,N1 0EB,United Kingdom\n"
    "78,21/11/2026,LAMP-9,1,89.00,John Thornton,1 Marlborough Mills,Manchester,M1 2AB,GB\n"
    "77,21/11/2026,TEA-200,1,24.50,,,,,\n"
    "79,21/11/2026,KET-100,none,49,Fanny,,,,\n"
    ",21/11/2026,KET-100,1,49,Nobody,,,,\n"
)
RUSSIAN = (
    "Номер заказа;Артикул;Кол-во;Получатель;Индекс;Страна\n"
    "А-1;KET-100;1;Ольга Петренко;LS1 4AP;Великобритания\n"
)


@pytest.fixture
def files(shop: Shop, settings: Any, tmp_path: Any) -> Channel:
    settings.MEDIA_ROOT = tmp_path
    return add_channel(ChannelKind.FILE, Typed("Our files"), by=shop.cast.seller)


def sheet(rows: list[list[Any]]) -> bytes:
    book, written = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(written)
    return written.getvalue()


def sent(browser: Browser, channel: Channel, content: bytes, name: str = "orders.csv") -> Any:
    page = f"/settings/channels/{channel.pk}/"
    return browser.send(page, f"{page}files/", file=SimpleUploadedFile(name, content))


def taken(browser: Browser, file: OrderFile) -> OrderFile:
    path = f"/settings/channels/files/{file.pk}/"
    browser.send(path, f"{path}start/")
    importing.take_in_file(file.pk)
    file.refresh_from_db()
    return file


def test_from_a_file_to_orders(shop: Shop, files: Channel) -> None:
    browser = Browser(shop.cast.seller)
    answer = sent(browser, files, ENGLISH.encode())
    file = OrderFile.objects.get()
    page = browser.see(f"/settings/channels/files/{file.pk}/")
    assert answer.redirect_chain == [(f"/settings/channels/files/{file.pk}/", 302)]
    assert "77 · 2 × KET-100 → Margaret Hale, N1 0EB" in page.words
    assert "“Quantity” can't be read: none" in page.words
    assert "“Order number” is missing" in page.words
    assert not Order.objects.exists(), "until somebody says so"
    file = taken(browser, file)
    assert (file.state, file.rows, file.done) == (FileState.DONE, 5, 5)
    assert (file.made, file.known, file.refused) == (2, 0, 2)
    order = Order.objects.get(external_id="77")
    assert [(line.sku, line.quantity) for line in order.lines.order_by("position")] == [
        ("KET-100", 2),
        ("TEA-200", 1),
    ]
    assert (order.to_name, order.to_country, order.stage) == ("Margaret Hale", "GB", Stage.PAID)
    assert order.person == shop.cast.seller.person
    report = b"".join(browser.get(f"/settings/channels/files/{file.pk}/report/")).decode()
    assert "5,79,Not taken,“Quantity” can't be read: none" in report
    words = browser.see(f"/settings/channels/files/{file.pk}/?outcome=refused").words
    assert "“Order number” is missing" in words
    assert "Margaret" not in words


def test_the_same_file_twice_makes_no_order_twice(shop: Shop, files: Channel) -> None:
    browser = Browser(shop.cast.seller_member)
    for _ in range(2):
        sent(browser, files, ENGLISH.encode())
        file = taken(browser, OrderFile.objects.latest("id"))
    assert Order.objects.count() == 2
    assert (file.made, file.known, file.refused) == (0, 2, 2)


@pytest.mark.parametrize(
    "content",
    [
        RUSSIAN.encode("cp1251"),
        RUSSIAN.encode("utf-8-sig"),
        RUSSIAN.encode(),
        RUSSIAN.replace(";", "\t").encode("utf-16"),
        sheet([line.split(";") for line in RUSSIAN.splitlines()]),
    ],
    ids=["windows-1251", "utf-8 with a mark", "utf-8", "utf-16", "xlsx"],
)
def test_whatever_wrote_it(shop: Shop, files: Channel, content: bytes) -> None:
    browser = Browser(shop.cast.seller)
    sent(browser, files, content)
    file = taken(browser, OrderFile.objects.get())
    assert (file.made, file.refused) == (1, 0)
    order = Order.objects.get()
    assert (order.external_id, order.to_name, order.to_country) == ("А-1", "Ольга Петренко", "GB")


def test_formulas_are_text(shop: Shop, files: Channel) -> None:
    browser = Browser(shop.cast.seller)
    evil = '=HYPERLINK("http://evil.example";"x")'
    sent(browser, files, sheet([["Order", "SKU"], ["@SUM(1)", "KET-100"], ["8", evil]]), "o.xlsx")
    file = taken(browser, OrderFile.objects.get())
    report = b"".join(browser.get(f"/settings/channels/files/{file.pk}/report/")).decode()
    assert "'@SUM(1)" in report


def test_picked_columns_are_remembered(shop: Shop, files: Channel) -> None:
    browser = Browser(shop.cast.seller)
    content = b"Ref,What,How many\n1,KET-100,2\n"
    sent(browser, files, content)
    file = OrderFile.objects.get()
    path = f"/settings/channels/files/{file.pk}/"
    page = browser.see(path)
    assert "Say which column is: Order number, SKU" in page.words
    answer = browser.post(f"{path}start/", {"column-0": "id"}, follow=True)
    assert "Say which column is: SKU" in answer.content.decode()
    picked = {"column-0": "id", "column-1": "sku", "column-2": "quantity"}
    shown = browser.post(f"{path}columns/", picked, headers={"HX-Request": "true"})
    assert "1 · 2 × KET-100" in shown.content.decode()
    browser.post(f"{path}start/", picked)
    sent(browser, files, content)
    assert OrderFile.objects.latest("id").mapping == {
        "Ref": "id", "What": "sku", "How many": "quantity",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing in this file"),
        (b"\x00\x01\x02", "can't be read as a table"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel file"),
        (b"SKU,sku\n1,2\n", "Two columns are called"),
    ],
)
def test_what_is_no_table_is_refused_in_words(
    shop: Shop, files: Channel, content: bytes, words: str
) -> None:
    answer = sent(Browser(shop.cast.seller), files, content)
    assert words in words_of(answer)
    assert not OrderFile.objects.exists()


def test_a_killed_job_is_gone_on_with(
    shop: Shop, files: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"{n},KET-100,1\n" for n in range(1, 21))
    file = upload(files.pk, "o.csv", io.BytesIO(b"Order,SKU,Qty\n" + rows.encode()),
                  by=shop.cast.seller)  # fmt: skip
    Browser(shop.cast.seller).post(f"/settings/channels/files/{file.pk}/start/")
    real, left = importing.take_in, [7]

    def killed(*about: Any, **more: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return real(*about, **more)

    with monkeypatch.context() as patched:
        patched.setattr(importing, "take_in", killed)
        with pytest.raises(KeyboardInterrupt):
            importing.take_in_file(file.pk)
    assert Order.objects.count() == 7
    importing.take_in_file(file.pk)
    assert Order.objects.count() == 7, "the other job may be alive"
    with at(now() + timedelta(minutes=5)):
        assert importing.lost() == [file.pk]
        importing.take_in_file(file.pk)
    file.refresh_from_db()
    assert (file.state, file.made, file.done, Order.objects.count()) == ("done", 20, 20, 20)
    assert Entry.objects.filter(kind="FileTakenIn").count() == 1


def test_a_broken_end_is_said(shop: Shop, files: Channel) -> None:
    file = upload(files.pk, "o.csv", io.BytesIO(b'Order,SKU\n1,KET-100\n2,"never ' + b"x" * 200_000),
                  by=shop.cast.seller)  # fmt: skip
    browser = Browser(shop.cast.seller)
    file = taken(browser, file)
    assert file.state == FileState.FAILED
    assert "Line 3" in browser.see(f"/settings/channels/files/{file.pk}/").words
    assert not FileRow.objects.exists(), "none of it is taken in"


def test_a_channel_of_another_kind_takes_no_files(shop: Shop, files: Channel, cast: Cast) -> None:
    Connection.objects.create(channel=shop.web_shop)
    with pytest.raises(Channel.DoesNotExist):
        upload(shop.web_shop.pk, "o.csv", io.BytesIO(ENGLISH.encode()), by=cast.seller)
    with pytest.raises(Channel.DoesNotExist):
        upload(files.pk, "o.csv", io.BytesIO(ENGLISH.encode()), by=cast.other_seller)


@given(content=st.one_of(
    st.binary(max_size=300),
    st.text(max_size=300).map(str.encode),
    st.lists(st.lists(st.text(alphabet="12,;\"'=\n\t№ABяё ", max_size=8), max_size=5), max_size=6)
    .map(lambda rows: ("id,sku,qty\n" + "\n".join(map(",".join, rows))).encode()),
))  # fmt: skip
@settings(max_examples=60)
def test_no_file_is_too_much(shop: Shop, files: Channel, content: bytes) -> None:
    try:
        file = upload(files.pk, "o.csv", io.BytesIO(content), by=shop.cast.seller)
    except FileRefused as refused:
        assert str(refused)  # noqa: PT017
        return
    preview(file, {})
    OrderFile.objects.filter(pk=file.pk).update(state=FileState.READING)
    importing.take_in_file(file.pk)
    file.refresh_from_db()
    assert file.state in (FileState.DONE, FileState.FAILED)
    assert file.done == file.rows == file.lines.exclude(outcome="waiting").count()
