"""Whose hands a ticket is in, how much it matters, and what has been read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from cast import Cast
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.parties.models import Membership
from parley.tickets.assigning import (
    NotAnAgent,
    PriorityUnknown,
    assign,
    claim,
    set_priority,
)
from parley.tickets.finding import Filters, find
from parley.tickets.models import Ticket, TicketSide
from parley.tickets.reading import mark_read
from parley.tickets.replying import Reply, reply


def unread(reader: Membership, ticket: Ticket) -> bool:
    (row,) = [row for row in find(reader, Filters()).rows if row.ticket_id == ticket.pk]
    read_at = row.read_at  # type: ignore[attr-defined]
    return read_at is None or read_at < row.activity_at


def test_a_ticket_goes_from_hand_to_hand(cast: Cast) -> None:
    ticket = cast.ticket()
    claim(ticket.pk, by=cast.agent)
    claim(ticket.pk, by=cast.agent)
    assign(ticket.pk, cast.lead.person_id, by=cast.agent)
    assign(ticket.pk, None, by=cast.lead)
    told = Entry.objects.filter(kind="TicketAssigned").order_by("id")
    assert [e.data["assignee"] for e in told] == [cast.agent.person_id, cast.lead.person_id, None]
    assert {tuple(e.data["seen"]) for e in told} == {(cast.operator.pk,)}
    assert Ticket.objects.get(pk=ticket.pk).assignee is None


@pytest.mark.parametrize("who", ["seller", "supplier_member"])
def test_hands_and_priority_are_the_operators(cast: Cast, who: str) -> None:
    ticket, by = cast.ticket(), getattr(cast, who)
    with pytest.raises(PermissionDenied):
        claim(ticket.pk, by=by)
    with pytest.raises(PermissionDenied):
        set_priority(ticket.pk, "urgent", by=by)
    with pytest.raises(NotAnAgent):
        assign(ticket.pk, by.person_id, by=cast.agent)


def test_who_has_left_the_team_is_given_nothing(cast: Cast) -> None:
    ticket = cast.ticket()
    Membership.objects.filter(pk=cast.lead.pk).update(active=False)
    with pytest.raises(NotAnAgent):
        assign(ticket.pk, cast.lead.person_id, by=cast.agent)


def test_urgent_goes_first(cast: Cast) -> None:
    ticket = cast.ticket()
    assert ticket.urgency == 1
    set_priority(ticket.pk, "urgent", by=cast.agent)
    set_priority(ticket.pk, "urgent", by=cast.agent)
    assert Ticket.objects.get(pk=ticket.pk).urgency == 0
    assert cast.ticket(priority="urgent").urgency == 0
    set_priority(ticket.pk, "slowing", by=cast.agent)
    assert Ticket.objects.get(pk=ticket.pk).urgency == 1
    told = Entry.objects.filter(kind="PriorityChanged").order_by("id")
    assert [(e.data["was"], e.data["priority"]) for e in told] == [
        ("question", "urgent"),
        ("urgent", "slowing"),
    ]
    with pytest.raises(PriorityUnknown):
        set_priority(ticket.pk, "very", by=cast.agent)


def test_reading_goes_forward_only(cast: Cast) -> None:
    ticket = cast.ticket()
    moment = now()
    assert unread(cast.supplier, ticket)
    assert mark_read(ticket.pk, moment, by=cast.supplier)
    assert mark_read(ticket.pk, moment - timedelta(days=1), by=cast.supplier)
    assert not unread(cast.supplier, ticket)
    assert unread(cast.supplier_member, ticket), "each person reads for themselves"
    assert not mark_read(ticket.pk, moment, by=cast.other_supplier)


def test_what_one_says_is_read_by_oneself_alone(cast: Cast) -> None:
    ticket = cast.ticket()
    assert not unread(cast.seller, ticket)
    assert unread(cast.seller_member, ticket)
    reply(ticket.pk, Reply(text="One more thing"), by=cast.seller)
    assert not unread(cast.seller, ticket)
    assert unread(cast.supplier, ticket)


def test_what_one_has_not_seen_stays_unread_when_one_speaks(cast: Cast) -> None:
    """A reply sent by a program, or past a message that had just come, reads nothing."""
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="It left."), by=cast.supplier)
    reply(ticket.pk, Reply(text="Anybody?"), by=cast.seller)
    assert unread(cast.seller, ticket)
    assert unread(cast.supplier, ticket), "the supplier has never looked"


def test_each_side_shows_when_it_last_dealt_with_the_ticket(cast: Cast) -> None:
    start = now()
    with at(start):
        ticket = cast.ticket()
    with at(start + timedelta(hours=1)):
        reply(ticket.pk, Reply(text="It left."), by=cast.supplier)
    sides = {side.side: side for side in TicketSide.objects.filter(ticket=ticket)}
    assert sides["opener"].dealt_at == start
    assert sides["counterparty"].dealt_at == start + timedelta(hours=1)
    assert sides["operator"].dealt_at is None
    assert {s.activity_at for s in sides.values()} == {start + timedelta(hours=1)}
