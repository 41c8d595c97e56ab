"""Carrying out a run: choose, make, deliver, mark. Killed anywhere, it is resumed from there.

1. The set of orders is fixed (`choosing`), in one transaction.
2. The file is made of exactly that set, and kept (`making`): every later try sends the same bytes
   under the same name.
3. It is brought to its place under a temporary name. When all is written and checked, the run notes
   that name down; then the file gets its own.
4. Run and orders are marked in one transaction.

A try that was cut off between 3 and 4 has left its note: if the temporary file is gone from the
place, it was renamed, and nothing is sent a second time, even if the supplier has taken it away.

A session lock of PostgreSQL, which ends with its connection, keeps two workers from one run.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import F

from parley.exports import events
from parley.exports.choosing import choose, let_go, mark
from parley.exports.making import make_file
from parley.exports.models import UNFINISHED, Export, Run, State
from parley.journal.moment import now
from parley.journal.recording import record
from parley.transfer.kinds import Place
from parley.transfer.places import put_whole, was_renamed
from parley.transfer.troubles import PlaceTrouble

BACK_OFF = (1, 5, 15, 60, 180)
"""Minutes before each next try; after the last, the supplier is told."""
_LOCKS = 0x45585054
"""The kind of PostgreSQL's advisory locks that are runs' ("EXPT")."""

log = logging.getLogger(__name__)


def carry_out(run_id: int) -> None:
    """Bring a run as far as it goes now. Does nothing if it is done, not due, or another's."""
    with _alone_with(run_id) as alone:
        run = _claim(run_id) if alone else None
        if run is None:
            return
        try:
            choose(run)
            make_file(run)
            if not run.stored_as:
                _nothing_to_send(run)
                return
            _deliver(run)
        except PlaceTrouble as trouble:
            _put_off(run, trouble.kept())
        except Exception:
            log.exception("A run of an export broke: run %s", run_id)
            _put_off(run, {"trouble": "ours"})


def _claim(run_id: int) -> Run | None:
    """The run, if it is due: a conditional UPDATE says so to everybody else."""
    moment = now()
    due = Run.objects.filter(pk=run_id, state__in=UNFINISHED, next_try_at__lte=moment)
    claimed = due.update(
        state=State.RUNNING,
        attempts=F("attempts") + 1,
        started_at=moment,
        # When it is looked at again if this process is killed.
        next_try_at=moment + timedelta(minutes=1),
    )
    return Run.objects.select_related("export").get(pk=run_id) if claimed else None


def _deliver(run: Run) -> None:
    place = run.export.as_place()
    if _made_it_before(run, place):
        _finish(run)
        return

    def note(part: str) -> None:
        run.part, run.part_at = part, _address(place)
        run.save(update_fields=["part", "part_at"])

    with default_storage.open(run.stored_as) as file:
        shown = put_whole(
            place,
            run.file_name,
            file,
            attempt=str(run.attempts),
            about_to_rename=note,
        )
    _pin(run.export, shown)
    _finish(run)


def _made_it_before(run: Run, place: Place) -> bool:
    """Whether a try that was cut off had given the file its name at this very place."""
    if not run.part or run.part_at != _address(place):
        return False
    return was_renamed(place, run.part)


def _address(place: Place) -> str:
    return f"{place.kind}:{place.user}@{place.host}:{place.at_port}/{place.home}/{place.folder}"[
        :300
    ]


def _pin(export: Export, shown: str) -> None:
    """The first host key a server shows is the one it has to show from then on."""
    if export.kind != "sftp" or not shown or export.place.get("host_key"):
        return
    with transaction.atomic():
        fresh = Export.objects.select_for_update().get(pk=export.pk)
        if fresh.place != export.place:
            return  # It was changed meanwhile, and may be another server.
        fresh.place = {**fresh.place, "host_key": shown}
        fresh.save(update_fields=["place"])
        record(
            events.HostKeyPinned(export=export.pk, party=export.supplier_id, fingerprint=shown),
            by=None,
        )


def _finish(run: Run) -> None:
    """The file is there: run and orders are marked, together."""
    with transaction.atomic():
        mark(run)
        _close(run, State.DELIVERED, {})
        export = run.export
        record(
            events.ExportDelivered(
                export=export.pk,
                party=export.supplier_id,
                run=run.pk,
                orders=run.orders,
                file_name=run.file_name,
                sha256=run.sha256,
            ),
            by=None,
        )


def _nothing_to_send(run: Run) -> None:
    with transaction.atomic():
        let_go(run)
        _close(run, State.NOTHING, {})


def _put_off(run: Run, trouble: dict[str, str]) -> None:
    """Try again later; after the last time, tell the supplier, once."""
    if run.attempts <= len(BACK_OFF):
        run.state, run.trouble = State.WAITING, trouble
        run.next_try_at = now() + timedelta(minutes=BACK_OFF[run.attempts - 1])
        run.save(update_fields=["state", "trouble", "next_try_at"])
        return
    with transaction.atomic():
        tells = not run.told and not _failed_before(run)
        run.told = True
        _close(run, State.FAILED, trouble)
        if tells:
            export = run.export
            failed = events.ExportFailed(
                export=export.pk, party=export.supplier_id, run=run.pk, trouble=trouble
            )
            record(failed, by=None)


def _close(run: Run, state: State, trouble: dict[str, str]) -> None:
    run.state, run.trouble, run.finished_at, run.next_try_at = state, trouble, now(), None
    run.save(update_fields=["state", "trouble", "finished_at", "next_try_at", "told"])


def _failed_before(run: Run) -> bool:
    """Whether the export's run before this one had failed, too: the supplier knows."""
    before = Run.objects.filter(export=run.export_id, pk__lt=run.pk).order_by("-pk")
    last = before.exclude(state__in=(*UNFINISHED, State.NOTHING)).first()
    return last is not None and last.state == State.FAILED


@contextmanager
def _alone_with(run_id: int) -> Iterator[bool]:
    """Hold the run's lock for the block; whether it was free. It is let go when the process dies."""
    key = [_LOCKS, run_id % 0x7FFFFFFF]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        row = cursor.fetchone()
    alone = bool(row and row[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
