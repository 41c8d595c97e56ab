"""What is done to an order through its pages: forms that keep what was typed, and dialogs (O8, O10)."""

from __future__ import annotations

from typing import Any

import pytest

from cast import Cast
from parley.orders.axes import Cancellation, Fulfilment
from parley.orders.cancelling import cancel
from parley.orders.keeping_reasons import reasons
from parley.orders.models import Order, OrderNote, Shipment
from parley.orders.shipping import Parcel, ship
from parley.tickets.calling_off import topic_to_cancel
from parley.tickets.models import Ticket
from shop import Shop
from web.pages import HTMX, Browser, Page


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def at(order: Order, place: str) -> str:
    return f"/orders/{order.pk}/{place}/"


def menu(who: Any, order: Order) -> str:
    return Browser(who).see(at(order, "menu"), **HTMX).words


def test_the_menu_offers_what_can_be_done(cast: Cast, shop: Shop) -> None:
    paid, passed, gone = shop.paid(), shop.passed(), shop.paid()
    cancel(gone.pk, reasons()[0].pk, by=cast.seller)
    for who in (cast.seller, cast.admin):
        assert "Cancel order" in menu(who, paid)
        assert "Raise ticket" not in menu(who, paid)
        for order in (passed, gone):
            assert "Cancel order" not in menu(who, order)
            assert "Raise ticket" in menu(who, order)
    words = menu(cast.supplier, passed)
    assert all(deed in words for deed in ("Accept", "Ship", "Decline items", "Add a note"))
    assert "Cancel order" not in words
    ship(passed.pk, Parcel(carrier="DPD"), by=cast.supplier)
    words = menu(cast.supplier, passed)
    assert "Ship" not in words
    assert "It has come back" in words


def test_the_seller_cancels_with_a_reason(cast: Cast, shop: Shop) -> None:
    order = shop.paid()
    browser = Browser(cast.seller)
    page = browser.see(at(order, "cancellation"))
    assert "The customer changed their mind" in page.words
    assert "£27.60" in page.words
    assert page.form("cancellation/").required == {"reason"}
    answer = browser.send(at(order, "cancellation"), "cancellation/", reason=reasons()[0].pk)
    assert answer.redirect_chain == [(f"/orders/{order.pk}/", 302)]
    assert "The order is cancelled." in Page(answer).words
    assert fresh(order).cancellation == Cancellation.CANCELLED


def test_in_a_dialog_it_goes_away_with_a_word(cast: Cast, shop: Shop) -> None:
    order = shop.paid()
    browser = Browser(cast.seller)
    dialog = browser.see(at(order, "cancellation"), **HTMX)
    assert dialog.tags[0][0] == "dialog"
    refused = Page(browser.post(at(order, "cancellation"), {}, **HTMX))
    assert refused.status == 422
    assert refused.tags[0][0] == "dialog"
    assert "Pick a reason from the list." in refused.words
    answer = browser.post(at(order, "cancellation"), {"reason": reasons()[0].pk}, **HTMX)
    assert "The order is cancelled." in Page(answer).words
    assert "<dialog" not in answer.content.decode()
    assert "live-order" in answer.headers["HX-Trigger"]


