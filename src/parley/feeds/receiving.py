"""Files to import: uploaded and mapped by a person, or fetched by a feed on its schedule."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from parley.conversations.attaching import FileTooLarge, clean_name
from parley.conversations.scanning import must_be_clean
from parley.feeds import applying
from parley.feeds.access import feeds_of, runs_of
from parley.feeds.mapping import guess, usable
from parley.feeds.models import Every, Feed, FeedRun, State
from parley.journal.moment import now
from parley.parties.models import Membership
from parley.transfer.kinds import Kind
from parley.transfer.places import visit
from parley.transfer.tables import read_table
from parley.transfer.troubles import PlaceTrouble

MOST_FETCHED = 200 * 1024 * 1024
"""Bytes of a file that is fetched."""
_WAITS = {
    Every.QUARTER: timedelta(minutes=15),
    Every.HOURLY: timedelta(hours=1),
    Every.DAILY: timedelta(days=1),
}
_FIRST_RETRY = timedelta(minutes=5)


class MappingRefused(ValueError):
    """The file can't be imported with this mapping: no column is the SKU, or nothing else is mapped."""


def upload(file: File[bytes], name: str, *, by: Membership) -> FeedRun:
    """Keep an uploaded file, its columns mapped as their headings suggest; nothing is applied yet.

    Raises FileTooLarge, TableUnreadable, and FileNotTaken by the virus scanner; then nothing is kept.
    """
    if file.size > settings.FILE_LIMIT:
        raise FileTooLarge(clean_name(name), file.size, settings.FILE_LIMIT)
    table = read_table(_binary(file))
    must_be_clean(_binary(file), clean_name(name))
    run = FeedRun(
        supplier_id=by.party_id,
        person_id=by.person_id,
        file_name=clean_name(name),
        mapping=guess(table.columns),
    )
    _store(run, file)
    return run


def change_mapping(
    run_id: int, mapping: Mapping[str, str], *, creates: bool, by: Membership
) -> FeedRun:
    """Map an uploaded file's columns otherwise, before it is imported. Raises FeedRun.DoesNotExist."""
    with transaction.atomic():
        run = _waiting(run_id, by)
        run.mapping, run.creates = dict(mapping), creates
        run.save(update_fields=["mapping", "creates"])
    return run


def start(run_id: int, *, by: Membership) -> FeedRun:
    """Have an uploaded file imported, by a job; begun already, it is not begun again.

    Raises FeedRun.DoesNotExist, MappingRefused and TableUnreadable.
    """
    with transaction.atomic():
        run = runs_of(by).select_for_update().get(pk=run_id)
        if run.state != State.MAPPING:
            return run
        with default_storage.open(run.stored_as) as file:
            run.mapping = usable(run.mapping, read_table(file).columns)
        if "sku" not in run.mapping or len(run.mapping) < 2:
            raise MappingRefused
        _queue(run)
    return run


def discard(run_id: int, *, by: Membership) -> None:
    """Throw an uploaded file away that was not imported. Raises FeedRun.DoesNotExist."""
    with transaction.atomic():
        run = _waiting(run_id, by)
        path = run.stored_as
        run.delete()
        transaction.on_commit(lambda: default_storage.delete(path))


def run_now(feed_id: int, *, by: Membership) -> None:
    """Have a feed look for its file at once. Raises Feed.DoesNotExist."""
    with transaction.atomic():
        feed = feeds_of(by).get(pk=feed_id)
        _fetch_later(feed)


def fetch_due(limit: int = 50) -> int:
    """Have each feed whose time has come looked at by a job, once; gives how many."""
    due = list(
        Feed.objects.filter(active=True, next_run_at__lte=now()).values_list("pk", flat=True)[
            :limit
        ]
    )
    return sum(_claim(key) for key in due)


