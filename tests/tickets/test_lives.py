"""Whole lives of tickets through the real capabilities: the machine rules, the journal tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cast import Cast
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.parties.models import Membership, Person
from parley.tickets.access import tickets_visible_to
from parley.tickets.completing import claim_completions
from parley.tickets.disputing import ask_operator, decide, step_in
from parley.tickets.ending import cancel, close, rate
from parley.tickets.models import Outcome, Ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.states import (
    REACHABLE,
    START,
    Action,
    NotAllowed,
    Side,
    State,
    Status,
    after,
    clock_holder,
)

KINDS = {
    # a topic, who opens it, whom it goes to, who is the third
    "supplier": ("late_parcel", "seller", "supplier", "agent"),
    "operator": ("payouts", "seller_member", "agent", None),
    "from the operator": ("documents", "agent", "seller", None),
    "from a supplier": ("wrong_address", "supplier", "seller_member", "lead"),
}


@dataclass(frozen=True)
class Step:
    action: Action
    by: Side
    asked: Side = Side.NOBODY

    def __repr__(self) -> str:
        return f"{self.by or 'the clock'}: {self.action} {self.asked}".strip()


NOT_OF_ONE = {Action.EXPIRE, Action.MERGE, Action.TAKE_IN}
"""What the clock does, and what happens to two tickets at once (see `test_merging.py`)."""
somebody_acts = st.builds(
    Step,
    # Mostly what people do; escalations come up often enough by themselves.
    action=st.sampled_from(
        [*(a for a in Action if a not in NOT_OF_ONE), Action.REPLY, Action.REPLY, Action.ASK]
    ),
    by=st.sampled_from(Side),
    asked=st.sampled_from([Side.OPENER, Side.COUNTERPARTY]),
)
time_passes = st.just(Step(Action.EXPIRE, Side.NOBODY))
steps = st.lists(st.one_of(somebody_acts, somebody_acts, time_passes), max_size=12)

DO: dict[Action, Callable[[int, Membership, Step], object]] = {
    Action.REPLY: lambda pk, by, step: reply(pk, Reply(text="As I said."), by=by),
    Action.ASK: lambda pk, by, step: reply(
        pk, Reply(text="Which?", asks=True, asked=step.asked), by=by
    ),
    Action.CANCEL: lambda pk, by, step: cancel(pk, by=by),
    Action.CLOSE: lambda pk, by, step: close(pk, by=by),
    Action.RATE: lambda pk, by, step: rate(pk, 4, "Thank you", by=by),
    Action.ESCALATE: lambda pk, by, step: ask_operator(pk, "Please decide.", by=by),
    Action.STEP_IN: lambda pk, by, step: step_in(pk, "We look into it.", by=by),
    Action.DECIDE: lambda pk, by, step: decide(pk, Outcome.BOTH, "Each a half.", by=by),
}
KIND_OF = {
    Action.REPLY: "ReplyPosted",
    Action.ASK: "InformationAsked",
    Action.CANCEL: "TicketCancelled",
    Action.CLOSE: "TicketClosed",
    Action.RATE: "TicketRated",
    Action.EXPIRE: "TicketExpired",
    Action.ESCALATE: "OperatorAsked",
    Action.STEP_IN: "OperatorSteppedIn",
    Action.DECIDE: "DisputeDecided",
}


def is_answer(step: Step) -> bool:
    return step.action in (Action.REPLY, Action.ASK, Action.DECIDE) and step.by is not Side.OPENER


def expected(state: State, step: Step, *, third: bool, rateable: bool) -> State | None:
    """Where the step should lead; None where it should be refused."""
    if not third and step.action in (Action.ESCALATE, Action.STEP_IN):
        return None
    if step.action is Action.RATE and not rateable:
        return None
    try:
        return after(state, step.action, step.by, step.asked)
    except NotAllowed:
        return None


def take(step: Step, ticket: Ticket, people: dict[Side, Membership]) -> bool:
    """Take the step through its capability; whether it was taken."""
    if step.action is Action.EXPIRE:
        with at(now() + timedelta(days=6)):
            return bool(claim_completions())
    by = people.get(step.by)
    if by is None:
        return False
    try:
        with transaction.atomic():
            DO[step.action](ticket.pk, by, step)
    except NotAllowed:
        return False
    return True


def check(ticket: Ticket, people: dict[Side, Membership]) -> None:
    state = ticket.state
    assert state in REACHABLE
    assert (ticket.completes_at is None) == (state.status is not Status.ANSWERED)
    assert (ticket.reminder_at is None) == (state.status is not Status.ANSWERED)
    assert (ticket.due_at is None) == (clock_holder(state) is Side.NOBODY)
    assert (ticket.ended_at is None) == ticket.is_open
    turn = people[state.turn].party_id if state.turn else None
    assert ticket.turn_party_id == turn


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20)
@given(life=steps)
@example(
    life=[
        Step(Action.ASK, Side.COUNTERPARTY),
        Step(Action.REPLY, Side.OPENER),
        Step(Action.REPLY, Side.COUNTERPARTY),
        Step(Action.ESCALATE, Side.OPENER),
        Step(Action.ASK, Side.OPERATOR, Side.COUNTERPARTY),
        Step(Action.DECIDE, Side.OPERATOR),
        Step(Action.EXPIRE, Side.NOBODY),
        Step(Action.RATE, Side.OPENER),
        Step(Action.RATE, Side.OPENER),
    ]
)
def test_a_life(cast: Cast, kind: str, life: list[Step]) -> None:
    topic, *names = KINDS[kind]
    opener, other, third = (getattr(cast, name) if name else None for name in names)
    people = {Side.OPENER: opener, Side.COUNTERPARTY: other}
    if third:
        people[Side.OPERATOR] = third
    with transaction.atomic():
        ticket = cast.ticket(topic=getattr(cast, topic), to=other.party, by=opener)
        state, told, rated, answered = START, ["TicketOpened"], False, False
        for step in life:
            reached = expected(state, step, third=bool(third), rateable=answered and not rated)
            assert take(step, ticket, people) == (reached is not None), step
            if reached is not None:
                state = reached
                told.append(KIND_OF[step.action])
                rated = rated or step.action is Action.RATE
                answered = answered or is_answer(step)
            ticket = Ticket.objects.get(pk=ticket.pk)
            assert ticket.state == state
            check(ticket, people)
        entries = Entry.objects.filter(subject=f"ticket:{ticket.pk}").order_by("id")
        assert [entry.kind for entry in entries] == told, "each transition is one entry"
        assert entries.last().data["status"] == state.status  # type: ignore[union-attr]
        assert entries.last().data["turn"] == state.turn  # type: ignore[union-attr]
        transaction.set_rollback(True)


def test_what_was_never_answered_is_not_rated(cast: Cast) -> None:
    ticket = cast.ticket()
    close(ticket.pk, by=cast.seller)
    with pytest.raises(NotAllowed):
        rate(ticket.pk, 1, by=cast.seller)


@pytest.mark.parametrize("who", ["other_seller", "other_seller_member", "other_supplier"])
def test_strangers_can_do_nothing_at_all(cast: Cast, who: str) -> None:
    ticket = cast.ticket()
    stranger = getattr(cast, who)
    assert not tickets_visible_to(stranger).exists()
    for action, do in DO.items():
        with pytest.raises(Ticket.DoesNotExist):
            do(ticket.pk, stranger, Step(action, Side.OPENER))
    assert Entry.objects.count() == 1


def test_a_refusal_changes_nothing(cast: Cast) -> None:
    ticket = cast.ticket()
    before = Ticket.objects.filter(pk=ticket.pk).values().get()
    with pytest.raises(NotAllowed):
        cancel(ticket.pk, by=cast.supplier)
    with pytest.raises(NotAllowed):
        close(ticket.pk, by=cast.supplier)
    with pytest.raises(NotAllowed):
        decide(ticket.pk, Outcome.OPENER, "We say so.", by=cast.agent)
    assert Ticket.objects.filter(pk=ticket.pk).values().get() == before
    assert Entry.objects.count() == 1


def test_an_ended_ticket_takes_notes_and_nothing_else(cast: Cast) -> None:
    ticket = cast.ticket()
    cancel(ticket.pk, by=cast.seller)
    for by in (cast.seller, cast.supplier, cast.agent):
        with pytest.raises(NotAllowed):
            reply(ticket.pk, Reply(text="One more thing"), by=by)
        with pytest.raises(NotAllowed):
            reply(ticket.pk, Reply(text="To you", audience="side", side=Side.OPENER), by=by)
    reply(ticket.pk, Reply(text="Noted", audience="operator"), by=cast.agent)
    assert Ticket.objects.get(pk=ticket.pk).status == Status.CANCELLED


def test_notes_are_the_operators_alone(cast: Cast) -> None:
    ticket = cast.ticket()
    for by in (cast.seller, cast.supplier):
        with pytest.raises(NotAllowed):
            reply(ticket.pk, Reply(text="Secretly", audience="operator"), by=by)


def test_a_word_to_one_side_is_for_ones_own_side(cast: Cast) -> None:
    ticket = cast.ticket()
    with pytest.raises(NotAllowed):
        reply(ticket.pk, Reply(text="Hm", audience="side", side=Side.COUNTERPARTY), by=cast.seller)
    with pytest.raises(NotAllowed):
        reply(ticket.pk, Reply(text="Hm", audience="side", side=Side.OPERATOR), by=cast.agent)
    with_operator = cast.ticket(topic=cast.payouts, to=None)
    for by in (cast.seller, cast.agent):
        with pytest.raises(NotAllowed):
            reply(with_operator.pk, Reply(text="Hm", audience="side", side=Side.OPENER), by=by)


def test_each_answer_gives_the_opener_the_full_time(cast: Cast) -> None:
    ticket = cast.ticket()
    start = now()
    with at(start):
        reply(ticket.pk, Reply(text="It left."), by=cast.supplier)
    with at(start + timedelta(days=3)):
        reply(ticket.pk, Reply(text="It arrived."), by=cast.supplier)
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert ticket.completes_at == start + timedelta(days=8)
    assert ticket.reminder_at == start + timedelta(days=7)
    with at(start + timedelta(days=7, hours=23)):
        assert claim_completions() == 0
    with at(start + timedelta(days=8)):
        assert claim_completions() == 1
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert ticket.ended_at == start + timedelta(days=8)


def test_a_person_of_two_parties_acts_for_one(cast: Cast) -> None:
    """A member of the seller who also works for the supplier answers for whom they act."""
    twice = Membership.objects.create(
        person=Person.objects.get(pk=cast.seller.person_id), party=cast.northwind, role="member"
    )
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="It left."), by=twice)
    assert Ticket.objects.get(pk=ticket.pk).status == Status.ANSWERED
