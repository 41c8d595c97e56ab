"""Loaded tickets look as if they had been opened and answered by the rules of the house."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from django.db import connection, transaction

from parley.conversations.models import Audience, Message
from parley.conversations.rendering import render
from parley.demo.loading import load
from parley.demo.marketplace import parties
from parley.demo.scripts import ACTION_OF, Does
from parley.demo.shaping import LATELY, NEW, NOTED, OLD, SHAPES, YEARS, Shape, Shaping, age_of
from parley.journal.events import event_from
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.parties.models import Membership, Party
from parley.postgres.text_search import CONFIGURATION, searchable
from parley.tickets.events import TicketOpened
from parley.tickets.finding import Filters, find
from parley.tickets.models import IS_OPEN, OrderField, Ticket, TicketSide
from parley.tickets.opening import NewTicket, open_ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.states import (
    REACHABLE,
    START,
    Action,
    Dispute,
    Side,
    State,
    Status,
    after,
    clock_holder,
)

LOADED = 400

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Some tickets, loaded twice into a database that was empty."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        load(LOADED - 50)
        load(50, seed=7)
        yield
        transaction.set_rollback(True)


def tickets() -> list[Ticket]:
    return list(
        Ticket.objects.select_related("topic", "opener", "counterparty", "opener_person", "words")
        .prefetch_related("conversation__messages__person", "sides")
        .order_by("id")
    )


def said(ticket: Ticket) -> list[Message]:
    return sorted(ticket.conversation.messages.all(), key=lambda message: message.pk)


def side_of(ticket: Ticket, message: Message) -> str:
    return next(side.side for side in ticket.sides.all() if side.party_id == message.party_id)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.state.status} {shape.ends}")
def test_a_shape_is_where_its_turns_lead(shape: Shape) -> None:
    turns = {Shaping(Random(n)).noted(shape) for n in range(100)}
    for variant in turns:
        state, since = START, 0
        for place, (side, does) in enumerate(variant[1:], start=1):
            before = state
            if does in ACTION_OF:
                state = after(state, ACTION_OF[does], side)
            since = place if clock_holder(state) is not clock_holder(before) else since
        if shape.clock_since is not None:
            assert shape.clock_since == since
        assert after_the_end(state, shape.ends, shape.state) == shape.state


def after_the_end(state: State, ends: Does | None, expected: State) -> State:
    if ends is not None:
        return after(state, ACTION_OF[ends], Side.OPENER)
    if expected.status is Status.COMPLETED:
        return after(state, Action.EXPIRE, Side.NOBODY)
    return state


def test_new_tickets_are_a_fixed_share_whatever_their_number() -> None:
    for number in (1_000, 10_000):
        ages = [age_of(n / number) for n in range(number)]
        assert ages == sorted(ages, reverse=True)
        assert max(ages) == YEARS
        assert sum(age < LATELY for age in ages) / number == pytest.approx(0.05, abs=0.002)
    assert sum(NEW.values()) == sum(OLD.values()) == 100


def test_there_are_as_many_as_asked_with_five_messages_each(loaded: None) -> None:
    assert Ticket.objects.count() == LOADED
    assert all(len(said(ticket)) == 5 for ticket in tickets())
    assert Party.objects.count() == len(parties())


def test_they_stand_where_the_state_machine_could_have_left_them(loaded: None) -> None:
    for ticket in tickets():
        assert ticket.state in REACHABLE
        sides = {side.side: side.party_id for side in ticket.sides.all()}
        assert ticket.turn_party_id == sides.get(ticket.turn)
        assert sides["opener"] == ticket.opener_id
        assert sides["counterparty"] == ticket.counterparty_id
        assert (ticket.ended_at is None) == ticket.is_open
    kinds = {(t.status, t.dispute) for t in tickets()}
    assert {status for status, _dispute in kinds} >= {"created", "completed", "answered"}


def test_their_messages_lead_there(loaded: None) -> None:
    """As far as messages tell: whoever spoke was allowed to."""
    for ticket in tickets():
        assert said(ticket)[0].party_id == ticket.opener_id
        moments = [ticket.created_at, *(message.at for message in said(ticket))]
        assert moments == sorted(moments)
        assert moments[0] == moments[1]
        assert moments[-1] <= now()
        if ticket.status == Status.CREATED:
            with_everyone = [m for m in said(ticket) if m.audience == Audience.EVERYONE]
            assert {m.party_id for m in with_everyone} == {ticket.opener_id}
        if ticket.status in {Status.ANSWERED, Status.WAITING}:
            assert said(ticket)[-1].party_id == ticket.counterparty_id


def test_speakers_belong_to_the_parties_they_speak_for(loaded: None) -> None:
    belong = set(Membership.objects.values_list("person_id", "party_id"))
    for ticket in tickets():
        assert (ticket.opener_person_id, ticket.opener_id) in belong
        for message in said(ticket):
            assert (message.person_id, message.party_id) in belong
            assert message.audience == Audience.EVERYONE or side_of(ticket, message)


def test_clocks_run_exactly_where_an_answer_is_owed(loaded: None) -> None:
    for ticket in tickets():
        owed = ticket.is_open and ticket.status != Status.ANSWERED
        assert (ticket.due_at is not None) == owed
        assert (ticket.completes_at is not None) == (ticket.status == Status.ANSWERED)
        if not owed:
            continue
        assert ticket.due_at is not None
        assert ticket.queue_at == ticket.due_at
        assert (ticket.ran_out_at is not None) == (ticket.due_at <= now())
        assert ticket.clock_started_at in {message.at for message in said(ticket)}


def test_no_sweep_finds_anything_left_over(loaded: None) -> None:
    from parley.sla.sweeping import sweep
    from parley.tickets.completing import claim_completions, claim_reminders

    with transaction.atomic():
        assert sweep() + claim_completions() + claim_reminders() == 0
        transaction.set_rollback(True)


def test_the_rendered_text_is_what_rendering_makes_of_it(loaded: None) -> None:
    for message in Message.objects.all():
        assert message.html == render(message.text)
        assert "{" not in message.text.replace("{ref}", "{")


def words_of(ticket: Ticket, *, for_everyone: bool) -> str:
    names = f"{ticket.opener.name} {ticket.counterparty.name} {ticket.opener_person.name}"
    first, *others = said(ticket)
    texts = [f"{ticket.title} {ticket.order_number} {names} {first.text}"]
    texts += [
        f"{message.text} {message.person.name}"  # type: ignore[union-attr]
        for message in others
        if not for_everyone or message.audience == Audience.EVERYONE
    ]
    with connection.cursor() as cursor:
        vectors = " || ".join(["to_tsvector(%s::regconfig, %s)"] * len(texts))
        parameters = [part for text in texts for part in (CONFIGURATION, searchable(text))]
        cursor.execute(f"SELECT strip({vectors})::text", parameters)
        return str(cursor.fetchone()[0])  # type: ignore[index]


def test_they_are_found_by_the_words_they_have(loaded: None) -> None:
    noted = 0
    for ticket in tickets()[:: LOADED // 100]:
        assert ticket.words.everyone == words_of(ticket, for_everyone=True), ticket
        has_note = any(m.audience == Audience.OPERATOR for m in said(ticket))
        noted += has_note
        if has_note:
            assert ticket.words.operator == words_of(ticket, for_everyone=False)
        else:
            assert ticket.words.operator is None
    assert noted


def test_the_sides_know_what_moved_last_that_they_may_see(loaded: None) -> None:
    for ticket in tickets():
        for side in ticket.sides.all():
            operator = side.party.is_operator
            seen = [m for m in said(ticket) if operator or m.audience == Audience.EVERYONE]
            own = [m.at for m in seen if m.party_id == side.party_id
                   and m.audience == Audience.EVERYONE]  # fmt: skip
            assert side.activity_at == seen[-1].at
            assert side.dealt_at == (own[-1] if own else None)


def test_each_has_the_entry_of_its_opening(loaded: None) -> None:
    assert Entry.objects.count() == LOADED
    for entry in Entry.objects.all():
        event = event_from(entry.kind, entry.data)
        assert isinstance(event, TicketOpened)
        ticket = Ticket.objects.get(pk=event.ticket)
        assert entry.subject == event.subject
        assert entry.at == ticket.created_at
        assert entry.person_id == ticket.opener_person_id
        sides = TicketSide.objects.filter(ticket=ticket)
        assert event.seen == tuple(sorted(side.party_id for side in sides))


def test_topics_get_the_order_they_ask_for(loaded: None) -> None:
    for ticket in tickets():
        if ticket.topic.order_field == OrderField.REQUIRED:
            assert ticket.order_number
        if ticket.topic.order_field == OrderField.NONE:
            assert not ticket.order_number
    numbers = [t.order_number for t in tickets() if t.order_number]
    assert len(set(numbers)) == len(numbers)


def test_a_rare_word_finds_one_and_a_common_one_many(loaded: None) -> None:
    agent = Membership.objects.filter(role="agent").select_related("party", "person")[0]
    ticket = tickets()[LOADED // 2]
    rare = find(agent, Filters(text=f"k{ticket.pk}x"))
    assert [row.ticket_id for row in rare.rows] == [ticket.pk]
    assert len(find(agent, Filters(text="batch")).rows) == 25


def test_the_house_goes_on_from_there(loaded: None) -> None:
    """A new ticket takes the next number, and a loaded one can be answered."""
    open_one = Ticket.objects.filter(IS_OPEN, status=Status.IN_PROGRESS, dispute=Dispute.NONE)[0]
    answering = Membership.objects.filter(party=open_one.counterparty)
    by = answering.select_related("person", "party")[0]
    reply(open_one.pk, Reply(text="Found it, on its way to you."), by=by)
    open_one.refresh_from_db()
    assert open_one.status == Status.ANSWERED
    newest = max(ticket.pk for ticket in tickets())
    opener = Membership.objects.filter(party__kind="supplier").select_related("party", "person")[0]
    topic = next(t.topic for t in tickets() if t.topic.goes_to == "operator"
                 and "supplier" in t.topic.opened_by)  # fmt: skip
    new = NewTicket(topic=topic, title="Next", text="One more", order_number="HM-1")
    assert open_ticket(new, by=opener).pk > newest


def test_they_reach_back_for_years(loaded: None) -> None:
    oldest = min(ticket.created_at for ticket in tickets())
    assert timedelta(days=1000) < now() - oldest < timedelta(days=1100)


def test_some_have_notes(loaded: None) -> None:
    share = Message.objects.filter(audience=Audience.OPERATOR).count() / LOADED
    assert 0 < share < NOTED * 1.8
