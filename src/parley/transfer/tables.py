"""Tables that people send: CSV in any usual encoding, and XLSX; read row by row, as text.

    with open(path, "rb") as file:
        table = read_table(file)
        table.columns                   # ("SKU", "Price", …), as the first line names them
        for row in table.rows:
            row.number, row.values      # 2, {"SKU": "KET-100", "Price": "20.00"}

Nothing is held but the row at hand (of an XLSX also its shared texts), so that a file may be of any
length. What is wrong with the file as a whole is a `TableUnreadable`; `in_words` says it.
"""

from __future__ import annotations

import codecs
import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, pairwise
from typing import IO, Any

from django.utils.translation import gettext as _

MOST_COLUMNS = 200
LONGEST_CELL = 100_000
"""Characters: a longer one is a quotation mark that was never closed."""
MOST_UNPACKED = 2 * 2**30
"""Bytes that an XLSX may come to when it is unpacked."""
MOST_HELD = 128 * 2**20
"""Bytes of all in an XLSX but its sheets, unpacked: that is read whole, and the sheets row by row."""
_LAST_ROW = 1_048_576
"""Of a sheet. A file that names a later one would have us count up to it."""
_SHEETS = "xl/worksheets/"
_DELIMITERS = ",;\t|"
_SAMPLE = 65_536
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


class TableUnreadable(ValueError):
    """The file is no table that can be read; `in_words` says why."""

    def in_words(self) -> str:
        """What is wrong, in the active language."""
        return _("This file can't be read as a table. Save it as CSV or XLSX and try again.")


class TableEmpty(TableUnreadable):
    """There is not even a line of headings in it."""

    def in_words(self) -> str:
        return _("There is nothing in this file. Its first line has to name the columns.")


class OldExcel(TableUnreadable):
    """An .xls of before 2007."""

    def in_words(self) -> str:
        return _("This is an old Excel file (.xls). Save it as .xlsx or CSV and try again.")


class ColumnTwice(TableUnreadable):
    """Two columns have the same heading, `name`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def in_words(self) -> str:
        return _("Two columns are called “%(name)s”. Rename one of them and try again.") % {
            "name": self.name
        }


class TooManyColumns(TableUnreadable):
    """More than MOST_COLUMNS."""

    def in_words(self) -> str:
        return _("The first line names more than %(most)s columns.") % {"most": MOST_COLUMNS}


class LineUnreadable(TableUnreadable):
    """Reading broke off at line `number`: a quotation mark that never ends, say."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    def in_words(self) -> str:
        return _(
            "Line %(number)s can't be read. Is there a quotation mark that is never closed?"
        ) % {"number": self.number}


@dataclass(frozen=True)
class Row:
    """One line of a table: its `number` as people count (headings are line 1), and its texts.

    `values` has every column; a cell that is not there is empty. `surplus`: there were more cells
    than columns, so that something has slipped.
    """

    number: int
    values: dict[str, str]
    surplus: bool = False


@dataclass(frozen=True)
class Table:
    """The headings, and the rows that are not wholly empty. Reading them can raise LineUnreadable."""

    columns: tuple[str, ...]
    rows: Iterator[Row]


def read_table(file: IO[bytes]) -> Table:
    """The table in a binary, seekable file, which stays open while its rows are read.

    What it is, is told by its content: XLSX (the sheet that is shown first), or CSV with a comma,
    semicolon, tab or bar between the cells, in UTF-8, UTF-16 with a mark, or Windows-1251 or -1252.
    Raises TableUnreadable.
    """
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    if head.startswith(_OLD_EXCEL):
        raise OldExcel
    lines = _xlsx(file) if head.startswith(_ZIP) else _csv(file)
    return _table(lines)


def _table(lines: Iterator[tuple[int, list[str]]]) -> Table:
    for number, cells in lines:
        if any(cells):
            columns = _headings(cells)
            return Table(tuple(filter(None, columns)), _rows(columns, lines))
        if number > 100:
            break
    raise TableEmpty


