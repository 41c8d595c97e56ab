"""Having files looked at by a virus scanner (P5), where one is configured.

A file that was uploaded waits until the scanner has said that nothing is in it; until then nobody
is given it, and one with something in it nobody ever is. A scanner that is away keeps files
waiting, it never lets them through.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import IO

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from parley.conversations.clamd import (
    Address,
    ScannerDown,
    ScannerRefused,
    address_in,
    signature_in,
)
from parley.conversations.events import FileScanned
from parley.conversations.models import Attachment, Scan
from parley.journal.moment import now
from parley.journal.recording import record

LOG = logging.getLogger(__name__)
TO_SCAN = Q(scan__in=[Scan.UNSCANNED, Scan.REFUSED])
REFUSED_AGAIN_AFTER = timedelta(hours=6)
"""When a file that the scanner refused is shown to it again: its limits may have been raised."""


class FileNotTaken(ValueError):
    """A file is not taken because of what the scanner said, or could not say. `name` is the file's."""

    def __init__(self, name: str, found: str = "") -> None:
        super().__init__(name, found)
        self.name, self.found = name, found


class FileInfected(FileNotTaken):
    """There is a virus in the file; `found` is what it was recognised as."""


class NotScannedNow(FileNotTaken):
    """The file can't be looked at now."""


def scanner() -> Address | None:
    """The scanner that is configured, or None."""
    return _address(settings.CLAMAV) if settings.CLAMAV else None


@cache
def _address(text: str) -> Address:
    return address_in(text)


def must_be_clean(file: IO[bytes], name: str) -> None:
    """Have a file looked at before it is kept, for what is kept in one go; it is read from its start.

    Does nothing where no scanner is configured. Raises FileInfected or NotScannedNow.
    """
    where = scanner()
    if where is None:
        return
    file.seek(0)
    try:
        found = signature_in(file, where)
    except (ScannerDown, ScannerRefused) as trouble:
        LOG.warning("a file was not taken, since it was not scanned: %s", trouble)
        raise NotScannedNow(name) from trouble
    finally:
        file.seek(0)
    if found:
        raise FileInfected(name, found)


def scan_later(attachment: Attachment) -> None:
    """Have an upload looked at by a job, where a scanner is configured."""
    from parley.conversations.jobs import scan_file

    if scanner() is not None:
        scan_file.defer(attachment_id=str(attachment.pk))


def scan(attachment_id: uuid.UUID) -> bool:
    """Have an attachment looked at, and keep what was said; False when there was nothing to do.

    Raises ScannerDown: then it goes on waiting.
    """
    where = scanner()
    attachment = Attachment.objects.filter(TO_SCAN, pk=attachment_id).first()
    if where is None or attachment is None:
        return False
    try:
        with default_storage.open(attachment.stored_as) as file:
            found = signature_in(file, where)
    except ScannerRefused as refusal:
        return _keep(attachment, Scan.REFUSED, refusal.words)
    except FileNotFoundError:
        return _keep(attachment, Scan.REFUSED, "the file is not there")
    return _keep(attachment, Scan.INFECTED if found else Scan.CLEAN, found)


def scan_waiting(limit: int = 200) -> int:
    """Show the scanner what still waits, the newest first; gives how many files it looked at.

    Ends where the scanner is away: the next run goes on.
    """
    if scanner() is None:
        return 0
    done = 0
    for key in _waiting(limit):
        try:
            done += scan(key)
        except ScannerDown as trouble:
            LOG.warning("the virus scanner is away, files wait: %s", trouble)
            break
    return done


def _waiting(limit: int) -> Iterable[uuid.UUID]:
    refused_lately = Q(scan=Scan.REFUSED, scanned_at__gt=now() - REFUSED_AGAIN_AFTER)
    waiting = Attachment.objects.filter(TO_SCAN).exclude(refused_lately)
    return list(waiting.order_by("-created_at").values_list("pk", flat=True)[:limit])


def _keep(attachment: Attachment, said: Scan, found: str) -> bool:
    """Keep what the scanner said, once; and tell of it those who have the file before them."""
    with transaction.atomic():
        # Locked, so that a message either has claimed it by now or sees what was said.
        row = (
            Attachment.objects.select_for_update(of=("self",))
            .select_related("message")
            .filter(TO_SCAN, pk=attachment.pk)
            .first()
        )
        if row is None:
            return False
        again = row.scan == said
        row.scan, row.found, row.scanned_at = said, found[:200], now()
        row.save(update_fields=["scan", "found", "scanned_at"])
        if not again:
            record(
                FileScanned(
                    file=str(row.pk),
                    name=row.name,
                    scan=said.value,
                    found=row.found,
                    conversation=row.message.conversation_id if row.message else None,
                    message=row.message_id,
                ),
                by=None,
            )
    if said == Scan.CLEAN and row.message_id and row.is_image:
        from parley.conversations.jobs import make_thumbnail

        make_thumbnail.defer(attachment_id=str(row.pk))
    return True
