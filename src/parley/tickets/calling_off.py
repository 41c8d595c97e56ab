"""Asking a supplier to cancel an order, and what it answers (O8).

The ticket carries the asking; its part of the order stands on *asked* until it is answered. An answer
is one step on both: the part is cancelled and refunded, or kept, and the ticket has a reply that says
so. A ticket is locked before its order, always.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from parley.conversations.typed import typed_line
from parley.journal.access import entries_of
from parley.journal.events import Actor
from parley.journal.recording import record
from parley.ledger.money import in_words
from parley.orders import events
from parley.orders.axes import Cancellation, Fulfilment, Step, allowed
from parley.orders.cancelling import cancel_part
from parley.orders.models import Consignment, Order
from parley.orders.moving import consignments_of, seen_by_part, step_part
from parley.orders.moving import lock as lock_order
from parley.parties.models import Membership, PartyKind
from parley.tickets.events import ReplyPosted
from parley.tickets.models import OrderField, Purpose, Ticket, Topic
from parley.tickets.moving import lock, move, say
from parley.tickets.own_topics import own_topic
from parley.tickets.states import IN_DISPUTE, Action, NotAllowed

LONGEST_REASON = 500
_TOPIC = {"en": "Cancel an order", "ru": "Отменить заказ"}
_CATEGORY = {"en": "Orders", "ru": "Заказы"}
_KEYWORDS = {
    "en": ["cancel", "stop", "refund", "mind", "mistake", "twice"],
    "ru": ["отмена", "отменить", "передумал", "ошибка", "возврат"],
}


class CantBeAsked(ValueError):
    """The order's part is past being cancelled, or is asked for already; says so to the reader."""


class ReasonMissing(ValueError):
    """To decline takes a reason, of bounded length; says so to the reader."""


@dataclass(frozen=True)
class Ask:
    """The words that a ticket starts with, in the active language; people may write others."""

    title: str
    text: str


def topic_to_cancel() -> Topic:
    """The topic of such tickets."""
    return own_topic(
        Purpose.CANCEL_ORDER,
        category=_CATEGORY,
        names=_TOPIC,
        keywords=_KEYWORDS,
        opened_by=[PartyKind.SELLER],
        goes_to=PartyKind.SUPPLIER,
        order_field=OrderField.REQUIRED,
    )


def parts_to_ask_for(order: Order) -> list[Consignment]:
    """The parts of an order that their supplier can be asked to cancel now."""
    return [part for part in consignments_of(order) if can_be_asked(order, part)]


def can_be_asked(order: Order, part: Consignment) -> bool:
    """Whether the supplier has the part, has shipped none of it, and is not asked already."""
    return part.passed_at is not None and allowed(part.standing_in(order), Step.ASK_TO_CANCEL)


def words_to_ask(order: Order, items: list[str]) -> Ask:
    """What to say, to start with; `items` are the lines of the part, as people read them."""
    words = {"number": order.shown_number, "items": "\n".join(f"- {item}" for item in items)}
    return Ask(
        title=_("Please cancel order %(number)s") % words,
        text=_(
            "The customer no longer wants this order. Please cancel it if it has not been shipped "
            "yet:\n\n%(items)s\n\nPlease accept, or decline and say why."
        )
        % words,
    )


def ask(ticket: Ticket, order: Order, *, by: Membership) -> None:
    """Ask the ticket's supplier to cancel its part of a locked order. Raises CantBeAsked."""
    part = _part_of(ticket, order)
    if not can_be_asked(order, part):
        raise CantBeAsked(_why_not(part))
    step_part(order, part, Step.ASK_TO_CANCEL)
    record(
        events.CancellationAsked(
            order=order.pk,
            seen=seen_by_part(order, part),
            supplier=part.supplier_id,
            ticket=ticket.pk,
        ),
        by=by,
    )


def may_answer(ticket: Ticket, by: Membership) -> bool:
    """Whether `by` may accept or decline now: the supplier, and in a dispute the operator."""
    if not ticket.asks_to_cancel or not ticket.is_open:
        return False
    if by.party_id == ticket.counterparty_id:
        return True
    return by.is_operator and ticket.state.dispute in IN_DISPUTE


def accept(ticket_id: int, *, by: Membership) -> Ticket:
    """Accept: the part of the order is cancelled, what was paid for it goes back, the ticket is answered.

    Pressed twice, it is done once. Raises Ticket.DoesNotExist, NotAllowed (nobody asks, or not them),
    or ShippedAlready; then nothing has changed.
    """
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        if _is_answered(ticket, by, "OrderCancelled"):
            return ticket
        order, part = _asked(ticket, by)
        refunded = order.refunded_minor
        if part.cancellation != Cancellation.CANCELLED:
            cancel_part(order, part, ticket.number, by=by)
        with override(ticket.opener_person.language):
            text = _accepted(order, order.refunded_minor - refunded)
        _answer(ticket, text, by)
    return ticket


