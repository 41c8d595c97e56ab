"""*Messages* (M4): somebody's chats and tickets together, the latest first, page by page.

A chat that was handed over is listed as the ticket it has become. Each kind is read along an index of
its own, and the two are merged: both in the order (moment, kind, number).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan
from django.db.models.functions import JSONObject

from parley.conversations.models import Message
from parley.messenger.access import chats_visible_to, seen_in_messenger
from parley.messenger.models import Chat, ChatState
from parley.parties.models import Membership
from parley.postgres.keysets import CursorUnreadable, as_text, moment_of
from parley.tickets.access import sides_visible_to
from parley.tickets.finding import with_everything
from parley.tickets.models import Reading, Ticket, TicketSide

PAGE = 20
MOST_COUNTED = 99
_KINDS = ("ticket", "chat")


@dataclass(frozen=True)
class Listed:
    """A conversation as a list shows it to its reader: a ticket, or else a chat.

    `last` is the last message that they may see: its `html`, and whose it is (`person`, `party`).
    """

    conversation: int
    ticket: Ticket | None
    chat: Chat | None
    title: str
    at: datetime
    unread: bool
    last: dict[str, Any] | None

    @property
    def kind(self) -> str:
        """`ticket` or `chat`."""
        return "ticket" if self.ticket else "chat"

    @property
    def number(self) -> int:
        """By which it stands in its own kind's order."""
        return self.ticket.pk if self.ticket else self.conversation


@dataclass(frozen=True)
class Page:
    """One page of the list, and the cursor of the next one, if there is one."""

    rows: list[Listed]
    older: str | None


def conversations_of(reader: Membership, *, before: str = "", size: int = PAGE) -> Page:
    """What the reader has asked in the messenger and opened as a ticket. Raises CursorUnreadable."""
    place = _place(before) if before else None
    chats, sides = _open_chats(reader), _own_sides(reader)
    if place is not None:
        chats, sides = chats.filter(_behind_chat(place)), sides.filter(_behind_ticket(place))
    found = [
        *map(_of_chat, chats.order_by("-last_at", "-conversation_id")[: size + 1]),
        *map(_of_side, sides.order_by("-activity_at", "-ticket_id")[: size + 1]),
    ]
    found.sort(key=_order, reverse=True)
    rows = found[:size]
    return Page(rows, _cursor(rows[-1]) if len(found) > size else None)


def conversation_of(reader: Membership, conversation: int) -> Listed | None:
    """One conversation that the reader may open in the messenger; None when it is not there for them.

    Those are their own chats, and the tickets of their company.
    """
    chat = _with_last(_chats(reader).filter(pk=conversation), reader, "pk").first()
    if chat is not None and chat.state != ChatState.PEOPLE:
        return _of_chat(chat)
    side = _rows(_sides_of(reader, conversation), reader).first()
    return _of_side(side) if side else None


def _sides_of(reader: Membership, conversation: int) -> QuerySet[TicketSide]:
    """That of the conversation's ticket, or of the one it was merged into."""
    merged = Ticket.objects.filter(conversation=conversation, merged_into__isnull=False)
    here = Q(ticket__conversation=conversation, ticket__merged_into=None)
    there = Q(ticket__in=merged.values("merged_into"))
    return sides_visible_to(reader).filter(here | there)


def unread_of(reader: Membership) -> int:
    """How many of them have something new; counted up to MOST_COUNTED."""
    chats = (
        chats_visible_to(reader).exclude(state=ChatState.PEOPLE).filter(last_at__gt=F("read_at"))
    )
    read = Reading.objects.filter(ticket=OuterRef("ticket"), person=reader.person_id)
    sides = _own(reader).annotate(read_at=Subquery(read.values("read_at")[:1]))
    unread = sides.filter(Q(read_at=None) | Q(read_at__lt=F("activity_at")))
    counted = len(chats.values("pk")[:MOST_COUNTED]) + len(unread.values("pk")[:MOST_COUNTED])
    return min(MOST_COUNTED, counted)


def recent_of(reader: Membership, most: int) -> list[Listed]:
    """The latest few."""
    return conversations_of(reader, size=most).rows


def _chats(reader: Membership) -> QuerySet[Chat]:
    return chats_visible_to(reader).select_related("asker")


def _open_chats(reader: Membership) -> QuerySet[Chat]:
    return _with_last(_chats(reader).exclude(state=ChatState.PEOPLE), reader, "pk")


def _own(reader: Membership) -> QuerySet[TicketSide]:
    return sides_visible_to(reader).filter(
        ticket__opener_person=reader.person_id,
        ticket__opener=reader.party_id,
        ticket__merged_into=None,
    )


def _own_sides(reader: Membership) -> QuerySet[TicketSide]:
    return _rows(_own(reader), reader)


def _rows(sides: QuerySet[TicketSide], reader: Membership) -> QuerySet[TicketSide]:
    return _with_last(with_everything(sides, reader), reader, "ticket__conversation_id")


_M = TypeVar("_M", Chat, TicketSide)


def _with_last(rows: QuerySet[_M], reader: Membership, conversation: str) -> QuerySet[_M]:
    seen = Message.objects.filter(seen_in_messenger(reader), conversation=OuterRef(conversation))
    last = JSONObject(html="html", person="person_id", party="party_id", attached="attached")
    return rows.annotate(last=Subquery(seen.order_by("-id").values(json=last)[:1]))


def _of_chat(chat: Chat) -> Listed:
    return Listed(
        conversation=chat.pk,
        ticket=None,
        chat=chat,
        title=chat.title,
        at=chat.last_at,
        unread=chat.last_at > chat.read_at,
        last=chat.last,  # type: ignore[attr-defined]
    )


def _of_side(side: TicketSide) -> Listed:
    read_at = side.read_at  # type: ignore[attr-defined]
    return Listed(
        conversation=side.ticket.conversation_id,
        ticket=side.ticket,
        chat=None,
        title=side.ticket.title,
        at=side.activity_at,
        unread=read_at is None or read_at < side.activity_at,
        last=side.last,  # type: ignore[attr-defined]
    )


def _order(row: Listed) -> tuple[datetime, int, int]:
    return row.at, _KINDS.index(row.kind), row.number


def _cursor(row: Listed) -> str:
    return f"{as_text(row.at)}.{row.kind}.{row.number}"


@dataclass(frozen=True)
class _Place:
    at: datetime
    kind: str
    number: int


def _place(cursor: str) -> _Place:
    at, _dot, rest = cursor.partition(".")
    kind, _dot, number = rest.partition(".")
    if kind not in _KINDS or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise CursorUnreadable(cursor)
    return _Place(moment_of(at), kind, int(number))


def _behind_chat(place: _Place) -> Q:
    if place.kind == "chat":
        return Q(TupleLessThan(Tuple("last_at", "conversation_id"), (place.at, place.number)))
    return Q(last_at__lt=place.at)


def _behind_ticket(place: _Place) -> Q:
    if place.kind == "chat":
        # Of one moment, the chats stand before the tickets.
        return Q(activity_at__lte=place.at)
    return Q(TupleLessThan(Tuple("activity_at", "ticket_id"), (place.at, place.number)))
