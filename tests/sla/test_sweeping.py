"""Each clock's end is told once: with many workers at once, and whatever crashes."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from parley.journal import recording
from parley.journal.models import Entry
from parley.journal.moment import at
from parley.sla import jobs, sweeping
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from sla.scene import Scene, clock


def told(kind: str) -> Counter[str]:
    return Counter(Entry.objects.filter(kind=kind).values_list("subject", flat=True))


def once_each(tickets: list[Ticket]) -> Counter[str]:
    return Counter(f"ticket:{ticket.pk}" for ticket in tickets)


def sweep_at(moment: str) -> int:
    with at(clock(moment)):
        return sweeping.sweep()


@pytest.mark.django_db
class TestOneWorker:
    def test_nothing_is_told_before_its_time(self, scene: Scene) -> None:
        scene.opens("Mon 10:00")
        assert sweep_at("Mon 16:22:29") == 0

    def test_due_soon_then_ran_out(self, scene: Scene) -> None:
        ticket = scene.opens("Mon 10:00")

        assert sweep_at("Mon 16:22:30") == 1
        ticket.refresh_from_db()
        assert ticket.due_soon_told_at == clock("Mon 16:22:30")
        assert ticket.ran_out_at is None
        assert sweep_at("Tue 09:59:59") == 0

        assert sweep_at("Tue 10:00") == 1
        ticket.refresh_from_db()
        assert ticket.ran_out_at == clock("Tue 10:00")
        assert ticket.due_soon_told_at == clock("Mon 16:22:30")
        assert sweep_at("Thu 10:00") == 0
        assert told("ClockDueSoon") == told("ClockRanOut") == once_each([ticket])

    def test_the_entry_says_whose_clock_and_who_may_know(self, scene: Scene) -> None:
        ticket = scene.opens("Mon 10:00")
        sweep_at("Tue 10:00")

        entry = Entry.objects.get(kind="ClockRanOut")
        assert entry.data == {
            "ticket": ticket.pk,
            "party": scene.supplier.party_id,
            "seen": sorted(m.party_id for m in (scene.seller, scene.supplier, scene.agent)),
            "due_at": "2026-11-10T10:00:00+00:00",
        }
        assert (entry.person_id, entry.party_id) == (None, None)

    def test_swept_late_what_ran_out_is_not_also_due_soon(self, scene: Scene) -> None:
        ticket = scene.opens("Mon 10:00")
        assert sweep_at("Wed 10:00") == 1
        assert told("ClockRanOut") == once_each([ticket])
        assert not told("ClockDueSoon")

    def test_an_answer_in_time_keeps_the_clock_silent(self, scene: Scene) -> None:
        ticket = scene.opens("Mon 10:00")
        with at(clock("Mon 15:00")):
            reply(ticket.pk, Reply(text="It left today."), by=scene.supplier)
        assert sweep_at("Fri 10:00") == 0

    def test_the_next_turn_has_a_clock_of_its_own(self, scene: Scene) -> None:
        ticket = scene.opens("Mon 10:00")
        sweep_at("Tue 10:00")
        with at(clock("Tue 11:00")):
            reply(ticket.pk, Reply(text="Which order?", asks=True), by=scene.supplier)
        ticket.refresh_from_db()
        assert (ticket.ran_out_at, ticket.due_soon_told_at) == (None, None)

        assert sweep_at("Wed 11:00") == 1
        parties = Entry.objects.filter(kind="ClockRanOut").order_by("id")
        assert [e.data["party"] for e in parties] == [
            scene.supplier.party_id,
            scene.seller.party_id,
        ]

    def test_more_than_a_batch_is_swept_at_once(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sweeping, "BATCH", 2)
        tickets = [scene.opens("Mon 10:00") for _ in range(5)]
        assert sweep_at("Tue 10:00") == 5
        assert told("ClockRanOut") == once_each(tickets)

    def test_the_job_sweeps(self, scene: Scene) -> None:
        ticket = scene.opens("Mon 10:00")
        with at(clock("Tue 10:00")):
            jobs.sweep_clocks(0)
        assert told("ClockRanOut") == once_each([ticket])

    def test_the_sweeps_walk_their_indexes(self, scene: Scene) -> None:
        scene.opens()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            for column, marked, index in (
                ("due_at", "ran_out_at", "sweep_ran_out"),
                ("due_soon_at", "due_soon_told_at", "sweep_due_soon"),
            ):
                cursor.execute(
                    f"EXPLAIN SELECT id FROM tickets_ticket WHERE {marked} IS NULL"
                    f" AND {column} <= now() ORDER BY {column} LIMIT 200 FOR UPDATE SKIP LOCKED"
                )
                assert index in str(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
class TestManyWorkers:
    def test_eight_at_once_tell_each_clock_once(self, scene: Scene) -> None:
        tickets = [scene.opens("Mon 10:00") for _ in range(40)]
        start = Barrier(8)

        def work(tell: Any, moment: str) -> int:
            start.wait()
            done = 0
            try:
                with at(clock(moment)):
                    while batch := tell(3):
                        done += batch
            finally:
                connection.close()
            return done

        for tell, moment, kind in (
            (sweeping.tell_due_soon, "Tue 09:00", "ClockDueSoon"),
            (sweeping.tell_ran_out, "Tue 10:00", "ClockRanOut"),
        ):
            with ThreadPoolExecutor(8) as workers:
                counts = [workers.submit(work, tell, moment) for _ in range(8)]
            assert sum(count.result() for count in counts) == 40
            assert told(kind) == once_each(tickets)

    def test_what_someone_is_answering_right_now_is_left_alone(self, scene: Scene) -> None:
        ticket = scene.opens("Mon 10:00")

        def sweep_aside() -> int:
            try:
                return sweep_at("Tue 10:00")
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as worker, transaction.atomic(), at(clock("Tue 10:00")):
            reply(ticket.pk, Reply(text="It left today."), by=scene.supplier)
            assert worker.submit(sweep_aside).result(timeout=10) == 0

        assert sweep_at("Tue 10:00") == 0
        assert not told("ClockRanOut")

    def test_an_error_between_claim_and_entry_loses_nothing(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tickets = [scene.opens("Mon 10:00") for _ in range(3)]
        monkeypatch.setattr(sweeping, "record", _after(2, _raise))
        with pytest.raises(RuntimeError, match="the lights went out"):
            sweep_at("Tue 10:00")
        assert not told("ClockRanOut")
        assert not Ticket.objects.exclude(ran_out_at=None).exists()

        monkeypatch.undo()
        sweep_at("Tue 10:01")
        sweep_at("Tue 10:02")
        assert told("ClockRanOut") == once_each(tickets)

    def test_a_lost_connection_between_claim_and_entry_loses_nothing(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tickets = [scene.opens("Mon 10:00") for _ in range(3)]
        monkeypatch.setattr(sweeping, "record", _after(2, _cut_the_connection))
        with pytest.raises(OperationalError):
            sweep_at("Tue 10:00")
        connection.close()
        assert not told("ClockRanOut")

        monkeypatch.undo()
        sweep_at("Tue 10:01")
        assert told("ClockRanOut") == once_each(tickets)

    @pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
    def test_a_killed_worker_loses_nothing(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tickets = [scene.opens("Mon 10:00") for _ in range(3)]
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        child = os.fork()
        if not child:
            monkeypatch.setattr(sweeping, "record", _after(2, _die))
            try:
                sweep_at("Tue 10:00")
            finally:
                os._exit(1)
        _pid, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL

        # The server lets go of the dead worker's rows in a moment; until then they are skipped.
        for _ in range(100):
            if sweep_at("Tue 10:01"):
                break
            time.sleep(0.05)
        assert told("ClockRanOut") == once_each(tickets)


def _after(times: int, crash: Any) -> Any:
    """The real `record` so many times, and then a crash."""
    calls = iter(range(times))

    def record(*args: Any, **kwargs: Any) -> Any:
        if next(calls, None) is None:
            crash()
        return recording.record(*args, **kwargs)

    return record


def _raise() -> None:
    raise RuntimeError("the lights went out")


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _cut_the_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
