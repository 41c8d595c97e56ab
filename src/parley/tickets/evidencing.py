"""The evidence file of a dispute: everything about a ticket that its reader may see, hashed (T1)."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Collection, Mapping
from typing import IO, Any

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from parley.conversations.models import Attachment, Message
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.tickets.events import EvidenceTaken
from parley.tickets.fields import kept_words
from parley.tickets.filling import on_ticket
from parley.tickets.models import Ticket
from parley.tickets.moving import lock, operator_of
from parley.tickets.ordering import order_as_evidence, order_happenings
from parley.tickets.seeing import happenings, merged_into, messages_with_files
from parley.tickets.states import Dispute

CHUNK = 1024 * 1024
Packed = dict[str, str]
"""Name in the archive → SHA-256 of the bytes."""
Beside = Callable[[Membership, Collection[int]], Mapping[int, dict[str, Any]]]
"""What rooms above know of messages, by their ids, of what a reader may see: more of `messages.json`."""


class NoDispute(Exception):
    """The ticket is not, and has not been, in dispute."""


def evidence(ticket_id: int, *, by: Membership, beside: Beside | None = None) -> IO[bytes]:
    """A ZIP of the ticket as `by` may see it, open for reading at its start; the caller closes it.

    It holds `ticket.json`, `messages.json` and `messages.txt`, `journal.json`, of the order it is
    about `order.json` and `order-audit.json`, the attachments under `attachments/`, and `SHA256SUMS`
    over all of these, in the format that `sha256sum --check` reads.
    What `beside` gives of a message stands with it in `messages.json`. That it was taken is an entry
    of the journal, with the hash of SHA256SUMS.

    Raises Ticket.DoesNotExist or NoDispute.
    """
    archive: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - it outlives this function
    try:
        with transaction.atomic():
            ticket = lock(by, ticket_id)
            if ticket.dispute == Dispute.NONE:
                raise NoDispute
            digest = _pack(ticket, by, archive, beside)
            seen = tuple(sorted({by.party_id, operator_of(ticket)}))
            record(EvidenceTaken(ticket=ticket.pk, seen=seen, sha256=digest), by=by)
    except BaseException:
        archive.close()
        raise
    archive.seek(0)
    return archive


def _pack(ticket: Ticket, reader: Membership, archive: IO[bytes], beside: Beside | None) -> str:
    messages = messages_with_files(reader, ticket)
    more = beside(reader, [message.pk for message in messages]) if beside else {}
    files = [file for message in messages for file in message.files]  # type: ignore[attr-defined]
    packed: Packed = {}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        add = _adder(zipped, packed)
        add("ticket.json", _json(_ticket(ticket) | {"fields": _fields(ticket, reader)}))
        add("messages.json", _json([_message(one) | more.get(one.pk, {}) for one in messages]))
        add("messages.txt", "\n\n".join(_as_text(message) for message in messages).encode())
        add("journal.json", _json([_entry(entry) for entry in _happened_to(reader, ticket)]))
        if ticket.order is not None:
            add("order.json", _json(order_as_evidence(reader, ticket.order)))
            audit = order_happenings(reader, ticket.order)
            add("order-audit.json", _json([_happened(entry) for entry in audit]))
        for file in files:
            if file.kept_back:
                continue
            packed[_path(file)] = _copy(zipped, file)
        sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(packed.items())).encode()
        zipped.writestr("SHA256SUMS", sums)
    return hashlib.sha256(sums).hexdigest()


def _adder(zipped: zipfile.ZipFile, packed: Packed) -> Callable[[str, bytes], None]:
    def add(name: str, data: bytes) -> None:
        zipped.writestr(name, data)
        packed[name] = hashlib.sha256(data).hexdigest()

    return add


def _copy(zipped: zipfile.ZipFile, file: Attachment) -> str:
    digest = hashlib.sha256()
    with default_storage.open(file.stored_as) as stored, zipped.open(_path(file), "w") as target:
        while chunk := stored.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def _path(file: Attachment) -> str:
    # The id keeps two files of one name apart; the name has been cleaned when it came in.
    return f"attachments/{file.pk.hex[:12]}-{file.name}"


def _happened_to(reader: Membership, ticket: Ticket) -> list[Entry]:
    return happenings(reader, ticket, merged_into(ticket.pk))


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "title": ticket.title,
        "category": ticket.topic.category.names,
        "topic": ticket.topic.names,
        "order_number": ticket.order_number,
        "opener": ticket.opener.name,
        "counterparty": ticket.counterparty.name,
        "status": ticket.status,
        "dispute": ticket.dispute,
        "outcome": ticket.outcome,
        "created_at": ticket.created_at,
        "ended_at": ticket.ended_at,
        "taken_at": now(),
    }


def _fields(ticket: Ticket, reader: Membership) -> list[dict[str, Any]]:
    """What stands in the custom fields, of what the reader may see."""
    return [
        {"names": one.field.names, "value": one.text, "words": kept_words(one.field, one.text)}
        for one in on_ticket(reader, ticket)
        if one.text
    ]


def _message(message: Message) -> dict[str, Any]:
    files = message.files  # type: ignore[attr-defined]
    return {
        "id": message.pk,
        "at": message.at,
        "person": message.person.name if message.person else None,
        "is_assistants": message.is_assistants,
        "party": message.party.name,
        "audience": message.audience,
        "text": message.text,
        "attachments": [_file(f) for f in files],
    }


def _file(file: Attachment) -> dict[str, Any]:
    """`kept_back` says of a file that is not in the archive why nobody is given it."""
    told: dict[str, Any] = {"file": _path(file), "size": file.size, "sha256": file.sha256}
    return {**told, "kept_back": file.kept_back} if file.kept_back else told


def _as_text(message: Message) -> str:
    who = message.person.name if message.person else "Assistant (a machine)"
    names = [f"[{_path(f)}]" for f in message.files]  # type: ignore[attr-defined]
    head = f"{message.at:%Y-%m-%d %H:%M:%S} UTC · {who} · {message.party.name}"
    return "\n".join([head, message.text, *names])


def _entry(entry: Any) -> dict[str, Any]:
    return {**_happened(entry), "person": entry.person_name}


def _happened(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "at": entry.at,
        "kind": entry.kind,
        "data": {k: v for k, v in entry.data.items() if k != "seen"},
    }


def _json(data: object) -> bytes:
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2).encode()
