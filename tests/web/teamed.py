"""What the addresses of the desk's tools can name: a team, a macro, a view, one of the operator's people."""

from __future__ import annotations

from collections.abc import Callable

from cast import Cast
from parley.desk.keeping_macros import MacroTyped, add_macro
from parley.desk.keeping_teams import TeamTyped, make_team
from parley.desk.models import Macro, SavedView
from parley.desk.saving_views import ViewTyped, save_view
from parley.parties.models import Team

AWAY = {"away": "0"}
SHARED = {"shared": "everyone"}


def teamed(cast: Cast) -> dict[str, Callable[[str], str]]:
    """The words of those addresses."""
    return {
        "<int:team>": lambda name: str(team(cast).pk),
        "<int:macro>": lambda name: str(macro(cast).pk),
        "<int:view>": lambda name: str(view(cast).pk),
        "<int:colleague>": lambda name: str(cast.agent.pk),
    }


def team(cast: Cast) -> Team:
    """A team of the agent's."""
    members = frozenset({cast.agent.pk})
    found = Team.objects.first()
    return found or make_team(TeamTyped(name="Money", members=members), by=cast.admin)


def macro(cast: Cast) -> Macro:
    """A macro for everyone."""
    typed = MacroTyped(names={"en": "Where is it"}, texts={"en": "We look into {{ticket.number}}."})
    return Macro.objects.first() or add_macro(typed, by=cast.admin)


def view(cast: Cast) -> SavedView:
    """A view of the administrator's that everyone has."""
    typed = ViewTyped(name="Late ones", shared="everyone", query="due=over")
    return SavedView.objects.first() or save_view(typed, by=cast.admin)
