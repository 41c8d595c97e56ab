"""What the page of teams shows: in as many queries however many teams there are."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from parley.parties.access import all_teams, members_of, members_of_teams
from parley.parties.models import Membership, Team
from parley.sla.models import Calendar
from parley.tickets.models import Topic


def teams_at_a_glance() -> Sequence[Team]:
    """All teams, each with `people` (names), `topics_held` (how many) and its `rota`; two queries."""
    topics = Topic.objects.filter(team=OuterRef("pk")).order_by().values("pk")
    teams = list(
        all_teams().select_related("rota__calendar").annotate(topic_keys=ArraySubquery(topics))
    )
    names: dict[int, list[str]] = {}
    for one in members_of_teams([team.pk for team in teams]):
        names.setdefault(one.team_id, []).append(one.membership.person.name)
    for team in teams:
        team.people = names.get(team.pk, [])  # type: ignore[attr-defined]
        team.topics_held = len(team.topic_keys)  # type: ignore[attr-defined]
    return teams


def people_at_work(reader: Membership) -> QuerySet[Membership]:
    """The operator's people with their duty, by name."""
    return members_of(reader.party_id).select_related("duty")


def calendars() -> QuerySet[Calendar]:
    """The calendars somebody can work by, by name."""
    return Calendar.objects.order_by("name")
