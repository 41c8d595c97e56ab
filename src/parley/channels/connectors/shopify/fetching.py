"""Reading the orders that were changed, page by page, and testing whether that would work.

Source: shopify.dev, Admin REST API: `GET orders.json?status=any&updated_at_min=…&order=updated_at asc`,
at most 250 a page, the next page in the Link header (rel="next") with `page_info`, which takes no other
filter beside `limit`. Too many requests answer 429 with Retry-After.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from parley.channels.calling import Answer, Shop, base_of
from parley.channels.connectors import picking
from parley.channels.connectors.shape import Page, Told
from parley.channels.models import Connection
from parley.channels.reasons import Trouble, Unmappable

VERSION = "2026-07"
MOST = "250"
READ, WRITE = "read_orders", "write_merchant_managed_fulfillment_orders"
_NEXT = re.compile(r'<([^>]+)>;\s*rel="?next"?')


def shop_of(connection: Connection) -> Shop:
    """The shop of a connection. Raises Trouble."""
    token = connection.secrets.get("token")
    if not token:
        raise Trouble("sealed", for_good=True)
    address = str(connection.settings.get("address", ""))
    if "." not in address and "://" not in address:
        address = f"{address}.myshopify.com"
    return Shop(
        f"{base_of(address)}/admin/api/{VERSION}", headers={"X-Shopify-Access-Token": token}
    )


def test(connection: Connection) -> None:
    """Try the keys and what they allow. Raises Trouble."""
    with shop_of(connection) as shop:
        told = shop.get("/shop.json").told
        if not isinstance(told, Mapping) or not isinstance(told.get("shop"), Mapping):
            raise Trouble("not_the_api")
        _orders(shop.get("/orders.json", {"limit": "1", "status": "any"}, needs=READ))
    _check_scopes(connection)


def _check_scopes(connection: Connection) -> None:
    """Reading orders can be tried; whether shipments may be told has to be asked."""
    with shop_of(connection) as shop:
        shop.base = shop.base.removesuffix(f"/api/{VERSION}")
        told = shop.get("/oauth/access_scopes.json").told
    scopes = told.get("access_scopes", []) if isinstance(told, Mapping) else []
    held = {str(one.get("handle")) for one in scopes if isinstance(one, Mapping)}
    missing = [one for one in (READ, WRITE) if one not in held]
    if missing:
        raise Trouble("permission", value=", ".join(missing))


def fetch(connection: Connection, since: datetime) -> Iterator[Page]:
    """The orders changed since, oldest change first. Raises Trouble."""
    query = {
        "status": "any",
        "updated_at_min": since.isoformat(timespec="seconds"),
        "order": "updated_at asc",
        "limit": MOST,
    }
    with shop_of(connection) as shop:
        while True:
            answer = shop.get("/orders.json", query, needs=READ)
            orders = _orders(answer)
            yield Page(orders=orders, until=_last_change(orders))
            page_info = _page_info(answer)
            if not page_info:
                return
            query = {"limit": MOST, "page_info": page_info}


def _orders(answer: Answer) -> tuple[Told, ...]:
    told = answer.told.get("orders") if isinstance(answer.told, Mapping) else None
    if not isinstance(told, list):
        raise Trouble("not_the_api")
    return tuple(one for one in told if isinstance(one, Mapping))


def _last_change(orders: tuple[Told, ...]) -> datetime | None:
    try:
        return picking.moment(orders[-1], "updated_at") if orders else None
    except Unmappable:
        return None


def _page_info(answer: Answer) -> str:
    found = _NEXT.search(answer.headers.get("link", ""))
    if found is None:
        return ""
    return parse_qs(urlsplit(found[1]).query).get("page_info", [""])[0]
