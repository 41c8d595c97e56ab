"""Whose clock runs, and until when, as a ticket goes to and fro."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from parley.journal.models import Entry
from parley.journal.moment import at
from parley.parties.models import Membership
from parley.sla.expecting import expected_by
from parley.sla.models import Calendar, Policy
from parley.sla.starting import follow_turn
from parley.tickets.assigning import set_priority
from parley.tickets.disputing import ask_operator, decide, step_in
from parley.tickets.ending import cancel
from parley.tickets.events import TicketOpened
from parley.tickets.models import Priority, Ticket, TicketSide
from parley.tickets.replying import Reply, reply
from parley.tickets.states import Side
from sla.scene import Scene, clock

pytestmark = pytest.mark.django_db

HOUR = 3600
WORKING_DAY = 8 * HOUR + 1800


def says(
    ticket: Ticket, by: Membership, moment: str, *, asks: bool = False, of: Side = Side.NOBODY
) -> Ticket:
    with at(clock(moment)):
        reply(ticket.pk, Reply(text="As follows.", asks=asks, asked=of), by=by)
    return Ticket.objects.get(pk=ticket.pk)


def left(ticket: Ticket, side: str) -> int | None:
    return TicketSide.objects.get(ticket=ticket, side=side).clock_left


def test_opening_starts_the_suppliers_clock(scene: Scene) -> None:
    ticket = scene.opens("Mon 10:00")

    assert ticket.clock_started_at == clock("Mon 10:00")
    assert ticket.due_at == clock("Tue 10:00")
    assert ticket.clock_seconds == WORKING_DAY
    # A quarter of 8 h 30 is 2 h 07 min 30 s.
    assert ticket.due_soon_at == clock("Mon 16:22:30")
    assert ticket.queue_at == ticket.due_at


def test_at_the_weekend_the_clock_waits_for_monday(scene: Scene) -> None:
    ticket = scene.opens("Fri 17:00", topic=scene.to_operator)
    # Half an hour on Friday, Monday, and the rest on Tuesday.
    assert ticket.due_at == datetime.fromisoformat("2026-11-17 17:00Z")


def test_urgent_for_the_operator_is_four_hours(scene: Scene) -> None:
    ticket = scene.opens("Mon 15:30", topic=scene.to_operator, priority=Priority.URGENT)

    assert ticket.due_at == clock("Tue 11:00")
    assert ticket.due_soon_at == clock("Tue 10:00")


def test_an_answer_stops_the_clock(scene: Scene) -> None:
    ticket = says(scene.opens(), scene.supplier, "Mon 11:00")

    assert ticket.due_at is None
    assert ticket.clock_started_at is None
    assert ticket.completes_at is not None


def test_carrying_on_after_an_answer_gives_a_fresh_clock(scene: Scene) -> None:
    ticket = says(scene.opens(), scene.supplier, "Mon 16:00")
    ticket = says(ticket, scene.seller, "Tue 12:00")

    assert ticket.clock_started_at == clock("Tue 12:00")
    assert ticket.due_at == clock("Wed 12:00")


def test_a_second_message_of_the_opener_leaves_the_clock_alone(scene: Scene) -> None:
    before = scene.opens("Mon 10:00")
    after = says(before, scene.seller, "Mon 12:00")
    assert (after.due_at, after.clock_started_at) == (before.due_at, before.clock_started_at)


def test_asking_pauses_ones_own_clock_and_starts_the_others(scene: Scene) -> None:
    ticket = says(scene.opens("Mon 09:00"), scene.supplier, "Mon 13:30", asks=True)

    assert ticket.turn == Side.OPENER
    assert left(ticket, "counterparty") == 4 * HOUR
    assert ticket.due_at == clock("Tue 13:30")


def test_the_reply_lets_the_paused_clock_go_on(scene: Scene) -> None:
    ticket = says(scene.opens("Mon 09:00"), scene.supplier, "Mon 13:30", asks=True)
    ticket = says(ticket, scene.seller, "Tue 10:00")

    assert ticket.turn == Side.COUNTERPARTY
    assert ticket.due_at == clock("Tue 14:00")
    assert ticket.clock_seconds == 4 * HOUR
    assert left(ticket, "counterparty") is None


def test_a_clock_that_goes_on_has_a_quarter_at_least(scene: Scene) -> None:
    ticket = says(scene.opens("Mon 09:00"), scene.supplier, "Mon 17:20", asks=True)
    assert left(ticket, "counterparty") == 600
    ticket = says(ticket, scene.seller, "Tue 09:00")

    assert ticket.clock_seconds == WORKING_DAY // 4
    assert ticket.due_at == clock("Tue 11:07:30")
    assert ticket.due_soon_at == clock("Tue 09:00")


def test_a_clock_that_ran_out_before_asking_has_a_quarter_too(scene: Scene) -> None:
    ticket = says(scene.opens("Mon 09:00"), scene.supplier, "Wed 12:00", asks=True)
    assert left(ticket, "counterparty") == 0
    assert says(ticket, scene.seller, "Wed 12:00").clock_seconds == WORKING_DAY // 4


def test_answering_while_waiting_makes_the_pause_void(scene: Scene) -> None:
    ticket = says(scene.opens("Mon 09:00"), scene.supplier, "Mon 13:30", asks=True)
    ticket = says(ticket, scene.supplier, "Mon 14:00")

    assert (ticket.status, ticket.due_at) == ("answered", None)
    assert left(ticket, "counterparty") is None
    assert says(ticket, scene.seller, "Tue 09:00").clock_seconds == WORKING_DAY


def test_a_second_question_leaves_both_clocks_alone(scene: Scene) -> None:
    first = says(scene.opens("Mon 09:00"), scene.supplier, "Mon 13:30", asks=True)
    second = says(first, scene.supplier, "Mon 15:00", asks=True)

    assert second.due_at == first.due_at
    assert left(second, "counterparty") == 4 * HOUR


def test_asking_after_an_answer_costs_nothing(scene: Scene) -> None:
    ticket = says(scene.opens("Mon 09:00"), scene.supplier, "Mon 16:00")
    ticket = says(ticket, scene.supplier, "Mon 16:30", asks=True)

    assert ticket.due_at == clock("Tue 16:30")
    assert left(ticket, "counterparty") == WORKING_DAY
    assert says(ticket, scene.seller, "Tue 09:00").due_at == clock("Tue 17:30")


def test_a_dispute_gives_the_operator_two_days_and_voids_pauses(scene: Scene) -> None:
    ticket = says(scene.opens("Mon 09:00"), scene.supplier, "Mon 13:30", asks=True)
    with at(clock("Tue 09:00")):
        ask_operator(ticket.pk, "They don't answer.", by=scene.seller)
    ticket.refresh_from_db()

    assert ticket.turn == Side.OPERATOR
    assert ticket.due_at == clock("Wed 17:30")
    assert left(ticket, "counterparty") is None


def test_the_operators_clock_is_paused_by_its_questions_to_either_side(scene: Scene) -> None:
    ticket = scene.opens("Mon 09:00")
    with at(clock("Tue 09:00")):
        step_in(ticket.pk, "We look into this.", by=scene.agent)
    ticket = says(ticket, scene.agent, "Tue 11:00", asks=True, of=Side.OPENER)
    assert ticket.due_at == clock("Wed 11:00")
    ticket = says(ticket, scene.agent, "Wed 10:00", asks=True, of=Side.COUNTERPARTY)
    assert ticket.due_at == clock("Thu 10:00")
    assert left(ticket, "operator") == 2 * WORKING_DAY - 2 * HOUR

    ticket = says(ticket, scene.supplier, "Wed 14:00")

    assert ticket.turn == Side.OPERATOR
    assert ticket.clock_seconds == 2 * WORKING_DAY - 2 * HOUR
    assert left(ticket, "operator") is None


def test_questions_after_the_decision_leave_the_operator_its_whole_time(scene: Scene) -> None:
    ticket = scene.opens("Mon 09:00")
    with at(clock("Mon 10:00")):
        step_in(ticket.pk, "We look into this.", by=scene.agent)
        decide(ticket.pk, "both", "Each carries half.", by=scene.agent)
    ticket = says(ticket, scene.agent, "Mon 11:00", asks=True, of=Side.OPENER)
    ticket = says(ticket, scene.agent, "Mon 16:00", asks=True, of=Side.COUNTERPARTY)
    assert left(ticket, "operator") == 2 * WORKING_DAY

    assert says(ticket, scene.supplier, "Tue 09:00").due_at == clock("Wed 17:30")


def test_an_ended_ticket_has_no_clock(scene: Scene) -> None:
    ticket = scene.opens()
    with at(clock("Mon 10:00")):
        cancel(ticket.pk, by=scene.seller)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.due_at, ticket.clock_seconds) == ("cancelled", None, None)


def test_no_policy_no_clock(scene: Scene) -> None:
    Policy.objects.all().delete()
    ticket = scene.opens()
    assert ticket.due_at is None

    ticket = says(ticket, scene.supplier, "Mon 13:30", asks=True)
    assert left(ticket, "counterparty") is None
    assert says(ticket, scene.seller, "Mon 14:00").due_at is None


def test_a_calendar_without_hours_stops_nobody_from_writing(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    Calendar.objects.update(weekly_hours={})
    assert scene.opens().due_at is None
    assert "no working time in Business hours" in caplog.text


def test_a_topics_own_policy_rules_its_clock(scene: Scene) -> None:
    Policy.objects.create(
        topic=scene.to_supplier, calendar=Calendar.objects.get(), working_seconds=20 * 60
    )
    ticket = scene.opens("Mon 10:00")

    assert ticket.due_at == clock("Mon 10:20")
    assert ticket.due_soon_at == clock("Mon 10:00")


def test_becoming_urgent_leaves_the_share_that_was_left(scene: Scene) -> None:
    ticket = scene.opens("Mon 09:00", topic=scene.to_operator)
    with at(clock("Tue 09:00")):  # one of two days is over
        set_priority(ticket.pk, Priority.URGENT, by=scene.agent)
    ticket.refresh_from_db()

    assert ticket.due_at == clock("Tue 11:00")
    assert ticket.due_soon_at == clock("Tue 10:00")
    assert ticket.clock_started_at == clock("Mon 09:00")
    assert ticket.clock_seconds == WORKING_DAY + 2 * HOUR


def test_a_priority_with_the_same_policy_changes_nothing(scene: Scene) -> None:
    before = scene.opens("Mon 09:00")
    with at(clock("Mon 12:00")):
        set_priority(before.pk, Priority.SLOWING, by=scene.agent)
    assert Ticket.objects.get(pk=before.pk).due_at == before.due_at


def test_what_ran_out_stays_so_whatever_its_priority(scene: Scene) -> None:
    ticket = scene.opens("Mon 09:00", topic=scene.to_operator, priority=Priority.URGENT)
    Ticket.objects.update(ran_out_at=clock("Mon 13:00"))
    with at(clock("Mon 14:00")):
        set_priority(ticket.pk, Priority.QUESTION, by=scene.agent)
    ticket.refresh_from_db()
    assert ticket.ran_out_at == clock("Mon 13:00")
    assert ticket.due_at == clock("Mon 13:00")


def test_when_to_expect_an_answer(scene: Scene, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        expected = expected_by(scene.to_operator, "urgent", "operator", clock("Mon 15:30"))
    assert expected == clock("Tue 11:00")

    Policy.objects.all().delete()
    assert expected_by(scene.to_operator, "urgent", "operator", clock("Mon 15:30")) is None


def test_following_a_turn_takes_few_queries(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    ticket = scene.opens()
    event = TicketOpened(
        ticket=ticket.pk,
        seen=(),
        message=1,
        status="created",
        turn="counterparty",
        dispute="none",
        clock_moved=True,
    )
    with django_assert_max_num_queries(3):
        follow_turn(event, Entry())
