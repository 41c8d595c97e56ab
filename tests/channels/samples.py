"""Orders as the platforms tell them.

The shape is that of Shopify's Admin REST API (resource Order) and of WooCommerce's REST API v3 (Orders), as
both publish it; people, shops and numbers are made up.
"""

from __future__ import annotations

import copy
from typing import Any

_SHOPIFY: dict[str, Any] = {
    "id": 5512873349203,
    "admin_graphql_api_id": "gid://shopify/Order/5512873349203",
    "app_id": 580111,
    "buyer_accepts_marketing": False,
    "cancel_reason": None,
    "cancelled_at": None,
    "closed_at": None,
    "confirmed": True,
    "contact_email": "m.hale@example.com",
    "created_at": "2026-11-20T09:14:07+00:00",
    "currency": "GBP",
    "current_subtotal_price": "98.00",
    "current_total_price": "101.95",
    "email": "m.hale@example.com",
    "financial_status": "paid",
    "fulfillment_status": None,
    "name": "#1042",
    "note": "Please leave it with the neighbour.",
    "note_attributes": [],
    "number": 42,
    "order_number": 1042,
    "phone": None,
    "presentment_currency": "GBP",
    "processed_at": "2026-11-20T09:14:06+00:00",
    "source_name": "web",
    "subtotal_price": "98.00",
    "tags": "autumn, gift",
    "taxes_included": True,
    "test": False,
    "total_price": "101.95",
    "updated_at": "2026-11-20T09:14:09+00:00",
    "billing_address": {
        "first_name": "John", "last_name": "Thornton", "address1": "1 Marlborough Mills",
        "address2": None, "phone": None, "city": "Manchester", "zip": "M1 2AB",
        "province": "England", "country": "United Kingdom", "company": None,
        "name": "John Thornton", "country_code": "GB", "province_code": "ENG",
    },
    "shipping_address": {
        "first_name": "Margaret", "last_name": "Hale", "address1": "14 Cloudesley Road",
        "address2": "Flat 2", "phone": "+44 20 7946 0042", "city": "London", "zip": "N1 0EB",
        "province": "England", "country": "United Kingdom", "company": "Hale & Co",
        "name": "Margaret Hale", "country_code": "GB", "province_code": "ENG",
    },
    "line_items": [
        {
            "id": 13991027999891, "admin_graphql_api_id": "gid://shopify/LineItem/13991027999891",
            "current_quantity": 2, "fulfillable_quantity": 2, "fulfillment_service": "manual",
            "fulfillment_status": None, "gift_card": False, "grams": 1200,
            "name": "Enamel kettle - Blue", "price": "49.00",
            "price_set": {"shop_money": {"amount": "49.00", "currency_code": "GBP"}},
            "product_id": 8121023004, "quantity": 2, "requires_shipping": True, "sku": "KET-100",
            "taxable": True, "title": "Enamel kettle", "total_discount": "0.00",
            "variant_id": 44610569208040, "variant_title": "Blue", "vendor": "Bright Home",
        },
        {
            "id": 13991028032659, "current_quantity": 1, "gift_card": True, "price": "10.00",
            "quantity": 1, "requires_shipping": False, "sku": None, "title": "Gift card",
            "variant_id": None, "variant_title": None, "name": "Gift card",
        },
    ],
    "shipping_lines": [{"id": 1, "title": "Standard", "price": "3.95"}],
    "refunds": [],
}  # fmt: skip

_WOO: dict[str, Any] = {
    "id": 727,
    "parent_id": 0,
    "number": "727",
    "order_key": "wc_order_58d2d042d1d",
    "created_via": "checkout",
    "version": "9.4.1",
    "status": "processing",
    "currency": "GBP",
    "date_created": "2026-11-20T10:28:02",
    "date_created_gmt": "2026-11-20T10:28:02",
    "date_modified": "2026-11-20T10:28:08",
    "date_modified_gmt": "2026-11-20T10:28:08",
    "discount_total": "0.00",
    "shipping_total": "3.95",
    "cart_tax": "8.17",
    "total": "52.95",
    "total_tax": "8.83",
    "prices_include_tax": False,
    "customer_id": 0,
    "customer_note": "Ring twice",
    "billing": {
        "first_name": "Ольга", "last_name": "Петренко", "company": "", "address_1": "7 Mill Lane",
        "address_2": "", "city": "Leeds", "state": "West Yorkshire", "postcode": "LS1 4AP",
        "country": "GB", "email": "olga@example.com", "phone": "+44 113 496 0000",
    },
    "shipping": {
        "first_name": "", "last_name": "", "company": "", "address_1": "", "address_2": "",
        "city": "", "state": "", "postcode": "", "country": "", "phone": "",
    },
    "payment_method": "bacs",
    "payment_method_title": "Direct Bank Transfer",
    "date_paid_gmt": "2026-11-20T10:28:08",
    "meta_data": [{"id": 13106, "key": "_download_permissions_granted", "value": "yes"}],
    "line_items": [
        {
            "id": 315, "name": "Stoneware teapot", "product_id": 93, "variation_id": 0,
            "quantity": 2, "tax_class": "", "subtotal": "40.83", "subtotal_tax": "8.17",
            "total": "40.83", "total_tax": "8.17", "taxes": [], "meta_data": [],
            "sku": "TEA-200", "price": 20.415,
        }
    ],
    "tax_lines": [],
    "shipping_lines": [{"id": 317, "method_title": "Flat rate", "total": "3.95"}],
    "refunds": [],
}  # fmt: skip

JSON: dict[str, Any] = {
    "id": "A-1001",
    "number": "1001",
    "placed_at": "2026-11-21T10:00:00Z",
    "currency": "GBP",
    "total": "49.00",
    "lines": [{"sku": "KET-100", "title": "Kettle", "quantity": 1, "price": "49.00"}],
    "ship_to": {
        "name": "Margaret Hale",
        "street": ["14 Cloudesley Road", "Flat 2"],
        "city": "London",
        "postcode": "N1 0EB",
        "country": "GB",
    },
    "note": "Ring twice",
    "payment_status": "captured",
}


def shopify(**changed: Any) -> dict[str, Any]:
    """An order as Shopify tells it."""
    return {**copy.deepcopy(_SHOPIFY), **changed}


def woo(**changed: Any) -> dict[str, Any]:
    """An order as WooCommerce tells it."""
    return {**copy.deepcopy(_WOO), **changed}


def json_order(**changed: Any) -> dict[str, Any]:
    """An order as the seller's own program tells it."""
    return {**copy.deepcopy(JSON), **changed}
