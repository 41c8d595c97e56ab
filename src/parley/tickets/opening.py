"""Opening a ticket."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from parley.conversations.drafting import drop_draft
from parley.conversations.models import Conversation
from parley.conversations.posting import MAX_TEXT, post, posted_already
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.access import operator
from parley.parties.models import Membership, Party, PartyKind
from parley.tickets import states
from parley.tickets.access import tickets_visible_to
from parley.tickets.events import TicketOpened
from parley.tickets.models import OrderField, Priority, Ticket, TicketSide, Topic
from parley.tickets.states import Side
from parley.tickets.words import start_words

DRAFT = "new-ticket"
MAX_TITLE = 200


class OpeningRefused(ValueError):
    """What was filled in can't be opened; `problems` says why, field by field, for the reader."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


class TooSoon(Exception):
    """The party has opened a ticket on this topic less than the cool-down ago (T5).

    `ticket` is the one that is there; `wait` is how long to wait.
    """

    def __init__(self, ticket: Ticket, wait: timedelta) -> None:
        super().__init__(f"{ticket.number} was opened on this topic; wait {wait}")
        self.ticket, self.wait = ticket, wait


@dataclass(frozen=True, kw_only=True)
class NewTicket:
    """What a person fills in. `to` may be left out when the topic goes to the operator."""

    topic: Topic
    title: str
    text: str
    to: Party | None = None
    priority: str = Priority.QUESTION
    order_number: str = ""
    attachments: Sequence[uuid.UUID] = ()
    continues: int | None = None
    submit_key: uuid.UUID | None = None


def open_ticket(new: NewTicket, *, by: Membership) -> Ticket:
    """Open a ticket from `by`'s party; the same submit key twice gives the same ticket.

    Raises OpeningRefused (something missing or not fitting), TooSoon (the cool-down), and what
    `conversations.posting.post` raises. In each case nothing is opened, and the draft is kept.
    """
    counterparty = _counterparty(new)
    _check(new, by, counterparty)
    assert counterparty is not None
    with transaction.atomic():
        if new.submit_key:
            _one_at_a_time("submit", by.person_id, new.submit_key.int)
        if already := posted_already(by, new.submit_key):
            return Ticket.objects.get(conversation_id=already.conversation_id)
        _keep_cool_down(by.party_id, new.topic.pk)
        return _open(new, by, counterparty)


def _open(new: NewTicket, by: Membership, counterparty: Party) -> Ticket:
    moment = now()
    conversation = Conversation.objects.create(created_at=moment)
    message = post(
        conversation,
        by=by,
        text=new.text,
        attachments=new.attachments,
        submit_key=new.submit_key,
    )
    ticket = Ticket.objects.create(
        conversation=conversation,
        topic=new.topic,
        title=new.title.strip(),
        order_number=new.order_number.strip(),
        priority=new.priority,
        urgency=0 if new.priority == Priority.URGENT else 1,
        opener_id=by.party_id,
        opener_person_id=by.person_id,
        counterparty=counterparty,
        turn_party=counterparty,
        operator_speaks=PartyKind.OPERATOR in (by.party.kind, counterparty.kind),
        continues=_visible(by, new.continues),
        created_at=moment,
    )
    seen = _make_sides(ticket, by, counterparty, message.attached, moment)
    names = f"{by.party.name} {counterparty.name} {by.person.name}"
    start_words(ticket.pk, f"{ticket.title} {ticket.order_number} {names} {new.text}")
    drop_draft(by, DRAFT)
    record(
        TicketOpened(
            ticket=ticket.pk,
            seen=seen,
            message=message.pk,
            status=states.START.status.value,
            turn=states.START.turn.value,
            dispute=states.START.dispute.value,
            clock_moved=True,
        ),
        by=by,
    )
    return ticket


def _make_sides(
    ticket: Ticket, by: Membership, counterparty: Party, attached: int, moment: datetime
) -> tuple[int, ...]:
    parties = {by.party_id: Side.OPENER, counterparty.pk: Side.COUNTERPARTY}
    if PartyKind.OPERATOR not in (by.party.kind, counterparty.kind):
        parties[operator().pk] = Side.OPERATOR
    TicketSide.objects.bulk_create(
        TicketSide(
            ticket=ticket,
            party_id=party,
            side=side,
            activity_at=moment,
            attachments=attached,
            dealt_at=moment if side is Side.OPENER else None,
        )
        for party, side in parties.items()
    )
    return tuple(sorted(parties))


def _counterparty(new: NewTicket) -> Party | None:
    return operator() if new.topic.goes_to == PartyKind.OPERATOR else new.to


def _check(new: NewTicket, by: Membership, counterparty: Party | None) -> None:
    problems: dict[str, str] = {}
    title, text = new.title.strip(), new.text.strip()
    if not new.topic.active or by.party.kind not in new.topic.opened_by:
        problems["topic"] = _("Pick a topic from the list.")
    if counterparty is None:
        problems["to"] = _("Pick who this is for.")
    elif counterparty.kind != new.topic.goes_to or counterparty.pk == by.party_id:
        problems["to"] = _("A ticket on this topic can't go to %(name)s.") % {
            "name": counterparty.name
        }
    if not title:
        problems["title"] = _("Say in a few words what it is about.")
    elif len(title) > MAX_TITLE:
        problems["title"] = _("Keep the summary under %(most)s characters; it has %(has)s.") % {
            "most": MAX_TITLE,
            "has": len(title),
        }
    if not text:
        problems["text"] = _("Describe what happened.")
    elif len(text) > MAX_TEXT:
        problems["text"] = _("Keep the description under %(most)s characters; it has %(has)s.") % {
            "most": MAX_TEXT,
            "has": len(text),
        }
    if new.topic.order_field == OrderField.REQUIRED and not new.order_number.strip():
        problems["order_number"] = _("This topic needs the order it is about.")
    elif len(new.order_number.strip()) > 60:
        problems["order_number"] = _("An order number has at most 60 characters.")
    if new.priority not in Priority.values:
        problems["priority"] = _("Pick one of the three kinds.")
    if problems:
        raise OpeningRefused(problems)


def _keep_cool_down(party_id: int, topic_id: int) -> None:
    """Refuse a second ticket on the topic within the cool-down, however many submit at once."""
    cool_down = timedelta(minutes=settings.COOL_DOWN_MINUTES)
    if not cool_down:
        return
    _one_at_a_time("cool-down", party_id, topic_id)
    latest = (
        Ticket.objects.filter(opener_id=party_id, topic_id=topic_id, created_at__gt=now() - cool_down)
        .order_by("-created_at")
        .first()
    )
    if latest is not None:
        raise TooSoon(latest, latest.created_at + cool_down - now())


def _one_at_a_time(what: str, one: int, other: int) -> None:
    """Wait until no other transaction is about the same pair."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{what}:{one}:{other}"]
        )


def _visible(by: Membership, ticket_id: int | None) -> Ticket | None:
    return tickets_visible_to(by).filter(pk=ticket_id).first() if ticket_id else None
