"""Finding tickets: filters, the operator's queues, search, and keyset paging over all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Exists, Q, QuerySet, Subquery
from django.db.models.expressions import OuterRef
from django.db.models.fields.tuple_lookups import (
    Tuple,
    TupleGreaterThan,
    TupleGreaterThanOrEqual,
    TupleLessThan,
    TupleLessThanOrEqual,
)

from parley.conversations.typed import typed_line
from parley.journal.moment import now
from parley.parties.access import any_reader
from parley.parties.models import Membership
from parley.postgres import keysets
from parley.postgres.keysets import Keyset
from parley.postgres.questions import Given, Question, one_of
from parley.tickets.access import sides_visible_to
from parley.tickets.models import (
    IS_OPEN,
    FieldValue,
    Reading,
    ShownTo,
    StatusChoices,
    Ticket,
    TicketSide,
)
from parley.tickets.queues import QUEUES, on_ticket, queue
from parley.tickets.searching import (
    branches,
    by_names_like,
    exactly,
    is_marked_as_number,
    number_in,
)
from parley.tickets.tagging import tags_on_row

PAGE = 25
MOST_COUNTED = 1000
"""A queue's count stops here and is shown as "999+": so it costs the same on any day."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to; each empty one narrows nothing. Days are moments: [from, to).

    `fields` are pairs of a custom field and what stands in it, as it is kept.
    """

    text: str = ""
    queue: str = ""
    statuses: tuple[str, ...] = ()
    topic: int | None = None
    party: int | None = None
    assignee: int | None = None
    tag: int | None = None
    team: int | None = None
    order_number: str = ""
    fields: tuple[tuple[int, str], ...] = ()
    due: str = ""
    created_from: datetime | None = None
    created_to: datetime | None = None


Page = keysets.Page[TicketSide]
"""One page of a list."""


def queue_counts(reader: Membership, also: Sequence[str] = ()) -> dict[str, int]:
    """How many tickets are in each queue (and in those of `also`), up to MOST_COUNTED, in one query.

    `all` is not counted: nobody works through it.
    """
    counted = [name for name in (*QUEUES, *also) if name != "all"]
    found = counts(reader, [Filters(queue=name) for name in counted])
    return {name: count or 0 for name, count in zip(counted, found, strict=True)}


def counts(reader: Membership, wanted: Sequence[Filters]) -> list[int | None]:
    """How many tickets `reader` finds by each of the filters, up to MOST_COUNTED, in one query.

    What is searched for by words is not counted: None stands for it.
    """
    parts = [
        _narrowed(sides_visible_to(reader), reader, one).values("id")[:MOST_COUNTED]
        for one in wanted
        if not one.text
    ]
    found = iter(_counts(parts)) if parts else iter(())
    return [None if one.text else next(found) for one in wanted]


def _counts(parts: Sequence[QuerySet[TicketSide, Any]]) -> list[int]:
    compiled = [part.query.sql_with_params() for part in parts]
    counted = ", ".join(
        f"(SELECT count(*) FROM ({sql}) AS counted)"  # noqa: S608 - Django's own text
        for sql, _params in compiled
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counted}", [p for _sql, params in compiled for p in params])
        return list(cursor.fetchone() or ())


def find(reader: Membership, filters: Filters, *, cursor: str = "", size: int = PAGE) -> Page:
    """One page of the tickets `reader` may see, narrowed by `filters`.

    Queues but `all` go by urgency and due date, everything else by latest activity. Raises
    CursorUnreadable, and KeyError for an unknown queue.
    """
    listing = _Listing(*_order_of(filters.queue), reader, cursor, size)
    if filters == Filters(queue=filters.queue):
        return listing.whole(filters.queue)
    sides = _narrowed(sides_visible_to(reader), reader, filters)
    if not filters.text.strip():
        return listing.page(sides)
    return _found(listing, sides, filters.text)


def numbers_found(reader: Membership, filters: Filters, most: int) -> list[int]:
    """The numbers of up to `most` of the tickets that `find` leafs through. Raises KeyError."""
    sides = _narrowed(sides_visible_to(reader), reader, filters)
    if not filters.text.strip():
        return list(sides.order_by("ticket_id").values_list("ticket_id", flat=True)[:most])
    number = number_in(filters.text)
    found = {number} if number is not None and row_of(reader, number) is not None else set()
    if found and is_marked_as_number(filters.text):
        return sorted(found)
    for reading_of in (exactly, by_names_like):
        wanted = reading_of(filters.text)
        if wanted is not None:
            for part in branches(reader, sides, wanted):
                found |= set(part.values_list("ticket_id", flat=True)[:most])
            if found:
                break
    return sorted(found)[:most]


def _found(listing: _Listing, sides: QuerySet[TicketSide], text: str) -> Page:
    """The ticket of that number, whatever the filters say, and what says `text` behind it."""
    number = number_in(text)
    numbered = row_of(listing.reader, number) if number is not None else None
    if numbered is None:
        return _saying(listing, sides, text)
    if is_marked_as_number(text):
        return Page([numbered], None, None)
    page = _saying(listing, sides.exclude(ticket_id=numbered.ticket_id), text)
    return page if page.newer else Page([numbered, *page.rows], page.older, page.newer)


def _saying(listing: _Listing, sides: QuerySet[TicketSide], text: str) -> Page:
    """What says the words of `text`; where nothing does, what they may be misspelt names of."""
    for reading_of in (exactly, by_names_like):
        wanted = reading_of(text)
        if wanted is not None:
            page = listing.united(branches(listing.reader, sides, wanted))
            if page.rows:
                return page
    return Page((), None, None)


def row_of(reader: Membership, ticket_id: int) -> TicketSide | None:
    """One ticket as a list shows it; None when the reader may not see it."""
    return _row(reader.is_operator).ask_one(
        ticket=ticket_id, person=reader.person_id, party=reader.party_id
    )


@cache
def _row(of_operator: bool) -> Question[TicketSide]:
    anyone = any_reader(of_operator=of_operator)
    sides = sides_visible_to(anyone).filter(ticket_id=Given("ticket"))
    return Question(with_everything(sides, anyone))


@cache
def _these_rows(of_operator: bool) -> Question[TicketSide]:
    anyone = any_reader(of_operator=of_operator)
    return Question(with_everything(sides_visible_to(anyone).filter(one_of("ids")), anyone))


def with_everything(sides: QuerySet[TicketSide], reader: Membership) -> QuerySet[TicketSide]:
    """The rows with all that a list or a ticket's page shows, in one query."""
    read = Reading.objects.filter(ticket=OuterRef("ticket"), person=reader.person_id)
    # Tags are the operator's own.
    known = {"tags": tags_on_row()} if reader.is_operator else {}
    return sides.select_related(
        "ticket__topic__category", "ticket__opener", "ticket__counterparty",
        "ticket__assignee", "ticket__turn_party",
    ).defer(
        "ticket__topic__keywords", "ticket__topic__opened_by", "ticket__assignee__password",
    ).annotate(read_at=Subquery(read.values("read_at")[:1]), **known)  # fmt: skip


