"""The state machine alone: nothing leads out of its table, and everything in it is reached."""

from __future__ import annotations

import itertools

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cast import Cast
from parley.tickets.models import Ticket
from parley.tickets.states import (
    CLOCKED,
    ENDED,
    OPEN,
    PARTIES,
    REACHABLE,
    START,
    Action,
    Dispute,
    NotAllowed,
    Side,
    State,
    Status,
    after,
    allowed,
    clock_holder,
)

MOVES = list(itertools.product(Action, Side, Side))
STATES = sorted(REACHABLE)


def reached_from(state: State) -> set[State]:
    found = set()
    for action, by, asked in MOVES:
        try:
            found.add(after(state, action, by, asked))
        except NotAllowed:
            continue
    return found


def test_what_is_reached_is_exactly_the_table() -> None:
    known, new = {START}, {START}
    while new:
        new = set().union(*map(reached_from, new)) - known
        known |= new
    assert known == REACHABLE


class Life(RuleBasedStateMachine):
    """Anybody does anything, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.state = START

    @rule(action=st.sampled_from(Action), by=st.sampled_from(Side), asked=st.sampled_from(Side))
    def somebody_acts(self, action: Action, by: Side, asked: Side) -> None:
        before = self.state
        try:
            self.state = after(before, action, by, asked)
        except NotAllowed:
            return
        assert before.status not in ENDED or action is Action.RATE
        assert before.dispute is not Dispute.DECIDED or self.state.dispute is Dispute.DECIDED

    @invariant()
    def is_in_the_table(self) -> None:
        assert self.state in REACHABLE
        assert self.state.status in OPEN | ENDED
        assert (self.state.turn is Side.NOBODY) == (self.state.status in ENDED)
        runs = clock_holder(self.state)
        assert runs is (self.state.turn if self.state.status in CLOCKED else Side.NOBODY)


TestLife = Life.TestCase


@pytest.mark.parametrize("state", STATES, ids=str)
def test_what_is_offered_is_what_is_taken(state: State) -> None:
    for action, by in itertools.product(Action, Side):
        ways = 0
        for asked in Side:
            try:
                after(state, action, by, asked)
            except NotAllowed:
                continue
            ways += 1
        assert allowed(state, action, by) == bool(ways), (action, by)


@given(state=st.sampled_from(STATES), action=st.sampled_from(Action), asked=st.sampled_from(Side))
def test_nobody_but_the_clock_acts_for_nobody(state: State, action: Action, asked: Side) -> None:
    assert allowed(state, action, Side.NOBODY) == (
        action is Action.EXPIRE and state.status is Status.ANSWERED
    )


def test_an_ended_ticket_takes_nothing_but_a_rating() -> None:
    for state in REACHABLE:
        if state.status in ENDED:
            taken = {a for a, by, _asked in MOVES if allowed(state, a, by)}
            assert taken == ({Action.RATE} if state.status is Status.COMPLETED else set())


def test_as_the_opener_reads_it() -> None:
    """T7 and T8, as the seed tells them."""
    opener, other = Side.OPENER, Side.COUNTERPARTY
    asked = after(START, Action.ASK, other)
    assert asked == State(Status.WAITING, opener)
    back = after(asked, Action.REPLY, opener)
    assert back == State(Status.IN_PROGRESS, other)
    answered = after(back, Action.REPLY, other)
    assert answered == State(Status.ANSWERED, opener)
    assert after(answered, Action.REPLY, opener) == back
    assert after(answered, Action.RATE, opener) == State(Status.COMPLETED, Side.NOBODY)
    assert after(answered, Action.EXPIRE, Side.NOBODY) == State(Status.COMPLETED, Side.NOBODY)
    assert after(START, Action.REPLY, opener) == START, "a supplement changes nobody's turn"
    for state in (START, asked, back, answered):
        assert after(state, Action.CANCEL, opener) == State(Status.CANCELLED, Side.NOBODY)
        assert after(state, Action.CLOSE, opener) == State(Status.COMPLETED, Side.NOBODY)
        assert not allowed(state, Action.CANCEL, other)


def test_a_dispute_stands_until_it_is_decided_or_withdrawn() -> None:
    for state in REACHABLE:
        if state.dispute is not Dispute.OPEN:
            continue
        for side in (*PARTIES, Side.OPERATOR, Side.NOBODY):
            assert not allowed(state, Action.CLOSE, side)
            assert not allowed(state, Action.RATE, side)
            assert not allowed(state, Action.EXPIRE, side)
        assert {s.dispute for s in reached_from(state) if s.dispute is not Dispute.OPEN} <= {
            Dispute.DECIDED,
            Dispute.WITHDRAWN,
        }


def test_the_database_takes_the_table_and_nothing_else(cast: Cast) -> None:
    ticket = cast.ticket()
    taken = set()
    for parts in itertools.product(Status, Side, Dispute):
        state = State(*parts)
        try:
            with transaction.atomic():
                Ticket.objects.filter(pk=ticket.pk).update(
                    status=state.status,
                    turn=state.turn,
                    turn_party=cast.northwind if state.turn else None,
                    dispute=state.dispute,
                    operator_speaks=True,
                )
        except IntegrityError:
            continue
        taken.add(state)
    assert taken == REACHABLE


@pytest.mark.parametrize(
    "nonsense",
    [
        {"status": "asleep"},
        {"turn_party": None},
        {"stars": 0},
        {"stars": 6},
        {"completes_at": "2026-11-21T00:00Z"},
    ],
)
def test_the_database_refuses_nonsense(cast: Cast, nonsense: dict[str, object]) -> None:
    ticket = cast.ticket()
    with pytest.raises(IntegrityError):
        Ticket.objects.filter(pk=ticket.pk).update(**nonsense)
