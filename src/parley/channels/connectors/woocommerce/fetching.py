"""Reading the orders that were changed, and testing whether that would work.

Source: woocommerce.github.io/woocommerce-rest-api-docs: `GET /wp-json/wc/v3/orders` with `modified_after`,
`dates_are_gmt`, `orderby=modified`, `per_page` (100 at most), `page`; X-WP-TotalPages says how many pages
there are. Consumer key and secret as Basic authentication, over HTTPS.

An order that is changed while we read moves to the end, and all behind it move up by one: page 2 would
miss one. So the next page is asked for by the last change seen, and by its number only within a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from parley.channels.calling import Answer, Shop, base_of
from parley.channels.connectors import picking
from parley.channels.connectors.shape import Page, Told
from parley.channels.models import Connection
from parley.channels.reasons import Trouble, Unmappable

MOST = 100
_SECOND = timedelta(seconds=1)


def shop_of(connection: Connection) -> Shop:
    """The shop of a connection. Raises Trouble."""
    key, secret = connection.secrets.get("key"), connection.secrets.get("secret")
    if not key or not secret:
        raise Trouble("sealed", for_good=True)
    base = base_of(str(connection.settings.get("address", "")))
    return Shop(f"{base}/wp-json/wc/v3", auth=(key, secret))


def test(connection: Connection) -> None:
    """Try the keys. Raises Trouble."""
    with shop_of(connection) as shop:
        _orders(shop.get("/orders", {"per_page": "1"}, needs="read"))


def fetch(connection: Connection, since: datetime) -> Iterator[Page]:
    """The orders changed since, oldest change first. Raises Trouble."""
    after, number = since - _SECOND, 1
    with shop_of(connection) as shop:
        while True:
            answer = shop.get("/orders", _query(after, number), needs="read")
            orders = _orders(answer)
            until = _last_change(orders)
            yield Page(orders=orders, until=until)
            if not orders or number >= _pages(answer):
                return
            if until is not None and until - _SECOND > after:
                after, number = until - _SECOND, 1
            else:
                number += 1


def _query(after: datetime, number: int) -> dict[str, str]:
    return {
        "modified_after": after.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "dates_are_gmt": "true",
        "orderby": "modified",
        "order": "asc",
        "per_page": str(MOST),
        "page": str(number),
    }


def _orders(answer: Answer) -> tuple[Told, ...]:
    if not isinstance(answer.told, list):
        raise Trouble("not_the_api")
    return tuple(one for one in answer.told if isinstance(one, Mapping))


def _pages(answer: Answer) -> int:
    said = answer.headers.get("x-wp-totalpages", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 1


def _last_change(orders: tuple[Told, ...]) -> datetime | None:
    try:
        return picking.moment(orders[-1], "date_modified_gmt") if orders else None
    except Unmappable:
        return None
