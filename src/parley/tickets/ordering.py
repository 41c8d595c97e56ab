"""Tickets about orders: binding the one to the other, and what each shows of the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from parley.journal.access import entries_of
from parley.journal.events import Actor, Event
from parley.journal.models import Entry
from parley.journal.recording import record
from parley.ledger.money import plain
from parley.orders.access import (
    consignments_visible_to,
    lines_of_any,
    lines_visible_to,
    orders_visible_to,
)
from parley.orders.events import TicketBound
from parley.orders.models import QUEUE, Consignment, Order, OrderLine, Stage
from parley.parties.access import any_reader
from parley.parties.models import Membership, Party, PartyKind
from parley.postgres.questions import Given, Question
from parley.tickets.access import sides_visible_to
from parley.tickets.calling_off import withdraw
from parley.tickets.events import Moved, TicketOpened
from parley.tickets.finding import with_everything
from parley.tickets.models import Ticket, TicketSide
from parley.tickets.moving import parties_on
from parley.tickets.states import ENDED

MOST_TICKETS = 20
MOST_LINES = 5
_MOST_OF_A_NUMBER = 20
_OF_PART = ("fulfilment", "cancellation", "refunded_minor", "net_minor", "vat_minor")


class OrderNotMeant(ValueError):
    """What was given is no order that the ticket could be about; says why to the reader."""


def order_meant(
    text: str, order_id: int | None, *, by: Membership, counterparty: Party
) -> Order | None:
    """The order that a new ticket is about: the one picked, or the one of the number typed.

    A number is the marketplace's or the channel's, with or without its `#`. None for a text that is
    no number of an order `by` may see. Raises OrderNotMeant for an order that is not there for `by`,
    and for one that the counterparty has no part in.
    """
    if order_id is not None:
        found = list(orders_visible_to(by).filter(pk=order_id).defer("words"))
        if not found:
            raise OrderNotMeant(_("Pick the order from the list, or write its number."))
    else:
        found = list(_of_number(by, text)) if text else []
    if not found:
        return None
    on_it = Order.objects.filter(_is_on(counterparty), pk__in=[order.pk for order in found])
    keys = set(on_it.values_list("id", flat=True))
    meant = next((order for order in found if order.pk in keys), None)
    if meant is None:
        raise OrderNotMeant(_why_not_on(found[0], counterparty))
    return meant


def number_to_keep(order: Order) -> str:
    """What stands for the order on a ticket that names no number itself."""
    return str(order.number) if order.number else order.channel_number or QUEUE


def order_suggestions(reader: Membership, text: str, limit: int = 8) -> list[Order]:
    """The reader's orders that may be meant by what is typed so far; the latest for nothing typed."""
    orders = orders_visible_to(reader).exclude(stage=Stage.DISMISSED).defer("words")
    latest = orders.order_by("-placed_at", "-id")
    text = text.strip()
    if not text:
        return list(latest[:limit])
    if text.upper() == QUEUE:
        return list(latest.filter(number=None)[:limit])
    return list(_of_number(reader, text)[:limit]) or _beginning_so(latest, text, limit)


def tickets_about(reader: Membership, order: Order) -> list[TicketSide]:
    """The tickets about an order that `reader` may see, the latest first, as rows of a list."""
    question = _about_an_order(reader.is_operator)
    return question.ask(order=order.pk, person=reader.person_id, party=reader.party_id)


@cache
def _about_an_order(of_operator: bool) -> Question[TicketSide]:
    anyone = any_reader(of_operator=of_operator)
    sides = sides_visible_to(anyone).filter(ticket__order=Given("order"))
    return Question(with_everything(sides, anyone).order_by("-ticket_id")[:MOST_TICKETS])


class CardLine(NamedTuple):
    """An item of the order, and how many."""

    title: str
    quantity: int


@dataclass(frozen=True)
class OrderCard:
    """A ticket's order as one reader may see it.

    `part` is a supplier's own one, as far as its symbols need it; `more` says that there are lines
    beyond those shown.
    """

    order: Order
    lines: list[CardLine]
    part: Consignment | None
    more: bool


def card_lines(reader: Membership) -> Combinable:
    """For `seeing.ticket_row`: the items of the ticket's order that the reader may see."""
    lines = lines_of_any(reader).filter(order=OuterRef("ticket__order")).order_by("position")
    item = JSONObject(title="title", quantity="quantity")
    return ArraySubquery(lines.values(json=item)[: MOST_LINES + 1])


def card_part(reader: Membership) -> Combinable:
    """For `seeing.ticket_row`: the reader's own part of the ticket's order, if they supply it."""
    parts = Consignment.objects.filter(
        order=OuterRef("ticket__order"), supplier=reader.party_id, passed_at__isnull=False
    )
    return Subquery(parts.values(json=JSONObject(**{name: name for name in _OF_PART}))[:1])


def order_card(row: TicketSide) -> OrderCard | None:
    """The order of a ticket that was read with `lines=card_lines, part=card_part`; None without one."""
    order = row.ticket.order
    if order is None:
        return None
    lines: list[dict[str, Any]] = row.lines  # type: ignore[attr-defined]
    part: dict[str, Any] | None = row.part  # type: ignore[attr-defined]
    return OrderCard(
        order,
        [CardLine(**line) for line in lines[:MOST_LINES]],
        Consignment(**part) if part else None,
        len(lines) > MOST_LINES,
    )


