"""What programs do to orders: as the pages, with problems for refusals."""

from __future__ import annotations

from cast import Cast
from parley.orders.models import Order, OrderNote
from parley.tickets.calling_off import topic_to_cancel
from parley.tickets.models import Ticket
from shop import Shop
from web.api.calling import Caller, pointers


def test_a_seller_cancels(cast: Cast, shop: Shop, seller: Caller) -> None:
    order = shop.paid()
    listed = seller.get("/cancel-reasons", **{"Accept-Language": "ru"}).json()["data"]
    assert listed[0]["name"] == "Покупатель передумал"
    address = f"/orders/{order.pk}/cancellation"
    assert pointers(seller.post(address, {"reason": 10**9})) == {"#/reason"}
    answer = seller.post(address, {"reason": listed[0]["id"]}).json()
    assert answer["cancellation"] == "cancelled"
    assert answer["payment"] == "refunded"
    assert answer["actions"] == ["raise_ticket", "note"]
    again = seller.post(address, {"reason": listed[0]["id"]})
    assert again.status_code == 409
    assert again.json()["type"] == "urn:parley:problem:order-not-allowed-now"
    assert "cancelled already" in again.json()["detail"]


def test_a_supplier_accepts_ships_and_declines(
    cast: Cast, shop: Shop, seller: Caller, supplier: Caller
) -> None:
    order = shop.passed(shop.kettle, shop.teapot)
    kettle, teapot = (line.pk for line in order.lines.order_by("position"))
    accepted = supplier.post(f"/orders/{order.pk}/acceptance").json()
    assert accepted["actions"] == ["raise_ticket", "ship", "decline", "note"]
    address = f"/orders/{order.pk}/shipments"
    one = {"line": kettle, "quantity": 1}
    refused = supplier.post(address, {"carrier": "DPD", "lines": [one, one]})
    assert pointers(refused) == {"#/lines"}
    sent = supplier.post(address, {"carrier": "DPD", "tracking": "1", "lines": [one]})
    assert (sent.status_code, sent.json()["fulfilment"]) == (201, "part_shipped")
    why = {"line": teapot, "quantity": 1, "reason": "Broken"}
    declined = supplier.post(f"/orders/{order.pk}/declined", why).json()
    assert declined["fulfilment"] == "shipped"
    assert pointers(supplier.post(f"/orders/{order.pk}/declined", why)) == {"#/quantity"}
    for place in ("acceptance", "shipments", "declined"):
        body = {"acceptance": {}, "shipments": {"carrier": "DPD"}, "declined": why}[place]
        assert seller.post(f"/orders/{order.pk}/{place}", body).status_code == 404


def test_asking_and_answering(cast: Cast, shop: Shop, seller: Caller, supplier: Caller) -> None:
    orders = [shop.passed(), shop.passed()]
    topic = topic_to_cancel()
    tickets = []
    for order in orders:
        asked = seller.post(
            "/tickets",
            {
                "topic": topic.pk,
                "to": cast.northwind.pk,
                "title": "Please cancel",
                "text": "She changed her mind.",
                "order": order.pk,
            },
        ).json()
        assert asked["order"] == order.pk
        assert asked["order_number"] == str(order.number)
        tickets.append(asked["id"])
    first, second = (f"/tickets/{ticket}/order-cancellation" for ticket in tickets)
    assert "answer_cancellation" in supplier.get(f"/tickets/{tickets[0]}").json()["actions"]
    assert seller.post(first, {"answer": "accept"}).status_code == 409
    accepted = supplier.post(first, {"answer": "accept"}).json()
    assert accepted["state"]["status"] == "answered"
    assert "answer_cancellation" not in accepted["actions"]
    assert pointers(supplier.post(second, {"answer": "decline"})) == {"#/reason"}
    supplier.post(second, {"answer": "decline", "reason": "Shipped"})
    assert [Order.objects.get(pk=order.pk).cancellation for order in orders] == [
        "cancelled", "none",
    ]  # fmt: skip
    assert not Ticket.objects.filter(asks_to_cancel=True).exists()


def test_notes(cast: Cast, shop: Shop, seller: Caller, other: Caller) -> None:
    order = shop.passed()
    note = {"text": "Gift wrap", "supplier": cast.northwind.pk}
    assert seller.post(f"/orders/{order.pk}/notes", note).status_code == 201
    assert OrderNote.objects.get().supplier == cast.northwind
    elsewhere = {"text": "Gift wrap", "supplier": cast.second_supplier.pk}
    assert pointers(seller.post(f"/orders/{order.pk}/notes", elsewhere)) == {"#/text"}
    assert other.post(f"/orders/{order.pk}/notes", note).status_code == 404
