"""Sending a reply a few seconds after it was sent, so that its sender can take it back (S2).

It is whole from the first moment on: a row that goes out at `send_at`, by a job, or sooner when the
sender's own page says that the time is over. What becomes a message and that the row is gone is one
transaction, so it is sent once, whatever is killed. Nobody else hears of it before.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from parley.conversations.attaching import AttachmentGone, MessageTooLarge
from parley.conversations.drafting import add_to_draft, draft_left_alone, drop_draft
from parley.conversations.models import Audience, Message
from parley.conversations.posting import NothingToSay, TooLong, posted_already
from parley.conversations.scanning import FileInfected
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.parties.pinning import hide_pins
from parley.parties.settling import Settled, settled
from parley.tickets.events import ReplyNotSent
from parley.tickets.models import Ticket, UnsentReply
from parley.tickets.replying import Reply, draft_place, reply
from parley.tickets.states import NotAllowed, Side

SECONDS = Settled[int](
    "tickets.undo_seconds", 5, lambda value: type(value) is int and 0 <= value <= 60
)
"""How long a reply of the operator's people can be taken back; 0: not at all."""
REFUSALS = (
    NotAllowed,
    AttachmentGone,
    FileInfected,
    MessageTooLarge,
    NothingToSay,
    TooLong,
    Ticket.DoesNotExist,
)
BATCH = 50


class SentAlready(Exception):
    """It has gone out, or there is none such."""


def send_later(ticket_id: int, said: Reply, *, by: Membership) -> UnsentReply | Message:
    """Send it when the time to take it back is over; the same submit key twice sends it once.

    Notes, what others than the operator's people say, and everything while nothing can be taken
    back, are sent at once. Raises what `replying.reply` raises, and that at once, too.
    """
    seconds = settled(SECONDS) if by.is_operator and said.audience != Audience.OPERATOR else 0
    if not seconds or said.submit_key is None:
        return reply(ticket_id, said, by=by)
    with transaction.atomic():
        if already := posted_already(by, said.submit_key):
            return already
        _try(ticket_id, said, by)
        row, made = UnsentReply.objects.get_or_create(
            sender=by,
            submit_key=said.submit_key,
            defaults={
                "ticket_id": ticket_id,
                # Kept for seconds, and still without a PIN that somebody else was told.
                "text": hide_pins(said.text, by=by),
                "audience": said.audience,
                "side": said.side.value,
                "asks": said.asks,
                "asked": said.asked.value,
                "attachments": [str(key) for key in said.attachments],
                "at": now(),
                "send_at": now() + timedelta(seconds=seconds),
            },
        )
        drop_draft(by, draft_place(ticket_id))
        if made:
            _defer(row, seconds)
    return row


def _try(ticket_id: int, said: Reply, by: Membership) -> None:
    """Say it, and undo that: what will be refused is refused while its sender is there."""
    point = transaction.savepoint()
    try:
        reply(ticket_id, said, by=by)
    finally:
        transaction.savepoint_rollback(point)


def _defer(row: UnsentReply, seconds: int) -> None:
    from parley.tickets.jobs import send_reply

    send_reply.configure(schedule_in={"seconds": seconds}).defer(unsent_id=row.pk)


def take_back(unsent_id: int, *, by: Membership) -> int:
    """Take it back into the draft of one's reply; gives the ticket's number. Raises SentAlready."""
    with transaction.atomic():
        row = UnsentReply.objects.select_for_update().filter(pk=unsent_id, sender=by).first()
        if row is None:
            raise SentAlready
        row.delete()
        add_to_draft(by, draft_place(row.ticket_id), row.text, _files(row))
    return row.ticket_id


def send_now(unsent_id: int, *, by: Membership) -> None:
    """The sender's page says that the time is over. Before it is, nothing happens."""
    _send(UnsentReply.objects.filter(pk=unsent_id, sender=by))


def send_due(limit: int = BATCH) -> int:
    """Send up to `limit` of those whose time has come; gives how many were come to."""
    due = UnsentReply.objects.filter(send_at__lte=now(), trouble="").order_by("send_at")
    numbers = list(due.values_list("pk", flat=True)[:limit])
    for number in numbers:
        _send(UnsentReply.objects.filter(pk=number))
    return len(numbers)


def _send(wanted: Any) -> None:
    with transaction.atomic():
        rows = wanted.select_for_update(of=("self",), skip_locked=True).select_related(
            "sender__person", "sender__party"
        )
        row = rows.filter(send_at__lte=now(), trouble="").first()
        if row is None:
            return
        try:
            with transaction.atomic(), draft_left_alone(row.sender, draft_place(row.ticket_id)):
                reply(row.ticket_id, _said(row), by=row.sender)
        except REFUSALS as refusal:
            _keep(row, type(refusal).__name__)
        else:
            row.delete()


def _keep(row: UnsentReply, why: str) -> None:
    row.trouble = why[:20]
    row.save(update_fields=["trouble"])
    seen = (row.sender.party_id,)
    told = ReplyNotSent(ticket=row.ticket_id, seen=seen, sender=row.sender.person_id, why=why)
    record(told, by=None)


def _said(row: UnsentReply) -> Reply:
    return Reply(
        text=row.text,
        audience=row.audience,
        side=Side(row.side),
        asks=row.asks,
        asked=Side(row.asked),
        attachments=_files(row),
        submit_key=row.submit_key,
    )


def _files(row: UnsentReply) -> list[uuid.UUID]:
    return [uuid.UUID(key) for key in row.attachments]


def unsent_on_row(reader: Membership) -> ArraySubquery:
    """The reader's own unsent replies on a row's ticket."""
    mine = UnsentReply.objects.filter(
        ticket=OuterRef("ticket"), sender__person=reader.person_id, sender__party=reader.party_id
    )
    told = JSONObject(pk="id", text="text", send_at="send_at", trouble="trouble")
    return ArraySubquery(mine.order_by("id").values(told=told))
