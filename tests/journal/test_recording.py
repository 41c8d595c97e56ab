"""The journal: one entry for each change, in its transaction, told once to each who reacts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from django.db import connection, transaction

from cast import Cast
from crowd import all_at_once
from parley.journal import recording
from parley.journal.access import entries_of
from parley.journal.events import Event, event_from
from parley.journal.models import Entry, Told
from parley.journal.moment import at, now
from parley.journal.recording import CHANNEL, Reactions, record, run_later, without_later

ZONE = timezone(timedelta(hours=3))


@dataclass(frozen=True, kw_only=True)
class LampLit(Event):
    lamp: int
    colours: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return f"lamp:{self.lamp}"

    @property
    def topics(self) -> tuple[str, ...]:
        return self.told


@pytest.fixture(autouse=True)
def own_reactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "_table", Reactions())


def reactions(monkeypatch: pytest.MonkeyPatch, **table: object) -> None:
    monkeypatch.setattr(recording, "_table", Reactions(**table))  # type: ignore[arg-type]


def jobs() -> list[int]:
    """The entries whose later reactions wait in the queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args->>'entry_id')::bigint FROM procrastinate_jobs"
            " WHERE task_name = 'journal.tell_later' ORDER BY id"
        )
        return [entry for (entry,) in cursor.fetchall()]


def test_an_entry_says_what_when_and_who(cast: Cast) -> None:
    moment = datetime(2026, 11, 21, 12, 30, 15, 123456, tzinfo=ZONE)
    with at(moment):
        entry = record(LampLit(lamp=7, colours=("красный", "«blue»")), by=cast.agent)
    kept = Entry.objects.get()
    assert kept.pk == entry.pk
    assert (kept.kind, kept.subject, kept.at) == ("LampLit", "lamp:7", moment)
    assert (kept.person_id, kept.party_id) == (cast.agent.person_id, cast.operator.pk)
    assert kept.data == {"lamp": 7, "colours": ["красный", "«blue»"], "told": []}
    assert event_from(kept.kind, kept.data) == LampLit(lamp=7, colours=("красный", "«blue»"))


def test_the_clock_has_no_name(db: None) -> None:
    record(LampLit(lamp=1), by=None)
    entry = Entry.objects.get()
    assert (entry.person_id, entry.party_id) == (None, None)


def test_entries_are_read_in_order_and_by_kind(db: None) -> None:
    for lamp in (1, 2, 1):
        record(LampLit(lamp=lamp), by=None)
    assert [e.data["lamp"] for e in entries_of("lamp:1")] == [1, 1]
    assert entries_of("lamp:1", ["LampLit"]).count() == 2
    assert entries_of("lamp:1", ["LampBroken"]).count() == 0
    assert entries_of("lamp:1", []).count() == 0


def test_an_unknown_kind_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        event_from("LampEaten", {})


def test_an_event_has_a_kind_of_its_own() -> None:
    """Two rooms with an event of the same name would read each other's entries."""
    with pytest.raises(TypeError, match="has an event TicketRated already"):
        type("TicketRated", (Event,), {"__module__": "parley.orders.events"})
    assert Event.kinds["TicketRated"].__module__ == "parley.tickets.events"


