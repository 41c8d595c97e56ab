"""Asking a supplier to cancel an order, and its answer: one step on the ticket and the order (O8)."""

from __future__ import annotations

from functools import partial

import pytest

from cast import Cast
from crowd import all_at_once
from parley.conversations.models import Message
from parley.journal.models import Entry
from parley.journal.moment import at
from parley.ledger.balances import balance_of
from parley.orders.axes import Cancellation, Fulfilment, Payment
from parley.orders.cancelling import ShippedAlready
from parley.orders.declining import decline as decline_line
from parley.orders.models import Consignment, Order
from parley.orders.shipping import Parcel, ship
from parley.parties.models import Membership, Party
from parley.tickets import ending
from parley.tickets.calling_off import (
    ReasonMissing,
    accept,
    can_be_asked,
    decline,
    may_answer,
    parts_to_ask_for,
    topic_to_cancel,
    words_to_ask,
)
from parley.tickets.completing import claim_completions
from parley.tickets.disputing import decide, step_in
from parley.tickets.models import Purpose, Ticket, Topic
from parley.tickets.opening import NewTicket, OpeningRefused, open_ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.states import NotAllowed, Status
from shop import Shop


def asked(
    cast: Cast, order: Order, *, to: Party | None = None, by: Membership | None = None
) -> Ticket:
    """A ticket that asks to cancel the order (Northwind's part of it)."""
    new = NewTicket(
        topic=topic_to_cancel(),
        to=to or cast.northwind,
        title="Please cancel",
        text="The customer changed her mind.",
        order=order.pk,
    )
    return Ticket.objects.get(pk=open_ticket(new, by=by or cast.seller).pk)


def part_of(order: Order, party: Party) -> Consignment:
    return Consignment.objects.get(order=order, supplier=party)


def last_said(ticket: Ticket) -> str:
    return Message.objects.filter(conversation=ticket.conversation_id).latest("id").text


