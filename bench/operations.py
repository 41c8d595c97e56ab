"""What is measured: each operation as requests to Parley and as requests to the floor."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from bench.client import Request
from bench.seeding import TEXT, Site, Someone

CSRF = "b" * 32
Requests = Callable[[Site], Iterator[Request]]


@dataclass(frozen=True)
class Operation:
    """An operation by its name, the requests for it without end, and the most its ratio should be."""

    name: str
    parley: Requests
    floor: Requests
    ratio: float | None = None
    writes: bool = False


def _get(path: str, by: Someone | None = None) -> Request:
    headers = {"Accept": "text/html"}
    if by:
        headers["Cookie"] = f"parley_session={by['session']}; parley_csrf={CSRF}"
    return Request(method="GET", path=path, headers=headers, body="", status=200)


def _post(
    path: str, form: dict[str, object], by: Someone | None = None, status: int = 200, **more: str
) -> Request:
    request = _get(path, by)
    request["headers"] |= {"Content-Type": "application/x-www-form-urlencoded", **more}
    if by:
        form = {**form, "csrfmiddlewaretoken": CSRF}
    return request | {"method": "POST", "body": urlencode(form), "status": status}  # type: ignore[return-value]


def _always(path: Callable[[Site], str], *, signed_in: bool = False) -> Requests:
    def requests(site: Site) -> Iterator[Request]:
        request = _get(path(site), site["agent"] if signed_in else None)
        while True:
            yield request

    return requests


def _tickets(pattern: str, *, signed_in: bool = False) -> Requests:
    def requests(site: Site) -> Iterator[Request]:
        for i in count():
            number = site["tickets"][i % len(site["tickets"])]
            yield _get(pattern.format(number), site["agent"] if signed_in else None)

    return requests


def _orders(pattern: str, *, signed_in: bool = False) -> Requests:
    def requests(site: Site) -> Iterator[Request]:
        for i in count():
            key = site["orders"][i % len(site["orders"])]
            yield _get(pattern.format(key), site["agent"] if signed_in else None)

    return requests


def _search_orders(word: Callable[[Site], str], path: str, *, signed_in: bool = False) -> Requests:
    return _always(lambda site: f"{path}?{urlencode({'q': word(site)})}", signed_in=signed_in)


def _open_at_parley(site: Site) -> Iterator[Request]:
    while True:
        form = {
            "topic": site["topic"],
            "to": site["supplier"]["party"],
            "title": "Where is the second parcel",
            "text": TEXT,
            "priority": "question",
            "submit_key": uuid.uuid4(),
        }
        yield _post("/tickets/new/", form, site["seller"], 302)


def _open_at_the_floor(site: Site) -> Iterator[Request]:
    form = {
        "topic": site["topic"],
        "to": site["supplier"]["party"],
        "party": site["seller"]["party"],
        "person": site["seller"]["person"],
        "title": "Where is the second parcel",
        "text": TEXT,
    }
    while True:
        yield _post("/open", form, status=302)


def _turns(site: Site) -> Iterator[tuple[int, Someone]]:
    """Each ticket twice: the supplier answers, the seller carries on. Each reply moves the turn."""
    for i in count():
        number = site["pairs"][i % len(site["pairs"])]
        yield number, site["supplier"]
        yield number, site["seller"]


def _reply_at_parley(site: Site) -> Iterator[Request]:
    for number, by in _turns(site):
        form: dict[str, object] = {"text": TEXT, "way": "reply", "submit_key": uuid.uuid4()}
        yield _post(f"/tickets/{number}/replies/", form, by, **{"HX-Request": "true"})


def _reply_at_the_floor(site: Site) -> Iterator[Request]:
    for number, by in _turns(site):
        form = {"text": TEXT, "party": by["party"], "person": by["person"], "author": by["name"]}
        yield _post(f"/replies/{number}", form)


def _search(word: Callable[[Site], str]) -> Requests:
    return _always(lambda site: f"/desk/queues/all/?q={word(site)}", signed_in=True)


def _rare(site: Site) -> str:
    return site["rare"]


def _common(site: Site) -> str:
    return site["common"]


def _rare_order(site: Site) -> str:
    return site["order_rare"]


def _common_order(site: Site) -> str:
    return site["order_common"]


OPERATIONS = (
    Operation(
        "list, first page",
        _always(lambda _site: "/desk/queues/all/", signed_in=True),
        _always(lambda _site: "/tickets"),
        8,
    ),
    Operation(
        "list, page 400",
        _always(
            lambda site: f"/desk/queues/all/?cursor={site['deep_at']}.{site['deep_ticket']}",
            signed_in=True,
        ),
        _always(lambda site: f"/tickets?at={site['deep_at']}&ticket={site['deep_ticket']}"),
        8,
    ),
    Operation(
        "ticket, 5 messages",
        _tickets("/desk/tickets/{}/", signed_in=True),
        _tickets("/tickets/{}"),
        8,
    ),
    Operation(
        "ticket, 200 messages",
        _always(lambda site: f"/desk/tickets/{site['long_ticket']}/", signed_in=True),
        _always(lambda site: f"/tickets/{site['long_ticket']}"),
        8,
    ),
    Operation("open a ticket", _open_at_parley, _open_at_the_floor, 12, writes=True),
    Operation("reply", _reply_at_parley, _reply_at_the_floor, 12, writes=True),
    Operation(
        "search, rare word", _search(_rare), _always(lambda site: f"/search?q={_rare(site)}"), 2
    ),
    Operation(
        "search, common word",
        _search(_common),
        _always(lambda site: f"/search?q={_common(site)}"),
        2,
    ),
    # A floor that knows that planning a search takes longer than searching; it has no target.
    Operation(
        "rare word, in two",
        _search(_rare),
        _always(lambda site: f"/search-in-two?q={_rare(site)}"),
    ),
    Operation(
        "common word, in two",
        _search(_common),
        _always(lambda site: f"/search-in-two?q={_common(site)}"),
    ),
    Operation(
        "orders, first page",
        _always(lambda _site: "/orders/", signed_in=True),
        _always(lambda _site: "/orders"),
        8,
    ),
    Operation(
        "orders, page 400",
        _always(
            lambda site: f"/orders/?cursor={site['orders_deep_at']}.{site['orders_deep']}",
            signed_in=True,
        ),
        _always(lambda site: f"/orders?at={site['orders_deep_at']}&order={site['orders_deep']}"),
        8,
    ),
    Operation(
        "order of two parts", _orders("/orders/{}/", signed_in=True), _orders("/orders/{}"), 8
    ),
    Operation(
        "orders, rare words",
        _search_orders(_rare_order, "/orders/", signed_in=True),
        _search_orders(_rare_order, "/orders-search"),
        2,
    ),
    Operation(
        "orders, common word",
        _search_orders(_common_order, "/orders/", signed_in=True),
        _search_orders(_common_order, "/orders-search"),
        2,
    ),
)
