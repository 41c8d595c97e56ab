"""A person's data to take along: a ZIP of JSON Lines and files (GDPR, Art. 15 and 20).

It holds what is about the person and what they have written and uploaded; nothing that others wrote,
and no secret (passwords, PINs, keys), which are kept sealed or hashed.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet

from parley.conversations.models import Attachment, Draft, Message
from parley.guard.models import HeldReply
from parley.journal.models import Entry
from parley.journal.recording import record
from parley.mailboxes.models import MailedMessage, RawMail, ReplyAddress
from parley.messenger.models import Chat
from parley.notifications.models import Mute, Notice, Preference, Undeliverable
from parley.parties.models import ApiToken, Membership, Person, PinUse, Role, Session
from parley.privacy.events import DataTaken
from parley.tickets.models import Ticket

CHUNK = 1024 * 1024
Row = dict[str, Any]
_README = """\
This is what Parley keeps of you, taken on your wish.

Each file *.jsonl has one JSON object on each line (https://jsonlines.org); moments are in UTC.
files/ has the files you have uploaded, under the id by which attachments.jsonl names them.
Passwords, support PINs, keys and secrets are not in it: they are kept so that nobody can read them.
"""


def may_take(person_id: int, by: Membership) -> bool:
    """Whether `by` may have it: the person, or an administrator of the operator who sends it to them."""
    return person_id == by.person_id or by.role == Role.ADMIN


def export(person_id: int, *, by: Membership) -> IO[bytes]:
    """The ZIP, open for reading at its start; the caller closes it.

    Raises PermissionDenied, Person.DoesNotExist. That it was taken is journalled, with its SHA-256.
    """
    if not may_take(person_id, by):
        raise PermissionDenied
    person = Person.objects.get(pk=person_id)
    archive: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - it outlives this function
    try:
        with transaction.atomic():
            _pack(person, archive)
            digest = _digest(archive)
            record(DataTaken(person=person.pk, sha256=digest), by=by)
    except BaseException:
        archive.close()
        raise
    archive.seek(0)
    return archive


def _pack(person: Person, archive: IO[bytes]) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("README.txt", _README)
        for name, rows in PARTS.items():
            with zipped.open(f"{name}.jsonl", "w") as file:
                for row in rows(person):
                    line = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
                    file.write(f"{line}\n".encode())
        for attachment in _uploads(person).iterator():
            _copy(zipped, attachment)


def _copy(zipped: zipfile.ZipFile, attachment: Attachment) -> None:
    # What a scanner keeps back is kept from its own uploader, too.
    if attachment.kept_back or not default_storage.exists(attachment.stored_as):
        return
    with (
        default_storage.open(attachment.stored_as) as stored,
        zipped.open(f"files/{attachment.pk}", "w") as target,
    ):
        while chunk := stored.read(CHUNK):
            target.write(chunk)


def _digest(archive: IO[bytes]) -> str:
    archive.seek(0)
    return hashlib.file_digest(archive, "sha256").hexdigest()  # type: ignore[arg-type]


def _uploads(person: Person) -> QuerySet[Attachment]:
    return Attachment.objects.filter(person=person).order_by("created_at")


def _person(person: Person) -> Iterator[Row]:
    yield {
        "id": person.pk,
        "email": person.email,
        "contact": person.contact,
        "name": person.name,
        "language": person.language,
        "time_zone": person.time_zone,
        "theme": person.theme,
        "created_at": person.created_at,
    }


def _values(
    rows: Callable[[Person], QuerySet[Any]], *fields: str
) -> Callable[[Person], Iterable[Row]]:
    """The given fields of rows, in the order of their keys; a table never stands whole in memory."""
    return lambda person: rows(person).order_by("pk").values(*fields).iterator(chunk_size=500)


PARTS: dict[str, Callable[[Person], Iterable[Row]]] = {
    "person": _person,
    "memberships": _values(
        lambda p: Membership.objects.filter(person=p), "party__name", "role", "active", "created_at"
    ),
    "sessions": _values(
        lambda p: Session.objects.filter(person=p), "began_at", "seen_at", "address", "device", "way"
    ),
    "api_tokens": _values(
        lambda p: ApiToken.objects.filter(membership__person=p),
        "name", "starts_with", "created_at", "last_used_at", "revoked_at",
    ),
    "support_pin_uses": _values(
        lambda p: PinUse.objects.filter(person=p), "at", "way", "outcome"
    ),
    "tickets": _values(
        lambda p: Ticket.objects.filter(opener_person=p),
        "id", "title", "opener__name", "counterparty__name", "order_number", "created_at", "ended_at",
        "stars", "rating_comment",
    ),
    "messages": _values(
        lambda p: Message.objects.filter(person=p),
        "id", "conversation__ticket", "party__name", "audience", "at", "text",
    ),
    "held_replies": _values(
        lambda p: HeldReply.objects.filter(sender__person=p), "ticket", "at", "text", "state", "reason"
    ),
    "chats": _values(
        lambda p: Chat.objects.filter(asker__person=p), "pk", "title", "language", "created_at"
    ),
    "attachments": _values(
        _uploads, "id", "message", "name", "size", "media_type", "sha256", "created_at"
    ),
    "drafts": _values(
        lambda p: Draft.objects.filter(person=p), "place", "text", "fields", "updated_at"
    ),
    "notices": _values(
        lambda p: Notice.objects.filter(person=p),
        "at", "kind", "event", "ticket", "order", "path", "read_at",
    ),
    "notice_choices": _values(lambda p: Preference.objects.filter(person=p), "kind", "way"),
    "undeliverable_addresses": _values(
        lambda p: Undeliverable.objects.filter(person=p), "address", "status", "at", "cleared_at"
    ),
    "mails": _values(
        lambda p: RawMail.objects.filter(person=p),
        "id", "received_at", "way", "sender", "subject", "message_id", "outcome", "verified", "ticket",
    ),
    "mail_signatures": _values(
        lambda p: MailedMessage.objects.filter(message__person=p), "message", "signature"
    ),
    "reply_addresses": _values(
        lambda p: ReplyAddress.objects.filter(person=p),
        "party__name", "ticket", "order", "created_at", "used_at", "revoked_at",
    ),
    "muted_tickets": _values(lambda p: Mute.objects.filter(person=p), "ticket"),
    "journal": _values(
        lambda p: Entry.objects.filter(person_id=p.pk), "at", "kind", "subject"
    ),
}  # fmt: skip
"""The files of the archive, and the rows of each."""
