"""Files of a message that go along with the mail of it: small ones, of kinds that mail servers let pass.

All others are linked. A file that a scanner has not cleared yet, where there is one, goes nowhere; and a
kind that some servers refuse would take the whole mail with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from email import encoders
from email.mime.base import MIMEBase

from django.core.files.storage import default_storage

from parley.conversations.models import Attachment
from parley.notifications.folding import one_line
from parley.parties.settling import Settled, settled

MEGABYTE = 1024 * 1024
MOST_ENCLOSED = 20 * MEGABYTE
"""More than this few servers take, as it grows by a third on the way."""
ENCLOSE_BYTES = Settled(
    "mail.enclose_bytes",
    5 * MEGABYTE,
    lambda value: type(value) is int and 0 <= value <= MOST_ENCLOSED,
)
"""How many bytes of files go along with one mail; 0: none, all are linked."""
KINDS = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "application/pdf",
        "text/plain",
        "text/csv",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)
"""Kinds that no mail server refuses for what they might do."""


def to_enclose(files: Sequence[Attachment], *, are_linked: bool) -> list[Attachment]:
    """Those of a message's files that go along with its mail: as many, in order, as there is room for.

    For whoever has no page to fetch them from (they are not linked), that is as much as servers take.
    """
    if not files:
        return []
    room = settled(ENCLOSE_BYTES) if are_linked else MOST_ENCLOSED
    chosen = []
    for file in files:
        if file.kept_back or file.media_type not in KINDS or file.size > room:
            continue
        chosen.append(file)
        room -= file.size
    return chosen


def enclosure(file: Attachment) -> MIMEBase:
    """A file as a part of a mail. Raises OSError when it is not in the storage any more."""
    main, _slash, sub = file.media_type.partition("/")
    part = MIMEBase(main, sub)
    with default_storage.open(file.stored_as) as stored:
        part.set_payload(stored.read())
    encoders.encode_base64(part)
    part.add_header(
        "Content-Disposition", "attachment", filename=("utf-8", "", one_line(file.name))
    )
    return part
