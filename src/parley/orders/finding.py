"""Finding orders: filters, search, and keyset paging over them (O1).

A seller and the operator read a list of orders by the day they were placed; a supplier reads one of
its own parts, by the day they were passed on to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from parley.orders.access import consignments_visible_to, orders_visible_to
from parley.orders.axes import Cancellation, Fulfilment
from parley.orders.models import Consignment, Order, OrderLine, OrderNote, PaymentChoices, Stage
from parley.orders.searching import sought_by
from parley.parties.access import any_reader_of
from parley.parties.models import Membership, PartyKind
from parley.postgres import keysets
from parley.postgres.keysets import Keyset
from parley.postgres.questions import Given, Question

PAGE = 25
_UNSHOWN = (
    "words", "outside", "external_id", "channel", "person", "cancel_reason", "to_name", "to_company",
    "to_street", "to_city", "to_region", "to_postcode", "to_country", "to_phone", "to_email",
    "sale_minor", "sale_currency", "arrived_at", "matching_until", "settle_at", "paid_at",
    "cancelled_at",
)  # fmt: skip
"""What no list shows of an order: to make objects of it all would take half as long again."""
Made = TypeVar("Made", Order, Consignment)

_GOING = ~Q(cancellation=Cancellation.CANCELLED.value)
_STATUSES: dict[str, Q] = {
    "queued": Q(stage=Stage.QUEUED.value) & _GOING,
    "held": Q(stage=Stage.HELD.value) & _GOING,
    "not_linked": Q(stage=Stage.NOT_LINKED.value) & _GOING,
    "dismissed": Q(stage=Stage.DISMISSED.value),
    "paid": Q(stage=Stage.PAID.value) & _GOING,
    "unshipped": Q(fulfilment=Fulfilment.UNSHIPPED.value) & _GOING
    & ~Q(stage=Stage.DISMISSED.value),
    "part_shipped": Q(fulfilment=Fulfilment.PART_SHIPPED.value),
    "shipped": Q(fulfilment=Fulfilment.SHIPPED.value),
    "delivered": Q(fulfilment=Fulfilment.DELIVERED.value),
    "returned": Q(fulfilment=Fulfilment.RETURNED.value),
    "cancel_asked": Q(cancellation=Cancellation.ASKED.value),
    "cancelled": Q(cancellation=Cancellation.CANCELLED.value),
    "dispute": Q(open_tickets__gt=0),
}  # fmt: skip
_OF_PARTS = _STATUSES | {"unshipped": Q(fulfilment=Fulfilment.UNSHIPPED.value) & _GOING}
STATUSES = tuple(_STATUSES)
"""What a list can be narrowed to, of any axis and stage: `unshipped` are those still to be shipped."""
STATUSES_OF_SUPPLIERS = (
    "unshipped", "part_shipped", "shipped", "delivered", "returned", "cancel_asked", "cancelled",
)  # fmt: skip
"""Those that a supplier knows: what was before it was passed on, and who is in dispute, is not its
own part's."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to; each empty one narrows nothing. Of several statuses, any will do.

    Days are moments, [from, to): of being placed, or for a supplier, of being passed on.
    """

    text: str = ""
    statuses: tuple[str, ...] = ()
    payments: tuple[str, ...] = ()
    party: int | None = None
    day_from: datetime | None = None
    day_to: datetime | None = None


@dataclass(frozen=True)
class Row:
    """An order as a list shows it; for a supplier, its own `part` of it and nothing else."""

    order: Order
    part: Consignment | None
    title: str
    """Of the first item."""
    quantities: Sequence[int]
    """Of each item."""
    suppliers: Sequence[str] = ()
    has_notes: bool = False
    in_dispute: bool = field(default=False, compare=False)
    """Whether a ticket about it is open that the reader may see: the pages know."""

    @property
    def more(self) -> int:
        """How many more items there are than the first."""
        return max(0, len(self.quantities) - 1)

    @property
    def quantity(self) -> int:
        return sum(self.quantities)

    @property
    def total_minor(self) -> int:
        return self.part.total_minor if self.part else self.order.cost_minor


Page = keysets.Page[Row]
"""One page of a list."""


def statuses_for(reader: Membership) -> tuple[str, ...]:
    """The statuses that the reader's list can be narrowed to."""
    return STATUSES_OF_SUPPLIERS if _is_supplier(reader) else STATUSES


def payments_for(reader: Membership) -> tuple[str, ...]:
    """The payment statuses that the reader's list can be narrowed to: a supplier's are all paid."""
    return () if _is_supplier(reader) else tuple(PaymentChoices.values)


