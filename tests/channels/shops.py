"""Shops on loopback: a real HTTP server that speaks enough of Shopify's and WooCommerce's APIs.

`trouble` is a list of what goes wrong with the next requests: a status, `"drop"` (the connection is
closed half way through the answer), `"junk"` (no JSON), or None for none.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class FakeShop:
    """What the shop has, what was asked of it, and what goes wrong."""

    address: str = ""
    orders: list[dict[str, Any]] = field(default_factory=list)
    page: int = 2
    trouble: list[Any] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    sent: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    scopes: tuple[str, ...] = ("read_orders", "write_merchant_managed_fulfillment_orders")
    fulfillments: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    fulfillable: int = 2
    between_pages: list[Any] = field(default_factory=list)
    """What is done after a page was given: an order changes while we read."""

    def changed_since(self, since: str, name: str) -> list[dict[str, Any]]:
        fits = [one for one in self.orders if one[name][:19] >= since[:19]]
        return sorted(fits, key=lambda one: one[name])


@contextmanager
def opened(shop: FakeShop) -> Iterator[FakeShop]:
    """The shop, open for the length of the block at `shop.address`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(shop))
    server.daemon_threads = True
    shop.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(shop: FakeShop) -> type[BaseHTTPRequestHandler]:
    class Handler(_Answering):
        the = shop

    return Handler


class _Answering(BaseHTTPRequestHandler):
    the: FakeShop

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_PUT(self) -> None:
        self._serve("PUT")

    def _serve(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.the.asked.append(self.path)
        trouble = self.the.trouble.pop(0) if self.the.trouble else None
        if isinstance(trouble, int):
            headers = {"Retry-After": "0.0"} if trouble == 429 else {}
            return self._answer({"errors": "trouble"}, trouble, headers)
        if trouble == "junk":
            return self._raw(b"<html>Maintenance</html>", 200, {})
        told, headers = self._told(method, json.loads(body) if body else {})
        if trouble == "drop":
            return self._raw(json.dumps(told).encode()[:20], 200, {"Content-Length": "100000"})
        return self._answer(told, 200, headers)

    def _told(self, method: str, sent: dict[str, Any]) -> tuple[Any, dict[str, str]]:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if method != "GET":
            self.the.sent.append((method, parts.path, sent))
        if parts.path.startswith("/wp-json/"):
            return self._woo(method, parts.path, query, sent)
        return self._shopify(method, parts.path, query, sent)

    def _shopify(
        self, method: str, path: str, query: dict[str, str], sent: dict[str, Any]
    ) -> tuple[Any, dict[str, str]]:
        if path.endswith("/shop.json"):
            return {"shop": {"id": 1, "name": "Bright Home"}}, {}
        if path.endswith("/access_scopes.json"):
            return {"access_scopes": [{"handle": one} for one in self.the.scopes]}, {}
        if path.endswith("/fulfillment_orders.json"):
            items = [{"id": 9, "line_item_id": 13991027999891, "variant_id": 44610569208040,
                      "fulfillable_quantity": self.the.fulfillable}]  # fmt: skip
            return {"fulfillment_orders": [{"id": 7, "status": "open", "line_items": items}]}, {}
        if path.endswith("/fulfillments.json"):
            if method == "POST":
                tracking = sent["fulfillment"]["tracking_info"]["number"]
                self.the.fulfillments.append({"tracking_number": tracking, "status": "success"})
            return {"fulfillments": self.the.fulfillments}, {}
        return self._shopify_orders(query)

    def _shopify_orders(self, query: dict[str, str]) -> tuple[Any, dict[str, str]]:
        if "page_info" in query:
            since, start = query["page_info"].split("~")
        else:
            since, start = query.get("updated_at_min", ""), "0"
        fits = self.the.changed_since(since, "updated_at")
        end = int(start) + self.the.page
        headers = {}
        if end < len(fits):
            where = f"{self.the.address}/admin/orders.json?limit=2&page_info={since}~{end}"
            headers = {"Link": f'<{where}>; rel="next"'.replace("+", "%2B")}
        return {"orders": fits[int(start) : end]}, headers

    def _woo(
        self, method: str, path: str, query: dict[str, str], sent: dict[str, Any]
    ) -> tuple[Any, dict[str, str]]:
        if path.endswith("/notes"):
            if method == "POST":
                self.the.notes.append(sent)
            return self.the.notes, {}
        if method == "PUT":
            return {"id": 727}, {}
        fits = self.the.changed_since(query.get("modified_after", ""), "date_modified_gmt")
        fits = [one for one in fits if one["date_modified_gmt"] > query.get("modified_after", "")]
        first = (int(query.get("page", "1")) - 1) * self.the.page
        pages = -(-len(fits) // self.the.page)
        page = fits[first : first + self.the.page]
        if self.the.between_pages:
            self.the.between_pages.pop(0)()
        return page, {"X-WP-TotalPages": str(pages), "X-WP-Total": str(len(fits))}

    def _answer(self, told: Any, status: int, headers: dict[str, str]) -> None:
        body = json.dumps(told).encode()
        self._raw(body, status, {"Content-Length": str(len(body)), **headers})

    def _raw(self, body: bytes, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True
