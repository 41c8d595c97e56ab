"""A private word between a party and the operator puts the ticket into the operator's queues."""

from __future__ import annotations

from cast import Cast
from parley.conversations.models import Audience
from parley.tickets.finding import Filters, find
from parley.tickets.replying import Reply, reply
from parley.tickets.states import Side


def test_it_stands_among_the_unassigned(cast: Cast) -> None:
    ticket = cast.ticket()
    unassigned = Filters(queue="unassigned")
    assert [row.ticket_id for row in find(cast.agent, unassigned).rows] == []
    word = Reply(text="They won't tell.", audience=Audience.SIDE, side=Side.OPENER)
    reply(ticket.pk, word, by=cast.seller)
    assert [row.ticket_id for row in find(cast.agent, unassigned).rows] == [ticket.pk]


def test_a_note_of_the_team_does_not(cast: Cast) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="Watch this one.", audience=Audience.OPERATOR), by=cast.agent)
    assert find(cast.agent, Filters(queue="unassigned")).rows == ()


def test_the_operator_writes_to_two_companies_about_one_thing(cast: Cast) -> None:
    from parley.tickets.opening import NewTicket, open_ticket

    for company in (cast.bright_home, cast.second_seller):
        new = NewTicket(topic=cast.documents, to=company, title="Your licence", text="Send it.")
        open_ticket(new, by=cast.agent)
