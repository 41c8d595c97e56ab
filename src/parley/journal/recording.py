"""Recording what happened: the only way that anything is announced in this house."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import connection, transaction

from parley.journal.events import Actor, Event, event_from
from parley.journal.models import Entry
from parley.journal.moment import now

CHANNEL = "parley"
"""The LISTEN/NOTIFY channel; its payload is JSON: the entry's id and its live topics."""

Reaction = Callable[[Event, Entry], None]


@dataclass(frozen=True)
class Reactions:
    """Who reacts to what: `at_once` in the same transaction, `later` in a job."""

    at_once: Mapping[type[Event], tuple[Reaction, ...]] = field(default_factory=dict)
    later: Mapping[type[Event], tuple[Reaction, ...]] = field(default_factory=dict)


_table = Reactions()
_later_is_told: ContextVar[bool] = ContextVar("later_is_told", default=True)


def use(table: Reactions) -> None:
    """Make `table` the house's reactions; called once, when the site is put together."""
    global _table  # noqa: PLW0603 - one table for the house, set once
    _table = table


@contextmanager
def without_later() -> Iterator[None]:
    """Record without deferring the later reactions: for history that is filled in, not lived."""
    token = _later_is_told.set(False)
    try:
        yield
    finally:
        _later_is_told.reset(token)


def record(event: Event, *, by: Actor | None) -> Entry:
    """Write one entry, notify its live topics, run the reactions at once, defer the later ones.

    Must be called inside the transaction that makes the change; `by` is None for the clock.
    Raises RuntimeError outside a transaction, since entry and change must stand or fall together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("journal.record must be called inside the change's transaction")
    entry = _write(event, by)
    for react in _table.at_once.get(type(event), ()):
        react(event, entry)
    if type(event) in _table.later and _later_is_told.get():
        from parley.journal.jobs import tell_later

        tell_later.defer(entry_id=entry.pk)
    return entry


def _write(event: Event, by: Actor | None) -> Entry:
    entry = Entry(
        at=now(),
        kind=type(event).__name__,
        subject=event.subject,
        person_id=by.person_id if by else None,
        party_id=by.party_id if by else None,
        data=event.data(),
    )
    # One round trip for the row and its notification. PostgreSQL delivers it on commit.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH entry AS (
                INSERT INTO journal_entry (at, kind, subject, person_id, party_id, data)
                VALUES (%s, %s, %s, %s, %s, %s) RETURNING id
            )
            SELECT id, CASE WHEN %s <> '[]' THEN
                pg_notify(%s, json_build_object('entry', id, 'topics', %s::json)::text) END
            FROM entry
            """,
            [
                entry.at,
                entry.kind,
                entry.subject,
                entry.person_id,
                entry.party_id,
                json.dumps(entry.data, ensure_ascii=False),
                topics := json.dumps(event.topics),
                CHANNEL,
                topics,
            ],
        )
        row = cursor.fetchone()
    assert row is not None
    entry.pk = row[0]
    return entry


def run_later(entry_id: int) -> None:
    """Run the later reactions of an entry, each in a transaction of its own and only once."""
    entry = Entry.objects.get(pk=entry_id)
    event = event_from(entry.kind, entry.data)
    for react in _table.later.get(type(event), ()):
        with transaction.atomic():
            if _claim(entry, react):
                react(event, entry)


def _claim(entry: Entry, react: Reaction) -> bool:
    """Whether this reaction had not run yet; a second worker waits here for the first to commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_told (entry_id, reaction) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [entry.pk, f"{react.__module__}.{react.__name__}"],
        )
        return bool(cursor.rowcount == 1)
