"""Starting, pausing and stopping the clock as the turn of a ticket passes.

A side whose turn comes gets a fresh clock. A side that asks for something has its clock paused, and
the other side, which owes the information, gets one. When the turn comes back with the reply, the
paused clock goes on with what was left of it. Whatever else happens (an answer, a dispute, an end)
makes paused clocks void.
"""

from __future__ import annotations

import logging
from dataclasses import asdict

from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.journal.recording import record
from parley.sla.choosing import policy_for
from parley.sla.events import ClockRanOut
from parley.sla.models import Policy
from parley.sla.reckoning import changed_clock, fresh_clock, resumed_clock, seconds_left
from parley.sla.working_time import NoWorkingTime
from parley.tickets.clocking import clocked_ticket, keep_clock_left, set_clock, stop_clock
from parley.tickets.events import Moved, PriorityChanged
from parley.tickets.models import Ticket
from parley.tickets.moving import sides_of
from parley.tickets.states import IN_DISPUTE, Side, Status, clock_holder

logger = logging.getLogger(__name__)


def follow_turn(event: Event, entry: Entry) -> None:
    """React at once to a ticket that moved: let the right clock run, or none."""
    assert isinstance(event, Moved)
    if not event.clock_moved:
        return
    ticket = clocked_ticket(event.ticket)
    _tell_if_over(ticket, event)
    start_clock(ticket)


def _tell_if_over(ticket: Ticket, event: Moved) -> None:
    """Tell of a clock that ran out before the turn passed, and that no sweep had come to yet."""
    owed = sides_of(ticket).get(event.was)
    if owed is None or ticket.due_at is None or ticket.ran_out_at is not None:
        return
    if now() <= ticket.due_at:
        return  # An answer at the very moment is one in time.
    ran_out = ClockRanOut(
        ticket=ticket.pk, seen=event.seen, party=owed.party_id, due_at=ticket.due_at.isoformat()
    )
    # It stands in the history where it happened: before the answer that came too late.
    with at(ticket.due_at):
        record(ran_out, by=None)


def follow_priority(event: Event, entry: Entry) -> None:
    """React at once to a changed priority: the clock goes on by the policy that rules it now."""
    assert isinstance(event, PriorityChanged)
    change_clock(clocked_ticket(event.ticket), was=event.was)


def start_clock(ticket: Ticket) -> None:
    """Start the clock of the side whose turn it is; stop it when nobody owes an answer.

    The ticket is locked by this transaction, has its sides loaded with their parties, and still
    carries the clock that ran until now. No clock runs where no policy fits.
    """
    holder = clock_holder(ticket.state)
    if holder is Side.NOBODY:
        _void_pauses(ticket)
        stop_clock(ticket)
        return
    if ticket.status == Status.WAITING:
        _pause(ticket, _asker(ticket))
        _run(ticket, holder, left=None)
        return
    left = sides_of(ticket)[holder].clock_left
    _void_pauses(ticket)
    _run(ticket, holder, left)


def change_clock(ticket: Ticket, *, was: str) -> None:
    """Let the running clock go on by the policy of the new priority; `was` is the old one.

    A clock that has run out stays so until the turn passes: no relabelling undoes it, not even
    before a sweep has told of it.
    """
    holder = clock_holder(ticket.state)
    if holder is Side.NOBODY or (ticket.due_at is not None and ticket.due_at <= now()):
        return
    old, new = _policy(ticket, holder, priority=was), _policy(ticket, holder)
    if old == new:
        return
    if old is None or new is None or ticket.due_at is None or ticket.clock_started_at is None:
        _run(ticket, holder, left=None)
        return
    try:
        clock = changed_clock(
            old, new, started_at=ticket.clock_started_at, due_at=ticket.due_at, moment=now()
        )
    except NoWorkingTime:
        _without_clock(ticket, new)
    else:
        set_clock(ticket, **asdict(clock))


def _run(ticket: Ticket, holder: Side, left: int | None) -> None:
    policy = _policy(ticket, holder)
    if policy is None:
        stop_clock(ticket)
        return
    try:
        clock = fresh_clock(policy, now()) if left is None else resumed_clock(policy, now(), left)
    except NoWorkingTime:
        _without_clock(ticket, policy)
    else:
        set_clock(ticket, **asdict(clock))


def _without_clock(ticket: Ticket, policy: Policy) -> None:
    # The person who replied can't mend a calendar: their reply stands, and the log says why.
    logger.error("No clock on %s: no working time in %s", ticket.number, policy.calendar)
    stop_clock(ticket)


def _pause(ticket: Ticket, asker: Side) -> None:
    if sides_of(ticket)[asker].clock_left is not None:
        return  # Paused by an earlier question: the clock that ran since is the asked side's.
    policy = _policy(ticket, asker)
    if policy is None:
        return
    # Without a clock it owed no answer when it asked, and has used nothing of its time.
    left = policy.working_seconds
    if ticket.due_at is not None:
        left = seconds_left(policy, ticket.due_at, now())
    keep_clock_left(ticket, asker, left)


def _asker(ticket: Ticket) -> Side:
    return Side.OPERATOR if ticket.dispute in IN_DISPUTE else Side.COUNTERPARTY


def _void_pauses(ticket: Ticket) -> None:
    for name, row in sides_of(ticket).items():
        if row.clock_left is not None:
            keep_clock_left(ticket, name, None)


def _policy(ticket: Ticket, side: Side, priority: str | None = None) -> Policy | None:
    kind = sides_of(ticket)[side].party.kind
    return policy_for(ticket.topic_id, priority or ticket.priority, kind)