def keep_dispute(event: Event, entry: Entry) -> None:
    """At once: an order counts its open tickets, and its audit tells of each opened and ended.

    A ticket that ends without an answer to its asking takes that back.
    """
    assert isinstance(event, Moved)
    opened = isinstance(event, TicketOpened)
    ended = event.status in ENDED and event.was != ""
    if not opened and not ended:
        return
    asked = Ticket.objects.filter(pk=event.ticket).values_list("order_id", "asks_to_cancel").get()
    order_id, asks_to_cancel = asked
    if order_id is None:
        return
    counted = F("open_tickets") + 1 if opened else F("open_tickets") - 1
    Order.objects.filter(pk=order_id).update(open_tickets=counted)
    by = cast(Actor, entry) if entry.person_id else None
    bound = TicketBound(order=order_id, seen=event.seen, ticket=event.ticket, open=opened)
    record(bound, by=by)
    if ended and asks_to_cancel:
        withdraw(event.ticket, order_id, by=by)


def count_bound(ticket: Ticket, *, by: Actor) -> None:
    """Let the order count an open ticket that is about it from now on, and its audit say so."""
    if ticket.order_id is None or not ticket.is_open:
        return
    Order.objects.filter(pk=ticket.order_id).update(open_tickets=F("open_tickets") + 1)
    seen = parties_on(ticket)
    record(TicketBound(order=ticket.order_id, seen=seen, ticket=ticket.pk, open=True), by=by)


def order_as_evidence(reader: Membership, order: Order) -> dict[str, Any]:
    """The order as `reader` may see it, ready for JSON: for the evidence file of a dispute."""
    of_seller = reader.is_operator or reader.party_id == order.seller_id
    parts = consignments_visible_to(reader).filter(order=order.pk).select_related("supplier")
    lines = lines_visible_to(reader).filter(order=order.pk).order_by("position")
    seen: dict[str, Any] = {
        "number": order.shown_number,
        "seller": order.seller.name,
        "placed_at": order.placed_at,
        "passed_at": order.passed_at,
        "deliver_to": order.address_lines,
        "parts": [_part(part) for part in parts.defer("words").order_by("id")],
        "lines": [_line(line, order, of_seller) for line in lines],
    }
    if of_seller:
        seen |= {
            "channel_number": order.channel_number,
            "payment": order.payment,
            "currency": order.currency,
            "cost": plain(order.cost_minor, order.currency),
            "paid": plain(order.paid_minor, order.currency),
            "refunded": plain(order.refunded_minor, order.currency),
            "cancel_reason": order.cancel_reason,
        }
    return seen


def order_happenings(reader: Membership, order: Order) -> list[Entry]:
    """What happened to the order, of what the reader's party may know, oldest first."""
    return list(entries_of(f"order:{order.pk}").filter(data__seen__contains=reader.party_id))


def _of_number(by: Membership, text: str) -> QuerySet[Order]:
    bare = text.removeprefix("#").strip()
    meant = Q(channel_number__iexact=bare) | Q(channel_number__iexact=f"#{bare}")
    if bare.isascii() and bare.isdigit() and len(bare) < 19:
        meant |= Q(number=int(bare))
    orders = orders_visible_to(by).filter(meant) if bare else Order.objects.none()
    return orders.defer("words").order_by("-id")[:_MOST_OF_A_NUMBER]


def _beginning_so(latest: QuerySet[Order], text: str, limit: int) -> list[Order]:
    """Of the latest orders, those whose number begins with what is typed: it grows letter by letter."""
    typed = text.removeprefix("#").strip().upper()
    recent = latest[:500]
    return [
        order
        for order in recent
        if str(order.number or "").startswith(typed)
        or order.channel_number.upper().removeprefix("#").startswith(typed)
        or order.to_name.upper().startswith(typed)
    ][:limit]


def _is_on(party: Party) -> Q:
    if party.kind == PartyKind.OPERATOR:
        return Q()
    if party.kind == PartyKind.SELLER:
        return Q(seller=party.pk)
    passed = Consignment.objects.filter(supplier=party.pk, passed_at__isnull=False)
    return Q(pk__in=passed.values("order_id"))


def _why_not_on(order: Order, counterparty: Party) -> str:
    if counterparty.kind == PartyKind.SUPPLIER and order.stage != Stage.PASSED:
        return _(
            "Order %(number)s is not with a supplier yet; you can still cancel it yourself."
        ) % {"number": number_to_keep(order)}
    return _("%(name)s has no part in order %(number)s.") % {
        "name": counterparty.name,
        "number": number_to_keep(order),
    }


def _part(part: Consignment) -> dict[str, Any]:
    return {
        "supplier": part.supplier.name,
        "fulfilment": part.fulfilment,
        "cancellation": part.cancellation,
        "accepted_at": part.accepted_at,
        "shipments": [
            {
                "carrier": shipment.carrier,
                "tracking": shipment.tracking,
                "shipped_at": shipment.shipped_at,
                "delivered_at": shipment.delivered_at,
            }
            for shipment in part.shipments.order_by("id")
        ],
    }


def _line(line: OrderLine, order: Order, of_seller: bool) -> dict[str, Any]:
    seen = {
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "shipped": line.shipped,
        "declined": line.declined,
        "why_declined": line.why_declined,
    }
    if of_seller and line.sold_for_minor is not None:
        seen["sold_for"] = plain(line.sold_for_minor, order.sale_currency or order.currency)
    return seen
