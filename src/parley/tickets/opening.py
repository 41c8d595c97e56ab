"""Opening a ticket."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from parley.conversations.drafting import drop_draft
from parley.conversations.models import Conversation, Message
from parley.conversations.posting import MAX_TEXT, post, posted_already
from parley.conversations.typed import typed, typed_line
from parley.journal.moment import now
from parley.journal.recording import record
from parley.orders.models import Order
from parley.orders.moving import lock as lock_order
from parley.parties.access import operator
from parley.parties.models import Membership, Party, PartyKind
from parley.parties.pinning import take_pins
from parley.postgres.waiting import one_at_a_time
from parley.tickets import states
from parley.tickets.access import tickets_visible_to
from parley.tickets.calling_off import CantBeAsked, ask
from parley.tickets.events import TicketOpened
from parley.tickets.filling import Answers, answers, fill_at_opening
from parley.tickets.models import OrderField, Priority, Purpose, Ticket, TicketSide, Topic
from parley.tickets.ordering import OrderNotMeant, number_to_keep, order_meant
from parley.tickets.reading import start_read
from parley.tickets.states import Side
from parley.tickets.timing import cool_down
from parley.tickets.words import start_words

DRAFT = "new-ticket"
BY_MAIL = "mail"
"""The way in of what was written to a mailbox: see `NewTicket.via`."""
MAX_TITLE = 200
MAX_ORDER_NUMBER = 60


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
    """What a person fills in. `to` may be left out when the topic goes to the operator.

    `order` is the id of an order that was picked; `order_number` what was typed: see
    `ordering.order_meant`. `draft` is where it was kept while it was written. `conversation` is the
    id of one that the ticket goes on, with all that was said in it: what `by` has said there need
    not be said again, and `text` may be empty. `via` is the way it came in: see `TicketOpened`.
    `fields` is what was typed in the topic's custom fields, by their ids; one that does not fit is
    refused as `field-<id>`.
    """

    topic: Topic
    title: str
    text: str
    to: Party | None = None
    priority: str = Priority.QUESTION
    order_number: str = ""
    order: int | None = None
    attachments: Sequence[uuid.UUID] = ()
    continues: int | None = None
    submit_key: uuid.UUID | None = None
    draft: str = DRAFT
    conversation: int | None = None
    via: str = ""
    fields: Mapping[int, str] = field(default_factory=dict)

    @property
    def asks_to_cancel(self) -> bool:
        return self.topic.purpose == Purpose.CANCEL_ORDER


def open_ticket(new: NewTicket, *, by: Membership) -> Ticket:
    """Open a ticket from `by`'s party; the same submit key twice gives the same ticket.

    One on the topic that asks to cancel an order asks the supplier, too.

    Raises OpeningRefused (something missing or not fitting), TooSoon (the cool-down), and what
    `conversations.posting.post` raises. In each case nothing is opened, and the draft is kept.
    """
    new = _fit_to_keep(new)
    counterparty = _counterparty(new)
    given = answers(new.topic, new.fields)
    order = _check(new, by, counterparty, given)
    assert counterparty is not None
    with transaction.atomic():
        if new.submit_key:
            one_at_a_time("submit", by.person_id, new.submit_key.int)
        if already := posted_already(by, new.submit_key):
            return Ticket.objects.get(conversation_id=already.conversation_id)
        # The operator's people write to many companies about the same thing; and an order is asked
        # to be cancelled once, however many orders there are. A mail can't be asked to wait: how many
        # are taken in from one sender is limited at the mailbox.
        if not (by.is_operator or new.asks_to_cancel or new.via == BY_MAIL):
            _keep_cool_down(by.party_id, new.topic.pk)
        return _open(new, by, counterparty, order, given)


def _open(
    new: NewTicket, by: Membership, counterparty: Party, order: Order | None, given: Answers
) -> Ticket:
    moment = now()
    # Locked before the ticket that points at it is there: so two at once never wait for each other.
    order = lock_order(order.pk, by) if order else None
    said = _say(new, by, moment)
    new = replace(new, title=take_pins(new.title, by=by, conversation=said.last.conversation_id))
    ticket = Ticket.objects.create(
        conversation_id=said.last.conversation_id,
        topic=new.topic,
        title=new.title,
        order=order,
        order_number=_number_of(new, order),
        asks_to_cancel=new.asks_to_cancel,
        priority=new.priority,
        urgency=0 if new.priority == Priority.URGENT else 1,
        opener_id=by.party_id,
        opener_person_id=by.person_id,
        counterparty=counterparty,
        turn_party=counterparty,
        team_id=new.topic.team_id,
        operator_speaks=PartyKind.OPERATOR in (by.party.kind, counterparty.kind),
        continues=_visible(by, new.continues),
        created_at=moment,
    )
    seen = _make_sides(ticket, by, counterparty, said.attached, moment)
    names = f"{by.party.name} {counterparty.name} {by.person.name}"
    numbers = f"{ticket.order_number} {order.channel_number if order else ''}"
    start_words(ticket.pk, f"{ticket.title} {numbers} {names} {said.text}")
    start_read(ticket.pk, moment, by=by)
    drop_draft(by, new.draft)
    record(
        TicketOpened(
            ticket=ticket.pk,
            seen=seen,
            message=said.last.pk,
            status=states.START.status.value,
            turn=states.START.turn.value,
            dispute=states.START.dispute.value,
            clock_moved=True,
            via=new.via,
        ),
        by=by,
    )
    fill_at_opening(ticket, given, by=by)
    if order and new.asks_to_cancel:
        _ask(ticket, order, by)
    return ticket


@dataclass(frozen=True)
class _Said:
    """What a ticket begins with: the opener's last words, the text of all, how many files."""

    last: Message
    text: str
    attached: int


