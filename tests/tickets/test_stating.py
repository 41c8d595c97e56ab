"""The one sentence of state, from each reader's own side (T7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from cast import Cast
from parley.journal.moment import at
from parley.parties.models import Membership
from parley.tickets.disputing import decide, step_in
from parley.tickets.ending import cancel, close, rate
from parley.tickets.models import Outcome, Ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.states import REACHABLE, Side
from parley.tickets.stating import state_line, status_words

MONDAY = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
"""Nine in the morning in London; the supplier has one working day, until 17:30."""


def reads(ticket: Ticket, reader: Membership, after: timedelta = timedelta()) -> str:
    ticket = Ticket.objects.select_related("turn_party").get(pk=ticket.pk)
    with at(MONDAY + after), timezone.override("Europe/London"):
        return state_line(ticket, reader.party_id).sentence


def tone(ticket: Ticket, reader: Membership, after: timedelta) -> str:
    ticket = Ticket.objects.select_related("turn_party").get(pk=ticket.pk)
    with at(MONDAY + after):
        return state_line(ticket, reader.party_id).tone


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    with at(MONDAY):
        return cast.ticket()


def test_a_new_ticket(cast: Cast, ticket: Ticket) -> None:
    assert reads(ticket, cast.supplier) == "Your turn · answer by Mon 17:30"
    assert reads(ticket, cast.seller) == "Waiting for Northwind Supply · due in 8 h"
    assert reads(ticket, cast.agent) == "Waiting for Northwind Supply · due in 8 h"
    hours = [timedelta(hours=h) for h in (1, 7, 9)]
    assert [tone(ticket, cast.seller, h) for h in hours] == ["waiting", "soon", "over"]
    assert [tone(ticket, cast.supplier, h) for h in hours] == ["calm", "soon", "over"]
    late = timedelta(hours=10, minutes=30)
    assert reads(ticket, cast.supplier, late) == "Your turn · was due Mon 17:30"
    assert reads(ticket, cast.seller, late) == "Waiting for Northwind Supply · 2 h late"


def test_asked_and_answered(cast: Cast, ticket: Ticket) -> None:
    with at(MONDAY):
        reply(ticket.pk, Reply(text="Which?", asks=True), by=cast.supplier)
    assert reads(ticket, cast.seller).startswith("Your turn · answer by")
    with at(MONDAY):
        reply(ticket.pk, Reply(text="This."), by=cast.seller)
        reply(ticket.pk, Reply(text="It left."), by=cast.supplier)
    assert reads(ticket, cast.seller) == "Answered · rate it and close, or carry on"
    expected = "Answered · waiting for Bright Home to rate or carry on"
    assert reads(ticket, cast.supplier) == reads(ticket, cast.agent) == expected
    rate(ticket.pk, 4, by=cast.seller)
    for reader in (cast.seller, cast.supplier, cast.agent):
        assert reads(ticket, reader) == "Completed · ★★★★☆"


def test_a_dispute(cast: Cast, ticket: Ticket) -> None:
    with at(MONDAY):
        step_in(ticket.pk, "We look into it.", by=cast.agent)
    assert reads(ticket, cast.seller).startswith("In dispute · Waiting for Harbour Market")
    assert reads(ticket, cast.lead).startswith("In dispute · Your turn")
    decide(ticket.pk, Outcome.OPENER, "The seller is right.", by=cast.agent)
    assert "In dispute" not in reads(ticket, cast.seller)


@pytest.mark.parametrize("ends", [cancel, close])
def test_an_end(cast: Cast, ticket: Ticket, ends: object) -> None:
    ends(ticket.pk, by=cast.seller)  # type: ignore[operator]
    words = {reads(ticket, r) for r in (cast.seller, cast.supplier, cast.agent)}
    assert words == ({"Cancelled"} if ends is cancel else {"Completed"})


def test_in_russian(cast: Cast, ticket: Ticket) -> None:
    with translation.override("ru"):
        assert reads(ticket, cast.supplier) != "Your turn · answer by Mon 17:30"
        assert "Northwind Supply" in reads(ticket, cast.seller)


def test_every_state_reads_well_for_everybody(cast: Cast, ticket: Ticket) -> None:
    parties = {
        Side.OPENER: cast.bright_home,
        Side.COUNTERPARTY: cast.northwind,
        Side.OPERATOR: cast.operator,
    }
    for state in REACHABLE:
        ticket.status, ticket.turn, ticket.dispute = state
        ticket.turn_party = parties.get(state.turn)
        for party in parties.values():
            line = state_line(ticket, party.pk)
            assert line.sentence
            assert line.tone in {"calm", "soon", "over", "waiting", "done"}
            assert line.status == status_words(ticket, party.pk)
            assert ("our turn" in line.sentence or "rate it" in line.sentence) == (
                state.turn != Side.NOBODY and parties[state.turn] == party
            )