def test_raising_it_asks_on_the_order_too(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    ticket = asked(cast, order)
    assert ticket.asks_to_cancel
    assert ticket.order_number == str(order.number)
    assert part_of(order, cast.northwind).cancellation == Cancellation.ASKED
    order.refresh_from_db()
    assert (order.cancellation, order.open_tickets) == (Cancellation.ASKED, 1)
    entry = Entry.objects.get(kind="CancellationAsked")
    assert entry.data["ticket"] == ticket.pk
    assert set(entry.data["seen"]) == {cast.bright_home.pk, cast.northwind.pk, cast.operator.pk}
    assert may_answer(ticket, cast.supplier)
    assert not may_answer(ticket, cast.seller)
    assert not may_answer(ticket, cast.agent)


def test_accepted_it_is_cancelled_refunded_and_answered(cast: Cast, shop: Shop) -> None:
    money = balance_of(cast.bright_home, "GBP")
    order = shop.passed()
    ticket = asked(cast, order)
    accept(ticket.pk, by=cast.supplier)
    ticket.refresh_from_db()
    order.refresh_from_db()
    assert order.cancellation == Cancellation.CANCELLED
    assert order.payment == Payment.REFUNDED
    assert balance_of(cast.bright_home, "GBP") == money
    assert (ticket.status, ticket.turn_party_id) == (Status.ANSWERED, cast.bright_home.pk)
    assert not ticket.asks_to_cancel
    assert last_said(ticket) == (
        f"Accepted: order {order.number} is cancelled, and £27.60 is refunded."
    )


def test_the_answer_is_in_the_words_of_whoever_asked(cast: Cast, shop: Shop) -> None:
    ticket = asked(cast, shop.passed(), by=cast.seller_member)
    accept(ticket.pk, by=cast.supplier)
    assert "27,60" in last_said(ticket)


def test_declined_it_is_kept_with_the_reason(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    ticket = asked(cast, order)
    decline(ticket.pk, "It is on the van", by=cast.supplier_member)
    ticket.refresh_from_db()
    order.refresh_from_db()
    assert order.cancellation == Cancellation.NONE
    assert order.refunded_minor == 0
    assert ticket.status == Status.ANSWERED
    assert last_said(ticket).endswith("It is on the van")
    assert Entry.objects.get(kind="CancellationDeclined").data["reason"] == "It is on the van"
    again = asked(cast, order)
    assert not may_answer(Ticket.objects.get(pk=ticket.pk), cast.supplier), "that one is answered"
    assert may_answer(again, cast.supplier)
    accept(again.pk, by=cast.supplier)
    assert part_of(order, cast.northwind).cancellation == Cancellation.CANCELLED


def test_to_decline_takes_a_reason(cast: Cast, shop: Shop) -> None:
    ticket = asked(cast, shop.passed())
    for reason in ("", " \n", "x" * 501):
        with pytest.raises(ReasonMissing):
            decline(ticket.pk, reason, by=cast.supplier)


def test_pressed_twice_it_is_done_once(cast: Cast, shop: Shop) -> None:
    first, second = asked(cast, shop.passed()), asked(cast, shop.passed())
    for _ in range(2):
        accept(first.pk, by=cast.supplier)
        decline(second.pk, "Too late", by=cast.supplier)
    for ticket in (first, second):
        assert Message.objects.filter(conversation=ticket.conversation_id).count() == 2
    assert Entry.objects.filter(kind="OrderRefunded").count() == 1
    with pytest.raises(NotAllowed):
        decline(first.pk, "No", by=cast.supplier)
    with pytest.raises(NotAllowed):
        accept(second.pk, by=cast.supplier)


def test_nobody_else_answers(cast: Cast, shop: Shop) -> None:
    ticket = asked(cast, shop.passed())
    for by in (cast.seller, cast.agent):
        with pytest.raises(NotAllowed):
            accept(ticket.pk, by=by)
        with pytest.raises(NotAllowed):
            decline(ticket.pk, "No", by=by)
    for by in (cast.other_supplier, cast.other_seller):
        with pytest.raises(Ticket.DoesNotExist):
            accept(ticket.pk, by=by)
    plain = cast.ticket(order_number=str(Order.objects.get().number))
    with pytest.raises(NotAllowed):
        accept(plain.pk, by=cast.supplier)


def test_in_a_dispute_the_operator_may_answer(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    ticket = asked(cast, order)
    step_in(ticket.pk, "Let us see.", by=cast.agent)
    assert may_answer(Ticket.objects.get(pk=ticket.pk), cast.agent)
    accept(ticket.pk, by=cast.agent)
    assert part_of(order, cast.northwind).cancellation == Cancellation.CANCELLED
    decide(ticket.pk, "opener", "Refunded.", by=cast.agent)
    ticket.refresh_from_db()
    assert ticket.status == Status.ANSWERED


def test_shipped_meanwhile_it_can_only_be_declined(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    ticket = asked(cast, order)
    ship(order.pk, Parcel(carrier="DPD"), by=cast.supplier)
    order.refresh_from_db()
    assert order.cancellation == Cancellation.NONE, "the goods are on their way"
    with pytest.raises(ShippedAlready, match="have been shipped"):
        accept(ticket.pk, by=cast.supplier)
    decline(ticket.pk, "It went out this morning", by=cast.supplier)
    order.refresh_from_db()
    assert order.fulfilment == Fulfilment.SHIPPED


def test_all_declined_meanwhile_accepting_only_says_so(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    ticket = asked(cast, order)
    decline_line(order.pk, order.lines.get().pk, 1, "None left", by=cast.supplier)
    accept(ticket.pk, by=cast.supplier)
    assert last_said(ticket) == f"Accepted: order {order.number} is cancelled."
    assert Entry.objects.filter(kind="OrderRefunded").count() == 1


@pytest.mark.parametrize("how", ["cancel", "close", "expire"])
def test_a_ticket_that_ends_unanswered_takes_the_asking_back(
    cast: Cast, shop: Shop, how: str
) -> None:
    order = shop.passed()
    ticket = asked(cast, order)
    if how == "expire":
        reply(ticket.pk, Reply(text="Let me look."), by=cast.supplier)
        ticket.refresh_from_db()
        assert ticket.completes_at is not None
        with at(ticket.completes_at):
            claim_completions()
    else:
        getattr(ending, how)(ticket.pk, by=cast.seller)
    order.refresh_from_db()
    ticket.refresh_from_db()
    assert not ticket.is_open
    assert not ticket.asks_to_cancel
    assert (order.cancellation, order.open_tickets) == (Cancellation.NONE, 0)
    assert Entry.objects.filter(kind="CancellationWithdrawn").count() == 1


def test_of_several_suppliers_one_is_asked(cast: Cast, shop: Shop) -> None:
    order = shop.passed(shop.kettle, shop.lamp)
    assert len(parts_to_ask_for(order)) == 2
    ticket = asked(cast, order, to=cast.second_supplier)
    assert [part.supplier for part in parts_to_ask_for(order)] == [cast.northwind]
    accept(ticket.pk, by=cast.other_supplier)
    order.refresh_from_db()
    assert order.cancellation == Cancellation.NONE
    assert order.payment == Payment.PART_REFUNDED
    assert part_of(order, cast.northwind).cancellation == Cancellation.NONE
    assert order.refunded_minor == part_of(order, cast.second_supplier).total_minor


def refusal(cast: Cast, order: Order, **how: Party) -> str:
    with pytest.raises(OpeningRefused) as refused:
        asked(cast, order, **how)
    return refused.value.problems["order_number"]


def test_what_is_past_asking_is_refused_in_words(cast: Cast, shop: Shop) -> None:
    paid, twice, shipped, gone = shop.paid(), shop.passed(), shop.passed(), shop.passed()
    assert "you can still cancel it yourself" in refusal(cast, paid)
    asked(cast, twice)
    assert "has been asked to cancel this order already" in refusal(cast, twice)
    ship(shipped.pk, Parcel(carrier="DPD"), by=cast.supplier)
    assert "has shipped it already" in refusal(cast, shipped)
    accept(asked(cast, gone).pk, by=cast.supplier)
    assert "has been cancelled already" in refusal(cast, gone)
    assert "has no part in order" in refusal(cast, twice, to=cast.second_supplier)
    assert Ticket.objects.filter(order=shipped.pk).count() == 0
    assert not can_be_asked(paid, part_of(paid, cast.northwind))


def test_a_number_of_no_order_asks_for_nothing(cast: Cast, shop: Shop) -> None:
    new = NewTicket(
        topic=topic_to_cancel(), to=cast.northwind, title="x", text="y", order_number="HM-77"
    )
    with pytest.raises(OpeningRefused, match="Pick the order that is to be cancelled"):
        open_ticket(new, by=cast.seller)


def test_there_is_always_a_topic(db: None) -> None:
    assert topic_to_cancel() == topic_to_cancel()
    assert Topic.objects.filter(purpose=Purpose.CANCEL_ORDER).count() == 1


def test_the_words_to_start_with_name_order_and_items(cast: Cast, shop: Shop) -> None:
    words = words_to_ask(shop.passed(), ["1 × Enamel stove kettle"])
    assert "Please cancel order" in words.title
    assert "- 1 × Enamel stove kettle" in words.text


def test_of_accepting_and_shipping_at_once_one_wins(
    transactional_db: None, cast: Cast, shop: Shop
) -> None:
    for _ in range(4):
        order = shop.passed()
        ticket = asked(cast, order)
        accepting, shipping = all_at_once(
            [
                partial(accept, ticket.pk, by=cast.supplier),
                partial(ship, order.pk, Parcel(carrier="DPD"), by=cast.supplier_member),
            ]
        )
        order.refresh_from_db()
        if isinstance(accepting, Ticket):
            assert isinstance(shipping, Exception)
            assert order.cancellation == Cancellation.CANCELLED
            assert order.fulfilment == Fulfilment.UNSHIPPED
        else:
            assert isinstance(accepting, ShippedAlready)
            assert order.fulfilment == Fulfilment.SHIPPED
            assert order.refunded_minor == 0


def test_accepted_by_two_at_once_is_refunded_once(
    transactional_db: None, cast: Cast, shop: Shop
) -> None:
    order = shop.passed()
    ticket = asked(cast, order)
    ends = all_at_once(
        [partial(accept, ticket.pk, by=by) for by in (cast.supplier, cast.supplier_member)]
    )
    assert all(isinstance(end, Ticket) for end in ends), ends
    assert Entry.objects.filter(kind="OrderRefunded").count() == 1


def test_asked_by_two_at_once_is_asked_once(transactional_db: None, cast: Cast, shop: Shop) -> None:
    topic_to_cancel()
    order = shop.passed()
    ends = all_at_once(
        [partial(asked, cast, order, by=by) for by in (cast.seller, cast.seller_member)]
    )
    assert sorted(type(end).__name__ for end in ends) == ["OpeningRefused", "Ticket"], ends
    order.refresh_from_db()
    assert order.open_tickets == Ticket.objects.count() == 1
