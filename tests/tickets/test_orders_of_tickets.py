"""A ticket is bound to the order it is about, and the order knows of its tickets (T3, T9, O2)."""

from __future__ import annotations

import json
import zipfile
from functools import partial

import pytest

from cast import Cast
from crowd import all_at_once
from parley.journal.models import Entry
from parley.orders.models import Order
from parley.orders.noting import note
from parley.parties.models import Membership
from parley.tickets.disputing import step_in
from parley.tickets.ending import cancel, close, rate
from parley.tickets.evidencing import evidence
from parley.tickets.finding import Filters, find
from parley.tickets.models import Ticket
from parley.tickets.opening import OpeningRefused
from parley.tickets.ordering import (
    OrderCard,
    card_lines,
    card_part,
    order_card,
    order_suggestions,
    tickets_about,
)
from parley.tickets.replying import Reply, reply
from parley.tickets.seeing import ticket_row
from shop import Shop


def test_the_number_typed_binds_the_ticket(cast: Cast, shop: Shop) -> None:
    order = shop.passed(channel_number="#BH-2001")
    for typed in (str(order.number), "#BH-2001", "bh-2001", f" {order.number} "):
        ticket = cast.ticket(order_number=typed)
        assert ticket.order == order
        assert ticket.order_number == typed.strip()


def test_any_other_text_is_kept_as_typed(cast: Cast, shop: Shop) -> None:
    theirs = shop.passed(shop.lamp, seller=cast.second_seller, channel_number="#X-1")
    for typed in ("HM-20931", "QUEUE", "the blue one", "9" * 40):
        ticket = cast.ticket(order_number=typed)
        assert (ticket.order, ticket.order_number) == (None, typed)
    unseen = cast.ticket(order_number=str(theirs.number))
    assert unseen.order is None, "an order of somebody else is like any other text"


def test_an_order_is_picked_by_its_id_also_in_the_queue(cast: Cast, shop: Shop) -> None:
    queued = shop.queued(channel_number="")
    ticket = cast.ticket(topic=cast.payouts, to=None, order=queued.pk)
    assert (ticket.order, ticket.order_number) == (queued, "QUEUE")
    theirs = shop.paid(seller=cast.second_seller)
    with pytest.raises(OpeningRefused, match="Pick the order from the list"):
        cast.ticket(topic=cast.payouts, to=None, order=theirs.pk)


def test_whoever_has_no_part_in_an_order_gets_no_ticket_about_it(cast: Cast, shop: Shop) -> None:
    order, paid = shop.passed(), shop.paid()
    with pytest.raises(OpeningRefused, match="Second Supplier has no part in order"):
        cast.ticket(to=cast.second_supplier, order_number=str(order.number))
    with pytest.raises(OpeningRefused, match="is not with a supplier yet"):
        cast.ticket(order_number=str(paid.number))
    assert not Ticket.objects.exists()


