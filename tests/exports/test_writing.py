"""Files of every format: whole, defused, streamed."""

from __future__ import annotations

import csv
import io
import json
import re
import tracemalloc
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from parley.exports import writing
from parley.exports.columns import COLUMNS, FIELDS, USUAL, Source, chosen
from parley.exports.defusing import defused, seen
from parley.exports.models import Format
from parley.exports.writing import ENCODINGS, Layout, write

LONDON = zoneinfo.ZoneInfo("Europe/London")
LATE = datetime(2026, 5, 21, 23, 30, tzinfo=UTC)


def source(number: int = 1001, **more: Any) -> Source:
    plain: dict[str, Any] = {
        "consignment": number, "order_number": number, "placed_at": LATE, "passed_at": LATE,
        "seller": "Bright Home", "seller_reference": "#7", "position": 0, "sku": "KET-100",
        "supplier_product_id": "NW-1", "title": "Kettle", "quantity": 2, "recipient": "Юлия Щукина",
        "company": "", "street": "14 Cloudesley Road\nFlat 3\nBack door\nBell 2", "city": "London",
        "region": "", "postcode": "N1 0EB", "country": "GB", "phone": "+44 20 7946 0958",
        "shipping_service": None, "carrier": None, "note": "",
    }  # fmt: skip
    return Source(**plain | more)


def layout(kind: str = "csv", **more: Any) -> Layout:
    return Layout(**{"format": kind, "columns": chosen([]), "zone": LONDON} | more)


def made(sources: list[Source], laid_out: Layout) -> bytes:
    file = io.BytesIO()
    write(sources, laid_out, file)
    return file.getvalue()


def test_every_field_has_a_query_and_every_column_a_value() -> None:
    assert len(FIELDS) == len(Source._fields)
    assert all(isinstance(column.read(source(), LONDON), str | int) for column in COLUMNS.values())
    assert set(USUAL) <= set(COLUMNS)
    forbidden = re.compile("sold|sale|cost|price|paid|minor")
    assert not [key for key in (*COLUMNS, *FIELDS, *Source._fields) if forbidden.search(key)]


def test_csv_with_chosen_columns_and_delimiter() -> None:
    columns = chosen(["quantity", "order_number", "order_date", "address_3", "nonsense"])
    assert made([source()], layout(columns=columns, delimiter=";")) == (
        b"quantity;order_number;order_date;address_3\r\n2;1001;2026-05-22;Back door, Bell 2\r\n"
    )
    assert made([source()], layout(columns=columns[:1], header=False)) == b"2\r\n"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding(encoding: str) -> None:
    content = made([source(), source(1002)], layout(encoding=encoding))
    text = content.decode(encoding)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["order_number"] for row in rows] == ["1001", "1002"]
    if encoding not in ("windows-1252", "iso-8859-1"):
        assert rows[1]["recipient"] == "Юлия Щукина"
    assert not text.count("\ufeff")


def test_json_and_xml_have_the_lines_within_the_orders() -> None:
    rows = [source(), source(position=1, sku="TEA & <1>"), source(1002, note="Ring\x07 twice ]]>")]
    made_json = json.loads(made(rows, layout("json")))
    assert [len(order["lines"]) for order in made_json["orders"]] == [2, 1]
    assert made_json["orders"][0]["lines"][1]["sku"] == "TEA & <1>"
    assert made_json["orders"][0]["order_number"] == 1001
    assert made_json["orders"][1]["note"] == "Ring twice ]]>"
    tree = ET.fromstring(made(rows, layout("xml")))
    assert [len(order.findall("lines/line")) for order in tree] == [2, 1]
    assert tree.findtext("order/lines/line[2]/sku") == "TEA & <1>"


def test_files_without_rows_are_files_still() -> None:
    assert json.loads(made([], layout("json"))) == {"orders": []}
    assert len(ET.fromstring(made([], layout("xml")))) == 0
    assert made([], layout()).count(b"\r\n") == 1
    assert load_workbook(io.BytesIO(made([], layout("xlsx")))).active.max_row == 1


def test_xlsx_keeps_text_text_and_numbers_numbers(monkeypatch: Any) -> None:
    rows = [source(1000 + n, recipient="=1+1", company="@SUM(A1)", phone="+44 1") for n in range(5)]
    monkeypatch.setattr(writing, "SHEET_ROWS", 4)
    book = load_workbook(io.BytesIO(made(rows, layout("xlsx"))))
    assert [sheet.max_row for sheet in book.worksheets] == [4, 3], "what is over goes on the next"
    keys = [cell.value for cell in book.worksheets[1][1]]
    cells = dict(zip(keys, book.worksheets[0][2], strict=True))
    assert (cells["order_number"].value, cells["order_number"].data_type) == (1000, "n")
    for key in ("recipient", "company", "phone"):
        assert cells[key].data_type == "s"
    assert cells["recipient"].value == "=1+1"


def test_orders_and_rows_are_counted() -> None:
    counted = write([source(), source(position=1), source(1002)], layout("json"), io.BytesIO())
    assert (counted.orders, counted.rows) == (2, 3)


# --- formulas ---

DANGEROUS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd|x", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1",
             '=HYPERLINK("http://x","y")', "＝1", "+44 =1", "-1-1", "%0A=1", "|cmd"]  # fmt: skip
HARMLESS = [
    "Margaret",
    "",
    "1001",
    "-5",
    "+5",
    "-5.50",
    "+44 20 7946 0958",
    "+7 (495) 123-45-67",
    "a=b",
    "'x",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_could_be_computed_is_defused(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_the_rest_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


@given(st.text(), st.sampled_from([",", ";", "\t", "|"]))
def test_no_cell_of_any_text_is_a_formula(text: str, delimiter: str) -> None:
    content = made(
        [source(recipient=text, note=text)],
        layout(columns=chosen(["recipient", "quantity", "note"]), delimiter=delimiter),
    )
    rows = list(csv.reader(io.StringIO(content.decode(), newline=""), delimiter=delimiter))
    assert len(rows) == 2
    assert [len(row) for row in rows] == [3, 3]
    for cell in (rows[1][0], rows[1][2]):
        assert cell.removeprefix("'") in (seen(text), seen(text).removeprefix("'"))
        if cell.strip()[:1] in set("=+-@"):
            assert re.fullmatch(r"[+-]?[0-9]+([.,][0-9]+)?|\+[0-9][0-9 ()/.-]*", cell)
    assert rows[1][1] == "2"


@given(st.text())
def test_every_text_fits_in_xml_json_and_sheets(text: str) -> None:
    row = source(title=text, city=text)
    tree = ET.fromstring(made([row], layout("xml")))
    read = tree.findtext("order/city") or ""
    assert read.split() == seen(text).split()
    assert json.loads(made([row], layout("json")))["orders"][0]["city"] == seen(text)


@given(st.text(max_size=40))
def test_every_text_fits_in_a_sheet(text: str) -> None:
    load_workbook(io.BytesIO(made([source(title=text)], layout("xlsx"))))


# --- memory ---


class _Nowhere(io.RawIOBase):
    """A file that keeps nothing."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return len(data)


def _peak(kind: str, many: int) -> int:
    def rows() -> Iterator[Source]:
        return (source(n) for n in range(many))

    tracemalloc.start()
    try:
        write(rows(), layout(kind), io.BufferedWriter(_Nowhere()))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["csv", "json", "xml"])
def test_memory_does_not_grow_with_the_rows(kind: str) -> None:
    assert set(Format.values) == {"csv", "json", "xml", "xlsx"}
    _peak(kind, 100)
    assert _peak(kind, 8_000) < _peak(kind, 2_000) + 200_000
