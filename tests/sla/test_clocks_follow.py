"""Whatever is done to a ticket, in whatever order, the right clock runs, or none."""

from __future__ import annotations

import contextlib
import random
from datetime import timedelta

import pytest

from parley.journal.moment import at
from parley.parties.models import Membership, PartyKind
from parley.sla.choosing import policy_for
from parley.sla.sweeping import sweep
from parley.sla.working_time import working_seconds_between
from parley.tickets.assigning import set_priority
from parley.tickets.disputing import ask_operator, decide, step_in
from parley.tickets.ending import cancel, close
from parley.tickets.models import Priority, Ticket, TicketSide
from parley.tickets.replying import Reply, reply
from parley.tickets.states import NotAllowed, Side, Status, clock_holder
from sla.scene import Scene, clock

pytestmark = pytest.mark.django_db

ACTS = ("reply", "reply", "reply", "ask", "ask", "ask", "escalate", "step_in", "decide",
        "cancel", "close", "priority")  # fmt: skip


def act(chance: random.Random, what: str, ticket: int, scene: Scene, by: Membership) -> None:
    side = chance.choice([Side.OPENER, Side.COUNTERPARTY])
    match what:
        case "reply":
            reply(ticket, Reply(text="So it is."), by=by)
        case "ask":
            reply(ticket, Reply(text="Is it?", asks=True, asked=side), by=by)
        case "escalate":
            ask_operator(ticket, "Decide.", by=by)
        case "step_in":
            step_in(ticket, "We step in.", by=scene.agent)
        case "decide":
            decide(ticket, "both", "Each half.", by=scene.agent)
        case "cancel":
            cancel(ticket, by=by)
        case "close":
            close(ticket, by=by)
        case "priority":
            set_priority(ticket, chance.choice(Priority.values), by=scene.agent)


def check(ticket: Ticket) -> None:
    holder = clock_holder(ticket.state)
    sides = {side.side: side for side in TicketSide.objects.filter(ticket=ticket)}
    paused = {name for name, side in sides.items() if side.clock_left is not None}
    if ticket.status == Status.WAITING:
        assert len(paused) == 1
        assert holder not in paused
    else:
        assert not paused

    if holder is Side.NOBODY:
        assert ticket.due_at is ticket.clock_started_at is ticket.ran_out_at is None
        return
    assert ticket.clock_started_at
    assert ticket.due_soon_at
    assert ticket.due_at
    assert ticket.clock_started_at <= ticket.due_soon_at <= ticket.due_at == ticket.queue_at
    kind = PartyKind(sides[holder].party.kind)
    policy = policy_for(ticket.topic_id, ticket.priority, kind)
    assert policy is not None
    hours = policy.calendar.working_hours
    assert ticket.clock_seconds == working_seconds_between(
        hours, ticket.clock_started_at, ticket.due_at
    )


@pytest.mark.parametrize("seed", range(12))
def test_the_right_clock_runs(scene: Scene, seed: int) -> None:
    chance = random.Random(seed)
    moment = clock("Mon 09:00")
    operators = chance.random() < 0.25
    ticket = scene.opens(topic=scene.to_operator if operators else scene.to_supplier)
    people = [scene.seller, scene.agent] if operators else [scene.seller, scene.supplier]
    for _ in range(25):
        moment += timedelta(minutes=chance.choice([1, 30, 200, 900]))
        with at(moment):
            with contextlib.suppress(NotAllowed):
                act(
                    chance,
                    chance.choice(ACTS),
                    ticket.pk,
                    scene,
                    chance.choice([*people, scene.agent]),
                )
            ticket.refresh_from_db()
            check(ticket)
            sweep()
    ticket.refresh_from_db()
    check(ticket)
