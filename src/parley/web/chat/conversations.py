"""Conversations in the messenger: the list, one of them, and what one says and does there."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from parley.assistant.outcomes import helped as answer_helped
from parley.assistant.seeing import question_waiting_in, questions_answered_by
from parley.conversations.rendering import render
from parley.guard.watching import watch_reply
from parley.journal.moment import now
from parley.messenger.asking import ask
from parley.messenger.chatting import WithPeople
from parley.messenger.handing_over import may_hand_over
from parley.messenger.limiting import QUESTIONS, QUESTIONS_OF_ADDRESS, SIGNS, spend
from parley.messenger.listing import Listed, conversation_of, conversations_of
from parley.messenger.presence import someone_is_there
from parley.messenger.seeing import leaf_of, note_read
from parley.messenger.typing import note_typing, stop_typing, typing_in
from parley.notifications.reading import read_notices
from parley.parties.models import Membership
from parley.tickets.ending import close, rate
from parley.tickets.moving import parties_on
from parley.tickets.replying import Reply, reply
from parley.web.chat import shapes
from parley.web.chat.doors import Answer, Asking, address, made, nothing
from parley.web.chat.expecting import expected
from parley.web.chat.problems import Problem
from parley.web.ticket_page import may

LATE_AFTER = 12
"""Seconds after which a question that is not answered is said to be late, and a person offered."""


def _list(asking: Asking) -> Answer:
    reader = asking.reader
    if reader is None:
        return {"conversations": [], "older": None}
    page = conversations_of(reader, before=asking.request.GET.get("before", ""))
    return {
        "conversations": [shapes.listed(row, reader) for row in page.rows],
        "older": page.older,
    }


def _begin(asking: Asking) -> Answer:
    return made(_ask(asking, None))


def _one(asking: Asking, key: int) -> Answer:
    before = asking.request.GET.get("before", "")
    return page_of(_row(asking.known, key), asking.known, before=before)


def _say(asking: Asking, key: int) -> Answer:
    row = _row(asking.known, key)
    if row.ticket is None:
        try:
            return made(_ask(asking, key))
        except WithPeople:
            # Handed over a moment ago, in another window: it is said to people, then.
            row = _row(asking.known, key)
    return made(_reply(asking, row))


def _ask(asking: Asking, key: int | None) -> shapes.Shape:
    body, by = asking.body, asking.arrived()
    spend("ask", by.person_id, QUESTIONS)
    spend("ask-from", asking.address, QUESTIONS_OF_ADDRESS)
    chat = ask(
        key,
        body.text("text"),
        by=by,
        language=asking.caller.language if asking.caller else "en",
        site=asking.site,
        submit_key=body.key("submit_key"),
        attachments=body.keys("files"),
    )
    return page_of(_row(by, chat.pk), by)


def _reply(asking: Asking, row: Listed) -> shapes.Shape:
    assert row.ticket is not None
    body, by = asking.body, asking.known
    spend("ask", by.person_id, QUESTIONS)
    said = Reply(
        text=body.text("text"),
        attachments=body.keys("files"),
        submit_key=body.key("submit_key") or uuid.uuid4(),
    )
    if watch_reply(row.ticket.pk, said, by=by, aware=body.text("aware")):
        raise Problem(409, _("Your message waits to be looked at, and is sent after that."))
    reply(row.ticket.pk, said, by=by)
    stop_typing(row.conversation, by=by)
    return page_of(_row(by, row.conversation), by)


def _reading(asking: Asking, key: int) -> Answer:
    row, by = _row(asking.known, key), asking.known
    note_read(row, by=by)
    if row.ticket is not None:
        read_notices(by, ticket_id=row.ticket.pk, until=now())
    return nothing()


def _typing(asking: Asking, key: int) -> Answer:
    by = asking.known
    spend("sign", by.person_id, SIGNS)
    row = _row(by, key)
    # Nobody reads along before it is handed over.
    if row.ticket is not None:
        note_typing(key, parties_on(row.ticket), by=by)
    return nothing()


def _who_types(asking: Asking, key: int) -> Answer:
    row = _row(asking.known, key)
    return {"typing": typing_in(row.conversation, asking.known) if row.ticket else []}


def _helped(asking: Asking, key: int) -> Answer:
    by = asking.known
    row = _row(by, key)
    question = answer_helped(asking.body.number("question"), by=by)
    if question.chat_id != row.conversation:
        raise Problem(404, _("There is nothing here."))
    return page_of(_row(by, key), by)


def _close(asking: Asking, key: int) -> Answer:
    by = asking.known
    close(_ticket_of(_row(by, key)), by=by)
    return page_of(_row(by, key), by)


def _rate(asking: Asking, key: int) -> Answer:
    by = asking.known
    ticket = _ticket_of(_row(by, key))
    rate(ticket, asking.body.number("stars"), asking.body.text("comment"), by=by)
    return page_of(_row(by, key), by)


def _row(reader: Membership, key: int) -> Listed:
    row = conversation_of(reader, key)
    if row is None:
        raise Problem(404, _("There is nothing here."))
    return row


def _ticket_of(row: Listed) -> int:
    if row.ticket is None:
        raise Problem(409, _("This is not with people yet."))
    return row.ticket.pk


def page_of(row: Listed, reader: Membership, *, before: str = "") -> shapes.Shape:
    """A conversation with its newest messages, or those before one; and what can be done there."""
    leaf = leaf_of(reader, row.conversation, before=before)
    machine = [said.pk for said in leaf.messages if said.is_assistants]
    questions = questions_answered_by(machine)
    page: shapes.Shape = {
        "conversation": shapes.listed(row, reader),
        "messages": [
            shapes.message(said, leaf.files[said.pk], reader, questions.get(said.pk))
            for said in leaf.messages
        ],
        "older": leaf.older,
        "typing": [],
        "may": _may(row, reader),
    }
    if row.ticket is None:
        return page | {"pending": _pending(row)}
    online = someone_is_there()
    words = expected(row.ticket, reader, online=online)
    typing = typing_in(row.conversation, reader)
    return page | {"typing": typing, "expected": words, "online": online}


def _may(row: Listed, reader: Membership) -> dict[str, bool]:
    if row.ticket is None:
        return {
            "ask": True,
            "reply": False,
            "hand_over": may_hand_over(reader),
            "close": False,
            "rate": False,
        }
    can = may(row.ticket, row.ticket.side_of(reader.party_id))
    return {
        "ask": False,
        "reply": can["reply"],
        "hand_over": False,
        "close": can["close"],
        "rate": can["rate"],
    }


def _pending(row: Listed) -> shapes.Shape | None:
    question = question_waiting_in(row.conversation)
    if question is None:
        return None
    return {
        "question": question.pk,
        "so_far_html": render(question.so_far) if question.so_far else "",
        "since": shapes.moment(question.asked_at),
        "late": (now() - question.asked_at).total_seconds() > LATE_AFTER,
    }


conversations = address(GET=_list, POST=_begin)
conversation = address(GET=_one)
messages = address(POST=_say)
reading = address(POST=_reading)
typing = address(GET=_who_types, POST=_typing)
helped = address(POST=_helped)
closing = address(POST=_close)
rating = address(POST=_rate)
