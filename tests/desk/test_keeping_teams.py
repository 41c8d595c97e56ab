"""Teams: making and changing them, and what they do to tickets and queues."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from cast import Cast
from parley.desk.keeping_teams import (
    NotLeads,
    TeamRefused,
    TeamTyped,
    change_team,
    make_team,
)
from parley.journal.models import Entry
from parley.parties.access import teams_in_use, teams_of
from parley.parties.models import Team
from parley.tickets.assigning import NotATeam, claim, pass_to
from parley.tickets.finding import Filters, counts, find
from parley.tickets.models import Ticket, Topic
from parley.tickets.queues import queue_of_team

MoneyTeam = Callable[..., Team]


def test_a_new_ticket_on_its_topic_is_the_teams(cast: Cast, money_team: MoneyTeam) -> None:
    team = money_team(hands_out=False)
    ours = cast.ticket(topic=cast.payouts, to=None)
    cast.ticket()
    assert ours.team == team
    name = queue_of_team(team.pk)
    assert [row.ticket_id for row in find(cast.agent, Filters(queue=name)).rows] == [ours.pk]
    assert counts(cast.agent, [Filters(queue=name), Filters(text="x"), Filters(team=team.pk)]) == [
        1,
        None,
        1,
    ]
    assert list(teams_of(cast.agent)) == [team]
    assert list(teams_of(cast.admin)) == []


def test_each_change_is_kept_with_before_and_after(cast: Cast, money_team: MoneyTeam) -> None:
    team = money_team(hands_out=False)
    made = Entry.objects.get(kind="TeamMade")
    assert made.data["fields"]["name"] == [None, "Money"]
    assert made.data["fields"]["topics"] == [None, [cast.payouts.pk]]
    given = TeamTyped(name="Money matters", members=frozenset({cast.agent.pk}), most_open=5)
    change_team(team.pk, given, by=cast.lead)
    change_team(team.pk, given, by=cast.lead)
    changed = Entry.objects.get(kind="TeamChanged")
    assert changed.person_id == cast.lead.person_id
    assert changed.data["fields"] == {
        "name": ["Money", "Money matters"],
        "members": [sorted([cast.agent.pk, cast.lead.pk]), [cast.agent.pk]],
        "topics": [[cast.payouts.pk], []],
        "most_open": [0, 5],
    }


def test_a_topic_is_one_teams_and_the_other_ones_loss_is_kept_too(
    cast: Cast, money_team: MoneyTeam
) -> None:
    first = money_team()
    second = money_team(name="Payouts")
    assert Topic.objects.get(pk=cast.payouts.pk).team == second
    lost = Entry.objects.get(kind="TeamChanged")
    assert lost.subject == f"team:{first.pk}"
    assert lost.data["fields"] == {"topics": [[cast.payouts.pk], []]}


def test_a_team_that_is_switched_off_gets_nothing_new_and_keeps_what_it_has(
    cast: Cast, money_team: MoneyTeam
) -> None:
    team = money_team(hands_out=False)
    kept = cast.ticket(topic=cast.payouts, to=None)
    off = TeamTyped(name="Money", active=False, topics=frozenset({cast.payouts.pk}))
    change_team(team.pk, off, by=cast.admin)
    assert Ticket.objects.get(pk=kept.pk).team == team
    assert cast.ticket(topic=Topic.objects.get(pk=cast.payouts.pk), to=None).team is None
    assert not teams_in_use().exists()
    with pytest.raises(NotATeam):
        pass_to(cast.ticket().pk, team.pk, by=cast.agent)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": "  "}),
        ("name", {"name": "n" * 61}),
        ("name", {"name": "mONEY"}),
        ("most_open", {"name": "x", "most_open": -1}),
        ("calendar", {"name": "x", "calendar": 999999}),
    ],
)
def test_what_cant_be_says_why(
    cast: Cast, money_team: MoneyTeam, field: str, given: dict[str, Any]
) -> None:
    money_team()
    with pytest.raises(TeamRefused) as refusal:
        make_team(TeamTyped(**given), by=cast.lead)
    assert list(refusal.value.problems) == [field]
    assert Team.objects.count() == 1


def test_teams_are_kept_by_leads_and_take_none_of_other_companies(
    cast: Cast, money_team: MoneyTeam
) -> None:
    for who in (cast.agent, cast.seller):
        with pytest.raises(NotLeads):
            make_team(TeamTyped(name="Mine"), by=who)
    team = money_team(members=frozenset({cast.agent.pk, cast.seller.pk}))
    assert [one.membership_id for one in team.members.all()] == [cast.agent.pk]


def test_passing_a_ticket_on_takes_it_out_of_hands_that_are_not_of_the_team(
    cast: Cast, money_team: MoneyTeam
) -> None:
    team = money_team(hands_out=False)
    ticket = cast.ticket()
    claim(ticket.pk, by=cast.admin)
    pass_to(ticket.pk, team.pk, by=cast.admin)
    ticket.refresh_from_db()
    assert (ticket.team, ticket.assignee) == (team, None)
    claim(ticket.pk, by=cast.agent)
    pass_to(ticket.pk, None, by=cast.agent)
    pass_to(ticket.pk, team.pk, by=cast.agent)
    ticket.refresh_from_db()
    assert ticket.assignee == cast.agent.person
    told = Entry.objects.filter(kind="TicketPassed").order_by("id")
    assert [entry.data["name"] for entry in told] == ["Money", "", "Money"]
    assert {tuple(entry.data["seen"]) for entry in told} == {(cast.operator.pk,)}
    with pytest.raises(PermissionDenied):
        pass_to(ticket.pk, None, by=cast.seller)