def test_a_supplier_and_the_operator_bind_theirs(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    of_supplier = cast.ticket(
        by=cast.supplier,
        topic=cast.wrong_address,
        to=cast.bright_home,
        order_number=str(order.number),
    )
    assert of_supplier.order == order
    of_operator = cast.ticket(
        by=cast.agent, topic=cast.documents, to=cast.bright_home, order=order.pk
    )
    assert of_operator.order == order
    with pytest.raises(OpeningRefused, match="Second Seller has no part"):
        cast.ticket(by=cast.agent, topic=cast.documents, to=cast.second_seller, order=order.pk)


def test_of_two_orders_of_one_number_the_counterpartys_is_meant(cast: Cast, shop: Shop) -> None:
    kettle = shop.passed(channel_number="77")
    shop.passed(shop.lamp, channel_number="77")
    assert cast.ticket(order_number="77").order == kettle


def opened(order: Order) -> int:
    order.refresh_from_db()
    return order.open_tickets


def test_an_order_counts_its_open_tickets(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    number = str(order.number)
    one, two, three = (cast.ticket(order_number=number) for _ in range(3))
    assert opened(order) == 3
    cancel(one.pk, by=cast.seller)
    close(two.pk, by=cast.seller)
    assert opened(order) == 1
    reply(three.pk, Reply(text="On its way."), by=cast.supplier)
    close(three.pk, by=cast.supplier)
    assert opened(order) == 0
    rate(three.pk, 5, by=cast.seller)
    assert opened(order) == 0, "it had ended already"
    told = Entry.objects.filter(subject=f"order:{order.pk}", kind="TicketBound").order_by("pk")
    assert [entry.data["open"] for entry in told] == [True] * 3 + [False] * 3
    assert {entry.data["ticket"] for entry in told} == {one.pk, two.pk, three.pk}


def test_opened_and_ended_by_many_at_once_they_are_all_counted(
    transactional_db: None, cast: Cast, shop: Shop
) -> None:
    order = shop.passed()
    tickets = [cast.ticket(order_number=str(order.number)) for _ in range(6)]
    got = all_at_once([partial(close, ticket.pk, by=cast.seller) for ticket in tickets])
    assert all(isinstance(one, Ticket) for one in got), got
    assert opened(order) == 0


def card(reader: Membership, ticket: Ticket) -> OrderCard | None:
    row = ticket_row(reader, ticket.pk, lines=card_lines, part=card_part)
    assert row is not None
    return order_card(row)


def test_each_reader_has_a_card_of_what_they_may_see(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle, shop.lamp)
    ticket = cast.ticket(order_number=str(order.number))
    seller, supplier, lead = (card(who, ticket) for who in (cast.seller, cast.supplier, cast.lead))
    assert seller is not None
    assert supplier is not None
    assert lead is not None
    assert [line.title for line in seller.lines] == [shop.kettle.title, shop.lamp.title]
    assert lead.lines == seller.lines
    assert [(line.title, line.quantity) for line in supplier.lines] == [(shop.kettle.title, 1)]
    assert (seller.part, lead.part) == (None, None)
    assert supplier.part is not None
    assert supplier.part.total_minor == 2760
    assert card(cast.seller, cast.ticket()) is None


def test_a_long_order_says_that_there_is_more(cast: Cast, shop: Shop) -> None:
    order = shop.passed(*[shop.kettle] * 7)
    shown = card(cast.supplier, cast.ticket(order_number=str(order.number)))
    assert shown is not None
    assert (len(shown.lines), shown.more) == (5, True)


def test_the_order_lists_the_tickets_that_the_reader_may_see(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle, shop.lamp)
    number = str(order.number)
    north = cast.ticket(order_number=number)
    other = cast.ticket(to=cast.second_supplier, order_number=number)
    cast.ticket()
    assert [row.ticket for row in tickets_about(cast.seller, order)] == [other, north]
    assert [row.ticket for row in tickets_about(cast.supplier, order)] == [north]
    assert [row.ticket for row in tickets_about(cast.other_seller, order)] == []


def test_a_bound_ticket_is_found_by_the_channels_number(cast: Cast, shop: Shop) -> None:
    order = shop.passed(channel_number="BH-2001-7")
    ticket = cast.ticket(order_number=str(order.number))
    found = find(cast.seller, Filters(text="BH-2001-7")).rows
    assert [row.ticket for row in found] == [ticket]


def test_orders_are_suggested_as_one_types(cast: Cast, shop: Shop) -> None:
    queued, passed = shop.queued(channel_number="BH-31"), shop.passed(channel_number="BH-32")
    shop.passed(seller=cast.second_seller, channel_number="BH-33")

    def suggested(text: str) -> set[Order]:
        return set(order_suggestions(cast.seller, text))

    assert suggested("") == suggested("bh") == suggested("#BH-3") == {queued, passed}
    assert suggested("BH-32") == suggested(str(passed.number)) == {passed}
    assert suggested(str(passed.number)[:2]) == {passed}
    assert suggested("queue") == {queued}
    assert suggested("nothing") == set()
    assert set(order_suggestions(cast.supplier, "")) == {passed}


def test_the_evidence_has_the_order_as_its_reader_may_see_it(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle, shop.lamp)
    note(order.pk, "A word", by=cast.seller, supplier_id=cast.second_supplier.pk)
    ticket = cast.ticket(order_number=str(order.number))
    step_in(ticket.pk, "Let us see.", by=cast.agent)
    files = {}
    for who in ("seller", "supplier", "agent"):
        with (
            evidence(ticket.pk, by=cast.everybody[who]) as archive,
            zipfile.ZipFile(archive) as read,
        ):
            names = ("order.json", "order-audit.json")
            files[who] = [json.loads(read.read(name)) for name in names]
            assert set(names) <= set(read.read("SHA256SUMS").decode().split())
    (seller, audit), (supplier, short), (operator, _whole) = files.values()
    assert [line["sku"] for line in supplier["lines"]] == ["KET-100"]
    assert "sold_for" not in supplier["lines"][0]
    assert not {"paid", "payment", "channel_number"} & set(supplier)
    assert seller["lines"][1]["sold_for"] == "49.00"
    assert seller["parts"][0]["supplier"] == "Northwind Supply"
    assert operator["number"] == str(order.number)
    kinds, fewer = ({entry["kind"] for entry in entries} for entries in (audit, short))
    assert {"OrderPaid", "OrderPassedOn", "OrderNoted", "TicketBound"} <= kinds
    assert {"OrderPassedOn", "TicketBound"} <= fewer
    assert not {"OrderPaid", "OrderNoted"} & fewer
    assert not any("seen" in entry["data"] for entry in audit)
