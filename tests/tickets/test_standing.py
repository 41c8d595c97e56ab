"""How a party's tickets stand: the trays of its inbox, and what was said last."""

from __future__ import annotations

from datetime import timedelta

from cast import Cast
from parley.conversations.models import Audience
from parley.journal.moment import at, now
from parley.parties.models import Membership
from parley.sla.sweeping import sweep
from parley.tickets.disputing import ask_operator
from parley.tickets.ending import rate
from parley.tickets.finding import Filters, find
from parley.tickets.queues import TRAYS
from parley.tickets.replying import Reply, reply
from parley.tickets.standing import last_words, may_be_rated, pressing, standing
from parley.tickets.states import Side


def trays(reader: Membership) -> dict[str, int]:
    return {tray: count for tray, count in standing(reader).items() if count}


def test_a_ticket_lies_in_the_trays_of_each_side(cast: Cast) -> None:
    ticket = cast.ticket()
    assert trays(cast.seller) == trays(cast.seller_member) == {"open": 1, "waiting": 1}
    assert trays(cast.supplier) == {"open": 1, "to-answer": 1}
    assert trays(cast.other_seller) == {}

    reply(ticket.pk, Reply(text="It has left."), by=cast.supplier)
    assert trays(cast.seller) == {"open": 1, "to-rate": 1}
    assert trays(cast.supplier) == {"open": 1, "waiting": 1}

    ask_operator(ticket.pk, "They do not answer me.", by=cast.seller)
    assert trays(cast.seller)["disputes"] == trays(cast.supplier)["disputes"] == 1


def test_what_ran_out_is_late_for_those_who_wait(cast: Cast) -> None:
    cast.ticket()
    with at(now() + timedelta(days=30)):
        sweep()
    assert trays(cast.seller) == {"open": 1, "waiting": 1, "late": 1}
    assert trays(cast.supplier) == {"open": 1, "to-answer": 1}


def test_what_is_rated_is_out_of_every_tray(cast: Cast) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="It has left."), by=cast.supplier)
    rate(ticket.pk, 5, by=cast.seller)
    assert trays(cast.seller) == trays(cast.supplier) == {}


def test_each_tray_can_be_read_as_a_list(cast: Cast) -> None:
    tickets = [cast.ticket() for _ in range(3)]
    reply(tickets[0].pk, Reply(text="It has left."), by=cast.supplier)
    for who in (cast.seller, cast.supplier):
        for tray in TRAYS:
            found = find(who, Filters(queue=tray))
            assert len(found.rows) == standing(who)[tray], (who, tray)


def test_ones_own_turn_stands_first(cast: Cast) -> None:
    waiting = cast.ticket(priority="urgent")
    answered = cast.ticket()
    reply(answered.pk, Reply(text="It has left."), by=cast.supplier)
    rows = pressing(cast.seller)
    assert [row.ticket_id for row in rows] == [answered.pk, waiting.pk]
    assert [may_be_rated(row) for row in rows] == [True, False]
    assert [row.ticket_id for row in pressing(cast.supplier)] == [waiting.pk, answered.pk]
    assert not any(may_be_rated(row) for row in pressing(cast.supplier)), "they answered"


def test_the_last_word_is_one_that_the_reader_may_see(cast: Cast) -> None:
    ticket = cast.ticket(text="Where  is\nit?")
    reply(ticket.pk, Reply(text="SECRET note", audience=Audience.OPERATOR), by=cast.agent)
    aside = Reply(text="OURS alone", audience=Audience.SIDE, side=Side.COUNTERPARTY)
    reply(ticket.pk, aside, by=cast.supplier)

    def told(who: Membership) -> list[str]:
        return [word.excerpt for word in last_words(who)]

    assert told(cast.seller) == ["Where is it?"]
    assert told(cast.supplier) == ["OURS alone"]
    assert told(cast.agent) == ["OURS alone"]
    assert told(cast.other_seller) == []


def test_a_long_word_is_told_by_its_beginning(cast: Cast) -> None:
    cast.ticket(text="word " * 200)
    assert len(last_words(cast.seller)[0].excerpt) <= 140
