"""Replying on a ticket: an answer, a question back, a word to one side, an internal note."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from parley.conversations.drafting import drop_draft
from parley.conversations.models import Audience, Message
from parley.conversations.posting import posted_already
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.tickets.events import InformationAsked, MessagePosted, ReplyPosted
from parley.tickets.models import Ticket
from parley.tickets.moving import lock, move, operator_of, say, sides_of
from parley.tickets.states import ENDED, Action, NotAllowed, Side


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a person sends.

    `asks`: it asks for something, so that the ticket waits for the other side; `asked` says for
    which, when the operator asks in a dispute. `side` is the one side of a SIDE message.
    """

    text: str
    audience: str = Audience.EVERYONE
    side: Side = Side.NOBODY
    asks: bool = False
    asked: Side = Side.NOBODY
    attachments: Sequence[uuid.UUID] = ()
    submit_key: uuid.UUID | None = None


def draft_place(ticket_id: int) -> str:
    """Where the draft of a reply on this ticket is kept."""
    return f"ticket:{ticket_id}"


def reply(ticket_id: int, said: Reply, *, by: Membership) -> Message:
    """Post `said` on the ticket; the same submit key twice gives the same message.

    Raises Ticket.DoesNotExist, NotAllowed (ended, or not this side's to say), and what
    `conversations.posting.post` raises; then nothing has changed and the draft is kept.
    """
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        if already := posted_already(by, said.submit_key):
            return already
        if ticket.merged_into_id:
            ticket, said = _where_it_went(ticket, said, by)
        side = ticket.side_of(by.party_id)
        if said.audience == Audience.EVERYONE:
            message = _to_everyone(ticket, said, by, side)
        else:
            message = _to_some(ticket, said, by, side)
        drop_draft(by, draft_place(ticket.pk))
        return message


def _where_it_went(ticket: Ticket, said: Reply, by: Membership) -> tuple[Ticket, Reply]:
    """What is said on a merged ticket is said where that went, to whom it would have been said.

    Where more parties read along there, what was for everyone is for the one party and the operator.
    """
    assert ticket.merged_into_id is not None
    before = sides_of(ticket)
    target = lock(by, ticket.merged_into_id)
    of_party = {row.party_id: Side(name) for name, row in sides_of(target).items()}

    def there(side: Side) -> Side:
        return of_party[before[side].party_id] if side in before else Side.NOBODY

    said = replace(said, side=there(said.side), asked=there(said.asked))
    if said.audience != Audience.EVERYONE or len(before) == len(of_party):
        return target, said
    others = [row.party_id for row in before.values() if row.party_id != operator_of(ticket)]
    return target, replace(
        said, audience=Audience.SIDE, side=of_party[others[0]], asks=False, asked=Side.NOBODY
    )


def _to_everyone(ticket: Ticket, said: Reply, by: Membership, side: Side) -> Message:
    action = Action.ASK if said.asks else Action.REPLY
    moved = move(ticket, action, side, said.asked)
    message, _seen = say(
        ticket, by=by, text=said.text, attachments=said.attachments, submit_key=said.submit_key
    )
    if said.asks:
        record(InformationAsked(**moved, message=message.pk, asked=moved["turn"]), by=by)
    else:
        record(ReplyPosted(**moved, message=message.pk), by=by)
    return message


def _to_some(ticket: Ticket, said: Reply, by: Membership, side: Side) -> Message:
    if not may_say_to_some(ticket, said, by, side):
        raise NotAllowed(ticket.state, Action.REPLY, side)
    message, seen = say(
        ticket,
        by=by,
        text=said.text,
        audience=said.audience,
        side=said.side,
        attachments=said.attachments,
        submit_key=said.submit_key,
    )
    if said.audience == Audience.SIDE and not ticket.operator_speaks:
        # The operator has been spoken to, or has spoken: the ticket is now in its queues as well.
        ticket.operator_speaks = True
        ticket.save(update_fields=["operator_speaks"])
    record(MessagePosted(ticket=ticket.pk, seen=seen, message=message.pk), by=by)
    return message


def may_say_to_some(ticket: Ticket, said: Reply, by: Membership, side: Side) -> bool:
    """Whether this message may be for fewer than everyone.

    Notes are the operator's, and stay possible on an ended ticket. A word to one side and the
    operator is for tickets where the operator is a third: each party on its own side only.
    """
    if said.audience == Audience.OPERATOR:
        return by.is_operator
    if ticket.status in ENDED or said.side not in (Side.OPENER, Side.COUNTERPARTY):
        return False
    three_sided = Side.OPERATOR in sides_of(ticket)
    return three_sided and (by.is_operator or said.side is side)
