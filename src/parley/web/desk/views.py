"""What stands beside the queues: the teams', and the views that were saved (S1)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.desk.going_away import go_away, is_away
from parley.desk.keeping_teams import may_keep_teams
from parley.desk.models import SavedView, Shared
from parley.desk.saving_views import (
    LONGEST_NAME,
    ViewRefused,
    ViewTyped,
    change_view,
    drop_view,
    may_change_view,
    save_view,
    views_for,
)
from parley.parties.access import teams_in_use, teams_of
from parley.parties.models import Membership
from parley.tickets.finding import Filters, counts
from parley.tickets.queues import QUEUES, queue_of_team, team_in
from parley.web.desk.counting import shown
from parley.web.filtering import address, read_filters
from parley.web.reader import SignedInRequest, operator_only


@require_GET
@operator_only
def views(request: SignedInRequest) -> HttpResponseBase:
    """The menu of teams and views: `desk/_views.html`.

    Context: `teams` and `views` (triples: it, its address, its count in words), `away`, `mine` (the
    ids of the views one may change), `sharing` (pairs), `own_teams`, `longest`.
    """
    return render(request, "desk/_views.html", _context(request.reader))


@require_POST
@operator_only
def saving(request: SignedInRequest) -> HttpResponseBase:
    """Save the list one looks at under a `name`: its `queue` and its `query`."""
    try:
        view = save_view(_typed(request), by=request.reader)
    except ViewRefused as refusal:
        return _again(request, str(refusal), bad=True)
    return _again(request, _("Saved: %(name)s.") % {"name": view.name})


@require_POST
@operator_only
def change(request: SignedInRequest, view: int) -> HttpResponseBase:
    """Rename a view, share it otherwise, or (`drop`) forget it."""
    reader = request.reader
    try:
        found = views_for(reader).get(pk=view)
        if request.POST.get("drop") == "1":
            drop_view(view, by=reader)
            return _again(request, _("Dropped: %(name)s.") % {"name": found.name})
        given = _typed(request)
        changed = ViewTyped(
            name=given.name or found.name,
            shared=given.shared,
            team=given.team,
            queue=found.queue,
            query=found.query,
        )
        change_view(view, changed, by=reader)
    except SavedView.DoesNotExist:
        raise Http404 from None
    except ViewRefused as refusal:
        return _again(request, str(refusal), bad=True)
    return _again(request, _("Saved."))


@require_POST
@operator_only
def going_away(request: SignedInRequest) -> HttpResponseBase:
    """Take no tickets in turn (`away` is 1), or again."""
    away = request.POST.get("away") == "1"
    go_away(away, by=request.reader)
    words = _("You are given no more tickets.") if away else _("You are given tickets again.")
    return _again(request, words)


def _typed(request: SignedInRequest) -> ViewTyped:
    form = request.POST
    shared = form.get("shared", "")
    team = None
    if shared.startswith("team-"):
        shared, team = Shared.TEAM.value, team_in(shared)
    queue = form.get("queue", "all")
    # As the lists' own addresses are written: what a list doesn't know is not kept.
    query = address(QueryDict(form.get("query", "").lstrip("?")[:4000])).lstrip("?")
    return ViewTyped(
        name=form.get("name", ""),
        shared=shared,
        team=team,
        queue=queue if queue in QUEUES or team_in(queue) else "all",
        query=query,
    )


def _again(request: SignedInRequest, words: str, *, bad: bool = False) -> HttpResponseBase:
    (messages.error if bad else messages.success)(request, words)
    if request.htmx:
        return render(request, "desk/_views.html", _context(request.reader))
    return redirect("desk:queue", "mine")


def _context(reader: Membership) -> dict[str, Any]:
    teams, views = list(teams_in_use()), list(views_for(reader).select_related("owner__person"))
    found = counts(reader, [*map(_of_team, teams), *(_of_view(view, reader) for view in views)])
    words = [shown(count) for count in found]
    return {
        "teams": [(team, queue_of_team(team.pk), words[n]) for n, team in enumerate(teams)],
        "views": [(view, words[len(teams) + n]) for n, view in enumerate(views)],
        "mine": {view.pk for view in views if may_change_view(reader, view)},
        "away": is_away(reader),
        "sharing": _sharing(reader, teams),
        "longest": LONGEST_NAME,
    }


def _of_team(team: Any) -> Filters:
    return Filters(queue=queue_of_team(team.pk))


def _of_view(view: SavedView, reader: Membership) -> Filters:
    return read_filters(QueryDict(view.query), reader, view.queue)


def _sharing(reader: Membership, teams: list[Any]) -> list[tuple[str, str]]:
    """With whom `reader` can share a view: pairs of what the form sends and words."""
    lead = may_keep_teams(reader)
    own = teams if lead else list(teams_of(reader))
    return [
        ("", _("Only me")),
        *((queue_of_team(team.pk), team.name) for team in own),
        *([("everyone", _("Everyone at the desk"))] if lead else []),
    ]
