"""Folding what happened to tickets into the cells, ticket by ticket.

A ticket that something happened to is walked through anew from its journal; what it contributed before
is taken away, and what it contributes now is added. So a repeat changes nothing, a ticket that changes
hands or topic moves with all its figures, and figures of years are made by the same few lines as those
of the last minute. One worker folds at a time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from parley.journal.models import Entry
from parley.parties.access import operator
from parley.parties.settling import settled
from parley.postgres.waiting import one_at_a_time
from parley.reports.counting import COLUMNS, Amount, Place, amounts_of
from parley.reports.models import Cell, TicketFacts
from parley.reports.settings import TIME_ZONE
from parley.reports.walking import About, Facts, Said, What, walk
from parley.sla.choosing import policy_for
from parley.sla.models import Policy
from parley.sla.working_time import WorkingHours, working_seconds_between
from parley.tickets.events import PriorityChanged
from parley.tickets.models import Purpose, Ticket

BATCH = 500
"""Tickets in one transaction, of those that something happens to."""
BATCH_OF_ALL = 4_000
"""And when everything is made anew: the more at once, the fewer cells are written twice."""
_MEASURED = (What.ANSWERED, What.COMPLETED)


def fold(limit: int = BATCH) -> int:
    """Fold up to `limit` notes of what happened, oldest first; gives how many there were."""
    with transaction.atomic():
        one_at_a_time("reports")
        noted = _take(limit)
        if noted:
            _Fold().fold(sorted(set(noted)))
    return len(noted)


def fold_all() -> int:
    """Fold until nothing is left; gives how many notes there were."""
    folded = 0
    while noted := fold(BATCH_OF_ALL):
        folded += noted
    return folded


def note_all(*, anew: bool = False) -> int:
    """Note every ticket without figures for folding; gives how many.

    With `anew` every ticket there is, and working time is measured again, by the calendars that hold
    now. What tickets count that are deleted since stays as it is only without it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        one_at_a_time("reports")
        if anew:
            cursor.execute("TRUNCATE reports_cell, reports_ticketfacts, reports_stale")
        cursor.execute(
            """
            INSERT INTO reports_stale (ticket) SELECT id FROM tickets_ticket AS ticket
            WHERE NOT EXISTS (SELECT FROM reports_ticketfacts f WHERE f.ticket = ticket.id)
            ORDER BY id
            """
        )
        return int(cursor.rowcount)


def note_of_other_zone() -> int:
    """Note the tickets whose figures stand in days of another zone; gives how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        one_at_a_time("reports")
        cursor.execute(
            """
            INSERT INTO reports_stale (ticket)
            SELECT ticket FROM reports_ticketfacts WHERE facts ->> 'zone' <> %s ORDER BY ticket
            """,
            [settled(TIME_ZONE)],
        )
        return int(cursor.rowcount)


def _take(limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM reports_stale WHERE id IN (
                SELECT id FROM reports_stale ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
            ) RETURNING ticket
            """,
            [limit],
        )
        return [row[0] for row in cursor.fetchall()]


@dataclass
class _Fold:
    """One batch, with what is known of calendars while it lasts."""

    zone: str = field(default_factory=lambda: settled(TIME_ZONE))
    operator: int = field(default_factory=lambda: operator().pk)
    hours: dict[tuple[int, str, str], WorkingHours | None] = field(default_factory=dict)

    def fold(self, tickets: Sequence[int]) -> None:
        before = {row.ticket: row for row in TicketFacts.objects.filter(ticket__in=tickets)}
        said = _entries_of(tickets)
        changes: Counter[Amount] = Counter()
        changed: list[TicketFacts] = []
        for ticket in _tickets(tickets):
            had = before.get(ticket["id"])
            facts = self._facts(ticket, said[ticket["id"]], Facts.kept(had.facts) if had else None)
            if facts is None or (had and facts.to_keep() == had.facts):
                continue
            changes.update(amounts_of(facts))
            if had:
                changes.subtract(amounts_of(Facts.kept(had.facts)))
            changed.append(
                TicketFacts(
                    ticket=ticket["id"],
                    facts=facts.to_keep(),
                    opened_on=facts.opened_on,
                    ended_on=facts.ended_on,
                )
            )
        TicketFacts.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["ticket"],
            update_fields=["facts", "opened_on", "ended_on"],
        )
        add(changes)

    def _facts(
        self, ticket: Mapping[str, Any], said: list[Said], had: Facts | None
    ) -> Facts | None:
        about = About(
            topic=ticket["topic_id"],
            opener=ticket["opener_id"],
            counterparty=ticket["counterparty_id"],
            operator=self.operator,
            of_chat=ticket["purpose"] == Purpose.CHAT,
            zone=self.zone,
        )
        hours = self._hours(ticket["topic_id"], _first_priority(ticket, said), ticket["kind"])
        facts = walk(said, about, _measuring(hours))
        return _measured_once(facts, had) if facts and had else facts

    def _hours(self, topic: int, priority: str, kind: str) -> WorkingHours | None:
        """The hours of whoever is to answer; None where nothing is promised: then by the clock."""
        key = (topic, priority, kind)
        if key not in self.hours:
            policy = policy_for(*key)
            self.hours[key] = _hours_of(policy) if policy else None
        return self.hours[key]


