"""Receiving files, and handing them to the message that sends them."""

from __future__ import annotations

import hashlib
import mimetypes
import unicodedata
import uuid
from collections.abc import Sequence
from datetime import timedelta

import puremagic
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from parley.conversations.models import Attachment, Message, Scan
from parley.conversations.scanning import FileInfected, scan_later
from parley.journal.moment import now
from parley.parties.models import Membership

LONGEST_NAME = 200
LONGEST_ENDING = 50
# Controls, and what turns the direction of a text around: `exe.gpj` must not read as `jpg.exe`.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# What a browser would run something in is told as the text or the bytes that it is.
_ACTIVE = frozenset(
    {
        "image/svg+xml",
        "application/xml",
        "application/xhtml+xml",
        "application/javascript",
        "application/x-shockwave-flash",
    }
)
# Persian and Indic names, and many emoji, are not spelt without them.
_JOINERS = "\u200c\u200d"

UNSENT_KEPT_FOR = timedelta(days=7)
"""How long an upload that no message has claimed is kept: as long as a draft may wait."""


class FileTooLarge(ValueError):
    """A file is over the limit for one file. `over` is by how many bytes, as far as known."""

    def __init__(self, name: str, size: int, limit: int) -> None:
        super().__init__(f"{name}: {size} bytes, over the limit of {limit}")
        self.name, self.size, self.limit, self.over = name, size, limit, size - limit


class MessageTooLarge(FileTooLarge):
    """The files of one message are together over the limit for a message."""


class AttachmentGone(ValueError):
    """An upload named by the message is not there any more, or is not this person's."""


class EmptyFile(ValueError):
    """A file of no bytes."""


def receive(by: Membership, name: str, file: File[bytes]) -> Attachment:
    """Keep an uploaded file for `by` until a message sends it.

    The bytes are hashed while they are stored, and the type is told by the content, not by the
    name. Raises FileTooLarge or EmptyFile; then nothing is kept.
    """
    limit = settings.FILE_LIMIT
    if file.size > limit:
        raise FileTooLarge(clean_name(name), file.size, limit)
    if not file.size:
        raise EmptyFile(name)
    digest = hashlib.sha256()
    head = b""
    for chunk in file.chunks():
        head = head or chunk[:8192]
        digest.update(chunk)
    file.seek(0)
    identifier = uuid.uuid4()
    path = default_storage.save(f"{now():%Y/%m}/{identifier.hex}", file)
    try:
        attachment = Attachment.objects.create(
            id=identifier,
            person_id=by.person_id,
            name=clean_name(name),
            size=file.size,
            media_type=media_type_of(head, name),
            sha256=digest.hexdigest(),
            stored_as=path,
        )
        scan_later(attachment)
    except BaseException:
        default_storage.delete(path)
        raise
    return attachment


def claim(message: Message, attachments: Sequence[uuid.UUID]) -> None:
    """Make the uploads part of `message`: in its transaction, all of them or none.

    Raises AttachmentGone, MessageTooLarge, or FileInfected where a scanner has found something by now.
    """
    assert message.person_id is not None, "uploads belong to a person"
    claimed = list(
        Attachment.objects.select_for_update()
        .filter(pk__in=attachments, person_id=message.person_id, message=None, held=False)
        # In one order, so that two messages after the same files never wait for each other.
        .order_by("pk")
    )
    if len(claimed) != len(set(attachments)):
        raise AttachmentGone
    total = sum(attachment.size for attachment in claimed)
    if total > settings.MESSAGE_LIMIT:
        raise MessageTooLarge(claimed[-1].name, total, settings.MESSAGE_LIMIT)
    for attachment in claimed:
        if attachment.scan == Scan.INFECTED:
            raise FileInfected(attachment.name, attachment.found)
    Attachment.objects.filter(pk__in=[a.pk for a in claimed]).update(message=message)
    for attachment in claimed:
        if attachment.is_image and not attachment.kept_back:
            _thumbnail_later(attachment)


def take_back(by: Membership, attachment_id: uuid.UUID) -> bool:
    """Remove one's own upload that has not been sent; False when there is none."""
    attachment = Attachment.objects.filter(
        pk=attachment_id, person_id=by.person_id, message=None, held=False
    ).first()
    return attachment is not None and _discard(attachment)


def discard_unsent(limit: int = 500) -> int:
    """Throw away uploads that no message claimed in time; gives how many."""
    old = Attachment.objects.filter(
        message=None, held=False, created_at__lt=now() - UNSENT_KEPT_FOR
    )[:limit]
    return sum(_discard(attachment) for attachment in old)


def _discard(attachment: Attachment) -> bool:
    gone, _kinds = Attachment.objects.filter(pk=attachment.pk, message=None).delete()
    if gone:
        transaction.on_commit(lambda: default_storage.delete(attachment.stored_as))
    return bool(gone)


def _thumbnail_later(attachment: Attachment) -> None:
    from parley.conversations.jobs import make_thumbnail

    make_thumbnail.defer(attachment_id=str(attachment.pk))


def clean_name(name: str) -> str:
    """A file's name without folders or control characters, in any script, at most 200 characters."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/")).rpartition("/")[2]
    kept = "".join(c for c in base if unicodedata.category(c) not in _UNSEEN or c in _JOINERS)
    stem, dot, ending = kept.strip(" .").rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        return kept.strip(" .")[:LONGEST_NAME].strip() or "file"
    return f"{stem[: LONGEST_NAME - 1 - len(ending)].strip()}.{ending}"


def media_type_of(head: bytes, name: str) -> str:
    """The media type told by the first bytes; plain text or unknown bytes when they tell nothing."""
    try:
        told = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        told = ""
    if told and not told.startswith("text/") and told not in _ACTIVE:
        return told
    try:
        head[:4096].decode("utf-8", errors="strict" if len(head) <= 4096 else "ignore")
    except UnicodeDecodeError:
        return "application/octet-stream"
    if b"\x00" in head:
        return "application/octet-stream"
    guessed = mimetypes.guess_type(name)[0]
    return "text/csv" if guessed == "text/csv" else "text/plain"
