"""Watching over what is about to be sent: warning its sender, and holding it for review."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence

from django.db import transaction

from parley.conversations.access import unsent_attachments_of
from parley.conversations.attaching import AttachmentGone
from parley.conversations.drafting import drop_draft
from parley.conversations.models import Attachment, Audience
from parley.conversations.posting import MAX_TEXT, NothingToSay, TooLong
from parley.conversations.typed import typed
from parley.guard.events import ReplyHeld
from parley.guard.looking import is_between_companies, look
from parley.guard.models import HeldReply
from parley.guard.modes import MODE, Mode
from parley.journal.recording import record
from parley.orders.models import Order
from parley.parties.models import Membership, PartyKind
from parley.parties.pinning import hide_pins
from parley.parties.settling import settled
from parley.recognition.finding import Finding
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import Ticket
from parley.tickets.moving import lock, operator_of
from parley.tickets.opening import NewTicket
from parley.tickets.replying import Reply, draft_place
from parley.tickets.states import Action, NotAllowed, allowed


class OffPlatform(Exception):
    """What is to be sent leads away from the marketplace, and its sender has not said "all the same".

    `findings` say what; `aware` is to be given back by who sends it all the same; `holds` says that
    it will then be looked at first.
    """

    def __init__(self, findings: Sequence[Finding], *, holds: bool) -> None:
        super().__init__(", ".join(finding.kind for finding in findings))
        self.findings, self.holds = list(findings), holds
        self.aware = _digest(findings)

    @property
    def kinds(self) -> list[str]:
        """The kinds of what was found, each once."""
        return list(dict.fromkeys(finding.kind for finding in self.findings))


def watch_reply(
    ticket_id: int, said: Reply, *, by: Membership, aware: str = ""
) -> HeldReply | None:
    """Look at a reply before it is sent. None: it may go. A HeldReply: it waits to be looked at.

    `aware` is what OffPlatform gave its sender when they were warned of the same. Raises OffPlatform,
    Ticket.DoesNotExist; and, of what is to be held, NotAllowed and what `conversations.posting.post`
    raises.
    """
    if by.is_operator or said.audience != Audience.EVERYONE:
        return None
    # As it is kept: with a PIN masked, so that what is found stands where it is said to.
    text = hide_pins(typed(said.text).strip(), by=by)
    mode = settled(MODE) if text else Mode.OFF
    if mode == Mode.OFF:
        return None
    ticket = _between_companies(by, ticket_id)
    if ticket is None:
        return None
    known = (ticket.number, ticket.order_number)
    findings = look(text, by=by, order_id=ticket.order_id, known=known)
    if not findings:
        return None
    warning = OffPlatform(findings, holds=mode == Mode.HOLD)
    if aware != warning.aware:
        raise warning
    return _hold(ticket_id, said, text, findings, by) if mode == Mode.HOLD else None


def watch_opening(new: NewTicket, *, by: Membership, aware: str = "") -> None:
    """Look at a ticket before it is opened. Where replies are held, it is not opened with such words.

    A held ticket would have no number and no clock: its sender takes the words out, or writes to the
    operator. Raises OffPlatform.
    """
    if new.topic.goes_to == PartyKind.OPERATOR or by.is_operator:
        return
    mode = settled(MODE)
    if mode == Mode.OFF:
        return
    order = new.order or _order_of(new.order_number)
    findings = [
        finding
        for part in (new.title, new.text)
        for finding in look(typed(part), by=by, order_id=order, known=(new.order_number,))
    ]
    warning = OffPlatform(findings, holds=mode == Mode.HOLD)
    if findings and (warning.holds or aware != warning.aware):
        raise warning


def _order_of(number: str) -> int | None:
    """The order of the marketplace's number that is typed: what it is known by is harmless."""
    digits = number.strip().lstrip("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        return None
    return Order.objects.filter(number=int(digits)).values_list("pk", flat=True).first()


def _between_companies(by: Membership, ticket_id: int) -> Ticket | None:
    found = tickets_visible_to(by).select_related("opener", "counterparty")
    ticket = found.get(pk=ticket_id)
    return ticket if is_between_companies(ticket.opener, ticket.counterparty) else None


def _hold(
    ticket_id: int, said: Reply, text: str, findings: Sequence[Finding], by: Membership
) -> HeldReply:
    if len(text) > MAX_TEXT:
        raise TooLong
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        if already := _held_already(by, said.submit_key):
            return already
        side = ticket.side_of(by.party_id)
        action = Action.ASK if said.asks else Action.REPLY
        if not allowed(ticket.state, action, side):
            raise NotAllowed(ticket.state, action, side)
        files = _keep_files(by, said.attachments)
        if not text and not files:
            raise NothingToSay
        held = HeldReply.objects.create(
            ticket=ticket,
            sender=by,
            text=text,
            asks=said.asks,
            attachments=[str(key) for key in files],
            submit_key=said.submit_key,
            findings=places(findings),
        )
        drop_draft(by, draft_place(ticket.pk))
        found = tuple(dict.fromkeys(finding.kind for finding in findings))
        seen = tuple(sorted({by.party_id, operator_of(ticket)}))
        record(ReplyHeld(ticket=ticket.pk, seen=seen, held=held.pk, found=found), by=by)
    return held


def _held_already(by: Membership, submit_key: uuid.UUID | None) -> HeldReply | None:
    if submit_key is None:
        return None
    return HeldReply.objects.filter(sender=by, submit_key=submit_key).first()


def _keep_files(by: Membership, keys: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Hold the uploads, so that nobody throws them away, nor sends them with something else."""
    keys = list(dict.fromkeys(keys))
    own = unsent_attachments_of(by).filter(pk__in=keys).values("pk")
    if Attachment.objects.filter(pk__in=own).update(held=True) != len(keys):
        raise AttachmentGone
    return keys


def places(findings: Sequence[Finding]) -> list[list[str | int]]:
    """Findings as they are kept: kind, start and end of each."""
    return [[finding.kind, finding.start, finding.end] for finding in findings]


def _digest(findings: Sequence[Finding]) -> str:
    said = "\n".join(sorted({f"{finding.kind} {finding.shown}" for finding in findings}))
    return hashlib.sha256(said.encode()).hexdigest()[:24]