def fetch(feed_id: int) -> FeedRun | None:
    """Fetch a feed's file and queue it, unless it is the one that was fetched last.

    Gives the run; None when there is nothing new. What went wrong stands in a run as well.
    """
    feed = Feed.objects.select_related("supplier", "person").get(pk=feed_id)
    with tempfile.TemporaryFile() as into:
        try:
            seen = _read(feed, into)
        except PlaceTrouble as trouble:
            return _note_trouble(feed, trouble.words)
        if seen is None:
            return None
        run = FeedRun(
            supplier=feed.supplier,
            feed=feed,
            person=feed.person,
            file_name=feed.file_name,
            mapping=feed.mapping,
            creates=feed.creates,
        )
        into.seek(0)
        with transaction.atomic():
            _store(run, File(into, name=feed.file_name))
            _queue(run)
            Feed.objects.filter(pk=feed.pk).update(seen=seen, failures=0)
    return run


def _claim(feed_id: int) -> bool:
    with transaction.atomic():
        free = Feed.objects.filter(pk=feed_id, active=True, next_run_at__lte=now())
        feed = free.select_for_update(skip_locked=True).first()
        if feed is None:
            return False
        feed.next_run_at = now() + _WAITS[Every(feed.every)]
        feed.save(update_fields=["next_run_at"])
        _fetch_later(feed)
    return True


def _fetch_later(feed: Feed) -> None:
    from parley.feeds.jobs import fetch_feed

    fetch_feed.defer(feed_id=feed.pk)


def _read(feed: Feed, into: IO[bytes]) -> dict[str, str] | None:
    """Copy the feed's file to `into`; what it is, or None if it is the one known.

    The key of an SFTP server is pinned at the first time. Raises PlaceTrouble.
    """
    with visit(feed.as_place()) as session:
        found = next((one for one in session.files() if one.name == feed.file_name), None)
        stamp = f"{found.size} {found.changed_at}" if found and found.changed_at else ""
        if stamp and stamp == feed.seen.get("stamp"):
            return None
        session.read(feed.file_name, into, MOST_FETCHED)
        _pin(feed, session.shown)
    into.seek(0)
    sha256 = _sha256(into)
    return None if sha256 == feed.seen.get("sha256") else {"stamp": stamp, "sha256": sha256}


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


def _pin(feed: Feed, shown: str) -> None:
    if feed.kind == Kind.SFTP and shown and not feed.place.get("host_key"):
        feed.place = {**feed.place, "host_key": shown}
        feed.save(update_fields=["place"])


def _note_trouble(feed: Feed, words: str) -> FeedRun:
    """A run that says why the file could not be fetched; it is tried again, less and less often."""
    failures = feed.failures + 1
    wait = min(_WAITS[Every(feed.every)], _FIRST_RETRY * 2 ** min(failures - 1, 10))
    with transaction.atomic():
        again = now() + wait
        Feed.objects.filter(pk=feed.pk).update(failures=F("failures") + 1)
        Feed.objects.filter(pk=feed.pk, next_run_at__gt=again).update(next_run_at=again)
        run = FeedRun.objects.create(
            supplier=feed.supplier, feed=feed, person=feed.person, file_name=feed.file_name,
            state=State.QUEUED,
        )  # fmt: skip
        applying.fail(run, words or _("The file could not be fetched."))
    return run


def _waiting(run_id: int, by: Membership) -> FeedRun:
    return runs_of(by).select_for_update().get(pk=run_id, state=State.MAPPING)


def _store(run: FeedRun, file: File[bytes]) -> None:
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    for chunk in file.chunks():
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    ending = PurePosixPath(run.file_name).suffix[:10]
    run.sha256, run.size = digest.hexdigest(), size
    run.stored_as = default_storage.save(f"imports/{now():%Y/%m}/{run.sha256[:32]}{ending}", file)
    try:
        run.save()
    except BaseException:
        default_storage.delete(run.stored_as)
        raise


def _queue(run: FeedRun) -> None:
    from parley.feeds.jobs import carry_out

    run.state = State.QUEUED
    run.save(update_fields=["state", "mapping"])
    carry_out.defer(run_id=run.pk)


def _binary(file: File[bytes]) -> IO[bytes]:
    opened = file.file
    assert opened is not None
    return opened