def find(
    reader: Membership,
    filters: Filters,
    *,
    cursor: str = "",
    size: int = PAGE,
    disputed: QuerySet[Any, Any] | None = None,
) -> Page:
    """One page of the orders `reader` may see, narrowed by `filters`, the latest first.

    `disputed` gives the ids of orders with an open ticket that a seller may see: without it none of
    a seller's orders is in dispute, since an order counts the tickets of others, too. Raises
    CursorUnreadable.
    """
    filters = _sensible(filters, reader)
    listing = _listing(reader, cursor, size)
    if not reader.is_operator and "dispute" in filters.statuses:
        listing.dispute_among(disputed)
    page = listing.found(filters)
    return keysets.Page([listing.row(one) for one in page.rows], page.older, page.newer)


def row_of(reader: Membership, order_id: int) -> Row | None:
    """One order as a list shows it; None when the reader may not see it."""
    listing = _listing(reader, "", 1)
    one = listing.one(order_id)
    return listing.row(one) if one is not None else None


def with_disputes(rows: Iterable[Row], open_about: Collection[int]) -> list[Row]:
    """The rows, those marked that an open ticket is about: `open_about` holds orders' ids."""
    return [replace(row, in_dispute=row.order.pk in open_about) for row in rows]


def _is_supplier(reader: Membership) -> bool:
    return reader.party.kind == PartyKind.SUPPLIER


def _sensible(filters: Filters, reader: Membership) -> Filters:
    """The filters without what this reader's list knows nothing of."""
    return replace(
        filters,
        text=filters.text.strip(),
        statuses=tuple(s for s in statuses_for(reader) if s in filters.statuses),
        payments=tuple(p for p in payments_for(reader) if p in filters.payments),
    )


class _Listing(Generic[Made]):
    """A list being read by somebody, from somewhere. What it is made of, its heirs say."""

    fields: tuple[str, ...]
    statuses: dict[str, Q]

    def __init__(self, reader: Membership, cursor: str, size: int) -> None:
        self.reader = reader
        self.keyset = Keyset(self.fields, cursor, size)

    def dispute_among(self, orders: QuerySet[Any, Any] | None) -> None:
        """Of the orders with open tickets, only these are in dispute as the reader sees it."""
        theirs = Q(pk__in=[]) if orders is None else Q(pk__in=orders)
        self.statuses = self.statuses | {"dispute": self.statuses["dispute"] & theirs}

    def visible(self) -> QuerySet[Made]:
        raise NotImplementedError  # pragma: no cover - the heirs say

    def whole(self, rows: QuerySet[Made]) -> QuerySet[Made]:
        """The rows with all that a list shows, in one query."""
        raise NotImplementedError  # pragma: no cover - the heirs say

    def row(self, one: Made) -> Row:
        raise NotImplementedError  # pragma: no cover - the heirs say

    def of_orders(self, orders: Any) -> Q:
        """The condition of being one of these orders, or part of one."""
        raise NotImplementedError  # pragma: no cover - the heirs say

    def of_party(self, rows: QuerySet[Made], party: int) -> list[QuerySet[Made]]:
        """Those with this other party; several queries where it can be one of two sides."""
        raise NotImplementedError  # pragma: no cover - the heirs say

    def one(self, order_id: int) -> Made | None:
        return self.whole(self.visible().filter(self.of_orders([order_id]))).first()

    def found(self, filters: Filters) -> keysets.Page[Made]:
        """The page of what is narrowed by `filters`."""
        if filters == Filters():
            return self.keyset.page(self._asked())
        branches = self._branches(self._narrowed(filters), filters)
        if filters.text:
            sought = sought_by(self.reader, filters.text)
            if sought.orders:
                branches = [self.visible().filter(self.of_orders(sought.orders))]
            elif sought.words is None:
                return keysets.Page((), None, None)
            else:
                branches = [branch.filter(words=sought.words) for branch in branches]
        return self.keyset.page(list(self._united(branches)))

    def _narrowed(self, filters: Filters) -> QuerySet[Made]:
        rows, by_day = self.visible(), self.fields[0]
        if filters.day_from:
            rows = rows.filter(**{f"{by_day}__gte": filters.day_from})
        if filters.day_to:
            rows = rows.filter(**{f"{by_day}__lt": filters.day_to})
        return rows

    def _branches(self, rows: QuerySet[Made], filters: Filters) -> list[QuerySet[Made]]:
        """One query for each status and payment asked for, each read along an index of its own."""
        branches = self.of_party(rows, filters.party) if filters.party else [rows]
        if filters.statuses:
            branches = [b.filter(self.statuses[s]) for s in filters.statuses for b in branches]
        if filters.payments:
            branches = [b.filter(Q(payment=p)) for p in filters.payments for b in branches]
        return branches

    def _united(self, branches: list[QuerySet[Made]]) -> QuerySet[Made]:
        """The page of several queries that may overlap: each is ordered and cut before they are one."""
        if len(branches) == 1:
            return self.keyset.cut(self.whole(branches[0]))
        compiled = [
            self.keyset.cut(branch).values("pk").query.sql_with_params() for branch in branches
        ]
        united = " UNION ".join(f"({statement})" for statement, _values in compiled)
        values = [value for _statement, its in compiled for value in its]
        rows = self.visible().filter(pk__in=RawSQL(united, values))  # noqa: S611 - Django's own text
        return self.whole(rows).order_by(*self.keyset.order)[: self.keyset.size + 1]

    def _asked(self) -> list[Made]:
        """The page of the whole list, narrowed by nothing: what is asked most of all."""
        way = self.keyset.cursor and ("-" if self.keyset.back else "+")
        question = _whole_list(self.reader.party.kind, way, self.keyset.size)
        values = self.keyset.values() if way else []
        after = dict(zip(("moment", "key"), values, strict=False))
        return question.ask(party=self.reader.party_id, **after)


