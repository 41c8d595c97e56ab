"""Orders through the API: the same doors, filters and words as the pages'."""

from __future__ import annotations

from typing import get_args

from cast import Cast
from parley.orders.finding import STATUSES
from parley.orders.models import OrderLine, PaymentChoices, Stage
from parley.orders.noting import note
from parley.web.api.orders import OrderStatus, PaymentName
from shop import Shop
from stall import days_ago, made_order
from web.api.calling import Caller, pointers

LAMP = ("Brass lamp", "LAMP-9", 1)


def ids(answer: object) -> list[int]:
    return [one["id"] for one in answer.json()["data"]]  # type: ignore[attr-defined]


def test_a_list_is_narrowed_and_leafed_through(cast: Cast, seller: Caller) -> None:
    made = [made_order(cast, placed_at=days_ago(n), channel_number=f"#{n}").pk for n in range(5)]
    made_order(cast, placed_at=days_ago(9), fulfilment="shipped")
    first = seller.get("/orders?status=unshipped&limit=2")
    assert ids(first) == made[:2]
    assert 'rel="next"' in first.headers["Link"]
    second = seller.get(f"/orders?status=unshipped&limit=2&cursor={first.json()['next']}")
    assert ids(second) == made[2:4]
    assert ids(seller.get(f"/orders?limit=2&cursor={second.json()['previous']}")) == made[:2]
    assert ids(seller.get("/orders?text=%233")) == [made[3]]
    between = {"placed_from": days_ago(3.5).isoformat(), "placed_to": days_ago(1.5).isoformat()}
    assert ids(seller.get("/orders", between)) == made[2:4]
    assert seller.get("/orders?cursor=x").status_code == 422
    assert pointers(seller.get("/orders?colour=red")) == {"colour"}


def test_a_row_says_the_same_as_the_page_s(cast: Cast, seller: Caller) -> None:
    order = made_order(cast, items=[("Enamel kettle", "K-1", 2), LAMP], note="Ring twice.")
    (row,) = seller.get("/orders").json()["data"]
    assert row["total"] == {"minor": 3600, "currency": "GBP", "amount": "36.00"}
    assert (row["title"], row["items"], row["quantity"]) == ("Enamel kettle", 2, 3)
    assert (row["payment"], row["fulfilment"], row["cancellation"]) == ("paid", "unshipped", "none")
    assert row["sentence"] == "Paid · with Northwind Supply · to be shipped"
    assert row["page"].endswith(f"/orders/{order.pk}/")
    assert row["has_notes"]


def test_one_order_with_all_its_parts(cast: Cast, shop: Shop, seller: Caller) -> None:
    order = shop.passed(shop.kettle, shop.lamp)
    note(order.pk, "Wrap it well.", by=cast.seller, supplier_id=cast.northwind.pk)
    whole = seller.get(f"/orders/{order.pk}").json()
    assert [part["supplier"]["name"] for part in whole["parts"]] == [
        "Northwind Supply", "Second Supplier",
    ]  # fmt: skip
    assert whole["parts"][0]["lines"][0]["sold_for"]["amount"] == "49.00"
    assert whole["notes"][0]["only"] == "Northwind Supply"
    assert len(whole["invoices"]) == 2
    assert whole["deliver_to"]["postcode"] == "N1 0EB"
    assert "raise_ticket" in whole["actions"]


def test_a_supplier_reads_its_part_and_no_sale(cast: Cast, supplier: Caller) -> None:
    order = made_order(
        cast, also={cast.second_supplier: [LAMP]}, sale_minor=987_654, outside={"margin": "9"}
    )
    OrderLine.objects.update(sold_for_minor=456_700)
    made_order(cast, stage=Stage.QUEUED)
    assert ids(supplier.get("/orders")) == [order.pk]
    text = supplier.get(f"/orders/{order.pk}").content.decode()
    for hidden in ("Brass lamp", "Second Supplier", "9876.54", "987654", "4567.00", "margin"):
        assert hidden not in text, hidden
    assert pointers(supplier.get("/orders?status=queued&payment=unpaid")) == {"status", "payment"}


def test_the_audit_in_sentences(cast: Cast, shop: Shop, seller: Caller, supplier: Caller) -> None:
    order = shop.passed()
    lines = seller.get(f"/orders/{order.pk}/audit").json()["data"]
    assert lines[0]["kind"] == "OrderQueued"
    assert lines[0]["sentence"] == "Queued, to be invoiced and paid"
    kinds = {line["kind"] for line in supplier.get(f"/orders/{order.pk}/audit").json()["data"]}
    assert "OrderPaid" not in kinds


def test_what_is_not_there_is_not_there(cast: Cast, other: Caller) -> None:
    order = made_order(cast)
    for path in (f"/orders/{order.pk}", f"/orders/{order.pk}/audit", "/orders/0", "/orders/x"):
        assert other.get(path).status_code == 404, path


def test_its_words_are_the_room_s_words() -> None:
    assert set(get_args(OrderStatus)) == set(STATUSES)
    assert set(get_args(PaymentName)) == set(PaymentChoices.values)
