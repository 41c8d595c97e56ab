"""Round robin: whose hands a ticket of a team goes into.

To the one of the team who is at work and has the fewest open tickets; of equals, to whom none was
given for longest. A ticket is handed out when it is opened or passed to the team and the operator has
a voice in it, and again when it comes back to the operator while whoever had it is away or has left.
Where nobody can take one it stays in the team's queue, and a job looks again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from parley.desk.models import Duty, Rota
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.parties.models import Membership, PartyKind
from parley.sla.models import Calendar
from parley.sla.working_time import working_seconds_between
from parley.tickets.assigning import put_into_hands
from parley.tickets.clocking import clocked_ticket
from parley.tickets.events import TicketEvent
from parley.tickets.models import IS_OPEN, Ticket

BATCH = 200
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
ONE_SECOND = 1

log = logging.getLogger(__name__)


@dataclass(frozen=True, order=True)
class Hand:
    """One who could take a ticket: the fewer open ones, and the longer ago the last, the sooner."""

    open: int
    given_at: datetime
    membership: int
    person: int


def next_hand(hands: Iterable[Hand], most_open: int) -> Hand | None:
    """Whose turn it is, of those at work; None if nobody has room. `most_open` 0: everybody has."""
    return min((hand for hand in hands if not most_open or hand.open < most_open), default=None)


def hand_out(event: Event, entry: Entry) -> None:
    """React at once to a ticket that was opened, passed on, or moved: see the top of this file."""
    assert isinstance(event, TicketEvent)
    if to_be_handed_out().filter(pk=event.ticket).exists():
        _give(clocked_ticket(event.ticket))


def hand_out_waiting(limit: int = BATCH) -> int:
    """Hand out what waits in teams' queues, the most pressing first; gives how many it was.

    Each in a transaction of its own, so that it can be killed at any moment and run again.
    """
    waiting = to_be_handed_out().filter(assignee=None).order_by("urgency", "queue_at", "id")
    done = 0
    full: set[int] = set()
    for key, team in list(waiting.values_list("pk", "team_id")[:limit]):
        if team in full:
            continue
        with transaction.atomic():
            # Whatever another process is at is not waited for: the next round finds it as it is then.
            if not Ticket.objects.select_for_update(skip_locked=True).filter(pk=key):
                continue
            if not waiting.filter(pk=key).exists():
                continue
            if _give(clocked_ticket(key)):
                done += 1
            elif team is not None:
                full.add(team)
    return done


def to_be_handed_out() -> QuerySet[Ticket]:
    """The tickets that somebody of their team should be given now.

    They are open, the operator has a voice in them, their team's rota is on, and they are in nobody's
    hands, or back with the operator and in the hands of one who is away or has left.
    """
    there = Membership.objects.filter(
        Q(duty=None) | Q(duty__away_since=None),
        party__kind=PartyKind.OPERATOR,
        active=True,
        person__is_active=True,
    )
    unattended = Q(turn_party__kind=PartyKind.OPERATOR) & ~Q(assignee__in=there.values("person"))
    return Ticket.objects.filter(
        IS_OPEN,
        Q(assignee=None) | unattended,
        operator_speaks=True,
        team__active=True,
        team__rota__on=True,
    )


def _give(ticket: Ticket) -> bool:
    """Put a locked ticket into the hands whose turn it is; says whether there were any."""
    # Locked: of two tickets at once, the second counts the first.
    rota = (
        Rota.objects.select_for_update(of=("self",))
        .select_related("calendar")
        .get(team=ticket.team_id)
    )
    hand = next_hand(_hands(rota), rota.most_open)
    if hand is None:
        return False
    put_into_hands(ticket, hand.person, by=None)
    Duty.objects.update_or_create(membership_id=hand.membership, defaults={"given_at": now()})
    return True


def _hands(rota: Rota) -> list[Hand]:
    in_hand = (
        Ticket.objects.filter(IS_OPEN, assignee=OuterRef("person"))
        .order_by()
        .values("assignee")
        .annotate(many=Count("pk"))
        .values("many")
    )
    members = (
        Membership.objects.filter(
            Q(duty=None) | Q(duty__away_since=None),
            teams__team=rota.team_id,
            active=True,
            person__is_active=True,
        )
        .select_related("duty__calendar")
        .annotate(open=Coalesce(Subquery(in_hand, output_field=IntegerField()), 0))
    )
    moment = now()
    return [
        Hand(
            member.open,
            (duty.given_at if duty else None) or NEVER,
            member.pk,
            member.person_id,
        )
        for member in members
        for duty in [getattr(member, "duty", None)]
        if works_at(moment, (duty.calendar if duty else None) or rota.calendar)
    ]


def works_at(moment: datetime, calendar: Calendar | None) -> bool:
    """Whether `moment` is working time by the calendar; without one it always is."""
    if calendar is None:
        return True
    try:
        hours = calendar.working_hours
    except (ValueError, KeyError, OSError):
        # Whoever opens a ticket can't mend a calendar; the log says which one it is.
        log.exception("The calendar %s can't be read: taken as always open", calendar)
        return True
    second = moment.replace(microsecond=0)
    return working_seconds_between(hours, second, _a_second_after(second)) == ONE_SECOND


def _a_second_after(moment: datetime) -> datetime:
    return datetime.fromtimestamp(moment.timestamp() + ONE_SECOND, tz=UTC)
