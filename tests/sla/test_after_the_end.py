"""A clock whose time is over, in the moments before a sweep has said so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parley.journal.models import Entry
from parley.journal.moment import at
from parley.sla.sweeping import sweep
from parley.tickets.assigning import set_priority
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
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


@pytest.mark.parametrize("swept", [False, True])
def test_an_answer_that_comes_late_hides_no_clock_that_ran_out(scene: Scene, swept: bool) -> None:
    """Whether a sweep came between or not: told once, and dated before the answer."""
    ticket = scene.opens("Mon 09:00")
    due_at = ticket.due_at
    assert due_at is not None
    if swept:
        with at(due_at):
            sweep()
    with at(due_at + timedelta(seconds=5)):
        reply(ticket.pk, Reply(text="On its way."), by=scene.supplier)
        sweep()
    ran_out = Entry.objects.get(kind="ClockRanOut", subject=f"ticket:{ticket.pk}")
    assert ran_out.data["party"] == scene.supplier.party_id
    assert ran_out.at == due_at


def test_an_answer_in_time_tells_of_nothing(scene: Scene) -> None:
    ticket = scene.opens("Mon 09:00")
    assert ticket.due_at is not None
    with at(ticket.due_at - timedelta(seconds=1)):
        reply(ticket.pk, Reply(text="On its way."), by=scene.supplier)
    assert not Entry.objects.filter(kind="ClockRanOut").exists()
