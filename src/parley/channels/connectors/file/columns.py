"""Which column of a table is what: guessed from its heading, in English or Russian, and remembered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

FIELDS: dict[str, Any] = {
    "id": _("Order number"),
    "placed_at": _("Date of the order"),
    "sku": _("SKU"),
    "listing_id": _("The shop's item number"),
    "title": _("Item"),
    "quantity": _("Quantity"),
    "price": _("Price of one"),
    "total": _("Order total"),
    "currency": _("Currency"),
    "name": _("Recipient"),
    "company": _("Company"),
    "street": _("Street and house"),
    "street2": _("Street, second line"),
    "city": _("Town"),
    "region": _("County or region"),
    "postcode": _("Postcode"),
    "country": _("Country"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "note": _("Note of the buyer"),
    "payment_status": _("Payment status"),
    "fulfilment_status": _("Shipping status"),
}
"""What a column can be, in the order in which it is offered."""

_HEADINGS: dict[str, str] = {
    "id": "order number|order no|order id|order|order name|order reference|reference|name of order|"
    "номер заказа|заказ|№ заказа|id заказа|код заказа|номер отправления",
    "placed_at": "date|order date|created at|placed at|purchase date|created|paid at|дата|дата заказа|"
    "дата создания|принят в обработку",
    "sku": "sku|item sku|lineitem sku|seller sku|product code|code|variant sku|артикул|код товара|"
    "артикул продавца|артикул товара",
    "listing_id": "listing id|item id|item number|variant id|product id|asin|id товара|номер товара|"
    "номер объявления",
    "title": "title|item|item title|product|product name|lineitem name|item name|description|товар|"
    "название|наименование|название товара|наименование товара",
    "quantity": "quantity|qty|amount|lineitem quantity|quantity purchased|count|pcs|количество|"
    "кол-во|кол во|шт|количество товара",
    "price": "price|unit price|item price|lineitem price|price each|цена|цена за единицу|стоимость|"
    "цена товара",
    "total": "total|order total|grand total|amount paid|итого|сумма|сумма заказа",
    "currency": "currency|currency code|валюта|код валюты",
    "name": "recipient|recipient name|name|customer|customer name|ship to|ship name|shipping name|"
    "delivery name|buyer name|full name|получатель|имя|фио|имя получателя|покупатель|имя покупателя",
    "company": "company|shipping company|delivery company|компания|организация",
    "street": "address|street|address 1|address line 1|shipping address1|ship address 1|street address|"
    "delivery address|shipping street|адрес|улица|адрес доставки|улица дом",
    "street2": "address 2|address line 2|shipping address2|ship address 2|адрес 2|квартира",
    "city": "city|town|shipping city|ship city|delivery city|город|населенный пункт",
    "region": "county|state|region|province|shipping province|область|регион|край",
    "postcode": "postcode|post code|zip|zip code|postal code|shipping zip|ship postal code|индекс|"
    "почтовый индекс",
    "country": "country|country code|shipping country|ship country|страна|код страны",
    "phone": "phone|telephone|phone number|shipping phone|mobile|buyer phone number|телефон",
    "email": "email|e mail|customer email|buyer email|почта|эл почта|электронная почта",
    "note": "note|notes|customer note|comment|comments|delivery instructions|buyer note|комментарий|"
    "примечание|пожелания",
    "payment_status": "payment status|financial status|статус оплаты|оплата",
    "fulfilment_status": "fulfillment status|fulfilment status|shipping status|статус доставки|"
    "статус отправления",
}
_APART = re.compile(r"[\W_]+")


def plain(heading: str) -> str:
    """A heading as it is compared: small letters and digits, single blanks, е for ё."""
    return _APART.sub(" ", heading.casefold().replace("ё", "е")).strip()


_KNOWN = {plain(heading): field for field, text in _HEADINGS.items() for heading in text.split("|")}


def guess(columns: Iterable[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """Column → field, as the channel's last file had it, or by its heading; no field twice."""
    headings = list(columns)
    # In a shop's own export (Shopify's) the first column, “Name”, is the order's: #1042.
    known = _KNOWN | ({"name": "id"} if any(map(_is_of_a_line, headings)) else {})
    guessed: dict[str, str] = {}
    for column in headings:
        name = plain(column)
        field = remembered.get(name) if name in remembered else known.get(name)
        if field in FIELDS and field not in guessed.values():
            guessed[column] = str(field)
    return guessed


def _is_of_a_line(heading: str) -> bool:
    return plain(heading).startswith("lineitem")


def chosen(columns: Iterable[str], typed: Mapping[str, str]) -> dict[str, str]:
    """Column → field, as somebody has picked them; what is no field, or picked twice, is left out."""
    picked: dict[str, str] = {}
    for column in columns:
        field = typed.get(column, "")
        if field in FIELDS and field not in picked.values():
            picked[column] = field
    return picked


def missing(mapping: Mapping[str, str]) -> list[str]:
    """The fields that a table can't do without, and that no column has been picked for."""
    picked = set(mapping.values())
    lacking = [] if "id" in picked else ["id"]
    return lacking if picked & {"sku", "listing_id", "title"} else [*lacking, "sku"]


def remember(columns: Iterable[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """What to guess the next time: also which columns are of no use."""
    return {plain(column): mapping.get(column, "") for column in columns}


def values_of(row: Mapping[str, str], mapping: Mapping[str, str]) -> dict[str, str]:
    """A row's texts by field."""
    return {field: row.get(column, "") for column, field in mapping.items()}
