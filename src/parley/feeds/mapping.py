"""Which column of a file is which field of a product: guessed from the headings, and read by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from parley.catalogue.offering import FIELDS

CALLED: dict[str, tuple[str, ...]] = {
    "sku": ("sku", "артикул", "item sku", "product sku", "seller sku", "код товара", "code"),
    "supplier_product_id": ("supplier product id", "supplierproductid", "product id", "id товара"),
    "title": ("title", "name", "product", "product name", "product title", "название", "товар",
              "наименование"),
    "description": ("description", "описание", "long description"),
    "currency": ("currency", "валюта"),
    "price": ("price", "цена", "cost", "net price", "price ex vat", "trade price", "unit price"),
    "vat": ("vat", "vat rate", "vat %", "ндс", "tax", "tax rate"),
    "stock": ("stock", "qty", "quantity", "stock level", "in stock", "available", "остаток",
              "остатки", "количество", "inventory"),
    "weight": ("weight", "weight g", "weight (g)", "grams", "вес", "вес, г"),
    "active": ("active", "on offer", "enabled", "status", "активен"),
}  # fmt: skip
"""What suppliers' files call each field, in small letters."""


def guess(columns: Iterable[str]) -> dict[str, str]:
    """The mapping (field → column) that the headings suggest; a column stands for one field."""
    by_name = {_plain(column): column for column in columns}
    found: dict[str, str] = {}
    for field in FIELDS:
        for name in (field, *CALLED[field]):
            column = by_name.get(_plain(name))
            if column and column not in found.values():
                found[field] = column
                break
    return found


def usable(mapping: Mapping[str, str], columns: Iterable[str]) -> dict[str, str]:
    """The part of a mapping whose fields and columns there are."""
    there = set(columns)
    return {field: mapping[field] for field in FIELDS if mapping.get(field) in there}


def mapped(values: Mapping[str, str], mapping: Mapping[str, str]) -> dict[str, str]:
    """A row of a file as what is written of a product; an empty cell changes nothing."""
    written = {field: values.get(column, "") for field, column in mapping.items()}
    return {field: text for field, text in written.items() if text or field == "sku"}


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())
