"""The third voice: a party asks the operator to decide, an agent steps in, the operator decides."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from parley.conversations.access import messages_visible_to
from parley.conversations.drafting import drop_draft
from parley.conversations.models import Audience
from parley.conversations.posting import NothingToSay
from parley.conversations.typed import typed
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.tickets.events import DisputeDecided, OperatorAsked, OperatorSteppedIn
from parley.tickets.models import Outcome, Ticket
from parley.tickets.moving import lock, move, say, sides_of
from parley.tickets.replying import draft_place
from parley.tickets.states import Action, Dispute, NotAllowed, Side


class OutcomeUnknown(ValueError):
    """The outcome is not one of those there are."""


def ask_operator(
    ticket_id: int, text: str, *, by: Membership, attachments: Sequence[uuid.UUID] = ()
) -> Ticket:
    """A party asks the operator to decide, saying why: from now on it is a dispute.

    Raises Ticket.DoesNotExist, NotAllowed, and what `conversations.posting.post` raises.
    """
    return _speak_up(ticket_id, Action.ESCALATE, text, by, attachments)


def step_in(
    ticket_id: int, text: str, *, by: Membership, attachments: Sequence[uuid.UUID] = ()
) -> Ticket:
    """An agent steps in on the operator's own account, saying why to both sides.

    Raises Ticket.DoesNotExist, NotAllowed, and what `conversations.posting.post` raises.
    """
    return _speak_up(ticket_id, Action.STEP_IN, text, by, attachments)


def _speak_up(
    ticket_id: int,
    action: Action,
    text: str,
    by: Membership,
    attachments: Sequence[uuid.UUID],
) -> Ticket:
    if not text.strip():
        raise NothingToSay
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        side = ticket.side_of(by.party_id)
        if Side.OPERATOR not in sides_of(ticket):
            # Between a party and the operator itself there is nobody to decide over both.
            raise NotAllowed(ticket.state, action, side)
        moved = move(ticket, action, side)
        message, _seen = say(ticket, by=by, text=text, attachments=attachments)
        event = OperatorSteppedIn if action is Action.STEP_IN else OperatorAsked
        record(event(**moved, message=message.pk), by=by)
        drop_draft(by, draft_place(ticket.pk))
    return ticket


def decide(ticket_id: int, outcome: str, text: str, *, by: Membership) -> Ticket:
    """The operator decides a dispute, with an outcome and its reasons, which both sides read.

    It may decide anew. The same decision twice in a row is one: the button was pressed twice.

    Raises Ticket.DoesNotExist, NotAllowed, OutcomeUnknown, and what `post` raises.
    """
    if outcome not in Outcome.values:
        raise OutcomeUnknown(outcome)
    if not text.strip():
        raise NothingToSay
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        if _is_decided_so(ticket, outcome, text, by):
            return ticket
        moved = move(ticket, Action.DECIDE, ticket.side_of(by.party_id))
        ticket.outcome = outcome
        ticket.save(update_fields=["outcome"])
        message, _seen = say(ticket, by=by, text=text)
        record(DisputeDecided(**moved, message=message.pk, outcome=outcome), by=by)
        drop_draft(by, draft_place(ticket.pk))
    return ticket


def _is_decided_so(ticket: Ticket, outcome: str, text: str, by: Membership) -> bool:
    """Whether the last thing said to everyone is this very decision of this person."""
    if ticket.dispute != Dispute.DECIDED or ticket.outcome != outcome or not ticket.is_open:
        return False
    last = (
        messages_visible_to(by, ticket.conversation_id)
        .filter(audience=Audience.EVERYONE)
        .order_by("-id")
        .first()
    )
    return last is not None and (last.person_id, last.text) == (by.person_id, typed(text).strip())