@cache
def _whole_list(kind: str, way: str, size: int) -> Question[Any]:
    """The question for a page of the whole list: its first, or behind a cursor that way, + or -."""
    anyone = _listing(any_reader_of(kind), way, size)
    rows = anyone.whole(anyone.visible())
    if way:
        rows = rows.filter(anyone.keyset.behind([Given("moment"), Given("key")]))
    return Question(rows.order_by(*anyone.keyset.order)[: size + 1])


def _listing(reader: Membership, cursor: str, size: int) -> _Listing[Any]:
    return (_Parts if _is_supplier(reader) else _Orders)(reader, cursor, size)


class _Orders(_Listing[Order]):
    """What a seller and the operator read."""

    fields = ("placed_at", "id")
    statuses = _STATUSES

    def visible(self) -> QuerySet[Order]:
        return orders_visible_to(self.reader)

    def whole(self, rows: QuerySet[Order]) -> QuerySet[Order]:
        lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by("position")
        parts = Consignment.objects.filter(order=OuterRef("pk")).order_by("id")
        return (
            rows.select_related("seller")
            .defer(*_UNSHOWN)
            .annotate(
                title=Subquery(lines.values("title")[:1]),
                quantities=ArraySubquery(lines.values("quantity")),
                suppliers=ArraySubquery(parts.values("supplier__name")),
            )
        )

    def row(self, one: Order) -> Row:
        return Row(
            order=one,
            part=None,
            title=one.title or "",  # type: ignore[attr-defined]
            quantities=one.quantities,  # type: ignore[attr-defined]
            suppliers=one.suppliers,  # type: ignore[attr-defined]
            has_notes=one.notes > 0 or bool(one.note),
        )

    def of_orders(self, orders: Any) -> Q:
        return Q(pk__in=orders)

    def of_party(self, rows: QuerySet[Order], party: int) -> list[QuerySet[Order]]:
        parts = Consignment.objects.filter(supplier=party)
        of_supplier = rows.filter(pk__in=parts.values("order_id"))
        if not self.reader.is_operator:
            return [of_supplier]
        return [rows.filter(seller=party), of_supplier]


class _Parts(_Listing[Consignment]):
    """What a supplier reads."""

    fields = ("passed_at", "order_id")
    statuses = _OF_PARTS

    def visible(self) -> QuerySet[Consignment]:
        return consignments_visible_to(self.reader)

    def whole(self, rows: QuerySet[Consignment]) -> QuerySet[Consignment]:
        lines = OrderLine.objects.filter(consignment=OuterRef("pk")).order_by("position")
        notes = OrderNote.objects.filter(
            Q(supplier=None) | Q(supplier=OuterRef("supplier")), order=OuterRef("order")
        )
        return (
            rows.select_related("order__seller")
            .defer("words", *(f"order__{name}" for name in _UNSHOWN))
            .annotate(
                title=Subquery(lines.values("title")[:1]),
                quantities=ArraySubquery(lines.values("quantity")),
                noted=Exists(notes),
            )
        )

    def row(self, one: Consignment) -> Row:
        return Row(
            order=one.order,
            part=one,
            title=one.title or "",  # type: ignore[attr-defined]
            quantities=one.quantities,  # type: ignore[attr-defined]
            has_notes=one.noted or bool(one.order.note),  # type: ignore[attr-defined]
        )

    def of_orders(self, orders: Any) -> Q:
        return Q(order__in=orders)

    def of_party(self, rows: QuerySet[Consignment], party: int) -> list[QuerySet[Consignment]]:
        return [rows.filter(order__seller=party)]
