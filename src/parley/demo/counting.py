"""The demo's dashboard: its figures, counted from what was played."""

from __future__ import annotations

from parley.demo.casting import Cast
from parley.parties.models import Role
from parley.parties.settling import settle
from parley.reports.backlog import take_backlogs
from parley.reports.folding import fold_all
from parley.reports.settings import SELLERS_SEE_SUPPLIERS, TIME_ZONE

ZONE = "Europe/London"
"""Where the demo's marketplace is."""


def count(cast: Cast) -> None:
    """Count by the marketplace's own days, and let sellers see how suppliers answer."""
    admin = next(
        actor.membership for actor in cast.operator.people if actor.membership.role == Role.ADMIN
    )
    settle(TIME_ZONE, ZONE, by=admin)
    settle(SELLERS_SEE_SUPPLIERS, value=True, by=admin)
    fold_all()
    take_backlogs()
