"""From the rows of one order in a table to an order: each row is a line of it.

The columns are those somebody has picked (`columns.py`). What an order has once, its address, say, is
taken from the first of its rows that has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from parley.channels.connectors.json_api import mapping as json_api
from parley.channels.reasons import Unmappable
from parley.orders.taking import ArrivedOrder

LINE = ("sku", "listing_id", "title", "quantity", "price")
ADDRESS = (
    "name", "company", "street", "street2", "city", "region", "postcode", "country", "phone", "email",
)  # fmt: skip
ONCE = ("number", "placed_at", "currency", "total", "note", "payment_status", "fulfilment_status")
_DAYS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y", "%Y/%m/%d")
_TIMES = ("", " %H:%M", " %H:%M:%S")

Values = Mapping[str, str]
"""A row: field → text."""


def order_of_rows(rows: Sequence[Values], settings: Mapping[str, Any]) -> ArrivedOrder:
    """The order of which these are the rows. Raises Unmappable."""
    told: dict[str, Any] = {name: _first(rows, name) for name in ONCE}
    told["id"] = _first(rows, "id")
    told["number"] = told["number"] or told["id"]
    told["placed_at"] = _moment(told["placed_at"])
    told["currency"] = told["currency"] or str(settings.get("currency") or "GBP")
    told["lines"] = [_line(row) for row in rows]
    told["ship_to"] = _ship_to(rows)
    return json_api.order_of(told, settings)


def order_of(told: Mapping[str, Any], settings: Mapping[str, Any]) -> ArrivedOrder:
    """The order in `rows`: the shape that every connector has. Raises Unmappable."""
    rows = told.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise Unmappable("not_json")
    return order_of_rows(rows, settings)


def _line(row: Values) -> dict[str, Any]:
    line: dict[str, Any] = {name: row.get(name, "") for name in LINE}
    # A table without such a column is one of single items; an empty cell in one is a mistake.
    line["quantity"] = row.get("quantity", "1")
    return line


def _ship_to(rows: Sequence[Values]) -> dict[str, Any]:
    to: dict[str, Any] = {name: _first(rows, name) for name in ADDRESS}
    to["street"] = "\n".join(filter(None, (to["street"], to.pop("street2"))))
    return to


def _first(rows: Sequence[Values], name: str) -> str:
    return next((row[name] for row in rows if row.get(name)), "")


def _moment(said: str) -> str:
    """A day as people write it, day before month, as ISO 8601; what is none is left to be refused."""
    said = said.strip()
    for day in _DAYS:
        for time in _TIMES:
            try:
                return datetime.strptime(said, day + time).replace(tzinfo=UTC).isoformat()
            except ValueError:
                continue
    return said
