"""Round robin: who is given a ticket, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from cast import Cast
from parley.desk.going_away import go_away, is_away, set_hours
from parley.desk.routing import NEVER, Hand, hand_out_waiting, next_hand, works_at
from parley.journal.models import Entry
from parley.journal.moment import at
from parley.parties.models import Membership, Team
from parley.sla.models import Calendar
from parley.tickets.assigning import assign, pass_to
from parley.tickets.disputing import step_in
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply

MoneyTeam = Callable[..., Team]
MONDAY_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def ours(cast: Cast) -> Ticket:
    cast.payouts.refresh_from_db()
    return cast.ticket(topic=cast.payouts, to=None)


def nine_to_five(name: str = "Days") -> Calendar:
    hours = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    return Calendar.objects.create(name=name, time_zone="UTC", weekly_hours=hours)


@given(
    hands=st.integers(1, 6),
    tickets=st.integers(0, 40),
    most=st.integers(0, 5),
)
def test_nobody_gets_two_more_than_anybody_else(hands: int, tickets: int, most: int) -> None:
    load = dict.fromkeys(range(hands), 0)
    given_at = dict.fromkeys(range(hands), NEVER)
    for n in range(tickets):
        hand = next_hand((Hand(load[k], given_at[k], k, k) for k in load), most)
        if hand is None:
            assert most
            assert set(load.values()) == {most}
            return
        load[hand.person] += 1
        given_at[hand.person] = NEVER + timedelta(seconds=n + 1)
    assert max(load.values()) - min(load.values()) <= 1


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_equals_take_turns(order: list[int]) -> None:
    hands = [Hand(3, NEVER + timedelta(days=day), n, n) for n, day in enumerate(order)]
    found = next_hand(hands, 0)
    assert found is not None
    assert order[found.person] == min(order)


def test_tickets_go_to_the_team_in_turns(cast: Cast, money_team: MoneyTeam) -> None:
    money_team()
    people = [ours(cast).assignee for _n in range(4)]
    assert people[:2] == people[2:]
    assert set(people) == {cast.agent.person, cast.lead.person}
    told = Entry.objects.filter(kind="TicketAssigned")
    assert told.count() == 4
    assert set(told.values_list("person_id", flat=True)) == {None}


def test_whoever_has_less_in_hand_is_next(cast: Cast, money_team: MoneyTeam) -> None:
    money_team()
    for _n in range(3):
        assign(cast.ticket().pk, cast.agent.person_id, by=cast.admin)
    assert [ours(cast).assignee for _n in range(3)] == [cast.lead.person] * 3


def test_a_ticket_between_others_is_handed_out_once_the_operator_is_asked(
    cast: Cast, money_team: MoneyTeam
) -> None:
    money_team(topics=frozenset({cast.late_parcel.pk}))
    cast.late_parcel.refresh_from_db()
    ticket = cast.ticket()
    assert ticket.assignee is None
    step_in(ticket.pk, "Let us see.", by=cast.admin)
    ticket.refresh_from_db()
    assert ticket.assignee in (cast.agent.person, cast.lead.person)


def test_who_is_away_is_given_nothing_and_what_comes_back_goes_to_another(
    cast: Cast, money_team: MoneyTeam
) -> None:
    money_team()
    go_away(True, by=cast.lead)
    assert is_away(cast.lead)
    first, second = ours(cast), ours(cast)
    assert [first.assignee, second.assignee] == [cast.agent.person] * 2
    reply(first.pk, Reply(text="Which account?"), by=cast.agent)
    go_away(False, by=cast.lead)
    go_away(True, by=cast.admin, whom=cast.agent.pk)
    first.refresh_from_db()
    assert first.assignee == cast.agent.person, "nothing is taken away while it is theirs to answer"
    reply(first.pk, Reply(text="The new one."), by=cast.seller)
    first.refresh_from_db()
    assert first.assignee == cast.lead.person
    changes = Entry.objects.filter(kind="DutyChanged").order_by("id")
    assert [entry.data["fields"]["away"] for entry in changes] == [
        [False, True],
        [True, False],
        [False, True],
    ]
    with pytest.raises(PermissionDenied):
        go_away(True, by=cast.agent, whom=cast.lead.pk)
    with pytest.raises(PermissionDenied):
        go_away(True, by=cast.seller)


def test_what_nobody_can_take_waits_until_somebody_can(cast: Cast, money_team: MoneyTeam) -> None:
    money_team(most_open=1)
    tickets = [ours(cast) for _n in range(4)]
    assert [ticket.assignee is None for ticket in tickets] == [False, False, True, True]
    assert hand_out_waiting() == 0
    assign(tickets[0].pk, cast.admin.person_id, by=cast.admin)
    assert hand_out_waiting() == 1
    tickets[2].refresh_from_db()
    assert tickets[2].assignee is not None


def test_outside_their_hours_nobody_is_given_anything(cast: Cast, money_team: MoneyTeam) -> None:
    money_team(calendar=nine_to_five().pk)
    evening = MONDAY_NOON + timedelta(hours=8)
    with at(evening):
        ticket = ours(cast)
        assert ticket.assignee is None
        night = Calendar.objects.create(name="Night", time_zone="UTC", mode="round_the_clock")
        set_hours(cast.agent.pk, night.pk, by=cast.admin)
        assert hand_out_waiting() == 1
        ticket.refresh_from_db()
        assert ticket.assignee == cast.agent.person
    with pytest.raises(PermissionDenied):
        set_hours(cast.agent.pk, None, by=cast.agent)


def test_hours_hold_their_first_second_and_not_the_last() -> None:
    hours = {"mon": [["09:00", "17:00"]]}
    days = Calendar(name="Days", time_zone="UTC", weekly_hours=hours)
    assert works_at(MONDAY_NOON.replace(hour=9), days)
    assert not works_at(MONDAY_NOON.replace(hour=17), days)
    assert works_at(MONDAY_NOON, None)
    assert works_at(MONDAY_NOON, Calendar(name="?", time_zone="Nowhere/There"))


def test_passing_on_hands_out_too_and_who_left_is_passed_over(
    cast: Cast, money_team: MoneyTeam
) -> None:
    team = money_team(topics=frozenset())
    Membership.objects.filter(pk=cast.lead.pk).update(active=False)
    ticket = ours(cast)
    assert ticket.assignee is None
    pass_to(ticket.pk, team.pk, by=cast.admin)
    ticket.refresh_from_db()
    assert ticket.assignee == cast.agent.person


def test_a_rota_that_is_off_hands_out_nothing(cast: Cast, money_team: MoneyTeam) -> None:
    money_team(hands_out=False)
    assert ours(cast).assignee is None
    assert hand_out_waiting() == 0