def orders_in_dispute(reader: Membership, orders: Collection[int]) -> set[int]:
    """Those of the orders that an open ticket is about which `reader` may see; one query."""
    if not orders:
        return set()
    question = _open_about(reader.is_operator)
    about = question.ask(orders=list(orders), person=reader.person_id, party=reader.party_id)
    return {side.ticket.order_id for side in about if side.ticket.order_id is not None}


@cache
def _open_about(of_operator: bool) -> Question[TicketSide]:
    sides = sides_visible_to(any_reader(of_operator=of_operator)).filter(
        on_ticket(IS_OPEN), one_of("orders", "ticket__order")
    )
    return Question(sides.select_related("ticket").only("ticket__order"))


def orders_with_open_tickets(reader: Membership) -> QuerySet[TicketSide, int | None]:
    """The ids of all orders that an open ticket is about which `reader` may see, to be asked within."""
    about = sides_visible_to(reader).filter(on_ticket(IS_OPEN), ticket__order__isnull=False)
    return about.order_by().values_list("ticket__order_id", flat=True)


def open_tickets_about(reader: Membership, order_id: int) -> int:
    """How many open tickets are about the order that `reader` may see."""
    return sides_visible_to(reader).filter(on_ticket(IS_OPEN), ticket__order=order_id).count()