@pytest.mark.usefixtures("transactional_db")
class TestInTransactions:
    def test_outside_of_one_nothing_is_recorded(self) -> None:
        with pytest.raises(RuntimeError, match="transaction"):
            record(LampLit(lamp=1), by=None)
        assert not Entry.objects.exists()

    def test_a_change_that_fails_leaves_no_entry_no_job_and_no_word(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reactions(monkeypatch, later={LampLit: (rings,)})
        before = jobs()
        with listening() as heard:
            with transaction.atomic():
                record(LampLit(lamp=1, told=("lamp/1",)), by=None)
                transaction.set_rollback(True)
            assert heard() == []
        assert not Entry.objects.exists()
        assert jobs() == before

    def test_live_topics_are_told_on_commit(self) -> None:
        with listening() as heard:
            with transaction.atomic():
                entry = record(LampLit(lamp=1, told=("lamp/1", "party/2")), by=None)
                assert heard() == [], "not before it is true"
            assert heard() == [{"entry": entry.pk, "topics": ["lamp/1", "party/2"]}]

    def test_without_topics_nobody_is_told(self) -> None:
        with listening() as heard:
            with transaction.atomic():
                record(LampLit(lamp=1), by=None)
            assert heard() == []

    def test_each_later_reaction_stands_for_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One that fails is tried again, and those that have run are not."""
        rang.clear()
        fails = iter([True, False])

        def stumbles(event: Event, entry: Entry) -> None:
            Entry.objects.create(at=now(), kind="Stumbled", subject="x")
            if next(fails):
                raise ValueError("not yet")

        reactions(monkeypatch, later={LampLit: (rings, stumbles)})
        with transaction.atomic():
            entry = record(LampLit(lamp=1), by=None)
        with pytest.raises(ValueError, match="not yet"):
            run_later(entry.pk)
        assert (rang, Entry.objects.filter(kind="Stumbled").count()) == ([entry.pk], 0)
        run_later(entry.pk)
        run_later(entry.pk)
        assert (rang, Entry.objects.filter(kind="Stumbled").count()) == ([entry.pk], 1)
        assert Told.objects.count() == 2

    def test_a_worker_that_dies_in_a_reaction_has_not_told(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rang.clear()

        def dies(event: Event, entry: Entry) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        dies.__name__ = "rings"
        dies.__module__ = rings.__module__
        with transaction.atomic():
            entry = record(LampLit(lamp=1), by=None)
        reactions(monkeypatch, later={LampLit: (dies,)})
        (died,) = all_at_once([lambda: run_later(entry.pk)])
        assert isinstance(died, Exception)
        reactions(monkeypatch, later={LampLit: (rings,)})
        run_later(entry.pk)
        assert rang == [entry.pk]


rang: list[int] = []


def rings(event: Event, entry: Entry) -> None:
    rang.append(entry.pk)


def test_reactions_at_once_see_the_entry_and_may_refuse_the_change(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[Event, int]] = []

    def sees(event: Event, entry: Entry) -> None:
        assert Entry.objects.filter(pk=entry.pk).exists()
        seen.append((event, entry.pk))

    def refuses(event: Event, entry: Entry) -> None:
        raise ValueError("no")

    reactions(monkeypatch, at_once={LampLit: (sees,)})
    entry = record(LampLit(lamp=1), by=None)
    assert seen == [(LampLit(lamp=1), entry.pk)]

    reactions(monkeypatch, at_once={LampLit: (refuses,)})
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        record(LampLit(lamp=2), by=None)
    assert Entry.objects.count() == 1


def test_later_reactions_wait_in_the_queue(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    reactions(monkeypatch, later={LampLit: (rings,)})
    entry = record(LampLit(lamp=1), by=None)
    with without_later():
        record(LampLit(lamp=2), by=None)
    assert jobs()[-1:] == [entry.pk]


def test_the_moment_can_be_fixed_and_is_let_go() -> None:
    moment = datetime(2026, 11, 21, 12, tzinfo=ZONE)
    with at(moment):
        assert now() == moment
        assert now().tzinfo is UTC
        with at(moment + timedelta(days=1)):
            assert now() == moment + timedelta(days=1)
        assert now() == moment
    assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"), at(datetime(2026, 11, 21)):
        pass


@contextmanager
def listening() -> Iterator[object]:
    """What other processes hear: call what is given for the payloads since the last call."""
    parameters = connection.get_connection_params()
    words = {
        k: parameters[k]
        for k in ("dbname", "user", "password", "host", "port")
        if parameters.get(k)
    }
    with psycopg.connect(**words, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        yield lambda: [json.loads(notice.payload) for notice in listener.notifies(timeout=0.3)]
