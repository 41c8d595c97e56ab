"""Uploading a file of orders: kept, looked at, its columns picked, and started."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from parley.channels import events
from parley.channels.access import files_of, worked_by
from parley.channels.connectors.file import columns
from parley.channels.connectors.file.mapping import order_of_rows
from parley.channels.models import Connection, FileState, OrderFile
from parley.channels.reasons import Unmappable, in_words, reason
from parley.conversations.attaching import clean_name
from parley.conversations.scanning import must_be_clean
from parley.journal.moment import now
from parley.journal.recording import record
from parley.orders.models import ChannelKind
from parley.orders.taking import ArrivedOrder
from parley.parties.models import Membership
from parley.transfer.tables import Row, TableUnreadable, read_table

SHOWN_ROWS = 20
LONGEST_HEADING = 100


class FileRefused(ValueError):
    """The file can't be used; the text says why, to the reader."""


class ColumnsMissing(ValueError):
    """Orders can't be made of these columns; `fields` are those that are missing."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True)
class Shown:
    """A row of the preview: its number and cells, and the order it becomes, or what is wrong."""

    number: int
    cells: list[str]
    order: ArrivedOrder | None
    problem: str


def upload(channel_id: int, name: str, file: IO[bytes], *, by: Membership) -> OrderFile:
    """Keep a file for one of the actor's channels that take files, with its columns guessed.

    Raises Channel.DoesNotExist, FileRefused, and FileNotTaken by the virus scanner.
    """
    channel = worked_by(by).get(pk=channel_id, kind=ChannelKind.FILE, active=True)
    size, digest = _measure(file)
    try:
        headings = [heading[:LONGEST_HEADING] for heading in read_table(file).columns]
    except TableUnreadable as problem:
        raise FileRefused(problem.in_words()) from None
    must_be_clean(file, clean_name(name))
    file.seek(0)
    remembered = channel.connection.settings.get("columns", {})
    stored_as = default_storage.save(f"orders/{get_random_string(32)}", File(file))
    with transaction.atomic():
        made = OrderFile.objects.create(
            channel=channel,
            membership=by,
            person_id=by.person_id,
            name=clean_name(name),
            stored_as=stored_as,
            size=size,
            sha256=digest,
            columns=headings,
            mapping=columns.guess(headings, remembered),
        )
        event = events.FileUploaded(
            channel=channel.pk, seen=(channel.seller_id,), file=made.pk, name=made.name
        )
        record(event, by=by)
    return made


def pick_columns(file_id: int, typed: Mapping[str, str], *, by: Membership) -> OrderFile:
    """Say which column is what, for a file that has not been started.

    `typed` is column → field. Raises OrderFile.DoesNotExist.
    """
    with transaction.atomic():
        file = _locked(file_id, by)
        if file.state == FileState.NEW:
            file.mapping = columns.chosen(file.columns, typed)
            file.save(update_fields=["mapping"])
    return file


def start(file_id: int, *, by: Membership) -> OrderFile:
    """Take the file in, by a job; once. Its columns are remembered for the channel's next file.

    Raises OrderFile.DoesNotExist and ColumnsMissing.
    """
    from parley.channels.jobs import take_in_file

    with transaction.atomic():
        file = _locked(file_id, by)
        if file.state != FileState.NEW:
            return file
        if lacking := columns.missing(file.mapping):
            raise ColumnsMissing(lacking)
        file.state, file.started_at, file.membership = FileState.READING, now(), by
        file.save(update_fields=["state", "started_at", "membership"])
        connection = Connection.objects.select_for_update().get(pk=file.channel_id)
        known = connection.settings.get("columns", {})
        known |= columns.remember(file.columns, file.mapping)
        connection.settings["columns"] = dict(list(known.items())[-200:])
        connection.save(update_fields=["settings"])
        seen = (file.channel.seller_id,)
        record(events.FileStarted(channel=file.channel_id, seen=seen, file=file.pk), by=by)
        take_in_file.defer(file_id=file.pk)
    return file


def preview(file: OrderFile, settings: Mapping[str, Any]) -> tuple[list[Shown], str]:
    """The first rows with what each becomes, and what is wrong with the file, if anything is."""
    try:
        with default_storage.open(file.stored_as) as stored:
            rows = list(islice(read_table(stored).rows, SHOWN_ROWS))
    except TableUnreadable as problem:
        return [], problem.in_words()
    except OSError:
        return [], _("The file is not there any more. Upload it again.")
    return [_shown(row, file.mapping, settings) for row in rows], ""


def _shown(row: Row, mapping: Mapping[str, str], settings: Mapping[str, Any]) -> Shown:
    cells = list(row.values.values())
    try:
        if row.surplus:
            raise Unmappable("surplus")
        order = order_of_rows([columns.values_of(row.values, mapping)], settings)
    except Unmappable as problem:
        return Shown(row.number, cells, None, problem_in_words(problem.reason))
    return Shown(row.number, cells, order, "")


def problem_in_words(why: Mapping[str, str]) -> str:
    """What is wrong with a row, with the field called as people know it."""
    name = why.get("where", "")
    field = columns.FIELDS.get(name)
    if field is None:
        return in_words(why)
    return in_words(reason(why["code"], where=str(field), value=why.get("value", "")))


def _locked(file_id: int, by: Membership) -> OrderFile:
    key = files_of(by).filter(channel__in=worked_by(by).order_by().values("id"))
    found = key.values_list("pk", flat=True).get(pk=file_id)
    return OrderFile.objects.select_for_update(of=("self",)).select_related("channel").get(pk=found)


def _measure(file: IO[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(1 << 20):
        digest.update(piece)
        size += len(piece)
    file.seek(0)
    return size, digest.hexdigest()
