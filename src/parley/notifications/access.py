"""The door to notices: each person's own, and only of what they may still see."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from parley.conversations.access import messages_visible_to
from parley.conversations.models import Message
from parley.notifications.models import Kind, Mute, Notice, Preference, Way
from parley.orders.access import orders_visible_to
from parley.orders.axes import OWED
from parley.orders.models import Consignment, Order
from parley.parties.access import IN_FORCE, members_of
from parley.parties.models import Membership
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import Ticket, TicketSide


def notices_of(reader: Membership) -> QuerySet[Notice]:
    """The reader's own notices, newest first, with what a list shows of them.

    One bell for a person: notices for all the parties they act for, not only for the one they act
    for at the moment (`notice.party`, and `told_as`).
    """
    return (
        notices_for(reader.person_id)
        .select_related("ticket", "order", "actor", "actor_party", "party")
        .defer("order__words")
        .order_by("-id")
    )


def notices_for(person_id: int | OuterRef) -> QuerySet[Notice]:
    """The notices of a person that they may still see: they are in the party, it may see the thing."""
    return Notice.objects.filter(
        Exists(
            Membership.objects.filter(
                person=OuterRef("person"),
                party=OuterRef("party"),
                **IN_FORCE,
            )
        ),
        _thing_is_seen(),
        person_id=person_id,
    )


def _thing_is_seen() -> Q:
    """The party is on the ticket, or sells or ships the order; pages are their owners' alone."""
    of_ticket = TicketSide.objects.filter(ticket=OuterRef("ticket"), party=OuterRef("party"))
    passed_on = Consignment.objects.filter(
        order=OuterRef("order"), supplier=OuterRef("party"), passed_at__isnull=False
    )
    return Q(Exists(of_ticket)) | Q(order__seller=F("party")) | Q(Exists(passed_on)) | ~Q(path="")


def told_as(notice: Notice) -> Membership | None:
    """The membership the person was told as; None when they don't act for that party any more."""
    return members_of(notice.party_id).filter(person_id=notice.person_id).first()


class Sight(NamedTuple):
    """What the person of a notice may see of it now: its ticket, or its order, or neither (a page)."""

    reader: Membership
    ticket: Ticket | None = None
    message: Message | None = None
    order: Order | None = None


def sight_of(notice: Notice) -> Sight | None:
    """What the person may see now, through the doors of tickets and messages; None: nothing.

    Asked at the very moment that a mail is written: between the notice and the mail a person may
    have left the party, or the order been paid.
    """
    reader = told_as(notice)
    if reader is None:
        return None
    if notice.ticket_id is not None:
        return _sight_of_ticket(notice, notice.ticket_id, reader)
    if notice.order_id is None:
        return Sight(reader)
    order = orders_visible_to(reader).defer("words").filter(pk=notice.order_id).first()
    if order is None or (notice.kind == Kind.ORDER_UNPAID and order.payment not in OWED):
        return None
    return Sight(reader, order=order)


def _sight_of_ticket(notice: Notice, ticket_id: int, reader: Membership) -> Sight | None:
    ticket = (
        tickets_visible_to(reader)
        .select_related("opener", "counterparty", "turn_party")
        .filter(pk=ticket_id)
        .first()
    )
    if ticket is None:
        return None
    if notice.message_id is None:
        return Sight(reader, ticket)
    messages = messages_visible_to(reader, ticket.conversation_id)
    message = messages.select_related("person", "party").filter(pk=notice.message_id).first()
    return Sight(reader, ticket, message) if message else None


def ways_of(reader: Membership) -> dict[str, str]:
    """By which way the reader hears of each kind of notice by mail."""
    chosen = dict(Preference.objects.filter(person_id=reader.person_id).values_list("kind", "way"))
    return {kind: chosen.get(kind, Way.AT_ONCE.value) for kind in Kind.values}


def muted_by(reader: Membership) -> Exists:
    """Whether the reader has muted the ticket of a row that has a `ticket_id`."""
    return Exists(Mute.objects.filter(person_id=reader.person_id, ticket=OuterRef("ticket_id")))