def _hours_of(policy: Policy) -> WorkingHours | None:
    try:
        return policy.calendar.working_hours
    except ValueError:  # No calendar that anything could be reckoned with: as if there were none.
        return None


def _measuring(hours: WorkingHours | None) -> Callable[[datetime, datetime], int]:
    if hours is None:
        return lambda begin, end: max(0, int(end.timestamp()) - int(begin.timestamp()))
    return lambda begin, end: working_seconds_between(hours, begin, end)


def _measured_once(facts: Facts, had: Facts) -> Facts:
    """The facts with times as they were measured when it happened: calendars may have changed since."""
    known = {(one.what, one.at): one.value for one in had.happenings if one.what in _MEASURED}
    return Facts(
        facts.topic,
        facts.opener,
        facts.channel,
        facts.zone,
        tuple(
            one._replace(value=known.get((one.what, one.at), one.value)) for one in facts.happenings
        ),
    )


def _first_priority(ticket: Mapping[str, Any], said: Iterable[Said]) -> str:
    for one in said:
        if one.kind == PriorityChanged.__name__:
            return str(one.data["was"])
    return str(ticket["priority"])


def _entries_of(tickets: Sequence[int]) -> dict[int, list[Said]]:
    subjects = {f"ticket:{ticket}": ticket for ticket in tickets}
    said: dict[int, list[Said]] = defaultdict(list)
    rows = Entry.objects.filter(subject__in=list(subjects)).order_by("id")
    for subject, at, kind, person, party, data in rows.values_list(
        "subject", "at", "kind", "person_id", "party_id", "data"
    ).iterator(chunk_size=5_000):
        said[subjects[subject]].append(Said(at, kind, person, party, data))
    return said


def _tickets(tickets: Sequence[int]) -> Iterable[Mapping[str, Any]]:
    return (
        Ticket.objects.filter(pk__in=tickets)
        .order_by("pk")
        .values(
            "id",
            "topic_id",
            "opener_id",
            "counterparty_id",
            "priority",
            purpose=F("topic__purpose"),
            kind=F("counterparty__kind"),
        )
    )


def add(changes: Mapping[Amount, int]) -> None:
    """Add these amounts to the cells; cells that nothing is counted in any more go."""
    by_place: dict[Place, dict[tuple[str, str], int]] = defaultdict(dict)
    for amount, number in changes.items():
        if number:
            by_place[amount.place][amount.name, amount.by] = number
    known = _cells(by_place)
    made, gone = [], []
    for place, amounts in by_place.items():
        cell = known.get(place) or Cell(**place._asdict())
        _change(cell, amounts)
        if not _is_empty(cell):
            made.append(cell)
        elif cell.pk:
            gone.append(cell.pk)
    if gone:
        Cell.objects.filter(pk__in=gone).delete()
    Cell.objects.bulk_create(
        made,
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=[*Place._fields],
        update_fields=[*COLUMNS, "spreads"],
    )


def _cells(places: Iterable[Place]) -> dict[Place, Cell]:
    asked = list(places)
    columns: list[list[Any]] = [list(column) for column in zip(*asked, strict=True)] or [[]] * 4
    found = Cell.objects.raw(
        """
        SELECT cell.* FROM unnest(%s::text[], %s::text[], %s::text[], %s::date[])
            AS asked (dimension, key, grain, day)
        JOIN reports_cell AS cell USING (dimension, key, grain, day)
        """,
        columns,
    )
    return {Place(cell.dimension, cell.key, cell.grain, cell.day): cell for cell in found}


def _change(cell: Cell, amounts: Mapping[tuple[str, str], int]) -> None:
    for (name, by), number in amounts.items():
        if not by:
            setattr(cell, name, getattr(cell, name) + number)
            continue
        spread = cell.spreads.setdefault(name, {})
        spread[by] = spread.get(by, 0) + number
        if not spread[by]:
            del spread[by]
            if not spread:
                del cell.spreads[name]


def _is_empty(cell: Cell) -> bool:
    return not any(getattr(cell, name) for name in COLUMNS) and not cell.spreads
