"""A clock whose time is over, in the moments before a sweep has said so."""

from __future__ import annotations

import pytest

from parley.journal.models import Entry
from parley.journal.moment import at
from parley.sla.sweeping import sweep
from parley.tickets.assigning import set_priority
from parley.tickets.models import Ticket
from sla.scene import Scene

pytestmark = pytest.mark.django_db


def test_no_relabelling_undoes_a_clock_that_is_over_and_not_told_yet(scene: Scene) -> None:
    """Due at Monday's closing time; relabelled a minute later, it was not due on Tuesday morning."""
    ticket = scene.opens("Mon 09:00", topic=scene.to_operator, to=None, priority="urgent")
    due_at = ticket.due_at
    assert due_at is not None
    with at(due_at):
        set_priority(ticket.pk, "question", by=scene.agent)
        assert Ticket.objects.get(pk=ticket.pk).due_at == due_at
        sweep()
    assert Entry.objects.filter(kind="ClockRanOut", subject=f"ticket:{ticket.pk}").count() == 1
