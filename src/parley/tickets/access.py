"""The one door to tickets."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from parley.conversations.access import seen_by
from parley.conversations.models import Attachment
from parley.parties.access import memberships_of
from parley.parties.models import Membership, PartyKind, Person
from parley.tickets.models import Category, Purpose, Ticket, TicketSide, Topic


def tickets_visible_to(reader: Membership) -> QuerySet[Ticket]:
    """The tickets `reader` may read: those their party has a side in; the operator has one in all."""
    return Ticket.objects.filter(sides__party_id=reader.party_id)


def sides_visible_to(reader: Membership) -> QuerySet[TicketSide]:
    """The same tickets as their own party sees them: the rows that lists are made of."""
    return TicketSide.objects.filter(party_id=reader.party_id)


def memberships_on(person: Person, ticket_id: int) -> list[Membership]:
    """The memberships by which a person may see a ticket; the operator's last, since it sees all."""
    sides = TicketSide.objects.filter(ticket_id=ticket_id)
    found = memberships_of(person).filter(party__in=sides.values("party_id")).order_by("pk")
    return sorted(found, key=lambda membership: membership.party.kind == PartyKind.OPERATOR)


def topics_open_to(kind: str) -> QuerySet[Topic]:
    """The topics that a party of `kind` may pick for a ticket; those of chats and mails are nobody's."""
    return (
        Topic.objects.select_related("category")
        .filter(active=True, category__active=True, opened_by__contains=[kind])
        .exclude(purpose__in=(Purpose.CHAT, Purpose.MAIL))
    )


def topics_in_use(reader: Membership) -> QuerySet[Topic]:
    """The topics a list can be filtered by: those this kind of party opens or is addressed with."""
    topics = Topic.objects.select_related("category")
    if reader.is_operator:
        return topics
    kind = reader.party.kind
    return topics.filter(Q(opened_by__contains=[kind]) | Q(goes_to=kind))


def categories() -> QuerySet[Category]:
    """All categories in use."""
    return Category.objects.filter(active=True)


def attachments_visible_to(reader: Membership) -> QuerySet[Attachment]:
    """The sent attachments `reader` may have: reached only through a ticket and its messages."""
    return Attachment.objects.filter(
        seen_by(reader, "message__"),
        message__conversation__ticket__sides__party_id=reader.party_id,
    )
