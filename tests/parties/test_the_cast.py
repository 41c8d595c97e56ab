"""The people of the tests are themselves as the house would have made them."""

from __future__ import annotations

from cast import PASSWORD, Cast
from parley.conversations.access import messages_visible_to
from parley.parties.models import ROLES_OF
from parley.tickets.models import Ticket
from parley.tickets.states import START


def test_roles_fit_their_parties(cast: Cast) -> None:
    assert len(cast.everybody) == 11
    for who in cast.everybody.values():
        assert who.role in ROLES_OF[who.party.kind]


def test_everybody_signs_in_with_the_same_password(cast: Cast) -> None:
    assert all(who.person.check_password(PASSWORD) for who in cast.everybody.values())


def test_a_ticket_is_opened_as_often_as_asked(cast: Cast) -> None:
    tickets = [cast.ticket(), cast.ticket(text="Ещё одна посылка")]
    assert Ticket.objects.count() == 2
    assert tickets[0].state == START
    assert tickets[0].due_at is not None
    (message,) = messages_visible_to(cast.supplier, tickets[1].conversation_id)
    assert message.html == "<p>Ещё одна посылка</p>\n"


def test_a_ticket_on_each_topic(cast: Cast) -> None:
    for ticket in (
        cast.ticket(topic=cast.return_of_goods, order_number="1042"),
        cast.ticket(topic=cast.payouts, to=None),
        cast.ticket(topic=cast.payouts, to=None, by=cast.supplier),
        cast.ticket(topic=cast.wrong_address, to=cast.bright_home, by=cast.supplier_member),
        cast.ticket(topic=cast.documents, to=cast.bright_home, by=cast.agent),
    ):
        assert ticket.state == START
