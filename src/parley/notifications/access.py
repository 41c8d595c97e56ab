"""The door to notices: each person's own, and only of what they may still see."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet

from parley.conversations.access import messages_visible_to
from parley.conversations.models import Message
from parley.notifications.models import Kind, Mute, Notice, Preference, Way
from parley.parties.access import members_of
from parley.parties.models import Membership
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import Ticket


def notices_of(reader: Membership) -> QuerySet[Notice]:
    """The reader's own notices, newest first, with what a list shows of them.

    One bell for a person: notices for all the parties they act for, not only for the one they act
    for at the moment (`notice.party`, and `told_as`).
    """
    return (
        notices_for(reader.person_id)
        .select_related("ticket", "actor", "actor_party", "party")
        .order_by("-id")
    )


def notices_for(person_id: int | OuterRef) -> QuerySet[Notice]:
    """The notices of a person that they may still see: their party is on the ticket, they in it."""
    return Notice.objects.filter(
        Exists(
            Membership.objects.filter(
                person=OuterRef("person"),
                party=OuterRef("party"),
                active=True,
                person__is_active=True,
            )
        ),
        person_id=person_id,
        ticket__sides__party_id=F("party_id"),
    )


def told_as(notice: Notice) -> Membership | None:
    """The membership the person was told as; None when they don't act for that party any more."""
    return members_of(notice.party_id).filter(person_id=notice.person_id).first()


class Sight(NamedTuple):
    """What the person of a notice may see of it now."""

    reader: Membership
    ticket: Ticket
    message: Message | None


def sight_of(notice: Notice) -> Sight | None:
    """What the person may see now, through the doors of tickets and messages; None: nothing.

    Asked at the very moment that a mail is written: between the notice and the mail a person may
    have left the party.
    """
    reader = told_as(notice)
    if reader is None:
        return None
    ticket = (
        tickets_visible_to(reader)
        .select_related("opener", "counterparty", "turn_party")
        .filter(pk=notice.ticket_id)
        .first()
    )
    if ticket is None:
        return None
    if notice.message_id is None:
        return Sight(reader, ticket, None)
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
