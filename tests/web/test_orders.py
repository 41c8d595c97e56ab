"""The pages of orders: what a row says, filters and chips, one order, details and audit (O1 to O4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cast import Cast
from parley.journal.moment import now
from parley.orders.models import Consignment, Order, OrderLine, Stage
from parley.parties.models import Membership
from parley.tickets.models import Ticket
from stall import days_ago, made_order
from web.pages import HTMX, Browser, Page

LAMP = ("Brass lamp", "LAMP-9", 1)


def see(who: Membership, path: str = "/orders/") -> Page:
    return Browser(who).see(path)


def rows(page: Page) -> list[str]:
    return [link for link in page.links.values() if link.removeprefix("/orders/")[:-1].isdigit()]


def test_a_row_says_what_one_wants_to_know(cast: Cast) -> None:
    order = made_order(
        cast,
        items=[("Enamel kettle", "KET-1", 2), LAMP],
        channel_number="#1001",
        number=70_123,
        fulfilment="shipped",
        note="Ring twice.",
    )
    page = see(cast.seller)
    assert page.links["70123"] == f"/orders/{order.pk}/"
    for words in ("#1001", "Enamel kettle", "and 1 more", "×3", "Northwind Supply", "£36.00"):
        assert words in page.words, words
    for symbol in ("Paid", "Shipped", "Has notes"):
        assert symbol in page.words, "the symbol's words are there for those who don't see it"
        assert symbol in page.having("title"), "and on hover"
    assert "An open ticket is about it" not in page.words


def test_an_order_shows_queue_until_it_has_a_number(cast: Cast) -> None:
    queued = made_order(cast, stage=Stage.QUEUED, payment="unpaid")
    page = see(cast.seller)
    assert page.links["QUEUE"] == f"/orders/{queued.pk}/"
    assert "QUEUE · waiting for payment" in page.words
    assert "QUEUE" not in see(cast.supplier).words
    one = see(cast.seller, f"/orders/{queued.pk}/")
    assert "Order QUEUE" in one.words
    assert "£12.00 lacking" in one.words


def test_a_mark_for_an_open_ticket_that_one_may_see(cast: Cast) -> None:
    order = made_order(cast, also={cast.second_supplier: [LAMP]})
    ticket = cast.ticket()
    Ticket.objects.filter(pk=ticket.pk).update(order=order)
    mark = "An open ticket is about it"
    for who in (cast.seller, cast.supplier, cast.lead):
        assert mark in see(who).words
    assert mark not in see(cast.other_supplier).words, "it is between the others"
    Ticket.objects.filter(pk=ticket.pk).update(
        status="cancelled", turn="", turn_party=None, ended_at=now()
    )
    assert mark not in see(cast.seller).words


def test_what_stands_in_the_way_is_said(cast: Cast) -> None:
    made_order(cast, stage=Stage.HELD, why_held=[_not_to_belfast(cast)])
    made_order(cast, stage=Stage.NOT_LINKED)
    made_order(cast, cancellation="asked")
    words = see(cast.seller).words
    assert "Northwind Supply does not ship to BT1 5GS (rule “BT”)" in words
    assert "Not linked" in words
    assert "Cancellation asked for · waiting for Northwind Supply" in words
    assert "Bright Home asks to cancel · answer on the ticket" in see(cast.supplier).words


def test_filters_are_applied_and_shown_as_chips(cast: Cast) -> None:
    wanted = made_order(cast, placed_at=days_ago(2), fulfilment="unshipped")
    made_order(cast, placed_at=days_ago(2), fulfilment="shipped")
    made_order(cast, placed_at=days_ago(40), fulfilment="unshipped")
    day = timezone.localtime(wanted.placed_at).date()
    path = f"/orders/?status=unshipped&payment=paid&when=7-days&party={cast.northwind.pk}&q=kettle"
    page = see(cast.seller, path)
    assert rows(page) == [f"/orders/{wanted.pk}/"]
    chips = [label for label in page.having("aria-label") if label.startswith("Remove the filter")]
    assert [chip.partition(": ")[2] for chip in chips] == [
        "“kettle”", "Unshipped", "Paid", "Last 7 days", "Northwind Supply",
    ]  # fmt: skip
    without = next(
        attributes["href"]
        for tag, attributes in page.tags
        if tag == "a" and attributes.get("aria-label", "").endswith("Last 7 days")
    )
    assert "when=" not in without
    assert "status=unshipped" in without
    assert len(rows(see(cast.seller, f"/orders/{without}"))) == 2
    assert rows(see(cast.seller, f"/orders/?status=unshipped&day={day}")) == rows(page)
    period = f"/orders/?status=unshipped&when=period&from={day - timedelta(days=1)}&to={day}"
    assert rows(see(cast.seller, period)) == rows(page)
    assert rows(see(cast.seller, f"/orders/?when=day&day={day + timedelta(days=1)}")) == []


def test_junk_in_the_address_is_passed_over(cast: Cast) -> None:
    made_order(cast)
    junk = "/orders/?status=x&payment=y&when=z&day=31-31&from=no&to=&party=abc&q=%00"
    assert len(rows(see(cast.seller, junk))) == 1
    assert Browser(cast.seller).get("/orders/?cursor=junk").status_code == 404


def test_the_panel_offers_what_the_reader_s_list_knows(cast: Cast) -> None:
    seller = see(cast.seller, "/orders/filters/?status=shipped&when=last-week").words
    for words in ("Order status", "Payment status", "In QUEUE", "Last week", "Northwind Supply"):
        assert words in seller
    supplier = see(cast.supplier, "/orders/filters/").words
    assert "Payment status" not in supplier
    assert "QUEUE" not in supplier
    assert "Bright Home" in supplier
    assert "Second Supplier" not in supplier
    assert {"Bright Home", "Northwind Supply"} <= set(_options(see(cast.lead, "/orders/filters/")))


def test_an_empty_list_teaches(cast: Cast) -> None:
    assert "No orders yet" in see(cast.seller).words
    assert "accept and ship them" in see(cast.supplier).words
    assert "No order fits" in see(cast.seller, "/orders/?q=nothing").words


def test_htmx_gets_the_list_alone(cast: Cast) -> None:
    made_order(cast)
    answer = Browser(cast.seller).get("/orders/", **HTMX)
    assert answer.content.decode().strip().startswith("<section")


def test_one_order_says_where_it_stands_and_what_it_is_of(cast: Cast) -> None:
    order = made_order(
        cast,
        also={cast.second_supplier: [LAMP]},
        channel_number="#1001",
        sale_minor=9900,
        sale_currency="GBP",
        outside={"financial_status": "partially_weird", "tags": ["gift", "vip"], "as_of": "x"},
    )
    page = see(cast.seller, f"/orders/{order.pk}/")
    assert "Paid · with Northwind Supply, Second Supplier · to be shipped" in page.words
    for words in ("KET-100", "P-KET-100", "N1 0EB", "United Kingdom", "£99.00", "sold for £49.00"):
        assert words in page.words, words
    assert "partially_weird" in page.words, "a word nobody knows is kept and shown"
    assert "gift, vip" in page.words


def test_a_supplier_sees_its_part_and_no_sale(cast: Cast) -> None:
    order = made_order(
        cast,
        also={cast.second_supplier: [LAMP]},
        sale_minor=987_654,
        sale_currency="GBP",
        outside={"secret_word": "margin"},
    )
    OrderLine.objects.update(sold_for_minor=456_700)
    for path in ("", "details/", "audit/", "menu/"):
        for who, other in ((cast.supplier, "Brass lamp"), (cast.other_supplier, "Enamel")):
            page = see(who, f"/orders/{order.pk}/{path}").html
            for hidden in (other, "9,876.54", "4,567.00", "margin", "Payment tried"):
                assert hidden not in page, (path, hidden)
    assert "New · to be accepted and shipped" in see(cast.supplier, f"/orders/{order.pk}/").words
    assert "Second Supplier" not in see(cast.supplier, f"/orders/{order.pk}/").html


def test_the_tickets_about_it_open_beside(cast: Cast) -> None:
    order = made_order(cast, also={cast.second_supplier: [LAMP]})
    ticket = cast.ticket(title="The strainer is missing")
    Ticket.objects.filter(pk=ticket.pk).update(order=order)
    path = f"/orders/{order.pk}/"
    for who, address in ((cast.seller, "/tickets/"), (cast.lead, "/desk/tickets/")):
        page = see(who, path)
        link = next(a for _tag, a in page.tags if a.get("href") == f"{address}{ticket.pk}/")
        assert link["target"] == "_blank"
    assert "strainer" not in see(cast.other_supplier, path).html


@pytest.mark.parametrize("dialog", ["details", "audit"])
def test_a_dialog_closes_with_cancel_and_is_a_page_without_scripts(cast: Cast, dialog: str) -> None:
    order = made_order(cast)
    path = f"/orders/{order.pk}/{dialog}/"
    answer = Browser(cast.seller).get(path, **HTMX)
    html = answer.content.decode()
    assert html.strip().startswith("<dialog")
    assert "data-closes>Cancel</button>" in html
    page = see(cast.seller, path)
    assert page.links["Cancel"] == f"/orders/{order.pk}/"


def test_details_say_all_four_axes(cast: Cast) -> None:
    order = made_order(cast, fulfilment="part_shipped", cancellation="asked")
    for _ in range(2):
        cast.ticket(order=order.pk)
    Consignment.objects.update(accepted_at=now())
    words = see(cast.seller, f"/orders/{order.pk}/details/").words
    for said in ("Paid", "Part-shipped", "Cancellation asked for", "2 open tickets", "Accepted"):
        assert said in words, said
    assert str(Order.objects.get().number) in words


def test_tickets_between_others_are_no_dispute_of_the_sellers(cast: Cast) -> None:
    order = made_order(cast)
    cast.ticket(by=cast.supplier, topic=cast.payouts, to=None, order=order.pk)
    assert Order.objects.get().open_tickets == 1
    details = f"/orders/{order.pk}/details/"
    shown = Browser(cast.seller).see("/orders/?status=dispute").words
    assert str(order.number) not in shown
    assert "No open ticket" in see(cast.seller, details).words
    assert str(order.number) in see(cast.admin, "/orders/?status=dispute").words
    assert "1 open ticket" in see(cast.admin, details).words
    cast.ticket(order=order.pk)
    assert str(order.number) in see(cast.seller, "/orders/?status=dispute").words
    assert "1 open ticket" in see(cast.seller, details).words


def _not_to_belfast(cast: Cast) -> dict[str, object]:
    return {
        "line": 0,
        "supplier": cast.northwind.pk,
        "supplier_name": "Northwind Supply",
        "product": "Kettle",
        "country": "GB",
        "postcode": "BT1 5GS",
        "code": "postcode",
        "rule": "BT",
    }


def _options(page: Page) -> list[str]:
    return [name for name in ("Bright Home", "Northwind Supply") if name in page.words]