def _say(new: NewTicket, by: Membership, moment: datetime) -> _Said:
    """Say what was filled in, in the conversation the ticket goes on or in one of its own."""
    conversation = new.conversation or Conversation.objects.create(created_at=moment).pk
    if new.text or new.attachments:
        message = post(
            conversation,
            by=by,
            text=new.text,
            attachments=new.attachments,
            submit_key=new.submit_key,
        )
        if new.conversation is None:
            return _Said(message, message.text, message.attached)
    return _said_before(conversation, by)


def _said_before(conversation: int, by: Membership) -> _Said:
    said = Message.objects.filter(conversation=conversation)
    last = said.filter(person=by.person_id).order_by("-id").first()
    if last is None:
        raise OpeningRefused({"text": _("Describe what happened.")})
    attached = said.aggregate(attached=Sum("attached"))["attached"]
    return _Said(last, _latest_words(said), attached)


def _latest_words(said: QuerySet[Message]) -> str:
    """What was said last: as much as one message may have. A chat may be longer than a tsvector."""
    words = ""
    for text in said.order_by("-id").values_list("text", flat=True).iterator(chunk_size=20):
        words = f"{text} {words}"
        if len(words) >= MAX_TEXT:
            break
    return words[-MAX_TEXT:]


def _ask(ticket: Ticket, order: Order, by: Membership) -> None:
    try:
        ask(ticket, order, by=by)
    except CantBeAsked as refusal:
        raise OpeningRefused({"order_number": str(refusal)}) from None


def _number_of(new: NewTicket, order: Order | None) -> str:
    if order is None or (new.order_number and new.order is None):
        return new.order_number
    return number_to_keep(order)


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


def _fit_to_keep(new: NewTicket) -> NewTicket:
    return replace(
        new,
        title=typed_line(new.title),
        text=typed(new.text).strip(),
        order_number=typed_line(new.order_number),
    )


def _check(
    new: NewTicket, by: Membership, counterparty: Party | None, given: Answers
) -> Order | None:
    """The order it is about, if there is one. Raises OpeningRefused."""
    order, problem_with_order = _order(new, by, counterparty)
    problems = {
        "topic": _problem_with_topic(new, by),
        "to": _problem_with_other(new.topic, by, counterparty),
        "title": _problem_with_title(new.title),
        "text": _problem_with_text(new),
        "order_number": problem_with_order,
        "priority": "" if new.priority in Priority.values else _("Pick one of the three kinds."),
        **{f"field-{key}": words for key, words in given.problems.items()},
    }
    if any(problems.values()):
        raise OpeningRefused({field: words for field, words in problems.items() if words})
    return order


def _order(new: NewTicket, by: Membership, counterparty: Party | None) -> tuple[Order | None, str]:
    if problem := _problem_with_order(new):
        return None, problem
    if counterparty is None:
        return None, ""
    try:
        order = order_meant(new.order_number, new.order, by=by, counterparty=counterparty)
    except OrderNotMeant as refusal:
        return None, str(refusal)
    if order is None and new.asks_to_cancel:
        return None, _("Pick the order that is to be cancelled.")
    return order, ""


def _problem_with_topic(new: NewTicket, by: Membership) -> str:
    topic = new.topic
    if topic.purpose == Purpose.CHAT:
        # Nobody picks it: it is there for every conversation that is handed over, and for no other.
        fits = new.conversation is not None
    elif topic.purpose == Purpose.MAIL:
        fits = new.via == BY_MAIL
    else:
        fits = topic.active and topic.category.active
    return "" if fits and by.party.kind in topic.opened_by else _("Pick a topic from the list.")


def _problem_with_other(topic: Topic, by: Membership, counterparty: Party | None) -> str:
    if counterparty is None:
        return _("Pick who this is for.")
    if counterparty.kind == topic.goes_to and counterparty.pk != by.party_id:
        return ""
    return _("A ticket on this topic can't go to %(name)s.") % {"name": counterparty.name}


def _problem_with_title(title: str) -> str:
    if not title:
        return _("Say in a few words what it is about.")
    if len(title) <= MAX_TITLE:
        return ""
    return _("Keep the summary under %(most)s characters; it has %(has)s.") % {
        "most": MAX_TITLE,
        "has": len(title),
    }


def _problem_with_text(new: NewTicket) -> str:
    if not new.text:
        # In a conversation that goes on, it was said there: `_said_before` looks whether it was.
        return "" if new.conversation else _("Describe what happened.")
    if len(new.text) <= MAX_TEXT:
        return ""
    return _("Keep the description under %(most)s characters; it has %(has)s.") % {
        "most": MAX_TEXT,
        "has": len(new.text),
    }


def _problem_with_order(new: NewTicket) -> str:
    needed = new.topic.order_field == OrderField.REQUIRED
    if needed and not new.order_number and new.order is None:
        return _("This topic needs the order it is about.")
    if len(new.order_number) > MAX_ORDER_NUMBER:
        return _("An order number has at most 60 characters.")
    return ""


def _keep_cool_down(party_id: int, topic_id: int) -> None:
    """Refuse a second ticket on the topic within the cool-down, however many submit at once."""
    wait = cool_down()
    if not wait:
        return
    one_at_a_time("cool-down", party_id, topic_id)
    latest = (
        Ticket.objects.filter(opener_id=party_id, topic_id=topic_id)
        .filter(created_at__gt=now() - wait)
        .order_by("-created_at")
        .first()
    )
    if latest is not None:
        raise TooSoon(latest, latest.created_at + wait - now())


def _visible(by: Membership, ticket_id: int | None) -> Ticket | None:
    return tickets_visible_to(by).filter(pk=ticket_id).first() if ticket_id else None