def open_on_same_matter(
    reader: Membership, topic_id: int | None, order_number: str = "", order_id: int | None = None
) -> QuerySet[TicketSide]:
    """The reader's party's own open tickets on a topic, or about an order: for the warning of T3."""
    same = Q(ticket__topic=topic_id)
    if order_id:
        same |= Q(ticket__order=order_id)
    if order_number:
        same |= Q(ticket__order_number=order_number)
    return with_everything(
        sides_visible_to(reader).filter(on_ticket(IS_OPEN), same, ticket__opener=reader.party_id),
        reader,
    ).order_by("-activity_at", "-ticket_id")[:3]


def _narrowed(
    sides: QuerySet[TicketSide], reader: Membership, filters: Filters
) -> QuerySet[TicketSide]:
    if filters.queue:
        sides = sides.filter(queue(filters.queue, reader))
    if filters.statuses:
        known = [status for status in filters.statuses if status in StatusChoices.values]
        sides = sides.filter(ticket__status__in=known)
    equal = {
        "topic": filters.topic,
        "assignee": filters.assignee,
        "team": filters.team,
        "taggings__tag": filters.tag,
        "order_number": typed_line(filters.order_number),
    }
    sides = sides.filter(**{f"ticket__{field}": value for field, value in equal.items() if value})
    if filters.party:
        sides = sides.filter(
            Q(ticket__opener=filters.party) | Q(ticket__counterparty=filters.party)
        )
    if filters.created_from:
        sides = sides.filter(ticket__created_at__gte=filters.created_from)
    if filters.created_to:
        sides = sides.filter(ticket__created_at__lt=filters.created_to)
    for field, text in filters.fields:
        sides = sides.filter(Exists(_standing(field, text, reader)))
    return _due(sides, filters.due)


def _standing(field: int, text: str, reader: Membership) -> QuerySet[FieldValue]:
    """What stands so in a field of the side's ticket, of what the reader may see of it."""
    values = FieldValue.objects.filter(ticket=OuterRef("ticket"), field=field, text=text)
    if reader.is_operator:
        return values
    own = Q(field__shown_to=ShownTo.SIDE, field__filled_by=OuterRef("side"))
    return values.filter(own | Q(field__shown_to=ShownTo.EVERYONE))


def _due(sides: QuerySet[TicketSide], due: str) -> QuerySet[TicketSide]:
    if due == "over":
        return sides.filter(ticket__due_at__lt=now())
    if due == "soon":
        return sides.filter(ticket__due_soon_at__lt=now(), ticket__due_at__gte=now())
    return sides


_BY_ACTIVITY = (("activity_at", "ticket_id"), True)
_BY_QUEUE = (("ticket__urgency", "ticket__queue_at", "ticket_id"), False)


def _order_of(queue_name: str) -> tuple[tuple[str, ...], bool]:
    return _BY_ACTIVITY if queue_name in ("", "all") else _BY_QUEUE


