"""Answers from the asker's own orders and tickets, through the same doors as the pages.

What isn't there and what is somebody else's get the same words: nobody learns here that it exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from parley.assistant.drafts import Draft, Source
from parley.assistant.intents import About, Asked, Which
from parley.assistant.models import Outcome
from parley.assistant.writing import escaped, link
from parley.journal.telling_time import short_date
from parley.orders.access import orders_visible_to
from parley.orders.models import Order, Shipment
from parley.orders.seeing import SeenOrder, see
from parley.orders.stating import state_line as order_line
from parley.orders.stating import state_line_of_part
from parley.parties.models import Membership, PartyKind
from parley.tickets.access import tickets_visible_to
from parley.tickets.addresses import order_address, ticket_address
from parley.tickets.models import IS_OPEN, Ticket
from parley.tickets.stating import state_line as ticket_line

LATEST = 3
MOST_OPEN = 5
LARGEST = 2**63 - 1


class Row(NamedTuple):
    """One order or ticket in words. `facts` are sentences of ours, in which names of others may stand.

    `title` is what somebody called it, if it has a title; `names` are all words in it that others wrote.
    """

    source: Source
    facts: Sequence[str]
    title: str = ""
    names: Sequence[str] = ()

    @property
    def markdown(self) -> str:
        """A paragraph that begins with the link."""
        head = link(self.source["title"], self.source["address"])
        title = f" “{escaped(self.title)}”" if self.title else ""
        return f"{head}{title}: " + " ".join(escaped(fact) for fact in self.facts)


def answer(asked: Asked, reader: Membership) -> Draft:
    """The answer to what is asked of `reader`'s own rows, in the active language."""
    if reader.party.kind == PartyKind.VISITOR:
        return _unknown(
            _(
                "I can look up orders and tickets only for people who are signed in. If you have an "
                "account, sign in and ask me again."
            )
        )
    rows = _rows(asked, reader)
    missing = _missing(asked, rows)
    if not rows:
        return _unknown(missing)
    text = "\n\n".join([row.markdown for row in rows] + ([missing] if missing else []))
    return Draft(
        outcome=Outcome.ANSWER, text=text, sources=[row.source for row in rows], confidence=1.0
    )


def find_order(number: str, reader: Membership) -> Row | None:
    """The order that `reader` means by a number, of Parley or of a channel; None for none of theirs."""
    if reader.party.kind == PartyKind.VISITOR or not number.isdigit() or int(number) > LARGEST:
        return None
    mine = orders_visible_to(reader)
    found = mine.filter(number=int(number)).values_list("pk", flat=True).first()
    if found is None and reader.party.kind != PartyKind.SUPPLIER:
        by_channel = Q(channel_number__in=[number, f"#{number}"])
        found = mine.filter(by_channel).order_by("-placed_at").values_list("pk", flat=True).first()
    return _order(found, reader) if found is not None else None


def find_ticket(number: str, reader: Membership) -> Row | None:
    """The ticket of this number; None where it is none that `reader` may read."""
    if reader.party.kind == PartyKind.VISITOR or not number.isdigit() or int(number) > LARGEST:
        return None
    found = _with_parties(tickets_visible_to(reader)).filter(pk=int(number)).first()
    return _ticket(found, reader) if found is not None else None


def recent_orders(reader: Membership, most: int = LATEST) -> list[Row]:
    """The latest orders of `reader`'s, the latest first."""
    if reader.party.kind == PartyKind.VISITOR:
        return []
    latest = orders_visible_to(reader).order_by("-placed_at", "-pk").values_list("pk", flat=True)
    return [row for key in latest[:most] if (row := _order(key, reader))]


def open_tickets(reader: Membership, most: int = MOST_OPEN) -> list[Row]:
    """The open tickets of `reader`'s, the latest first."""
    if reader.party.kind == PartyKind.VISITOR:
        return []
    latest = _with_parties(tickets_visible_to(reader)).filter(IS_OPEN).order_by("-pk")[:most]
    return [_ticket(ticket, reader) for ticket in latest]


def _rows(asked: Asked, reader: Membership) -> list[Row]:
    if asked.which == Which.NUMBERED:
        find = find_order if asked.about == About.ORDER else find_ticket
        return [row for number in asked.numbers if (row := find(number, reader))]
    return recent_orders(reader) if asked.about == About.ORDER else open_tickets(reader)


def _missing(asked: Asked, rows: Sequence[Row]) -> str:
    """What is said of that which was not found; nothing where all of it was."""
    if asked.which != Which.NUMBERED:
        if rows:
            return ""
        return (
            _("You have no orders.")
            if asked.about == About.ORDER
            else _("You have no open tickets.")
        )
    if len(rows) == len(asked.numbers):
        return ""
    # The same for all that were asked for at once: which of them it is would tell too much.
    numbers = ", ".join(number[:12] for number in asked.numbers)
    if rows:
        return _("I found nothing else of yours by these numbers.")
    if asked.about == About.ORDER:
        return _("I found no order %(number)s among yours.") % {"number": numbers}
    return _("I found no ticket %(number)s among yours.") % {"number": numbers}


def _unknown(words: str) -> Draft:
    more = _("Press *Talk to a person* if you would like somebody to look.")
    return Draft(outcome=Outcome.UNKNOWN, text=f"{words} {more}")


def _order(key: int, reader: Membership) -> Row | None:
    seen = see(reader, key)
    if seen is None:
        return None
    order = seen.order
    source = Source(kind="order", id=key, title=_called(order), address=order_address(key))
    shipments = [shipment for part in seen.parts for shipment in part.shipments]
    facts = [f"{_state_of(seen)}.", *map(_sent, shipments)]
    names = [line.title for part in seen.parts for line in part.lines]
    names += [*seen.suppliers, order.seller.name]
    names += [name for shipment in shipments for name in (shipment.carrier, shipment.tracking)]
    return Row(source, facts, names=[name for name in names if name])


def _called(order: Order) -> str:
    number = order.channel_number if order.number is None else order.shown_number
    return _("Order %(number)s") % {"number": number or order.shown_number}


def _state_of(seen: SeenOrder) -> str:
    if seen.own_part is not None:
        return state_line_of_part(seen.order, seen.own_part).sentence
    return order_line(
        seen.order, seen.suppliers, lacking_minor=seen.lacking_minor, unlinked=seen.unlinked
    ).sentence


def _sent(shipment: Shipment) -> str:
    words = {
        "day": short_date(shipment.delivered_at or shipment.shipped_at),
        "carrier": shipment.carrier,
        "tracking": shipment.tracking,
    }
    if shipment.delivered_at:
        return _("Delivered on %(day)s by %(carrier)s.") % words
    if not shipment.tracking:
        return _("Sent on %(day)s with %(carrier)s.") % words
    return _("Sent on %(day)s with %(carrier)s, tracking number %(tracking)s.") % words


def _ticket(ticket: Ticket, reader: Membership) -> Row:
    source = Source(
        kind="ticket",
        id=ticket.pk,
        title=_("Ticket %(number)s") % {"number": ticket.number},
        address=ticket_address(reader, ticket.pk),
    )
    facts = [f"{ticket_line(ticket, reader.party_id).sentence}."]
    names = [ticket.title, ticket.opener.name, ticket.counterparty.name]
    return Row(source, facts, title=ticket.title, names=names)


def _with_parties(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return tickets.select_related("turn_party", "opener", "counterparty")
