"""Cancelling, closing and rating a ticket."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from parley.conversations.typed import typed
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.parties.pinning import take_pins
from parley.tickets.events import TicketCancelled, TicketClosed, TicketRated
from parley.tickets.models import Ticket
from parley.tickets.moving import lock, move
from parley.tickets.states import Action, NotAllowed

MAX_COMMENT = 5_000


class RatingRefused(ValueError):
    """The rating is not one to five stars, or the comment is too long; says so to the reader."""


def cancel(ticket_id: int, *, by: Membership) -> Ticket:
    """The opener cancels: it no longer matters. Raises Ticket.DoesNotExist or NotAllowed."""
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        moved = move(ticket, Action.CANCEL, ticket.side_of(by.party_id))
        record(TicketCancelled(**moved), by=by)
    return ticket


def close(ticket_id: int, *, by: Membership) -> Ticket:
    """Close it: no answer is needed. Raises Ticket.DoesNotExist or NotAllowed."""
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        moved = move(ticket, Action.CLOSE, ticket.side_of(by.party_id))
        record(TicketClosed(**moved), by=by)
    return ticket


def can_be_rated(ticket: Ticket) -> bool:
    """Whether there is something to rate, beside what the state allows: an answer, not rated yet."""
    return ticket.stars is None and ticket.answered_at is not None


def rate(ticket_id: int, stars: int, comment: str = "", *, by: Membership) -> Ticket:
    """Rate the answer with 1 to 5 stars, which completes the ticket (T8). Once only.

    Raises Ticket.DoesNotExist, NotAllowed (nothing was answered, or it is rated) or RatingRefused.
    """
    if stars not in range(1, 6):
        raise RatingRefused(_("Pick one to five stars."))
    comment = typed(comment).strip()
    if len(comment) > MAX_COMMENT:
        raise RatingRefused(
            _("Keep the comment under %(most)s characters.") % {"most": MAX_COMMENT}
        )
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        side = ticket.side_of(by.party_id)
        if not can_be_rated(ticket):
            raise NotAllowed(ticket.state, Action.RATE, side)
        moved = move(ticket, Action.RATE, side)
        comment = take_pins(comment, by=by, conversation=ticket.conversation_id)
        ticket.stars, ticket.rating_comment, ticket.rated_at = stars, comment, now()
        ticket.save(update_fields=["stars", "rating_comment", "rated_at"])
        record(TicketRated(**moved, stars=stars), by=by)
    return ticket
