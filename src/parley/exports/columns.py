"""What stands in a file: the columns there are, and how each is read from an order's line.

A supplier's file has the supplier's own lines, and nothing of what they were sold for.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Value = str | int


class Source(NamedTuple):
    """One line to ship, as the database has it; `FIELDS` says from where, in this order."""

    consignment: int
    order_number: int
    placed_at: datetime
    passed_at: datetime
    seller: str
    seller_reference: str
    position: int
    sku: str
    supplier_product_id: str
    title: str
    quantity: int
    recipient: str
    company: str
    street: str
    city: str
    region: str
    postcode: str
    country: str
    phone: str
    shipping_service: str | None
    carrier: str | None
    note: str


FIELDS = (
    "consignment_id",
    "order__number",
    "order__placed_at",
    "consignment__passed_at",
    "order__seller__name",
    "order__channel_number",
    "position",
    "product__sku",
    "product__supplier_product_id",
    "product__title",
    "still_to_ship",
    "order__to_name",
    "order__to_company",
    "order__to_street",
    "order__to_city",
    "order__to_region",
    "order__to_postcode",
    "order__to_country",
    "order__to_phone",
    "consignment__service__name",
    "consignment__service__carrier",
    "order__note",
)
"""The fields of `Source`, as a query of lines names them."""


@dataclass(frozen=True)
class Column:
    """`of_line`: it differs between the lines of one order."""

    key: str
    words: Promise
    of_line: bool = False

    def read(self, row: Source, zone: zoneinfo.ZoneInfo) -> Value:
        """What stands in it for a line; days are those of `zone`."""
        if self.key in _READ:
            return _READ[self.key](row, zone)
        value: Value | None = getattr(row, self.key)
        return "" if value is None else value


def _day(moment: datetime, zone: zoneinfo.ZoneInfo) -> str:
    return moment.astimezone(zone).date().isoformat()


def _street(row: Source) -> list[str]:
    lines = [line.strip() for line in row.street.splitlines() if line.strip()]
    return [*lines, "", ""]


_READ: dict[str, Callable[[Source, zoneinfo.ZoneInfo], Value]] = {
    "order_date": lambda row, zone: _day(row.placed_at, zone),
    "passed_on": lambda row, zone: _day(row.passed_at, zone),
    "line": lambda row, _zone: row.position + 1,
    "address_1": lambda row, _zone: _street(row)[0],
    "address_2": lambda row, _zone: _street(row)[1],
    "address_3": lambda row, _zone: ", ".join(filter(None, _street(row)[2:])),
}
_ALL = [
    Column("order_number", _("Order number")),
    Column("order_date", _("Order date")),
    Column("passed_on", _("Date passed on to you")),
    Column("line", _("Line number"), of_line=True),
    Column("sku", _("SKU"), of_line=True),
    Column("supplier_product_id", _("Your product ID"), of_line=True),
    Column("title", _("Product title"), of_line=True),
    Column("quantity", _("Quantity to ship"), of_line=True),
    Column("recipient", _("Recipient")),
    Column("company", _("Company")),
    Column("address_1", _("Address, line 1")),
    Column("address_2", _("Address, line 2")),
    Column("address_3", _("Address, further lines")),
    Column("city", _("City")),
    Column("region", _("Region")),
    Column("postcode", _("Postcode")),
    Column("country", _("Country")),
    Column("phone", _("Phone")),
    Column("shipping_service", _("Shipping service")),
    Column("carrier", _("Carrier")),
    Column("note", _("Note of the buyer")),
    Column("seller", _("Seller")),
    Column("seller_reference", _("Seller's own number")),
]
COLUMNS = {column.key: column for column in _ALL}
"""Every column there is, by the key that also names it in a file."""

USUAL = [
    key
    for key in COLUMNS
    if key not in {"passed_on", "line", "carrier", "seller", "seller_reference"}
]
"""The columns of an export that nobody has chosen others for."""


def chosen(keys: Sequence[str]) -> list[Column]:
    """The columns of these keys, in this order; the usual ones if none of them is known."""
    known = [COLUMNS[key] for key in keys if key in COLUMNS]
    return known or [COLUMNS[key] for key in USUAL]