def _headings(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise TooManyColumns
    seen = set()
    for name in filter(None, cells):
        if name.casefold() in seen:
            raise ColumnTwice(name)
        seen.add(name.casefold())
    return cells


def _rows(columns: list[str], lines: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    width = len(columns)
    for number, cells in lines:
        if not any(cells):
            continue
        padded = cells + [""] * (width - len(cells))
        values = {name: text for name, text in zip(columns, padded, strict=False) if name}
        yield Row(number, values, surplus=any(cells[width:]))


def _csv(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    text = io.TextIOWrapper(file, encoding=_encoding_of(file), newline="")
    try:
        yield from _csv_lines(text)
    finally:
        with suppress(ValueError):  # the caller may have closed the file first
            text.detach()


def _csv_lines(text: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
    first = _first_line(text)
    delimiter, before = _delimiter_of(first), 1
    if first[:4].lower() == "sep=":  # what Excel writes, and reads, to say which one it is
        delimiter, first, before = first[4:5].strip("\r\n") or ",", _first_line(text), 2
    reader = csv.reader(chain([first], text), delimiter=delimiter)
    number = before - 1
    while True:
        begins = reader.line_num + before
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, UnicodeError):
            raise LineUnreadable(begins) from None
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise LineUnreadable(begins)
        number = begins
        yield number, [_clean(cell) for cell in cells]


def _first_line(text: io.TextIOWrapper) -> str:
    try:
        return text.readline(_SAMPLE)
    except UnicodeError:
        raise TableUnreadable from None


def _delimiter_of(line: str) -> str:
    """The delimiter that parts the headings into most cells; a comma if none does."""
    counts = {one: len(next(csv.reader([line], delimiter=one), [])) for one in _DELIMITERS}
    return max(_DELIMITERS, key=lambda one: counts[one])


def _encoding_of(file: IO[bytes]) -> str:
    """The encoding of a text file; raises TableUnreadable for what is no text."""
    head = file.read(_SAMPLE)
    file.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in head:
        raise TableUnreadable
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    strange = _strange_to_utf8(file)
    file.seek(0)
    if not strange:
        return "utf-8"
    return "cp1251" if _is_cyrillic(strange) else "latin-1" if b"\x81" in strange else "cp1252"


def _strange_to_utf8(file: IO[bytes]) -> bytes:
    """The first piece of the file that is not UTF-8, or nothing."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    while piece := file.read(_SAMPLE):
        try:
            decoder.decode(piece)
        except UnicodeDecodeError:
            return piece
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return b"\xe9"
    return b""


def _is_cyrillic(piece: bytes) -> bool:
    """Whether bytes above ASCII come in words, as Russian has them, and not one here and there."""
    letters = [byte >= 0xC0 or byte in (0xA8, 0xB8) for byte in piece]
    in_a_row = sum(one and next_one for one, next_one in pairwise(letters))
    return in_a_row * 2 > sum(letters)


def _xlsx(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    _check_unpacked(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles that it does not know are no concern of ours
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise TableUnreadable from error
    try:
        yield from _sheet_lines(book.worksheets[:1])
    finally:
        book.close()


def _sheet_lines(sheets: list[Any]) -> Iterator[tuple[int, list[str]]]:
    for sheet in sheets:
        sheet.reset_dimensions()  # what a file says of its own size is often wrong
        number, lines = 0, sheet.iter_rows(values_only=True, max_row=_LAST_ROW)
        while True:
            number += 1
            try:
                cells = next(lines)
            except StopIteration:
                return
            except Exception:  # noqa: BLE001 - whatever a broken file breaks in its reader
                raise LineUnreadable(number) from None
            yield number, [_clean(_as_text(cell)) for cell in cells[: MOST_COLUMNS * 2]]


def _check_unpacked(file: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = [(one.filename, one.file_size) for one in archive.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError):
        raise TableUnreadable from None
    held = sum(size for name, size in parts if not name.startswith(_SHEETS))
    if sum(size for _name, size in parts) > MOST_UNPACKED or held > MOST_HELD:
        raise TableUnreadable
    file.seek(0)


def _as_text(cell: object) -> str:
    """A cell as it would be typed: whole numbers without a point, days as 2026-11-22."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return f"{cell:.15g}" if abs(cell) >= 1e15 or "e" in f"{cell:.15g}" else _plain(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, (datetime, date, time)) else str(cell)


def _plain(number: float) -> str:
    text = f"{number:.15g}"
    return text.removesuffix(".0")


def _clean(cell: str) -> str:
    return cell.replace("\x00", "").replace("\u00a0", " ").strip()
