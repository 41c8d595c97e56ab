"""The operator's teams: who is in them, which topics are theirs, how tickets are handed out (S1, S5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.desk.going_away import CalendarUnknown, go_away, set_hours
from parley.desk.keeping_teams import (
    LONGEST_NAME,
    MOST_OPEN,
    TeamRefused,
    TeamTyped,
    as_typed,
    change_team,
    make_team,
    may_keep_teams,
    team_to_keep,
)
from parley.desk.seeing_teams import calendars, people_at_work, teams_at_a_glance
from parley.parties.models import Membership, Team
from parley.tickets.access import topics_in_use
from parley.web.filtering import number_in, sorted_by_name
from parley.web.reader import SignedInRequest, only_for, operator_only


@require_GET
@operator_only
def teams(request: SignedInRequest) -> HttpResponseBase:
    """All teams, and who takes tickets: `desk/teams.html`.

    Context: `teams` (each with `people`, `topics_held`, `rota`), `people` (memberships with `duty`),
    `calendars`, `may` (whether the reader changes them).
    """
    context = {
        "teams": teams_at_a_glance(),
        "people": people_at_work(request.reader),
        "calendars": calendars(),
        "may": may_keep_teams(request.reader),
    }
    return render(request, "desk/teams.html", context)


def _keepers(view: Any) -> Any:
    return only_for(may_keep_teams, view)


@require_http_methods(["GET", "POST"])
@_keepers
def new_team(request: SignedInRequest) -> HttpResponseBase:
    """Make a team: `desk/team.html`, as `team` has it, without one."""
    if request.method == "GET":
        return _shown(request, None, TeamTyped(name=""))
    given = _typed(request)
    try:
        made = make_team(given, by=request.reader)
    except TeamRefused as refusal:
        return _shown(request, None, given, refusal.problems)
    messages.success(request, _("The team is there: %(name)s.") % {"name": made.name})
    return redirect("desk:teams")


@require_http_methods(["GET", "POST"])
@_keepers
def team(request: SignedInRequest, team: int) -> HttpResponseBase:
    """One team: `desk/team.html`.

    Context: `team` (None for a new one), `typed`, `problems`, `people` (memberships), `topics`,
    `calendar_pairs`, `longest_name`, `most_open`.
    """
    try:
        found = team_to_keep(team)
        if request.method == "GET":
            return _shown(request, found, as_typed(found))
        given = _typed(request)
        change_team(team, given, by=request.reader)
    except Team.DoesNotExist:
        raise Http404 from None
    except TeamRefused as refusal:
        return _shown(request, found, given, refusal.problems)
    messages.success(request, _("Saved."))
    return redirect("desk:teams")


@require_POST
@operator_only
def duty(request: SignedInRequest, colleague: int) -> HttpResponseBase:
    """Take tickets in turn or not (`away`), and at which hours (`calendar`)."""
    try:
        if "away" in request.POST:
            go_away(request.POST["away"] == "1", by=request.reader, whom=colleague)
        if "calendar" in request.POST:
            set_hours(colleague, number_in(request.POST["calendar"]), by=request.reader)
    except (Membership.DoesNotExist, PermissionDenied):
        raise Http404 from None
    except CalendarUnknown:
        messages.error(request, _("Pick one from the list."))
    else:
        messages.success(request, _("Saved."))
    return redirect("desk:teams")


def _typed(request: SignedInRequest) -> TeamTyped:
    form = request.POST
    return TeamTyped(
        name=form.get("name", ""),
        active=form.get("active") == "on",
        members=_numbers(form.getlist("member")),
        topics=_numbers(form.getlist("topic")),
        hands_out=form.get("hands_out") == "on",
        most_open=_how_many(form.get("most_open", "").strip()),
        calendar=number_in(form.get("calendar")),
    )


def _how_many(typed: str) -> int:
    """The number typed, 0 for none; what is no number is one that is refused."""
    number = number_in(typed) if typed else 0
    return -1 if number is None else number


def _numbers(texts: list[str]) -> frozenset[int]:
    return frozenset(number for text in texts if (number := number_in(text)) is not None)


def _shown(
    request: SignedInRequest,
    team: Team | None,
    typed: TeamTyped,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "team": team,
        "typed": typed,
        "problems": problems or {},
        "people": people_at_work(request.reader),
        "topics": sorted_by_name(topics_in_use(request.reader).select_related("team")),
        "calendar_pairs": [(one.pk, one.name) for one in calendars()],
        "longest_name": LONGEST_NAME,
        "most_open": MOST_OPEN,
    }
    return render(request, "desk/team.html", context, status=422 if problems else 200)
