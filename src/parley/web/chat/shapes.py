"""What the messenger's addresses answer with, made of rows that came through their doors."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape
from typing import Any

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from parley.assistant.models import Outcome, Question
from parley.conversations.models import Attachment, Message
from parley.messenger.listing import Listed
from parley.messenger.models import ChatState
from parley.parties.models import Membership
from parley.tickets.stating import state_line
from parley.web.files import kept_back_words

LAST_WORDS = 140

Shape = dict[str, Any]


def moment(at: datetime) -> str:
    """ISO 8601, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def listed(row: Listed, reader: Membership) -> Shape:
    """A conversation, as a line of a list and as the head of its page."""
    ticket, chat = row.ticket, row.chat
    shape: Shape = {
        "id": row.conversation,
        "kind": row.kind,
        "title": row.title or _("A file"),
        "last_at": moment(row.at),
        "last_words": _last_words(row, reader),
        "unread": row.unread,
        "urgent": False,
    }
    if ticket is not None:
        line = state_line(ticket, reader.party_id)
        return shape | {
            "state": ticket.status,
            "state_words": line.sentence,
            "tone": line.tone,
            "number": ticket.number,
            "urgent": ticket.is_urgent,
        }
    assert chat is not None
    helped = chat.state == ChatState.HELPED
    words = _("Answered by the assistant") if helped else _("With the assistant")
    return shape | {
        "state": chat.state,
        "state_words": words,
        "tone": "done" if helped else "calm",
    }


def _last_words(row: Listed, reader: Membership) -> str:
    last = row.last
    if last is None:
        return ""
    words = " ".join(unescape(strip_tags(last["html"])).split())
    words = words or _("A file")
    if len(words) > LAST_WORDS:
        words = f"{words[:LAST_WORDS].rstrip()}…"
    if last["person"] == reader.person_id:
        return _("You: %(words)s") % {"words": words}
    return words


def message(
    said: Message, files: list[Attachment], reader: Membership, question: Question | None
) -> Shape:
    """A message, with its files, and with what became of the question that it answers."""
    shape: Shape = {
        "id": said.pk,
        "who": _who(said, reader),
        "html": said.html,
        "at": moment(said.at),
        "files": [file(one) for one in files],
    }
    return shape | {"answer": answer(question)} if question is not None else shape


def _who(said: Message, reader: Membership) -> Shape:
    if said.person is None:
        return {"name": _("Assistant"), "side": "assistant", "label": _("AI assistant")}
    if said.person_id == reader.person_id:
        return {"name": said.person.name, "side": "me"}
    side = "us" if said.party_id == reader.party_id else said.party.kind
    return {"name": said.person.name, "side": side, "label": said.party.name}


def answer(question: Question) -> Shape:
    """What the assistant made of a question: outcome, and the articles and rows it shows."""
    pages = [
        {
            "kind": source.get("kind", "article"),
            "title": source.get("title", ""),
            "url": source.get("address", ""),
            "path": source.get("id", "") if source.get("kind") == "article" else "",
        }
        for source in question.sources
    ]
    is_offer = question.outcome == Outcome.OFFER
    return {
        "question": question.pk,
        "outcome": question.outcome,
        "state": question.state,
        "sources": [] if is_offer else pages,
        "offers": pages if is_offer else [],
        "helped": question.helped,
    }


def file(one: Attachment) -> Shape:
    """A file; its addresses are those of the messenger, which take a key."""
    address = reverse("chat:file", args=[one.pk])
    shape: Shape = {
        "id": str(one.pk),
        "name": one.name,
        "size": one.size,
        "is_image": one.is_image,
        "url": address,
        "width": one.width,
        "height": one.height,
    }
    if one.kept_back:
        shape["kept_back"] = kept_back_words(one)
    elif one.thumbnail:
        shape["thumb"] = reverse("chat:file_small", args=[one.pk])
    return shape
