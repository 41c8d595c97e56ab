"""Summing up a ticket: who wants what, what was said last, and the facts, in the parties' own words (M7).

Every sentence was said by somebody, and says where: nothing is put in other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from parley.assistant.sentences import asking, cut, sentences_of
from parley.conversations.access import messages_visible_to
from parley.conversations.models import Audience, Message
from parley.parties.models import Membership
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import Ticket

LOOKED_BACK = 40
"""The last messages that are read, beside the first one."""
MOST_OF_A_KIND = 4

_SUM = re.compile(
    r"(?:[£€$₽]\s?\d[\d\u00a0 ,.]*\d|[£€$₽]\s?\d)"
    r"|\d[\d\u00a0 ,.]*\s?(?:[£€$₽]|(?:GBP|EUR|USD|RUB|pounds?|euros?|dollars?"
    r"|руб(?:л[ейя]+)?|фунт\w*|евро)\b)",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|января|февраля|марта|апреля|мая|июня|июля|августа"
    r"|сентября|октября|ноября|декабря)"
)
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?:\s+\d{{4}})?\b|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b"
    r"(?:,?\s+\d{4}\b)?|\b\d{4}-\d\d-\d\d\b"
    r"|(?<![\d.,£€$₽])(?:0?[1-9]|[12]\d|3[01])[./](?:0?[1-9]|1[0-2])(?:[./](?:20)?\d\d)?"
    r"(?![\d.,/]*\d|\s?(?:[%£€$₽]|GBP|EUR|USD|RUB|руб))",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b(?=[A-Z0-9-]*\d{4})(?=[A-Z0-9-]*[A-Z])[A-Z0-9][A-Z0-9-]{6,}[A-Z0-9]\b")


@dataclass(frozen=True)
class Point:
    """One sentence that somebody said: `who`, of which kind of party, when, in which message."""

    text: str
    who: str
    kind: str
    at: datetime
    message: int
    is_note: bool = False


@dataclass(frozen=True)
class Fact:
    """Something definite that was said: `kind` is sum, date or code."""

    kind: str
    text: str
    message: int


@dataclass(frozen=True)
class Summary:
    """What there is to know of a ticket at a glance; `of` is how many messages it was read from."""

    wants: Point | None
    last: list[Point]
    facts: list[Fact]
    of: int


def summary(ticket_id: int, *, by: Membership) -> Summary:
    """The ticket in short, for one of the operator's people; in three queries.

    Raises Ticket.DoesNotExist.
    """
    if not by.is_operator:
        raise Ticket.DoesNotExist
    ticket = tickets_visible_to(by).get(pk=ticket_id)
    messages = read_messages(by, ticket)
    return Summary(
        wants=_wants(messages, ticket),
        last=_last(messages, ticket),
        facts=_facts(messages),
        of=len(messages),
    )


def read_messages(by: Membership, ticket: Ticket) -> list[Message]:
    """The first message and the last ones, oldest first."""
    visible = messages_visible_to(by, ticket.conversation_id).select_related("person", "party")
    latest = list(visible.order_by("-id")[:LOOKED_BACK])[::-1]
    if len(latest) < LOOKED_BACK:
        return latest
    first = visible.order_by("id").first()
    return [first, *latest] if first and first.pk != latest[0].pk else latest


def _wants(messages: list[Message], ticket: Ticket) -> Point | None:
    """What the opener asks for, as they said it first; the title where they said nothing."""
    for message in messages:
        if message.party_id == ticket.opener_id and message.person is not None:
            wanted = asking(sentences_of(message.text)) or ticket.title
            return _point(message, wanted)
    return None


def _last(messages: list[Message], ticket: Ticket) -> list[Point]:
    """The last word of each party, and the last note, in the order they were said."""
    heard: dict[object, Point] = {}
    for message in reversed(messages):
        is_note = message.audience == Audience.OPERATOR
        key = "note" if is_note else message.party_id
        said = sentences_of(message.text)
        first_of_all = message is messages[0] and message.party_id == ticket.opener_id
        if key in heard or not said or message.person is None or first_of_all:
            continue
        heard[key] = _point(message, asking(said))
    return sorted(heard.values(), key=lambda point: point.message)


def _point(message: Message, text: str) -> Point:
    assert message.person is not None
    return Point(
        text=cut(text),
        who=message.person.name,
        kind=message.party.kind,
        at=message.at,
        message=message.pk,
        is_note=message.audience == Audience.OPERATOR,
    )


def _facts(messages: Iterable[Message]) -> list[Fact]:
    """Sums, dates and codes, each where it was first said."""
    found: dict[tuple[str, str], Fact] = {}
    for message in messages:
        for kind, pattern in (("sum", _SUM), ("date", _DATE), ("code", _CODE)):
            for match in pattern.finditer(message.text):
                text = " ".join(match[0].split()).strip(" ,.")
                found.setdefault((kind, text.casefold()), Fact(kind, text, message.pk))
    kept: list[Fact] = []
    for kind in ("sum", "date", "code"):
        kept.extend([fact for fact in found.values() if fact.kind == kind][:MOST_OF_A_KIND])
    return kept
