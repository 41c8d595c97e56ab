"""Reading tables as people send them."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from parley.transfer.tables import (
    MOST_HELD,
    ColumnTwice,
    LineUnreadable,
    OldExcel,
    TableEmpty,
    TableUnreadable,
    TooManyColumns,
    read_table,
)

KETTLE = {"SKU": "KET-100", "Название": "Чайник", "Price": "20.00"}


def rows_of(data: bytes) -> list[dict[str, str]]:
    return [row.values for row in read_table(io.BytesIO(data)).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_in_every_usual_form(encoding: str, delimiter: str) -> None:
    lines = [delimiter.join(KETTLE), delimiter.join(KETTLE.values())]
    assert rows_of("\r\n".join(lines).encode(encoding)) == [KETTLE]


def test_western_letters_are_not_taken_for_russian_ones() -> None:
    data = "SKU,Title\nA,Café crème brûlée for Zoë\n".encode("cp1252")
    assert rows_of(data)[0]["Title"] == "Café crème brûlée for Zoë"


def test_an_accent_far_down_a_file_is_noticed() -> None:
    data = b"SKU,Title\n" + b"A,plain\n" * 50_000 + "B,Чайник со свистком\n".encode("cp1251")
    assert rows_of(data)[-1]["Title"] == "Чайник со свистком"


def test_excel_says_which_delimiter_it_is() -> None:
    table = read_table(io.BytesIO(b"sep=;\nSKU;Title\nA;one, two\n"))
    assert [(row.number, row.values["Title"]) for row in table.rows] == [(3, "one, two")]


def test_lines_are_counted_as_the_file_has_them() -> None:
    data = b'SKU,Title\n\nA,"two\nlines"\n,\nB,x\n'
    assert [row.number for row in read_table(io.BytesIO(data)).rows] == [3, 6]


def test_cells_that_are_missing_are_empty_and_those_too_many_are_noticed() -> None:
    table = read_table(io.BytesIO(b"SKU,Title,Price\nA\nB,x,1,2\nC,x,1,\n"))
    assert [(row.values["Price"], row.surplus) for row in table.rows] == [
        ("", False),
        ("1", True),
        ("1", False),
    ]


def xlsx(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_xlsx_cells_are_as_typed() -> None:
    data = xlsx(["SKU", "Price", "Stock", "On", "Since"], [100, 12.5, 7.0, True, date(2026, 1, 2)])
    assert rows_of(data) == [
        {"SKU": "100", "Price": "12.5", "Stock": "7", "On": "1", "Since": "2026-01-02"}
    ]


def test_xlsx_fractions_are_not_made_longer() -> None:
    assert rows_of(xlsx(["P"], [0.1 + 0.2], [19.99]))[0] == {"P": "0.3"}


def repacked(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """An XLSX with one of its parts changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for one in old.namelist():
            new.writestr(one, change(old.read(one)) if one == name else old.read(one))
    return out.getvalue()  # fmt: skip


def test_nobody_counts_to_a_row_that_no_sheet_has() -> None:
    data = repacked(
        xlsx(["SKU"], ["A"]),
        "xl/worksheets/sheet1.xml",
        lambda sheet: sheet.replace(b'r="2"', b'r="2000000000"').replace(b"A2", b"A2000000000"),
    )
    assert rows_of(data) == []


def test_what_would_have_to_be_held_whole_is_bounded() -> None:
    data = repacked(
        xlsx(["SKU"], ["A"]),
        "xl/styles.xml",
        lambda styles: styles + b"<!--" + b"a" * MOST_HELD + b"-->",
    )
    with pytest.raises(TableUnreadable):
        rows_of(data)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", TableEmpty),
        (b"\n\n,,\n", TableEmpty),
        (b"\xd0\xcf\x11\xe0whatever", OldExcel),
        (b"SKU,Title,sku\n", ColumnTwice),
        (b",".join(b"c%d" % n for n in range(201)), TooManyColumns),
        (b"PK\x03\x04 no zip", TableUnreadable),
        (b"SKU\x00,Title\n", TableUnreadable),
        (b'SKU,Title\nA,"never closed' + b"x" * 200_000, LineUnreadable),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, refusal: type[TableUnreadable]) -> None:
    with pytest.raises(refusal) as refused:
        rows_of(data)
    assert refused.value.in_words()


@given(st.binary(max_size=500))
def test_junk_is_a_table_or_refused(data: bytes) -> None:
    with suppress(TableUnreadable):
        rows_of(data)


class Endless(io.RawIOBase):
    """A file of very many lines that lies nowhere."""

    def __init__(self, lines: int) -> None:
        self.line, self.size, self.at = b"SKU-1,Kettle,20.00,5\n", lines * 21, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, to: int, whence: int = 0) -> int:
        self.at = to
        return to

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        size = min(len(buffer), self.size - self.at)
        offset = self.at % 21
        text = (self.line * (size // 21 + 2))[offset : offset + size]
        buffer[:size] = text
        self.at += size
        return size


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def test_a_long_file_takes_no_more_memory_than_a_short_one(traced: None) -> None:
    def read(lines: int) -> int:
        tracemalloc.reset_peak()
        table = read_table(io.BufferedReader(Endless(lines)))
        assert sum(1 for _ in table.rows) == lines - 1
        return tracemalloc.get_traced_memory()[1]

    read(100)
    assert read(50_000) < read(5_000) + 300_000