def test_too_late_is_said_and_leads_to_a_ticket(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    browser = Browser(cast.seller)
    answer = Page(browser.post(at(order, "cancellation"), {"reason": reasons()[0].pk}))
    assert answer.status == 409
    assert "with the supplier already" in answer.words
    assert answer.links["Raise ticket"] == at(order, "ticket")
    assert "with the supplier already" in browser.see(at(order, "cancellation")).words


def test_a_ticket_is_raised_filled_in(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle)
    browser = Browser(cast.seller)
    form = browser.see(at(order, "ticket")).form("ticket/")
    assert form.fields["title"] == [f"Please cancel order {order.number}"]
    assert "1 × Enamel stove kettle, 1.8 l" in form.fields["text"][0]
    answer = browser.send(at(order, "ticket"), "ticket/", text="She moved house.", follow=False)
    ticket = Ticket.objects.get()
    assert answer.headers["Location"] == f"/tickets/{ticket.pk}/"
    assert (ticket.order, ticket.counterparty, ticket.asks_to_cancel) == (
        order, cast.northwind, True,
    )  # fmt: skip
    assert fresh(order).cancellation == Cancellation.ASKED


def test_the_words_are_in_the_sellers_language(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    form = Browser(cast.seller_member).see(at(order, "ticket")).form("ticket/")
    assert str(order.number) in form.fields["title"][0]


def test_sent_twice_one_ticket_is_raised(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    browser = Browser(cast.seller)
    form = browser.see(at(order, "ticket")).form("ticket/")
    for _ in range(2):
        assert browser.post(at(order, "ticket"), form.fields, **HTMX).headers["HX-Redirect"]
    assert Ticket.objects.count() == 1


def test_of_several_suppliers_one_is_chosen(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle, shop.lamp)
    browser = Browser(cast.seller)
    page = browser.see(at(order, "ticket"))
    assert "Whom do you want to ask?" in page.words
    chosen = browser.see(page.links["Second Supplier"])
    text = chosen.form("ticket/").fields["text"][0]
    assert "Brass desk lamp" in text
    assert "kettle" not in text
    browser.post(at(order, "ticket"), chosen.form("ticket/").fields)
    assert Ticket.objects.get().counterparty == cast.second_supplier


def test_a_refused_ticket_keeps_what_was_typed(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    typed = {"supplier": cast.northwind.pk, "title": "", "text": "Three paragraphs."}
    page = Page(Browser(cast.seller).post(at(order, "ticket"), typed))
    assert page.status == 422
    assert page.form("ticket/").fields["text"] == ["Three paragraphs."]
    assert "Say in a few words" in page.words


@pytest.mark.parametrize("who", ["seller", "supplier", "lead"])
def test_where_nobody_can_be_asked_an_ordinary_ticket_is_opened(
    cast: Cast, shop: Shop, who: str
) -> None:
    order = shop.passed()
    ship(order.pk, Parcel(carrier="DPD"), by=cast.supplier)
    browser = Browser(cast.everybody[who])
    answer = browser.get(at(order, "ticket"), follow=True)
    assert answer.redirect_chain == [(f"/tickets/new/?order={order.pk}", 302)]
    form = Page(answer).form("")
    assert form.fields["order"] == [str(order.pk)]
    assert form.fields["order_number"] == [str(order.number)]
    assert browser.get(at(order, "ticket"), **HTMX).headers["HX-Redirect"].endswith(str(order.pk))


def test_asked_to_cancel_it_the_supplier_answers_that_first(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    browser = Browser(cast.supplier)
    accepting = at(order, "acceptance")
    assert accepting in browser.see(f"/orders/{order.pk}/").html
    cast.ticket(topic=topic_to_cancel(), order=order.pk, title="Please cancel")
    page = browser.see(f"/orders/{order.pk}/")
    assert accepting not in page.html
    assert at(order, "shipments") in page.html


def test_a_queued_order_gets_its_number_while_it_is_open(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    renewed = Page(Browser(cast.seller).get(f"/orders/{order.pk}/", **HTMX))
    heading = next(a for _tag, a in renewed.tags if a.get("id") == "order-heading")
    assert heading["hx-swap-oob"] == "true"
    assert f"Order {order.number}" in renewed.words
    whole = Browser(cast.seller).see(f"/orders/{order.pk}/")
    assert whole.html.count('id="order-heading"') == 1


def test_the_supplier_accepts_and_ships(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle, shop.teapot)
    kettle, teapot = order.lines.order_by("position")
    browser = Browser(cast.supplier)
    page = Page(browser.post(at(order, "acceptance"), follow=True))
    assert "The order is accepted." in page.words
    form = browser.see(at(order, "shipments")).form("shipments/")
    assert form.fields["carrier"] == ["Royal Mail"], "that of the shipping service"
    assert form.fields[f"quantity-{kettle.pk}"] == ["1"]
    browser.send(
        at(order, "shipments"), "shipments/", tracking="RM 1", **{f"quantity-{teapot.pk}": "0"}
    )
    assert fresh(order).fulfilment == Fulfilment.PART_SHIPPED
    browser.send(at(order, "shipments"), "shipments/", carrier="DPD")
    assert fresh(order).fulfilment == Fulfilment.SHIPPED
    first, second = Shipment.objects.order_by("id")
    assert (first.carrier, first.tracking, second.carrier) == ("Royal Mail", "RM 1", "DPD")
    for shipment in (first, second):
        browser.post(at(order, f"shipments/{shipment.pk}/delivery"))
    assert fresh(order).fulfilment == Fulfilment.DELIVERED
    assert "marked as returned" in Page(browser.post(at(order, "return"), follow=True)).words
    assert "has come back already" in Page(browser.post(at(order, "return"), follow=True)).words


@pytest.mark.parametrize("quantity", ["2", "-1", "many", "9" * 30])
def test_a_refused_parcel_keeps_what_was_typed(cast: Cast, shop: Shop, quantity: str) -> None:
    order = shop.passed()
    field = f"quantity-{order.lines.get().pk}"
    typed = {"carrier": "", "tracking": "RM 1", field: quantity}
    page = Page(Browser(cast.supplier).post(at(order, "shipments"), typed))
    assert page.status == 422
    fields = page.form("shipments/").fields
    assert (fields["tracking"], fields[field]) == (["RM 1"], [quantity])
    assert "Say who carries it" in page.words
    assert "1 are left to ship" in page.words


def test_the_supplier_declines_an_item(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle, shop.teapot)
    kettle = order.lines.order_by("position")[0]
    browser = Browser(cast.supplier)
    refused = Page(browser.post(at(order, "declining"), {"line": kettle.pk, "quantity": "x"}))
    assert refused.status == 422
    assert "Say why" in refused.words
    assert "1 to 1 can be declined" in refused.words
    answer = browser.post(
        at(order, "declining"), {"line": kettle.pk, "reason": "Dented"}, follow=True
    )
    assert "It is declined" in Page(answer).words
    assert fresh(order).refunded_minor == 2400


def test_notes_are_for_whom_they_name(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle, shop.lamp)
    browser = Browser(cast.seller)
    page = browser.see(at(order, "notes"))
    assert "Second Supplier" in page.words
    browser.send(at(order, "notes"), "notes/", text="Gift wrap", to=cast.northwind.pk)
    assert OrderNote.objects.get().supplier == cast.northwind
    refused = Page(browser.post(at(order, "notes"), {"text": "  ", "to": cast.northwind.pk}))
    assert refused.status == 422
    assert "Write the note first." in refused.words
    assert "Who may read it?" not in Browser(cast.supplier).see(at(order, "notes")).words


def test_junk_is_refused_and_breaks_nothing(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    supplier, seller = Browser(cast.supplier), Browser(cast.seller)
    for junk in ("\x00", "9" * 40, "-1", "𝟙", "x" * 3000):
        for browser, place, fields in [
            (seller, "cancellation", {"reason": junk}),
            (seller, "ticket", {"supplier": junk, "title": junk, "text": junk, "submit_key": junk}),
            (seller, "notes", {"to": junk, "text": "x"}),
            (supplier, "declining", {"line": junk, "quantity": junk, "reason": junk}),
            (supplier, "shipments", {"carrier": junk[:70] * 70, "tracking": junk}),
        ]:
            status = browser.post(at(order, place), fields).status_code
            assert status in (409, 422), (place, junk[:10], status)
