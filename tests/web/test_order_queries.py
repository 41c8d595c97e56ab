"""How often the pages of orders ask the database: six times at most, for many rows as for few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Cast
from parley.orders.models import Consignment, Order, OrderNote, Shipment, ShipmentLine, Stage
from parley.tickets.models import Ticket
from stall import made_order
from web.pages import HTMX, Browser

MOST = 6
LAMP = ("Brass lamp", "LAMP-9", 1)
LISTS = (
    "/orders/",
    "/orders/?status=unshipped&status=shipped&payment=paid",
    "/orders/?q=kettle&status=unshipped&status=queued&when=30-days",
    "/orders/?q=kettle&party={party}",
    "/orders/filters/",
)
PAGES = ("/orders/{order}/", "/orders/{order}/details/", "/orders/{order}/audit/")


def asked(browser: Browser, path: str, **more: str) -> list[str]:
    """The queries of a page, asked for once before."""
    browser.get(path, **more)
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(path, **more)
    assert answer.status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("role", ["seller", "supplier", "lead"])
def test_a_list_asks_little_and_no_more_for_more_rows(cast: Cast, role: str) -> None:
    order = made_order(cast)
    _with_ticket(cast, order)
    browser = Browser(cast.everybody[role])
    party = cast.bright_home if role == "supplier" else cast.northwind
    paths = [path.format(party=party.pk) for path in LISTS]
    few = {path: asked(browser, path) for path in paths}
    for path, queries in few.items():
        assert len(queries) <= MOST, (path, queries)
    for _n in range(24):
        one = made_order(cast, items=[("Kettle", "K-1", 2), LAMP])
    _with_ticket(cast, one)
    for path in paths:
        many = asked(browser, path)
        assert len(many) == len(few[path]), (path, many)


@pytest.mark.parametrize("role", ["seller", "supplier", "lead"])
def test_an_order_asks_little_and_no_more_for_more_lines(cast: Cast, role: str) -> None:
    small = made_order(cast)
    _with_ticket(cast, small)
    large = made_order(
        cast,
        items=[(f"Kettle {n}", f"K-{n}", 2) for n in range(12)],
        also={cast.second_supplier: [LAMP]},
    )
    for _n in range(3):
        _with_ticket(cast, large)
        _with_shipment(large)
        OrderNote.objects.create(
            order=large, party=cast.bright_home, person=cast.seller.person, text="A note."
        )
    browser = Browser(cast.everybody[role])
    for path in PAGES:
        few = asked(browser, path.format(order=small.pk))
        many = asked(browser, path.format(order=large.pk))
        assert len(few) <= MOST, (path, few)
        assert len(many) == len(few), (path, many)
    menu = asked(browser, f"/orders/{large.pk}/menu/", **HTMX)
    assert len(menu) <= MOST, menu


def test_an_order_that_waits_for_money_asks_no_more_often(cast: Cast) -> None:
    order = made_order(cast, stage=Stage.QUEUED, payment="unpaid")
    queries = asked(Browser(cast.seller), f"/orders/{order.pk}/")
    assert len(queries) <= MOST, queries


def _with_ticket(cast: Cast, order: Order) -> None:
    Ticket.objects.filter(pk=cast.ticket().pk).update(order=order)


def _with_shipment(order: Order) -> None:
    part = Consignment.objects.filter(order=order).order_by("id")[0]
    shipment = Shipment.objects.create(consignment=part, carrier="Royal Mail", tracking="AB1")
    for line in part.lines.all():
        ShipmentLine.objects.create(shipment=shipment, line=line, quantity=1)
