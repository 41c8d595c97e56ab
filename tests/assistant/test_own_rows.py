"""Orders and tickets, as their own company asks for them, and as anybody else does."""

from __future__ import annotations

import pytest

from assistant.conftest import Asks
from cast import Cast
from parley.assistant.models import Outcome, Question
from parley.orders.shipping import Parcel, ship
from parley.parties.models import Membership, Party, PartyKind, Person, Role
from shop import Shop

pytestmark = pytest.mark.django_db


def text_of(question: Question) -> str:
    assert question.reply is not None
    return question.reply.text


def visitor() -> Membership:
    person = Person.objects.create(email="visitor-1@visitors.invalid", name="A visitor")
    party = Party.objects.create(kind=PartyKind.VISITOR, name="A visitor")
    return Membership.objects.create(person=person, party=party, role=Role.MEMBER)


class TestAnOrder:
    def test_is_told_of_in_the_words_of_its_page(
        self, answers: Asks, shop: Shop, settings: object
    ) -> None:
        order = shop.passed()
        question = answers(f"Where is order {order.number}?")
        assert question.outcome == Outcome.ANSWER
        assert question.confidence == 1
        assert "Paid · with Northwind Supply · to be shipped." in text_of(question)
        assert question.reply is not None
        assert f'/orders/{order.pk}/"' in question.reply.html
        assert [(s["kind"], s["id"]) for s in question.sources] == [("order", order.pk)]

    def test_is_told_of_to_its_supplier_as_its_own_part(
        self, answers: Asks, shop: Shop, cast: Cast
    ) -> None:
        order = shop.passed()
        question = answers(f"#{order.number}", by=cast.supplier)
        assert "New · to be accepted and shipped." in text_of(question)

    def test_that_was_sent_says_when_with_whom_and_how_to_follow_it(
        self, answers: Asks, shop: Shop, cast: Cast
    ) -> None:
        order = shop.passed()
        part = order.consignments.get()
        lines = {line.pk: line.quantity for line in part.lines.all()}
        parcel = Parcel(carrier="Royal_Mail", tracking="RM123GB", quantities=lines)
        ship(order.pk, parcel, by=cast.supplier)
        question = answers(f"что с заказом {order.number}?", language="ru")
        assert question.reply is not None
        assert "Royal_Mail" in question.reply.html
        assert "RM123GB" in question.reply.html

    def test_is_found_by_the_number_of_the_channel(self, answers: Asks, shop: Shop) -> None:
        order = shop.passed()
        question = answers(f"where is order {order.channel_number}")
        assert [s["id"] for s in question.sources] == [order.pk]

    def test_latest_ones(self, answers: Asks, shop: Shop) -> None:
        orders = [shop.passed() for _n in range(4)]
        question = answers("где мой последний заказ?", language="ru")
        assert [s["id"] for s in question.sources] == [o.pk for o in reversed(orders[1:])]

    @pytest.mark.parametrize("language", ["en", "ru"])
    def test_of_others_is_as_if_it_were_none(
        self, answers: Asks, shop: Shop, cast: Cast, language: str
    ) -> None:
        order = shop.passed()
        ask = {"en": "where is order {}?", "ru": "где заказ {}?"}[language]
        told = {}
        for number in (str(order.number), str(order.number)[:-1] + "00009"):
            for name in ("other_seller", "other_supplier"):
                asked = answers(ask.format(number), by=cast.everybody[name], language=language)
                assert (asked.outcome, asked.sources) == (Outcome.UNKNOWN, [])
                told[number, name] = text_of(asked).replace(number, "N")
        assert len(set(told.values())) == 1

    def test_not_passed_on_yet_is_none_of_the_suppliers(
        self, answers: Asks, shop: Shop, cast: Cast
    ) -> None:
        order = shop.paid()
        assert answers(f"order {order.number}", by=cast.supplier).outcome == Outcome.UNKNOWN
        assert answers(f"order {order.number}").outcome == Outcome.ANSWER

    def test_some_of_several(self, answers: Asks, shop: Shop) -> None:
        order = shop.passed()
        question = answers(f"where are orders {order.number} and 987654")
        assert len(question.sources) == 1
        assert "nothing else" in text_of(question)

    def test_of_a_number_that_is_too_large(self, answers: Asks, shop: Shop) -> None:
        assert answers("order 999999999999").outcome == Outcome.UNKNOWN


class TestATicket:
    def test_is_told_of_from_each_side(self, answers: Asks, cast: Cast) -> None:
        ticket = cast.ticket(title="The kettle *is* [late](https://evil.example)")
        ours = answers(f"what about my ticket {ticket.number}?")
        theirs = answers(f"что с обращением {ticket.pk}?", by=cast.supplier, language="ru")
        assert "Northwind Supply" in text_of(ours)
        assert ours.reply is not None
        assert "The kettle *is* [late]" in ours.reply.html
        assert 'href="https://evil' not in ours.reply.html
        assert text_of(ours) != text_of(theirs)
        assert [(s["kind"], s["id"]) for s in theirs.sources] == [("ticket", ticket.pk)]

    def test_of_others_is_as_if_it_were_none(self, answers: Asks, cast: Cast) -> None:
        ticket = cast.ticket()
        told = [
            text_of(answers(f"ticket {number}", by=cast.other_seller)).replace(str(number), "N")
            for number in (ticket.pk, ticket.pk + 1_000_000)
        ]
        assert told[0] == told[1]

    def test_open_ones(self, answers: Asks, cast: Cast) -> None:
        tickets = [cast.ticket() for _n in range(2)]
        cast.ticket(by=cast.other_seller)
        question = answers("мои открытые обращения", language="ru")
        assert [s["id"] for s in question.sources] == [t.pk for t in reversed(tickets)]

    def test_none_at_all(self, answers: Asks, cast: Cast) -> None:
        question = answers("my open tickets", by=cast.other_supplier)
        assert "You have no open tickets." in text_of(question)

    def test_is_shown_to_the_operator_at_its_desk(self, answers: Asks, cast: Cast) -> None:
        ticket = cast.ticket()
        question = answers(f"ticket {ticket.pk}", by=cast.lead)
        assert f"/desk/tickets/{ticket.pk}/" in text_of(question)


@pytest.mark.parametrize(
    "text", ["where is order {order}?", "ticket {ticket}", "my orders", "my tickets"]
)
def test_a_visitor_has_none(answers: Asks, shop: Shop, cast: Cast, text: str) -> None:
    asked = text.format(order=shop.passed().number, ticket=cast.ticket().pk)
    question = answers(asked, by=visitor())
    assert (question.outcome, question.sources) == (Outcome.UNKNOWN, [])
    assert "signed in" in text_of(question)
