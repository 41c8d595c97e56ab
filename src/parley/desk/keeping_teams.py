"""Keeping the operator's teams: who is in them, which topics are theirs, how tickets are handed out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parley.conversations.typed import typed_line
from parley.desk.events import TeamChanged, TeamMade
from parley.desk.models import Rota
from parley.journal.recording import record
from parley.parties.access import members_of
from parley.parties.models import Membership, Role, Team, TeamMember
from parley.postgres.waiting import one_at_a_time
from parley.sla.models import Calendar
from parley.tickets.models import Topic

LONGEST_NAME = 60
MOST_OPEN = 500


class NotLeads(PermissionError):
    """Teams are kept by the operator's leads and administrators."""


class TeamRefused(ValueError):
    """A team can't be so; `problems` says why, field by field, for the reader."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class TeamTyped:
    """A team as it was filled in.

    `members` are ids of memberships, `topics` of the topics whose new tickets it gets, `calendar` of
    the one it works by (None: always). `most_open` is how many open tickets one may have (0: any).
    """

    name: str
    active: bool = True
    members: frozenset[int] = frozenset()
    topics: frozenset[int] = frozenset()
    hands_out: bool = False
    most_open: int = 0
    calendar: int | None = None


def may_keep_teams(reader: Membership) -> bool:
    """Whether `reader` may make and change teams."""
    return reader.role in (Role.LEAD, Role.ADMIN)


def team_to_keep(team_id: int) -> Team:
    """A team with its rota. Raises Team.DoesNotExist."""
    return Team.objects.select_related("rota").get(pk=team_id)


def as_typed(team: Team) -> TeamTyped:
    """A team as it stands, for a form to begin with."""
    kept = _as_it_is(team)
    return TeamTyped(
        **{**kept, "members": frozenset(kept["members"]), "topics": frozenset(kept["topics"])}
    )


def make_team(given: TeamTyped, *, by: Membership) -> Team:
    """Make a team. Raises NotLeads, or TeamRefused, and then nothing is made."""
    with transaction.atomic():
        given = _checked(given, by, team=None)
        team = Team.objects.create(name=given.name, active=given.active)
        Rota.objects.create(team=team)
        before = _as_it_is(team)
        _set(team, given, by)
        after = _as_it_is(team)
        changed = {key: (None, value) for key, value in after.items() if value != before[key]}
        record(TeamMade(team=team.pk, fields={"name": (None, team.name), **changed}), by=by)
    return team


def change_team(team_id: int, given: TeamTyped, *, by: Membership) -> Team:
    """Let a team be as given. Switched off, it gets no new tickets: its topics are nobody's then.

    Raises NotLeads, Team.DoesNotExist, or TeamRefused, and then nothing is changed.
    """
    with transaction.atomic():
        given = _checked(given, by, team=team_id)
        team = Team.objects.select_for_update().get(pk=team_id)
        before = _as_it_is(team)
        _set(team, given, by)
        after = _as_it_is(team)
        changed = {key: (before[key], after[key]) for key in after if after[key] != before[key]}
        if changed:
            record(TeamChanged(team=team.pk, fields=changed), by=by)
    return team


def _set(team: Team, given: TeamTyped, by: Membership) -> None:
    team.name, team.active = given.name, given.active
    team.save(update_fields=["name", "active"])
    TeamMember.objects.filter(team=team).exclude(membership__in=given.members).delete()
    TeamMember.objects.bulk_create(
        [TeamMember(team=team, membership_id=one) for one in sorted(given.members)],
        ignore_conflicts=True,
    )
    _set_topics(team, given.topics if given.active else frozenset(), by)
    Rota.objects.update_or_create(
        team=team,
        defaults={
            "on": given.hands_out,
            "most_open": given.most_open,
            "calendar_id": given.calendar,
        },
    )


def _set_topics(team: Team, topics: frozenset[int], by: Membership) -> None:
    """Let these topics be the team's; what another team loses by it is kept in the journal too."""
    others = Team.objects.filter(topics__in=topics).exclude(pk=team.pk).distinct().order_by("pk")
    losing = [(other, _topics_of(other)) for other in others]
    Topic.objects.filter(team=team).exclude(pk__in=topics).update(team=None)
    Topic.objects.filter(pk__in=topics).update(team=team)
    for other, before in losing:
        lost = {"topics": (before, _topics_of(other))}
        record(TeamChanged(team=other.pk, fields=lost), by=by)


def _topics_of(team: Team) -> list[int]:
    return list(Topic.objects.filter(team=team).order_by("pk").values_list("pk", flat=True))


def _as_it_is(team: Team) -> dict[str, Any]:
    rota = Rota.objects.filter(team=team).first()
    return {
        "name": team.name,
        "active": team.active,
        "members": list(team.members.order_by("membership").values_list("membership", flat=True)),
        "topics": _topics_of(team),
        "hands_out": rota.on if rota else False,
        "most_open": rota.most_open if rota else 0,
        "calendar": rota.calendar_id if rota else None,
    }


def _checked(given: TeamTyped, by: Membership, team: int | None) -> TeamTyped:
    """What is kept of it. Raises NotLeads or TeamRefused."""
    if not may_keep_teams(by):
        raise NotLeads
    one_at_a_time("teams")
    name = typed_line(given.name)
    problems = {
        "name": _problem_with_name(name, team),
        "most_open": ""
        if 0 <= given.most_open <= MOST_OPEN
        else _("Write a number from 0 to %(most)s.") % {"most": MOST_OPEN},
        "calendar": ""
        if given.calendar is None or Calendar.objects.filter(pk=given.calendar).exists()
        else _("Pick one from the list."),
    }
    if any(problems.values()):
        raise TeamRefused({field: words for field, words in problems.items() if words})
    at_work = members_of(by.party_id).filter(pk__in=given.members)
    return TeamTyped(
        name=name,
        active=given.active,
        # Who has left meanwhile, or never was one of them, is passed over.
        members=frozenset(at_work.values_list("pk", flat=True)),
        topics=frozenset(Topic.objects.filter(pk__in=given.topics).values_list("pk", flat=True)),
        hands_out=given.hands_out,
        most_open=given.most_open,
        calendar=given.calendar,
    )


def _problem_with_name(name: str, team: int | None) -> str:
    if not 0 < len(name) <= LONGEST_NAME:
        return _("Write a name, in at most %(most)s characters.") % {"most": LONGEST_NAME}
    same = Team.objects.filter(name__iexact=name)
    if (same.exclude(pk=team) if team is not None else same).exists():
        return _("There is a team of that name already.")
    return ""