def decline(ticket_id: int, reason: str, *, by: Membership) -> Ticket:
    """Decline, saying why: the part of the order is kept, and the ticket is answered.

    Pressed twice, it is done once. Raises Ticket.DoesNotExist, NotAllowed (nobody asks, or not them),
    or ReasonMissing; then nothing has changed.
    """
    reason = typed_line(reason)
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        _check(reason)
        if _is_answered(ticket, by, "CancellationDeclined"):
            return ticket
        order, part = _asked(ticket, by)
        if part.cancellation == Cancellation.ASKED:
            step_part(order, part, Step.KEEP)
        record(
            events.CancellationDeclined(
                order=order.pk,
                seen=seen_by_part(order, part),
                supplier=part.supplier_id,
                ticket=ticket.pk,
                reason=reason,
            ),
            by=by,
        )
        with override(ticket.opener_person.language):
            text = _("The order stays as it is: the cancellation was declined.") + f"\n\n{reason}"
        _answer(ticket, text, by)
    return ticket


def withdraw(ticket_id: int, order_id: int, *, by: Actor | None) -> None:
    """The ticket has ended without an answer: nobody asks any more. Its row is locked already."""
    ticket = Ticket.objects.get(pk=ticket_id)
    order = lock_order(order_id, None)
    part = _part_of(ticket, order)
    _no_longer_asks(ticket)
    if part.cancellation != Cancellation.ASKED:
        return
    step_part(order, part, Step.KEEP)
    seen = seen_by_part(order, part)
    record(
        events.CancellationWithdrawn(
            order=order.pk, seen=seen, supplier=part.supplier_id, ticket=ticket.pk
        ),
        by=by,
    )


def _check(reason: str) -> None:
    if not reason:
        raise ReasonMissing(_("Say why, so that the seller can tell the buyer."))
    if len(reason) > LONGEST_REASON:
        raise ReasonMissing(
            _("Keep the reason under %(most)s characters.") % {"most": LONGEST_REASON}
        )


def _asked(ticket: Ticket, by: Membership) -> tuple[Order, Consignment]:
    if not may_answer(ticket, by) or ticket.order_id is None:
        raise NotAllowed(ticket.state, Action.REPLY, ticket.side_of(by.party_id))
    order = lock_order(ticket.order_id, by)
    return order, _part_of(ticket, order)


def _part_of(ticket: Ticket, order: Order) -> Consignment:
    return next(p for p in consignments_of(order) if p.supplier_id == ticket.counterparty_id)


def _is_answered(ticket: Ticket, by: Membership, kind: str) -> bool:
    """Whether somebody of `by`'s party has given this very answer: the button was pressed twice."""
    if ticket.asks_to_cancel or ticket.order_id is None:
        return False
    given = {"party_id": by.party_id, "data__supplier": ticket.counterparty_id}
    if kind == "CancellationDeclined":
        given["data__ticket"] = ticket.pk
    else:
        given["data__reason"] = ticket.number  # type: ignore[assignment]
    return entries_of(f"order:{ticket.order_id}", [kind]).filter(**given).exists()


def _answer(ticket: Ticket, text: str, by: Membership) -> None:
    moved = move(ticket, Action.REPLY, ticket.side_of(by.party_id))
    message, _seen = say(ticket, by=by, text=text)
    _no_longer_asks(ticket)
    record(ReplyPosted(**moved, message=message.pk), by=by)


def _no_longer_asks(ticket: Ticket) -> None:
    ticket.asks_to_cancel = False
    ticket.save(update_fields=["asks_to_cancel"])


def _accepted(order: Order, refunded: int) -> str:
    if not refunded:
        return _("Accepted: order %(number)s is cancelled.") % {"number": order.shown_number}
    return _("Accepted: order %(number)s is cancelled, and %(amount)s is refunded.") % {
        "number": order.shown_number,
        "amount": in_words(refunded, order.currency),
    }


def _why_not(part: Consignment) -> str:
    if part.cancellation == Cancellation.CANCELLED:
        return _("This order has been cancelled already.")
    if part.cancellation == Cancellation.ASKED:
        return _("%(name)s has been asked to cancel this order already.") % {
            "name": part.supplier.name
        }
    if part.fulfilment != Fulfilment.UNSHIPPED:
        return _("%(name)s has shipped it already, so it can't be cancelled any more.") % {
            "name": part.supplier.name
        }
    return _("This order is not with the supplier yet.")
