"""Handing a chat over to people: from then on it is a ticket on the same conversation (M3).

What was said stays and is not asked again. A chat is locked before its ticket is opened, and by the
assistant before it speaks: so it never talks over a person.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from parley.conversations.posting import posted_already
from parley.conversations.typed import typed, typed_line
from parley.journal.moment import now
from parley.journal.recording import record
from parley.messenger.chatting import begin, lock
from parley.messenger.events import ChatHandedOver
from parley.messenger.models import Chat, ChatState, Site
from parley.parties.models import Membership, PartyKind, Person
from parley.postgres.waiting import one_at_a_time
from parley.tickets.models import OrderField, Purpose, Ticket, Topic
from parley.tickets.opening import NewTicket, OpeningRefused, open_ticket
from parley.tickets.own_topics import own_topic
from parley.tickets.replying import Reply, reply

LONGEST_CONTACT = 254
_TOPIC = {"en": "Messenger", "ru": "Мессенджер"}
_CATEGORY = {"en": "Questions", "ru": "Вопросы"}
_OPENED_BY = [PartyKind.SELLER.value, PartyKind.SUPPLIER.value, PartyKind.VISITOR.value]


def topic_of_chats() -> Topic:
    """The topic of such tickets."""
    return own_topic(
        Purpose.CHAT,
        category=_CATEGORY,
        names=_TOPIC,
        opened_by=_OPENED_BY,
        goes_to=PartyKind.OPERATOR,
        order_field=OrderField.NONE,
    )


def may_hand_over(by: Membership) -> bool:
    """Whether there are people for `by` to be handed over to: the operator's own people are those."""
    return not by.is_operator


def hand_over(
    chat: int | None,
    *,
    by: Membership,
    priority: str,
    text: str = "",
    attachments: Sequence[uuid.UUID] = (),
    contact: str = "",
    submit_key: uuid.UUID | None = None,
    language: str = "en",
    site: Site | None = None,
) -> Ticket:
    """Hand one's own chat over to people; without a chat (None), begin with `text` and do so at once.

    `text` may be empty where something was said before. `contact` is where mail finds a visitor. A
    chat that is with people already stays so: what is said with the repeat is said on its ticket.

    Raises Chat.DoesNotExist, OpeningRefused, TooSoon (the cool-down, T5), PermissionDenied (the
    operator's own people), and what `conversations.posting.post` raises; then nothing has changed.
    """
    if not may_hand_over(by):
        raise PermissionDenied
    with transaction.atomic():
        if submit_key:
            one_at_a_time("submit", by.person_id, submit_key.int)
        if already := posted_already(by, submit_key):
            chat = already.conversation_id
        _keep_contact(by, contact)
        handed = _chat(chat, by, text, language=language, site=site)
        if handed.state == ChatState.PEOPLE:
            return _go_on(
                handed, Reply(text=text, attachments=attachments, submit_key=submit_key), by
            )
        ticket = open_ticket(
            NewTicket(
                topic=topic_of_chats(),
                title=handed.title or _("A question from the messenger"),
                text=text,
                priority=priority,
                attachments=attachments,
                submit_key=submit_key,
                draft=f"chat:{handed.pk}",
                conversation=handed.pk,
            ),
            by=by,
        )
        _leave_to_people(handed, ticket, by)
    return ticket


def _chat(chat: int | None, by: Membership, text: str, *, language: str, site: Site | None) -> Chat:
    if chat is not None:
        return lock(by, chat)
    if not typed(text).strip():
        raise OpeningRefused({"text": _("Describe what happened.")})
    return begin(by, text, language=language, site=site)


def _leave_to_people(chat: Chat, ticket: Ticket, by: Membership) -> None:
    chat.state = ChatState.PEOPLE
    chat.handed_over_at = chat.last_at = chat.read_at = now()
    chat.save(update_fields=["state", "handed_over_at", "last_at", "read_at"])
    record(
        ChatHandedOver(
            conversation=chat.pk,
            party=by.party_id,
            asker=by.pk,
            ticket=ticket.pk,
            priority=ticket.priority,
        ),
        by=by,
    )


def _go_on(chat: Chat, said: Reply, by: Membership) -> Ticket:
    """The ticket that is there; what was typed with the repeat is not lost."""
    ticket = Ticket.objects.get(conversation_id=chat.pk)
    if said.text.strip() or said.attachments:
        reply(ticket.pk, said, by=by)
    return ticket


def needs_contact(by: Membership) -> bool:
    """Whether an answer would find them nowhere but in this browser."""
    return not by.person.mailbox


def _keep_contact(by: Membership, contact: str) -> None:
    """Note where mail finds a visitor. For people with an account their own address stands."""
    if by.party.kind != PartyKind.VISITOR:
        return
    contact = typed_line(contact)
    if not contact:
        if needs_contact(by):
            raise OpeningRefused({"email": _("Write the e-mail address that the answer goes to.")})
        return
    try:
        validate_email(contact)
    except ValidationError:
        raise OpeningRefused(
            {"email": _("This is no e-mail address. Look for a typing error.")}
        ) from None
    if len(contact) > LONGEST_CONTACT:
        raise OpeningRefused({"email": _("This is no e-mail address. Look for a typing error.")})
    by.person.contact = contact
    Person.objects.filter(pk=by.person_id).update(contact=contact)
