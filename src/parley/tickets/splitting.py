"""Splitting a ticket: chosen messages go on as a ticket of their own, between the same parties (S2).

Every message keeps its audience, its number and its time; the new ticket is linked to the old one, and
both say in their history what went where.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from parley.conversations.carrying import carry_messages
from parley.conversations.models import Audience, Conversation, Message
from parley.conversations.typed import typed_line
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.parties.pinning import hide_all_pins
from parley.tickets.carrying import count_files
from parley.tickets.events import TicketOpened, TicketSplit
from parley.tickets.linking import keep_link
from parley.tickets.models import Purpose, Ticket, TicketSide, Topic
from parley.tickets.moving import everyone_on, lock, move, sides_of
from parley.tickets.opening import MAX_TITLE
from parley.tickets.reading import start_read
from parley.tickets.states import Action, Side
from parley.tickets.words import restate_words


class SplitRefused(ValueError):
    """The messages can't be made a ticket of; says why, to an agent."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """What is to be a ticket of its own: which messages, under which title, on which topic.

    Without a topic it has that of the ticket it comes from.
    """

    messages: Collection[int]
    title: str
    topic: int | None = None


def split(ticket_id: int, part: Part, *, by: Membership) -> Ticket:
    """Make a ticket of some messages of another; gives the new one. The operator's people alone do.

    It begins as if it had been opened now: whose turn it is goes by who spoke last to everyone.
    Raises Ticket.DoesNotExist, PermissionDenied or SplitRefused; then nothing has changed.
    """
    if not by.is_operator:
        raise PermissionDenied
    title = hide_all_pins(typed_line(part.title))
    if not title or len(title) > MAX_TITLE:
        raise SplitRefused(
            _("Say in a few words what it is about, in %(most)s characters.") % {"most": MAX_TITLE}
        )
    with transaction.atomic():
        source = lock(by, ticket_id)
        chosen = _chosen(source, part.messages)
        last = _last_said(chosen)
        made = _open(source, title, _topic(source, part.topic), last)
        carried, _none = carry_messages(
            Q(pk__in=[message.pk for message in chosen]), made.conversation_id
        )
        _settle(source, made, by)
        _tell(source, made, carried, last, by)
    return made


def _chosen(source: Ticket, wanted: Collection[int]) -> list[Message]:
    said = Message.objects.filter(conversation=source.conversation_id).order_by("id")
    chosen = list(said.filter(pk__in=wanted))
    if source.merged_into_id or not chosen:
        raise SplitRefused(_("Choose the messages that are to be a ticket of their own."))
    if not said.exclude(pk__in=[message.pk for message in chosen]).exists():
        raise SplitRefused(_("Leave at least one message where it is."))
    return chosen


def _last_said(chosen: list[Message]) -> Message:
    """Who spoke last to everyone; what is said by the assistant asks nobody for anything."""
    for message in reversed(chosen):
        if message.audience == Audience.EVERYONE and not message.is_assistants:
            return message
    raise SplitRefused(_("Choose at least one message that everyone on the ticket can read."))


def _topic(source: Ticket, wanted: int | None) -> Topic:
    """The topic it gets: one that goes between parties of these kinds."""
    if wanted is None or wanted == source.topic_id:
        return source.topic
    kinds = {"opened_by__contains": [source.opener.kind], "goes_to": source.counterparty.kind}
    found = Topic.objects.filter(pk=wanted, active=True, purpose=Purpose.NONE, **kinds).first()
    if found is None:
        raise SplitRefused(_("Pick a topic from the list."))
    return found


def topics_for(ticket: Ticket) -> list[Topic]:
    """The topics that a part of the ticket can have."""
    same = Q(active=True, purpose=Purpose.NONE, goes_to=ticket.counterparty.kind)
    fits = same & Q(opened_by__contains=[ticket.opener.kind])
    topics = Topic.objects.select_related("category")
    return list(topics.filter(fits | Q(pk=ticket.topic_id)).distinct())


def _open(source: Ticket, title: str, topic: Topic, last: Message) -> Ticket:
    moment = now()
    made = Ticket.objects.create(
        conversation=Conversation.objects.create(created_at=moment),
        topic=topic,
        title=title,
        order_id=source.order_id,
        order_number=source.order_number,
        priority=source.priority,
        urgency=source.urgency,
        opener_id=source.opener_id,
        opener_person_id=source.opener_person_id,
        counterparty_id=source.counterparty_id,
        assignee_id=source.assignee_id,
        team_id=source.team_id,
        operator_speaks=source.operator_speaks,
        turn_party_id=source.counterparty_id,
        created_at=moment,
    )
    TicketSide.objects.bulk_create(
        TicketSide(
            ticket=made,
            party_id=row.party_id,
            side=row.side,
            activity_at=moment,
            dealt_at=last.at if row.party_id == last.party_id else None,
        )
        for row in sides_of(source).values()
    )
    made.loaded_sides = list(TicketSide.objects.filter(ticket=made))  # type: ignore[attr-defined]
    if last.party_id != source.opener_id:
        move(made, Action.REPLY, Side.COUNTERPARTY)  # It is answered already.
    return made


def _settle(source: Ticket, made: Ticket, by: Membership) -> None:
    for ticket in (source, made):
        count_files(ticket)
    restate_words(made)
    start_read(made.pk, now(), by=by)
    keep_link(made, "split", source.pk, by=by)


def _tell(source: Ticket, made: Ticket, carried: list[int], last: Message, by: Membership) -> None:
    seen = everyone_on(source)
    told = TicketSplit(ticket=source.pk, seen=seen, into=made.pk, messages=tuple(carried))
    record(told, by=by)
    record(
        TicketOpened(
            ticket=made.pk,
            seen=seen,
            message=last.pk,
            status=made.status,
            turn=made.turn,
            dispute=made.dispute,
            clock_moved=True,
        ),
        by=by,
    )
