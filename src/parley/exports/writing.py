"""Writing rows into a file of each format, one after the other: none of them is ever all in memory."""

from __future__ import annotations

import csv
import io
import json
import zoneinfo
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import IO, Any
from xml.sax.saxutils import escape

from parley.exports.columns import Column, Source, Value
from parley.exports.defusing import defused, seen
from parley.exports.models import Format

ENCODINGS = ("utf-8", "utf-8-sig", "windows-1252", "windows-1251", "iso-8859-1")
SHEET_ROWS = 1_048_576
"""As many as a sheet of Excel has; what is over goes on the next."""


@dataclass(frozen=True)
class Layout:
    """How a file is laid out."""

    format: str
    columns: list[Column]
    zone: zoneinfo.ZoneInfo
    delimiter: str = ","
    header: bool = True
    encoding: str = "utf-8"


@dataclass
class Counted:
    """How many orders and rows were written."""

    orders: int = 0
    rows: int = 0
    _last: int | None = field(default=None, repr=False)

    def watch(self, sources: Iterable[Source]) -> Iterator[Source]:
        """The rows themselves, counted on their way; those of one order follow one another."""
        for source in sources:
            self.rows += 1
            if source.consignment != self._last:
                self.orders, self._last = self.orders + 1, source.consignment
            yield source


def write(sources: Iterable[Source], layout: Layout, file: IO[bytes]) -> Counted:
    """Write all rows to `file` (seekable); gives how many there were."""
    counted = Counted()
    _WRITERS[Format(layout.format)](counted.watch(sources), layout, file)
    return counted


def _csv(sources: Iterable[Source], layout: Layout, file: IO[bytes]) -> None:
    # A letter that the encoding has not is written as a question mark; UTF-8 has all of them.
    text = io.TextIOWrapper(file, layout.encoding, errors="replace", newline="")
    writer = csv.writer(text, delimiter=layout.delimiter, lineterminator="\r\n")
    if layout.header:
        writer.writerow([column.key for column in layout.columns])
    for source in sources:
        writer.writerow([_cell(value) for value in _values(source, layout)])
    text.flush()
    text.detach()


def _cell(value: Value) -> Value:
    return defused(value) if isinstance(value, str) else value


def _xlsx(sources: Iterable[Source], layout: Layout, file: IO[bytes]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    rows = iter(_sheet_rows(sources, layout))
    first: list[Any] | None = next(rows, None)
    while True:
        sheet = book.create_sheet()
        left = SHEET_ROWS
        if layout.header:
            sheet.append([column.key for column in layout.columns])
            left -= 1
        while first is not None and left:
            sheet.append([_text_cell(sheet, value) for value in first])
            left -= 1
            first = next(rows, None)
        if first is None:
            break
    book.save(file)


def _sheet_rows(sources: Iterable[Source], layout: Layout) -> Iterator[list[Value]]:
    return (_values(source, layout) for source in sources)


def _text_cell(sheet: Any, value: Value) -> Any:
    """A number as it is; text as a cell of the type text, which is never computed."""
    if not isinstance(value, str) or not value.startswith(("=", "+", "-", "@")):
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value="")
    cell.value = value
    cell.data_type = "s"
    return cell


def _json(sources: Iterable[Source], layout: Layout, file: IO[bytes]) -> None:
    file.write(b'{"orders": [')
    for place, (order, lines) in enumerate(_by_order(sources, layout)):
        file.write(b",\n" if place else b"\n")
        made: dict[str, Any] = {**order, "lines": lines}
        file.write(json.dumps(made, ensure_ascii=False).encode())
    file.write(b"\n]}\n")


def _xml(sources: Iterable[Source], layout: Layout, file: IO[bytes]) -> None:
    file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<orders>\n')
    for order, lines in _by_order(sources, layout):
        inner = "".join(f"<line>{_elements(line)}</line>" for line in lines)
        file.write(f"<order>{_elements(order)}<lines>{inner}</lines></order>\n".encode())
    file.write(b"</orders>\n")


def _elements(values: dict[str, Value]) -> str:
    return "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in values.items())


def _by_order(
    sources: Iterable[Source], layout: Layout
) -> Iterator[tuple[dict[str, Value], list[dict[str, Value]]]]:
    """Each order's own values, and those of its lines."""
    whole = [column for column in layout.columns if not column.of_line]
    parts = [column for column in layout.columns if column.of_line]
    for _order, lines in groupby(sources, key=lambda source: source.consignment):
        rows = list(lines)
        yield (
            {column.key: _value(column, rows[0], layout) for column in whole},
            [{column.key: _value(column, row, layout) for column in parts} for row in rows],
        )


def _values(source: Source, layout: Layout) -> list[Value]:
    return [_value(column, source, layout) for column in layout.columns]


def _value(column: Column, source: Source, layout: Layout) -> Value:
    value = column.read(source, layout.zone)
    return seen(value) if isinstance(value, str) else value


_WRITERS = {Format.CSV: _csv, Format.XLSX: _xlsx, Format.JSON: _json, Format.XML: _xml}
