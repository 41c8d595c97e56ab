"""Saving a view of the queues under a name: for oneself, one's team, or everyone at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from parley.conversations.typed import typed, typed_line
from parley.desk.events import ViewsChanged
from parley.desk.keeping_teams import may_keep_teams
from parley.desk.models import SavedView, Shared
from parley.journal.recording import record
from parley.parties.access import teams_in_use, teams_of
from parley.parties.models import Membership
from parley.postgres.waiting import one_at_a_time

LONGEST_NAME = 60
LONGEST_QUERY = 2000
MOST_OF_ONE = 100
_FIELDS = ("name", "shared", "team_id", "queue", "query")


class ViewRefused(ValueError):
    """A view can't be kept so; the text says why, to the reader."""


@dataclass(frozen=True, kw_only=True)
class ViewTyped:
    """A view as it was filled in: `queue` and `query` as in the address it was saved from."""

    name: str
    shared: str = Shared.NOBODY.value
    team: int | None = None
    queue: str = "all"
    query: str = ""


def views_for(reader: Membership) -> QuerySet[SavedView]:
    """The views that `reader` finds beside the queues, by name: their own, their teams', everyone's."""
    return SavedView.objects.filter(
        Q(owner=reader) | Q(shared=Shared.EVERYONE) | Q(team__in=teams_of(reader)),
        owner__party=reader.party_id,
    ).order_by(Lower("name"), "id")


def may_change_view(reader: Membership, view: SavedView) -> bool:
    """Whether `reader` may change it: its owner, and leads what is shared."""
    return view.owner_id == reader.pk or (bool(view.shared) and may_keep_teams(reader))


def save_view(given: ViewTyped, *, by: Membership) -> SavedView:
    """Keep a view of one's own, shared or not. Raises PermissionDenied or ViewRefused."""
    if not by.is_operator:
        raise PermissionDenied
    with transaction.atomic():
        one_at_a_time("views", by.pk)
        kept = _checked(given, by, owner=by.pk, key=None)
        if SavedView.objects.filter(owner=by).count() >= MOST_OF_ONE:
            raise ViewRefused(_("You have a hundred views: drop one first."))
        view = SavedView.objects.create(owner=by, **kept)
        fields = {field: (None, value) for field, value in kept.items() if value}
        record(ViewsChanged(view=view.pk, what="added", fields=fields), by=by)
    return view


def change_view(key: int, given: ViewTyped, *, by: Membership) -> SavedView:
    """Rename it, or share it otherwise. Raises SavedView.DoesNotExist or ViewRefused."""
    with transaction.atomic():
        view = _own(key, by)
        kept = _checked(given, by, owner=view.owner_id, key=view.pk)
        fields = {
            field: (getattr(view, field), value)
            for field, value in kept.items()
            if getattr(view, field) != value
        }
        if not fields:
            return view
        for field, value in kept.items():
            setattr(view, field, value)
        view.save()
        record(ViewsChanged(view=view.pk, what="changed", fields=fields), by=by)
    return view


def drop_view(key: int, *, by: Membership) -> None:
    """Forget it. Raises SavedView.DoesNotExist."""
    with transaction.atomic():
        view = _own(key, by)
        fields = {field: (getattr(view, field), None) for field in _FIELDS if getattr(view, field)}
        record(ViewsChanged(view=view.pk, what="dropped", fields=fields), by=by)
        view.delete()


def _own(key: int, by: Membership) -> SavedView:
    view = SavedView.objects.select_for_update(of=("self",)).get(pk=key, owner__party=by.party_id)
    if not may_change_view(by, view):
        raise SavedView.DoesNotExist
    return view


def _checked(given: ViewTyped, by: Membership, *, owner: int, key: int | None) -> dict[str, Any]:
    """What is kept of it. Raises ViewRefused."""
    name = typed_line(given.name)
    if not 0 < len(name) <= LONGEST_NAME:
        raise ViewRefused(
            _("Write a name, in at most %(most)s characters.") % {"most": LONGEST_NAME}
        )
    same = SavedView.objects.filter(owner=owner, name=name)
    if (same if key is None else same.exclude(pk=key)).exists():
        raise ViewRefused(_("You have a view of that name already."))
    query = typed(given.query)
    if len(query) > LONGEST_QUERY:
        raise ViewRefused(_("This view has too many filters to be kept."))
    return {
        "name": name,
        "shared": given.shared,
        "team_id": _team(given, by),
        "queue": given.queue[:40] or "all",
        "query": query,
    }


def _team(given: ViewTyped, by: Membership) -> int | None:
    if given.shared not in Shared.values:
        raise ViewRefused(_("Pick one from the list."))
    if given.shared == Shared.EVERYONE and not may_keep_teams(by):
        raise ViewRefused(_("Leads and administrators share a view with everyone."))
    if given.shared != Shared.TEAM:
        return None
    teams = teams_in_use() if may_keep_teams(by) else teams_of(by)
    if given.team is None or not teams.filter(pk=given.team).exists():
        raise ViewRefused(_("Pick one of your teams."))
    return given.team
