"""Saved views: whose they are, who finds them, who may change them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from cast import Cast
from parley.desk.models import SavedView
from parley.desk.saving_views import (
    ViewRefused,
    ViewTyped,
    change_view,
    drop_view,
    save_view,
    views_for,
)
from parley.journal.models import Entry
from parley.parties.models import Team

QUERY = "status=answered&topic=3"


def names(reader: object) -> list[str]:
    return [view.name for view in views_for(reader)]  # type: ignore[arg-type]


def test_a_view_is_found_by_those_it_is_shared_with(
    cast: Cast, money_team: Callable[..., Team]
) -> None:
    team = money_team(members=frozenset({cast.agent.pk}))
    save_view(ViewTyped(name="My own", query=QUERY), by=cast.agent)
    save_view(ViewTyped(name="All of us", shared="everyone"), by=cast.lead)
    save_view(ViewTyped(name="The team", shared="team", team=team.pk), by=cast.lead)
    assert names(cast.agent) == ["All of us", "My own", "The team"]
    assert names(cast.lead) == ["All of us", "The team"]
    assert names(cast.admin) == ["All of us"]


def test_changing_and_dropping_are_its_owners_and_of_shared_ones_the_leads(cast: Cast) -> None:
    own = save_view(ViewTyped(name="Own"), by=cast.agent)
    for other in (cast.lead, cast.supplier):
        with pytest.raises(SavedView.DoesNotExist):
            change_view(own.pk, ViewTyped(name="Mine now"), by=other)
    shared = save_view(ViewTyped(name="Shared", shared="everyone"), by=cast.lead)
    with pytest.raises(SavedView.DoesNotExist):
        drop_view(shared.pk, by=cast.agent)
    change_view(shared.pk, ViewTyped(name="Shared", query=QUERY), by=cast.admin)
    drop_view(own.pk, by=cast.agent)
    told = Entry.objects.filter(kind="ViewsChanged").order_by("id")
    assert [entry.data["what"] for entry in told] == ["added", "added", "changed", "dropped"]
    assert told[2].data["fields"] == {"shared": ["everyone", ""], "query": ["", QUERY]}


@pytest.mark.parametrize(
    "given",
    [
        {"name": " "},
        {"name": "n" * 61},
        {"name": "Twice"},
        {"name": "x", "shared": "everyone"},
        {"name": "x", "shared": "team"},
        {"name": "x", "shared": "team", "team": 999999},
        {"name": "x", "shared": "the world"},
        {"name": "x", "query": "q" * 2001},
    ],
)
def test_what_cant_be_kept_says_why(cast: Cast, given: dict[str, object]) -> None:
    save_view(ViewTyped(name="Twice"), by=cast.agent)
    with pytest.raises(ViewRefused):
        save_view(ViewTyped(**given), by=cast.agent)  # type: ignore[arg-type]
    assert SavedView.objects.count() == 1


def test_views_are_the_operators(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        save_view(ViewTyped(name="Mine"), by=cast.seller)
