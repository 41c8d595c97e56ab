"""Taking in a file of orders, by a job: its rows are stored first, then each order is made of its rows.

Rows of the same order number are one order, wherever they stand in the file. Rows wait in the database,
and an order and the outcome of its rows are written in one transaction: a job killed at any moment goes
on where it was. Nothing holds more than the rows of one order.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q

from parley.channels import events
from parley.channels.connectors.file import columns
from parley.channels.connectors.file.mapping import order_of_rows
from parley.channels.models import Connection, FileRow, FileState, OrderFile, Outcome
from parley.channels.reasons import Unmappable, reason
from parley.journal.moment import now
from parley.journal.recording import record
from parley.orders.models import Order
from parley.orders.taking import NotWanted, known_versions, take_in
from parley.transfer.tables import TableUnreadable, read_table

LOST_AFTER = timedelta(minutes=2)
BATCH = 1000
LONGEST_ID = 100

log = logging.getLogger(__name__)


def lost() -> list[int]:
    """The files that are being taken in, and whose job has not been heard of for too long."""
    going = OrderFile.objects.filter(state__in=(FileState.READING, FileState.RUNNING))
    silent = Q(beat_at__lt=now() - LOST_AFTER) | Q(beat_at=None, started_at__lt=now() - LOST_AFTER)
    return list(going.filter(silent).values_list("pk", flat=True))


def take_in_file(file_id: int) -> None:
    """Take in a file that was started, or go on where a killed job was. A second job does nothing."""
    file = _claim(file_id)
    if file is None:
        return
    try:
        if file.state == FileState.READING:
            _store_rows(file)
        _take_all(file)
    except TableUnreadable as problem:
        _fail(file, problem.in_words())
    except OSError:
        log.exception("File %s can't be read", file.pk)
        _fail(file, "")
    else:
        _finish(file)


def _claim(file_id: int) -> OrderFile | None:
    free = OrderFile.objects.filter(
        Q(beat_at=None) | Q(beat_at__lt=now() - LOST_AFTER),
        pk=file_id,
        state__in=(FileState.READING, FileState.RUNNING),
    )
    if not free.update(beat_at=now()):
        return None
    return OrderFile.objects.select_related("channel", "membership__party").get(pk=file_id)


def _store_rows(file: OrderFile) -> None:
    with transaction.atomic():
        FileRow.objects.filter(file=file).delete()
        count = 0
        with default_storage.open(file.stored_as) as stored:
            rows = _rows(file, stored)
            while batch := list(islice(rows, BATCH)):
                FileRow.objects.bulk_create(batch)
                count += len(batch)
        file.state, file.rows = FileState.RUNNING, count
        OrderFile.objects.filter(pk=file.pk).update(
            state=file.state, rows=count, done=0, made=0, known=0, refused=0, beat_at=now()
        )


def _rows(file: OrderFile, stored: object) -> Iterator[FileRow]:
    for row in read_table(stored).rows:  # type: ignore[arg-type]
        values = columns.values_of(row.values, file.mapping)
        values = {name: text.replace("\x00", "") for name, text in values.items()}
        yield FileRow(
            file=file,
            number=row.number,
            external_id=values.get("id", "")[:LONGEST_ID],
            values=values,
            reason=reason("surplus") if row.surplus else {},
        )


def _take_all(file: OrderFile) -> None:
    settings = (
        Connection.objects.filter(pk=file.channel_id).values_list("settings", flat=True).first()
    )
    while True:
        first = (
            FileRow.objects.filter(file=file, outcome=Outcome.WAITING).order_by("number").first()
        )
        if first is None:
            return
        _take_order(file, first, settings or {})
        OrderFile.objects.filter(pk=file.pk).update(beat_at=now())


def _take_order(file: OrderFile, first: FileRow, settings: dict[str, object]) -> None:
    rows = _rows_of_order(file, first)
    try:
        with transaction.atomic():
            if slipped := next((row.reason for row in rows if row.reason), None):
                raise Unmappable(slipped["code"])
            arrived = order_of_rows([row.values for row in rows], settings)
            known = bool(known_versions(file.channel, [arrived.external_id]))
            order = take_in(file.channel, arrived, by=file.membership)
            _note(file, rows, Outcome.KNOWN if known else Outcome.MADE, order=order)
    except Unmappable as problem:
        _note(file, rows, Outcome.REFUSED, why=problem.reason)
    except NotWanted:
        _note(file, rows, Outcome.REFUSED, why=reason("not_wanted"))
    except Exception:
        log.exception("Rows %s of file %s can't be taken in", first.number, file.pk)
        _note(file, rows, Outcome.REFUSED, why=reason("given_up"))


def _rows_of_order(file: OrderFile, first: FileRow) -> list[FileRow]:
    if not first.external_id:
        return [first]
    waiting = FileRow.objects.filter(
        file=file, external_id=first.external_id, outcome=Outcome.WAITING
    )
    return list(waiting.order_by("number"))


def _note(
    file: OrderFile,
    rows: list[FileRow],
    outcome: Outcome,
    *,
    order: Order | None = None,
    why: dict[str, str] | None = None,
) -> None:
    with transaction.atomic():
        FileRow.objects.filter(pk__in=[row.pk for row in rows]).update(
            outcome=outcome, reason=why or {}, order=order
        )
        counted = {
            Outcome.MADE: {"made": F("made") + 1},
            Outcome.KNOWN: {"known": F("known") + 1},
        }.get(outcome, {"refused": F("refused") + len(rows)})
        OrderFile.objects.filter(pk=file.pk).update(done=F("done") + len(rows), **counted)


def _finish(file: OrderFile) -> None:
    with transaction.atomic():
        running = OrderFile.objects.filter(pk=file.pk, state=FileState.RUNNING)
        if not running.update(state=FileState.DONE, finished_at=now(), beat_at=None):
            return
        file.refresh_from_db(fields=["made", "known", "refused"])
        event = events.FileTakenIn(
            channel=file.channel_id,
            seen=(file.channel.seller_id,),
            file=file.pk,
            made=file.made,
            known=file.known,
            refused=file.refused,
        )
        record(event, by=file.membership)


def _fail(file: OrderFile, words: str) -> None:
    with transaction.atomic():
        OrderFile.objects.filter(pk=file.pk).update(
            state=FileState.FAILED, reason=words[:300], finished_at=now(), beat_at=None
        )
        seen = (file.channel.seller_id,)
        record(events.FileFailed(channel=file.channel_id, seen=seen, file=file.pk), by=None)
