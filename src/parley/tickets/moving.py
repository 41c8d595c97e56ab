"""What every capability of a ticket shares: lock it, move it, say so in the journal."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import Case, F, Value, When

from parley.conversations.models import Audience, Message
from parley.conversations.posting import post
from parley.journal.moment import now
from parley.parties.access import any_reader
from parley.parties.models import Membership
from parley.postgres.questions import Given, Question
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import Ticket, TicketSide
from parley.tickets.reading import keep_read
from parley.tickets.states import Action, Dispute, Side, State, Status, after, clock_holder
from parley.tickets.timing import time_to_complete
from parley.tickets.words import add_words

_ANSWERS = frozenset({Action.REPLY, Action.ASK, Action.DECIDE})
REMINDED_BEFORE = timedelta(days=1)


def lock(by: Membership, ticket_id: int) -> Ticket:
    """The ticket, locked for the rest of the transaction, with its sides loaded.

    Raises Ticket.DoesNotExist when there is none that `by` may see.
    """
    ticket = _locked().ask_one(ticket=ticket_id, party=by.party_id)
    if ticket is None:
        raise Ticket.DoesNotExist
    # Read once the lock is had, and not with it: only then are they as the last holder left them.
    ticket.loaded_sides = _sides().ask(ticket=ticket_id)  # type: ignore[attr-defined]
    return ticket


@cache
def _locked() -> Question[Ticket]:
    visible = tickets_visible_to(any_reader(of_operator=False)).filter(pk=Given("ticket"))
    return Question(visible.select_for_update(of=("self",)))


@cache
def _sides() -> Question[TicketSide]:
    return Question(TicketSide.objects.filter(ticket_id=Given("ticket")))


def sides_of(ticket: Ticket) -> dict[str, TicketSide]:
    """The sides of a locked ticket by name: `opener`, `counterparty`, `operator`."""
    return {row.side: row for row in ticket.loaded_sides}  # type: ignore[attr-defined]


def move(ticket: Ticket, action: Action, by: Side, asked: Side = Side.NOBODY) -> dict[str, Any]:
    """Take `action` on a locked ticket and save where it leads.

    Gives the fields of the event that tells of it (`Moved`). Raises NotAllowed, and then nothing
    has changed.
    """
    before = ticket.state
    reached = after(before, action, by, asked)
    _place(ticket, before, reached)
    if action in _ANSWERS and by is not Side.OPENER:
        ticket.answered_at = ticket.answered_at or now()
    ticket.save(
        update_fields=[
            "status", "turn", "turn_party", "dispute", "operator_speaks", "answered_at", "ended_at",
            "completes_at", "reminder_at", "reminded_at",
        ]
    )  # fmt: skip
    return {
        "ticket": ticket.pk,
        "seen": everyone_on(ticket),
        "status": reached.status.value,
        "turn": reached.turn.value,
        "dispute": reached.dispute.value,
        "clock_moved": clock_holder(before) is not clock_holder(reached),
        "was": before.turn.value,
    }


def _place(ticket: Ticket, before: State, reached: State) -> None:
    ticket.status, ticket.turn, ticket.dispute = reached
    ticket.turn_party_id = party_of(ticket, reached.turn)
    ticket.operator_speaks = ticket.operator_speaks or reached.dispute is not Dispute.NONE
    ended = reached.turn is Side.NOBODY
    ticket.ended_at = (ticket.ended_at or now()) if ended else None
    if reached.status is Status.ANSWERED:
        # Each answer gives the opener the full time again.
        time = time_to_complete()
        ticket.completes_at = now() + time
        # With no more time than that, the answer itself would come with its reminder.
        ticket.reminder_at = (
            ticket.completes_at - REMINDED_BEFORE if time > REMINDED_BEFORE else None
        )
    else:
        ticket.completes_at = ticket.reminder_at = None
    ticket.reminded_at = None


def party_of(ticket: Ticket, side: Side) -> int | None:
    """The id of the party on `side` of a locked ticket."""
    if side is Side.NOBODY:
        return None
    row = sides_of(ticket).get(side)
    return row.party_id if row else None


def everyone_on(ticket: Ticket) -> tuple[int, ...]:
    """The ids of all parties with a side in a locked ticket."""
    return tuple(sorted(row.party_id for row in sides_of(ticket).values()))


def parties_on(ticket: Ticket) -> tuple[int, ...]:
    """The ids of all parties with a side in a ticket that is not locked."""
    return tuple(TicketSide.objects.filter(ticket=ticket).values_list("party_id", flat=True))


def operator_of(ticket: Ticket) -> int:
    """The id of the operator's party, which has a side in every ticket."""
    third = sides_of(ticket).get(Side.OPERATOR)
    if third is not None:
        return third.party_id
    return ticket.opener_id if ticket.opener.is_operator else ticket.counterparty_id


def say(
    ticket: Ticket,
    *,
    by: Membership,
    text: str,
    audience: str = Audience.EVERYONE,
    side: Side = Side.NOBODY,
    attachments: Sequence[uuid.UUID] = (),
    submit_key: uuid.UUID | None = None,
) -> tuple[Message, tuple[int, ...]]:
    """Post a message on a locked ticket; keep sides and words in step.

    Gives the message and the ids of the parties that may see it. `side` names the side of a SIDE
    message. Raises what `post` raises.
    """
    seen = _who_sees(ticket, audience, side)
    message = post(
        ticket.conversation_id,
        by=by,
        text=text,
        audience=audience,
        audience_party_id=party_of(ticket, side) if audience == Audience.SIDE else None,
        attachments=attachments,
        submit_key=submit_key,
    )
    _note_activity(ticket, message, seen)
    keep_read(ticket.pk, message.at, seen_up_to=_activity_of(ticket, by), by=by)
    add_words(ticket.pk, f"{message.text} {by.person.name}", audience, side)
    return message, seen


def _who_sees(ticket: Ticket, audience: str, side: Side) -> tuple[int, ...]:
    if audience == Audience.EVERYONE:
        return everyone_on(ticket)
    seen = {operator_of(ticket)}
    if audience == Audience.SIDE and (party := party_of(ticket, side)):
        seen.add(party)
    return tuple(sorted(seen))


def _activity_of(ticket: Ticket, by: Membership) -> datetime:
    return next(row.activity_at for row in sides_of(ticket).values() if row.party_id == by.party_id)


def _note_activity(ticket: Ticket, message: Message, seen: tuple[int, ...]) -> None:
    dealt: Any = F("dealt_at")
    # Every side reads when each last dealt with the ticket: only what all may know of moves that.
    if message.audience == Audience.EVERYONE:
        dealt = Case(When(party_id=message.party_id, then=Value(message.at)), default=dealt)
    TicketSide.objects.filter(ticket=ticket, party__in=seen).update(
        activity_at=message.at, attachments=F("attachments") + message.attached, dealt_at=dealt
    )
