from __future__ import annotations

from collections.abc import Callable

import pytest

from cast import Cast
from parley.desk.keeping_teams import TeamTyped, make_team
from parley.parties.models import Team


@pytest.fixture
def money_team(cast: Cast) -> Callable[..., Team]:
    """Makes the team that answers about payouts; by default the agent and the lead, in turns."""

    def make(**given: object) -> Team:
        filled: dict[str, object] = {
            "name": "Money",
            "members": frozenset({cast.agent.pk, cast.lead.pk}),
            "topics": frozenset({cast.payouts.pk}),
            "hands_out": True,
        }
        team = make_team(TeamTyped(**filled | given), by=cast.admin)  # type: ignore[arg-type]
        cast.payouts.refresh_from_db()
        return team

    return make