@dataclass(frozen=True)
class _Listing:
    """A list being read: the fields it goes by, whether downwards, by whom, from where, how much.

    A cursor with a leading minus reads towards the beginning.
    """

    fields: tuple[str, ...]
    down: bool
    reader: Membership
    cursor: str
    size: int

    def whole(self, queue_name: str) -> Page:
        """The page of a whole queue, narrowed by nothing: what is asked most of all."""
        way = self.cursor and ("-" if self.back else "+")
        question = _whole_queue(queue_name, self.reader.is_operator, way, self.size)
        values = self._values() if self.cursor else []
        given = dict(zip(_AFTER, values, strict=False))
        return self._cut(
            question.ask(person=self.reader.person_id, party=self.reader.party_id, **given)
        )

    def page(self, sides: QuerySet[TicketSide]) -> Page:
        """The page of `sides`."""
        ordered = self._ordered(with_everything(sides, self.reader))
        return self._cut(list(ordered[: self.size + 1]))

    def united(self, parts: list[QuerySet[TicketSide]]) -> Page:
        """The page of several disjoint queries: each is ordered and cut before they are united."""
        first, *others = (
            self._ordered(part).values_list("id", *self.fields)[: self.size + 1] for part in parts
        )
        united = first.union(*others, all=True).order_by(*self._order_by())[: self.size + 1]
        ids = [row[0] for row in united]
        rows = _these_rows(self.reader.is_operator).ask(
            ids=ids, person=self.reader.person_id, party=self.reader.party_id
        )
        place = {pk: i for i, pk in enumerate(ids)}
        return self._cut(sorted(rows, key=lambda row: place[row.pk]))

    @property
    def back(self) -> bool:
        """Whether it is read towards the beginning."""
        return self.cursor.startswith("-")

    def _ordered(self, sides: QuerySet[TicketSide]) -> QuerySet[TicketSide]:
        if self.cursor:
            sides = sides.filter(self._after(self._values()))
        return sides.order_by(*self._order_by())

    def _cut(self, rows: list[TicketSide]) -> Page:
        return Keyset(self.fields, self.cursor, self.size).page(rows)

    def _order_by(self) -> list[str]:
        sign = "-" if self.down != self.back else ""
        return [f"{sign}{field}" for field in self.fields]

    def _after(self, values: Sequence[Any]) -> Q:
        """The rows behind the cursor: a comparison of rows, along the index."""
        less = self.down != self.back
        after, not_before = (
            (TupleLessThan, TupleLessThanOrEqual) if less
            else (TupleGreaterThan, TupleGreaterThanOrEqual)
        )  # fmt: skip
        behind = Q(after(Tuple(*self.fields), tuple(values)))
        if self.fields != _BY_QUEUE[0]:
            return behind
        # Its last field is the side's and not the ticket's, whose index can serve the others alone.
        return behind & Q(not_before(Tuple(*self.fields[:-1]), tuple(values[:-1])))

    def _values(self) -> list[datetime | int]:
        return Keyset(self.fields, self.cursor).values()


_AFTER = ("after_first", "after_second", "after_third")


@cache
def _whole_queue(name: str, of_operator: bool, way: str, size: int) -> Question[TicketSide]:
    """The question for a page of a queue: its first, or behind a cursor read that way, + or -."""
    anyone = any_reader(of_operator=of_operator)
    listing = _Listing(*_order_of(name), anyone, cursor=way, size=size)
    sides = with_everything(
        _narrowed(sides_visible_to(anyone), anyone, Filters(queue=name)), anyone
    )
    if way:
        given = [Given(value) for value in _AFTER[: len(listing.fields)]]
        sides = sides.filter(listing._after(given))  # noqa: SLF001
    return Question(sides.order_by(*listing._order_by())[: size + 1])  # noqa: SLF001


def home_rows(reader: Membership, most: int = 20) -> tuple[list[TicketSide], list[TicketSide]]:
    """The reader's party's open tickets: those where it is their turn, and the others.

    Each at most `most`, the most pressing first; one query each.
    """
    open_ones = with_everything(sides_visible_to(reader).filter(on_ticket(IS_OPEN)), reader)
    pressing = ("ticket__urgency", "ticket__queue_at", "ticket_id")
    ours = open_ones.filter(ticket__turn_party=reader.party_id).order_by(*pressing)[:most]
    theirs = open_ones.exclude(ticket__turn_party=reader.party_id).order_by(*pressing)[:most]
    return list(ours), list(theirs)


def other_tickets(reader: Membership, ticket: Ticket, most: int = 8) -> list[TicketSide]:
    """The latest tickets of the ticket's opener that `reader` may see, but this one."""
    latest = (
        TicketSide.objects.filter(party=ticket.opener_id)
        .exclude(ticket=ticket)
        .order_by("-activity_at", "-ticket_id")
        .values("ticket_id")[:most]
    )
    rows = sides_visible_to(reader).filter(ticket__in=latest)
    return list(with_everything(rows, reader).order_by("-activity_at", "-ticket_id"))
