"""A ticket as a page shows it, for the portal and the desk alike, in four queries."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _

from parley.guard.access import has_held, own_held
from parley.journal.moment import now
from parley.mailboxes.finding import mailed_on_row, unverified_opening
from parley.notifications.access import muted_by
from parley.orders.stating import (
    Symbol,
    cancellation_symbol,
    payment_symbol,
    shipping_symbol,
)
from parley.parties.models import Membership, Party
from parley.tickets import seeing
from parley.tickets.calling_off import may_answer
from parley.tickets.ending import can_be_rated
from parley.tickets.models import Outcome, Priority, Purpose, Ticket, TicketSide
from parley.tickets.ordering import OrderCard, card_lines, card_part, order_card
from parley.tickets.states import Action, Side, allowed
from parley.web.desk.sending import as_shown
from parley.web.history import in_order
from parley.web.mailed import mark_mailed
from parley.web.ticket_list import is_unread


class WentInto(Exception):
    """The ticket was merged into the one of this number, which the reader may see as well."""

    def __init__(self, number: int) -> None:
        super().__init__(f"merged into {number}")
        self.number = number


def ticket_context(reader: Membership, ticket_id: int) -> dict[str, Any]:
    """What the ticket's template is given.

    `row` (the reader's side, with `.dealt`: a list of (party, side, when or None)), `ticket`, `side`,
    `history` (Message and Happening in order), `messages`, `may` (action → bool), `ways` (how one can
    say something: see `ways_to_say`), `draft`, `unsent_replies` (see
    `desk.sending.as_shown`), `kept` (its uploads), `muted`, `held` (own replies
    that were not sent so far), `unread_from`,
    `submit_key`, `card` (of the order: see `ordering.OrderCard`, None without one) with its `symbols`,
    `may_call_off` (whether the reader may accept or decline to cancel the order), `outcomes`,
    `priorities`, `is_chat` (it was handed over in the messenger), `unverified` (for the operator's
    people, the id of the stranger's mail that opened it and waits to be looked at), `file_limit`,
    `message_limit`, `as_of` (the moment: whoever has looked at the page has read what was said until then).

    Raises Http404 when there is none for this reader, and WentInto for one that was merged.
    """
    as_of = now()
    row = seeing.ticket_row(
        reader,
        ticket_id,
        muted=muted_by,
        lines=card_lines,
        part=card_part,
        held=has_held,
        mailed=mailed_on_row,
        unverified=unverified_opening,
    )
    if row is None:
        raise Http404
    ticket = row.ticket
    if ticket.merged_into_id:
        raise WentInto(ticket.merged_into_id)
    messages = seeing.messages_with_files(reader, ticket)
    mark_mailed(messages, row.mailed)  # type: ignore[attr-defined]
    entries = seeing.happenings(reader, ticket, row.merged_ids)  # type: ignore[attr-defined]
    side = ticket.side_of(reader.party_id)
    card = order_card(row)
    return {
        "as_of": as_of.isoformat(),
        "row": row,
        "ticket": ticket,
        "side": side.value,
        "dealt": seeing.dealt(row),
        "messages": messages,
        "history": in_order(messages, entries),
        "may": may(ticket, side),
        "card": card,
        "symbols": _symbols(card) if card else [],
        "may_call_off": may_answer(ticket, reader),
        "ways": ways_to_say(row, side, reader),
        "unsent_replies": as_shown(getattr(row, "unsent_rows", None) or []),
        "draft": row.draft or "",  # type: ignore[attr-defined]
        "kept": row.draft_files or [],  # type: ignore[attr-defined]
        "muted": row.muted,  # type: ignore[attr-defined]
        # Asked for only where there are any, so that the page costs nobody else a query.
        "held": list(own_held(reader, ticket.pk)) if row.held else [],  # type: ignore[attr-defined]
        "read_at": row.read_at,  # type: ignore[attr-defined]
        "unread": is_unread(row),
        "submit_key": uuid.uuid4(),
        "unverified": row.unverified,  # type: ignore[attr-defined]
        "outcomes": Outcome.choices,
        "priorities": Priority.choices,
        "is_chat": ticket.topic.purpose == Purpose.CHAT,
        "file_limit": settings.FILE_LIMIT,
        "message_limit": settings.MESSAGE_LIMIT,
    }


def _symbols(card: OrderCard) -> list[Symbol]:
    order, part = card.order, card.part
    symbols = [payment_symbol(order, part), shipping_symbol(order, part)]
    cancelled = cancellation_symbol(order, part)
    return [*symbols, cancelled] if cancelled else symbols


def may(ticket: Ticket, side: Side) -> dict[str, bool]:
    """What the reader's side may do now: exactly what the state machine takes."""
    three_sided = not _is_with_operator(ticket)
    return {
        "reply": allowed(ticket.state, Action.REPLY, side),
        "ask": allowed(ticket.state, Action.ASK, side),
        "cancel": allowed(ticket.state, Action.CANCEL, side),
        "close": allowed(ticket.state, Action.CLOSE, side),
        "rate": allowed(ticket.state, Action.RATE, side) and can_be_rated(ticket),
        "escalate": three_sided and allowed(ticket.state, Action.ESCALATE, side),
        "step_in": three_sided and allowed(ticket.state, Action.STEP_IN, side),
        "decide": three_sided and allowed(ticket.state, Action.DECIDE, side),
    }


@dataclass(frozen=True)
class Way:
    """One way to say something: `key` is what the form sends, `is_note` looks like paper."""

    key: str
    label: str
    button: str
    placeholder: str
    is_note: bool = False


def ways_to_say(row: TicketSide, side: Side, reader: Membership) -> list[Way]:
    """How the reader may say something now; the first is the default. Empty: not at all.

    A note stands before a word to one side: whoever reads along without a voice sends nothing out
    by mistake.
    """
    ticket = row.ticket
    can = may(ticket, side)
    ways: list[Way] = []
    if can["reply"]:
        ways.append(Way("reply", _("Reply"), _("Send reply"), _("Write a reply")))
    if can["ask"]:
        ways.extend(_asking(ticket, side))
    if reader.is_operator:
        note = _("Only your team sees this. It never reaches the others.")
        ways.append(Way("note", _("Internal note"), _("Keep note"), note, is_note=True))
    if ticket.is_open and not _is_with_operator(ticket):
        ways.extend(_telling_one_side(ticket, side))
    return ways


def _telling_one_side(ticket: Ticket, side: Side) -> list[Way]:
    if side is Side.OPERATOR:
        return [
            Way(
                f"only-{one}",
                _("Only to %(name)s") % {"name": party.name},
                _("Send to %(name)s") % {"name": party.name},
                _("Only %(name)s and the operator will see this") % {"name": party.name},
            )
            for one, party in _parties(ticket)
        ]
    return [
        Way(
            f"only-{side.value}",
            _("Only to the operator"),
            _("Send to the operator"),
            _("Only your company and the operator will see this"),
        )
    ]


def _asking(ticket: Ticket, side: Side) -> list[Way]:
    if side is Side.OPERATOR:
        return [
            Way(
                f"ask-{one}",
                _("Ask %(name)s") % {"name": party.name},
                _("Ask %(name)s") % {"name": party.name},
                _("What do you need to know from %(name)s?") % {"name": party.name},
            )
            for one, party in _parties(ticket)
        ]
    return [
        Way(
            "ask",
            _("Ask for information"),
            _("Ask and wait"),
            _("What do you need to know? The ticket waits for their reply."),
        )
    ]


def _parties(ticket: Ticket) -> list[tuple[str, Party]]:
    return [("opener", ticket.opener), ("counterparty", ticket.counterparty)]


def _is_with_operator(ticket: Ticket) -> bool:
    return ticket.opener.is_operator or ticket.counterparty.is_operator
