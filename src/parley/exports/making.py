"""Making a run's file, with its hash, in constant memory; and letting go of old ones."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import timedelta

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from parley.exports.choosing import lines_of
from parley.exports.columns import chosen
from parley.exports.models import UNFINISHED, Export, Run
from parley.exports.scheduling import zone_of
from parley.exports.writing import Layout, write
from parley.journal.moment import now

KEPT_FOR = timedelta(days=90)
"""How long a file can be downloaded and sent again: addresses of people are in it."""


def make_file(run: Run) -> None:
    """Make the run's file of its orders, unless it is made already, and keep it.

    A try that is cut off leaves nothing that the next one would take for a file.
    """
    if run.stored_as:
        return
    with tempfile.TemporaryFile() as file:
        with transaction.atomic():
            counted = write(lines_of(run), layout_of(run.export), file)
        size = file.seek(0, 2)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        place = f"exports/{run.export_id}/{run.pk}"
        default_storage.delete(place)
        stored = default_storage.save(place, File(file)) if counted.orders else ""
    run.orders, run.size, run.sha256, run.stored_as = counted.orders, size, digest, stored
    run.save(update_fields=["orders", "size", "sha256", "stored_as"])


def layout_of(export: Export) -> Layout:
    """How the export's files are laid out."""
    return Layout(
        format=export.format,
        columns=chosen(export.columns),
        zone=zone_of(export),
        delimiter=export.delimiter,
        header=export.header,
        encoding=export.encoding,
    )


def discard_old(limit: int = 500) -> int:
    """Delete the files of runs long over; the runs stay in the list. Gives how many."""
    old = Run.objects.filter(finished_at__lt=now() - KEPT_FOR).exclude(stored_as="")
    done = 0
    for run in old.exclude(state__in=UNFINISHED).order_by("finished_at")[:limit]:
        shared = Run.objects.filter(stored_as=run.stored_as).exclude(pk=run.pk)
        if not shared.exists():
            default_storage.delete(run.stored_as)
        Run.objects.filter(pk=run.pk).update(stored_as="")
        done += 1
    return done
