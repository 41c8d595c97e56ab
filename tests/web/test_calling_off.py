"""The supplier's accept and decline on the ticket, and the order beside it (O8, T9)."""

from __future__ import annotations

import pytest

from cast import Cast
from parley.orders.axes import Cancellation
from parley.orders.models import Order
from parley.orders.shipping import Parcel, ship
from parley.tickets.calling_off import topic_to_cancel
from parley.tickets.disputing import step_in
from parley.tickets.models import Ticket
from shop import Shop
from web.pages import Browser, Page
from web.test_queries import MOST
from web.test_queries import asked as queries


def asked(cast: Cast, order: Order) -> Ticket:
    return cast.ticket(topic=topic_to_cancel(), order=order.pk, title="Please cancel")


def answer_at(ticket: Ticket) -> str:
    return f"/tickets/{ticket.pk}/order-cancellation/"


def test_the_supplier_accepts_on_the_ticket_and_both_see_it(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    ticket = asked(cast, order)
    browser = Browser(cast.supplier)
    page = browser.see(f"/tickets/{ticket.pk}/")
    assert f"Bright Home asks to cancel order {order.number}." in page.words
    answer = browser.send(f"/tickets/{ticket.pk}/", answer_at(ticket))
    words = f"Accepted: order {order.number} is cancelled, and £27.60 is refunded."
    assert words in Page(answer).words
    assert "Accept: cancel and refund" not in Page(answer).words
    seller = Browser(cast.seller).see(f"/tickets/{ticket.pk}/")
    assert words in seller.words
    assert "Answered" in seller.words
    assert "Cancelled" in seller.words, "on the card of the order"
    assert Order.objects.get(pk=order.pk).cancellation == Cancellation.CANCELLED
    shown = Browser(cast.seller).see(f"/orders/{order.pk}/")
    assert "£27.60 refunded" in shown.words


def test_it_is_declined_with_a_reason(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    ticket = asked(cast, order)
    browser = Browser(cast.supplier)
    typed = {"answer": "decline", "reason": "On the van"}
    page = Page(browser.post(answer_at(ticket), typed, follow=True))
    assert "On the van" in page.words
    assert Order.objects.get(pk=order.pk).cancellation == Cancellation.NONE
    again = Page(browser.post(answer_at(ticket), {"answer": "accept"}, follow=True))
    assert "the ticket has moved on" in again.words


def test_what_was_shipped_meanwhile_says_so_and_keeps_the_words(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    ticket = asked(cast, order)
    ship(order.pk, Parcel(carrier="DPD"), by=cast.supplier)
    browser = Browser(cast.supplier)
    page = Page(browser.post(answer_at(ticket), {"answer": "accept"}, follow=True))
    assert "can't be cancelled" in page.words
    long = "x" * 600
    page = Page(browser.post(answer_at(ticket), {"answer": "decline", "reason": long}, follow=True))
    assert "Keep the reason under" in page.words
    assert page.form("replies/").fields["text"] == [long]


def test_only_who_may_answer_is_offered_it(cast: Cast, shop: Shop) -> None:
    ticket = asked(cast, shop.passed())
    offer = "Accept: cancel and refund"
    assert offer not in Browser(cast.seller).see(f"/tickets/{ticket.pk}/").words
    desk = Browser(cast.lead)
    assert offer not in desk.see(f"/desk/tickets/{ticket.pk}/").words
    step_in(ticket.pk, "Let us see.", by=cast.agent)
    assert offer in desk.see(f"/desk/tickets/{ticket.pk}/").words
    desk.send(f"/desk/tickets/{ticket.pk}/", answer_at(ticket))
    assert ticket.order is not None
    assert Order.objects.get(pk=ticket.order.pk).cancellation == Cancellation.CANCELLED


def test_the_card_leads_to_the_order_in_a_new_tab(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle, shop.lamp, channel_number="#BH-7")
    ticket = cast.ticket(order_number=str(order.number))
    for who, place in [("seller", "tickets"), ("supplier", "tickets"), ("lead", "desk/tickets")]:
        page = Browser(cast.everybody[who]).see(f"/{place}/{ticket.pk}/")
        (card,) = [
            attributes
            for tag, attributes in page.tags
            if tag == "a" and attributes.get("href") == f"/orders/{order.pk}/"
        ]
        assert card["target"] == "_blank"
        assert "Enamel stove kettle, 1.8 l" in page.words
        assert ("Brass desk lamp" in page.words) == (who != "supplier")
        assert ("#BH-7" in page.words) == (who != "supplier")
    back = Browser(cast.seller).see(f"/orders/{order.pk}/")
    links = [a for tag, a in back.tags if a.get("href") == f"/tickets/{ticket.pk}/"]
    assert links[0]["target"] == "_blank"


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("seller", "/tickets/{ticket}/"),
        ("supplier", "/tickets/{ticket}/"),
        ("lead", "/desk/tickets/{ticket}/"),
        ("seller", "/orders/{order}/menu/"),
        ("supplier", "/orders/{order}/menu/"),
        ("seller", "/tickets/new/orders/?q="),
        ("seller", "/tickets/new/orders/?q=bh"),
        ("lead", "/desk/cancel-reasons/"),
    ],
)
def test_a_page_asks_little_and_no_more_for_more_lines(
    cast: Cast, shop: Shop, who: str, path: str
) -> None:
    browser = Browser(cast.everybody[who])
    counted = []
    for products in ((shop.kettle,), (shop.kettle, shop.teapot, shop.lamp)):
        order = shop.passed(*products, channel_number=f"BH-{len(products)}")
        ticket = asked(cast, order)
        counted.append(len(queries(browser, path.format(ticket=ticket.pk, order=order.pk))))
    assert counted[0] == counted[1] <= MOST


def test_orders_are_suggested_in_the_form(cast: Cast, shop: Shop) -> None:
    order = shop.passed(channel_number="BH-77")
    shop.passed(seller=cast.second_seller, channel_number="BH-78")
    page = Browser(cast.seller).see("/tickets/new/orders/?q=bh")
    assert page.having("data-value") == [str(order.pk)]
    assert page.having("data-number") == [str(order.number)]
    form = Browser(cast.seller).see(f"/tickets/new/?order={order.pk}").form("")
    assert form.fields["order_number"] == [str(order.number)]


def test_a_topic_that_asks_to_cancel_asks_from_the_ordinary_form_too(
    cast: Cast, shop: Shop
) -> None:
    order = shop.passed()
    typed = {
        "topic": topic_to_cancel().pk,
        "to": cast.northwind.pk,
        "title": "Please cancel",
        "text": "She changed her mind.",
        "priority": "question",
        "order_number": str(order.number),
    }
    Browser(cast.seller).post("/tickets/new/", typed)
    assert Ticket.objects.get().asks_to_cancel
    assert Order.objects.get(pk=order.pk).cancellation == Cancellation.ASKED
    page = Page(Browser(cast.seller).post("/tickets/new/", typed))
    assert "has been asked to cancel this order already" in page.words
    assert page.form("").fields["title"] == ["Please cancel"]
