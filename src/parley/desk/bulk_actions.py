"""What can be done to many tickets at once: how each change is read off a ticket, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from parley.desk.models import BulkAction
from parley.journal.moment import now
from parley.parties.models import Membership
from parley.tickets.assigning import (
    NotAnAgent,
    NotATeam,
    PriorityUnknown,
    assign,
    pass_to,
    set_priority,
)
from parley.tickets.models import NO_CLOCK, Tagging, Ticket
from parley.tickets.snoozing import NotToBeSnoozed, snooze, wake
from parley.tickets.tagging import TagUnknown, put_tag, take_tag

REFUSALS = (NotAnAgent, NotATeam, PriorityUnknown, TagUnknown, NotToBeSnoozed, Ticket.DoesNotExist)
"""Why one ticket may not take a change: the others do."""


@dataclass(frozen=True)
class Change:
    """How a ticket stands in this matter, how it is to stand, and how it is made stand so.

    `current` and `wanted` are of JSON's kinds; `put` takes the ticket's number, how it is to stand,
    the value of the action and who does it. `kept` is what is put back where that is more than
    `current`; `before` gives either.
    """

    current: Callable[[Ticket, Any], Any]
    wanted: Callable[[Any], Any]
    put: Callable[[int, Any, Any, Membership], object]
    kept: Callable[[Ticket], Any] | None = None

    def before(self, ticket: Ticket, value: Any) -> Any:
        """How the ticket stands, as it is put back."""
        return self.kept(ticket) if self.kept else self.current(ticket, value)


def change_of(action: str) -> Change:
    """The change that an action makes. Raises ValueError for one that there is not."""
    return _CHANGES[BulkAction(action)]


def _same(value: Any) -> Any:
    return value


def _has_tag(ticket: Ticket, tag: Any) -> bool:
    return Tagging.objects.filter(ticket=ticket, tag=tag).exists()


def _put_tag(number: int, on: Any, tag: Any, by: Membership) -> object:
    return put_tag(number, tag, by=by) if on else take_tag(number, tag, by=by)


def _aside(ticket: Ticket, _value: Any) -> str | None:
    """None: it is not; empty: until somebody replies; else until then (ISO 8601)."""
    if ticket.snoozed_until is None:
        return None
    return "" if ticket.snoozed_until == NO_CLOCK else _in_utc(ticket.snoozed_until.isoformat())


def _in_utc(moment: str) -> str:
    """The same moment always as the same text, whatever zone it was said in."""
    return datetime.fromisoformat(moment).astimezone(UTC).isoformat() if moment else ""


def _put_aside(number: int, until: Any, _value: Any, by: Membership) -> object:
    moment = datetime.fromisoformat(until) if until else None
    # What was put aside until a moment that has passed meanwhile would be back by now.
    if until is None or (moment is not None and moment <= now()):
        return wake(number, by=by)
    return snooze(number, moment, by=by)


def _pass(number: int, team: Any, _value: Any, by: Membership) -> object:
    """To a team; or back, with the hands it was in, unless it is in somebody's by then."""
    team, hands = team if isinstance(team, list) else (team, None)
    ticket = pass_to(number, team, by=by)
    if hands is not None and ticket.assignee_id is None:
        with suppress(NotAnAgent):
            assign(number, hands, by=by)
    return ticket


_TAGGED = Change(_has_tag, lambda _tag: True, _put_tag)
_CHANGES: dict[BulkAction, Change] = {
    BulkAction.ASSIGN: Change(
        lambda ticket, _value: ticket.assignee_id,
        _same,
        lambda number, person, _value, by: assign(number, person, by=by),
    ),
    BulkAction.TEAM: Change(
        lambda ticket, _value: ticket.team_id,
        _same,
        _pass,
        kept=lambda ticket: [ticket.team_id, ticket.assignee_id],
    ),
    BulkAction.PRIORITY: Change(
        lambda ticket, _value: ticket.priority,
        _same,
        lambda number, priority, _value, by: set_priority(number, priority, by=by),
    ),
    BulkAction.TAG: _TAGGED,
    BulkAction.UNTAG: Change(_has_tag, lambda _tag: False, _put_tag),
    BulkAction.SNOOZE: Change(_aside, _in_utc, _put_aside),
    BulkAction.WAKE: Change(_aside, lambda _value: None, _put_aside),
}
