"""The audit of an order: every change it went through, who or what made it, and when (O3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parley.catalogue.eligibility import reason_in_words
from parley.journal.access import entries_of
from parley.journal.models import Entry
from parley.ledger.money import in_words
from parley.orders.access import lines_visible_to, orders_visible_to
from parley.orders.models import InvoiceKind, Order, OrderLine
from parley.orders.seeing import plain_words
from parley.orders.troubles import trouble_in_words
from parley.parties.models import Membership, Party, Person

MOST = 500
"""The latest entries that are shown; an order has a few dozen."""


@dataclass(frozen=True)
class Line:
    """One change: an icon, what happened as a sentence, who or what made it, and when.

    `changes` names what was changed, with what it was before and what it is now.
    """

    kind: str
    icon: str
    words: str
    who: str
    at: datetime
    changes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Audit:
    """An order's changes, the oldest first."""

    order: Order
    lines: list[Line]


def audit_of(reader: Membership, order_id: int) -> Audit | None:
    """What `reader`'s party may know of the changes to an order, in three queries.

    None when there is no such order for `reader`.
    """
    visible = orders_visible_to(reader).filter(pk=order_id)
    order = visible.select_related("channel", "seller").defer("words").first()
    if order is None:
        return None
    entries = list(reversed(_entries(reader, order_id)))
    known = _Known(order, _lines_of(reader, order_id))
    return Audit(order, [_told(entry, known) for entry in entries])


class _Known:
    """What the sentences name: lines by id, and suppliers by theirs."""

    def __init__(self, order: Order, lines: Iterable[OrderLine]) -> None:
        self.channel = order.channel.name
        self.lines = {line.pk: line for line in lines}
        self.suppliers = {
            line.consignment.supplier_id: line.consignment.supplier.name
            for line in self.lines.values()
            if line.consignment
        }

    def title(self, line: int) -> str:
        found = self.lines.get(line)
        return found.title if found else _("an item")

    def supplier(self, party: int | None) -> str:
        return self.suppliers.get(party or 0) or _("the supplier")


def _entries(reader: Membership, order_id: int) -> list[Entry]:
    """The latest entries that the reader's party is among those to know of, the newest first."""
    person = Person.objects.filter(pk=OuterRef("person_id")).values("name")[:1]
    party = Party.objects.filter(pk=OuterRef("party_id")).values("name")[:1]
    entries = entries_of(f"order:{order_id}").filter(data__seen__contains=reader.party_id)
    named = entries.annotate(person_name=Subquery(person), party_name=Subquery(party))
    return list(named.order_by("-at", "-id")[:MOST])


def _lines_of(reader: Membership, order_id: int) -> list[OrderLine]:
    lines = lines_visible_to(reader).filter(order=order_id)
    return list(
        lines.select_related("consignment__supplier", "product").defer(
            "consignment__words", "product__words", "product__description"
        )
    )


def _told(entry: Entry, known: _Known) -> Line:
    icon, tell = _KINDS.get(entry.kind, ("circle-dot", _unknown))
    words = tell(entry.data, known)
    changes = _changes(entry.data) if entry.kind == "OrderChanged" else []
    return Line(entry.kind, icon, words, _who(entry, known), entry.at, changes)


def _who(entry: Entry, known: _Known) -> str:
    """A person and their company, the channel, or the clock."""
    person = entry.person_name  # type: ignore[attr-defined]
    party = entry.party_name  # type: ignore[attr-defined]
    if person and party:
        return f"{person} · {party}"
    if party:
        return str(party)
    if entry.kind in _OF_THE_CHANNEL:
        return known.channel
    return _("Parley, by itself")


_OF_THE_CHANNEL = frozenset({"OrderArrived", "OrderChanged"})
_FIELDS: dict[str, Any] = {
    "address": gettext_lazy("Delivery address"),
    "note": gettext_lazy("The buyer's note"),
    "outside": gettext_lazy("What the channel says"),
    "lines": gettext_lazy("Items"),
    "service": gettext_lazy("Shipping service"),
}


def _changes(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    made = []
    for name, values in data.get("fields", {}).items():
        before, now = _pair(values)
        made.append((str(_FIELDS.get(name, name)), plain_words(before), plain_words(now)))
    return made


def _pair(values: Any) -> tuple[Any, Any]:
    is_pair = isinstance(values, (list, tuple)) and len(values) == 2
    return (values[0], values[1]) if is_pair else ("", values)


def _unknown(data: dict[str, Any], known: _Known) -> str:
    return _("Something was changed")


def _linked(data: dict[str, Any], known: _Known) -> str:
    line = known.lines.get(data["line"])
    words = {
        "item": known.title(data["line"]),
        "sku": line.product.sku if line and line.product else "",
    }
    if data["how"] == "hand":
        return _("“%(item)s” was linked by hand to product %(sku)s") % words
    if data["how"] == "listing":
        return _("“%(item)s” was linked to product %(sku)s by its listing") % words
    return _("“%(item)s” was linked to product %(sku)s by its SKU") % words


def _held(data: dict[str, Any], known: _Known) -> str:
    why = " ".join(reason_in_words(reason) for reason in data["why"])
    return _("Held back: %(why)s") % {"why": why}


def _unpaid(data: dict[str, Any], known: _Known) -> str:
    if data["lacking_minor"]:
        lacking = in_words(data["lacking_minor"], data["currency"])
        return _("Could not be paid: %(amount)s is lacking") % {"amount": lacking}
    if data["reason"]:
        return _("Could not be paid: %(reason)s") % {"reason": data["reason"]}
    return _("Could not be paid")


def _paid(data: dict[str, Any], known: _Known) -> str:
    amount = in_words(data["amount_minor"], data["currency"])
    return _("Paid: %(amount)s. The order got its number, %(number)s") % {
        "amount": amount,
        "number": data["number"],
    }


def _invoiced(data: dict[str, Any], known: _Known) -> str:
    number = {"number": data["shown_number"]}
    if data["kind"] == InvoiceKind.CREDIT_NOTE:
        return _("Credit note %(number)s was issued") % number
    return _("Invoice %(number)s was issued") % number


def _shipped(data: dict[str, Any], known: _Known) -> str:
    words = {
        "supplier": known.supplier(data["supplier"]),
        "carrier": " ".join(filter(None, (data["carrier"], data["tracking"]))),
    }
    if data["all_of_it"]:
        return _("%(supplier)s shipped it with %(carrier)s") % words
    return _("%(supplier)s shipped a part of it with %(carrier)s") % words


def _declined(data: dict[str, Any], known: _Known) -> str:
    words = {
        "supplier": known.supplier(data["supplier"]),
        "n": data["quantity"],
        "item": known.title(data["line"]),
        "reason": data["reason"],
    }
    return _("%(supplier)s declined %(n)s × “%(item)s”: %(reason)s") % words


def _of_supplier(pattern: Any) -> Callable[[dict[str, Any], _Known], str]:
    """A sentence that names the supplier, and perhaps the ticket or the reason."""

    def tell(data: dict[str, Any], known: _Known) -> str:
        words = {
            "supplier": known.supplier(data.get("supplier")),
            "ticket": f"T-{data.get('ticket', '')}",
            "reason": data.get("reason", ""),
        }
        return str(pattern % words)

    return tell


def _cancelled(data: dict[str, Any], known: _Known) -> str:
    words = {"supplier": known.supplier(data["supplier"]), "reason": data["reason"]}
    if data["supplier"]:
        return _("The part of %(supplier)s was cancelled: %(reason)s") % words
    return _("Cancelled: %(reason)s") % words if data["reason"] else _("Cancelled")


def _refunded(data: dict[str, Any], known: _Known) -> str:
    words = {
        "amount": in_words(data["amount_minor"], data["currency"]),
        "supplier": known.supplier(data["supplier"]),
    }
    if data["supplier"]:
        return _("%(amount)s was refunded for the part of %(supplier)s") % words
    return _("%(amount)s was refunded") % words


def _changed(data: dict[str, Any], known: _Known) -> str:
    return ngettext(
        "%(n)s thing was changed", "%(n)s things were changed", len(data.get("fields", {}))
    ) % {"n": len(data.get("fields", {}))}


def _channel_told(data: dict[str, Any], known: _Known) -> str:
    words = {"channel": known.channel, "trouble": trouble_in_words(data["trouble"])}
    if data["trouble"]:
        return _("%(channel)s could not be told of the shipment: %(trouble)s") % words
    return _("%(channel)s was told of the shipment") % words


def _ticket(data: dict[str, Any], known: _Known) -> str:
    ticket = {"ticket": f"T-{data['ticket']}"}
    if data["open"]:
        return _("Ticket %(ticket)s about it was opened") % ticket
    return _("Ticket %(ticket)s about it ended") % ticket


def _says(words: Any) -> Callable[[dict[str, Any], _Known], str]:
    return lambda _data, _known: str(words)


def _from_channel(pattern: Any) -> Callable[[dict[str, Any], _Known], str]:
    return lambda _data, known: str(pattern % {"channel": known.channel})


_KINDS: dict[str, tuple[str, Callable[[dict[str, Any], _Known], str]]] = {
    "OrderDrafted": ("pencil", _says(gettext_lazy("Begun by hand"))),
    "OrderArrived": ("inbox", _from_channel(gettext_lazy("Arrived from %(channel)s"))),
    "LineLinked": ("link", _linked),
    "OrderNotLinked": (
        "unlink",
        _says(gettext_lazy("No product was found for an item: to be linked by hand")),
    ),
    "OrderDismissed": ("circle-x", _says(gettext_lazy("Dismissed"))),
    "OrderHeld": ("map-pin", _held),
    "OrderQueued": ("hourglass", _says(gettext_lazy("Queued, to be invoiced and paid"))),
    "OrderUnpaid": ("banknote-x", _unpaid),
    "OrderPaid": ("banknote-check", _paid),
    "InvoiceIssued": ("receipt", _invoiced),
    "OrderPassedOn": ("send", _says(gettext_lazy("Handed over to be shipped"))),
    "OrderAccepted": (
        "circle-check",
        _of_supplier(gettext_lazy("%(supplier)s accepted it")),
    ),
    "OrderShipped": ("truck", _shipped),
    "OrderDelivered": (
        "package-check",
        _of_supplier(gettext_lazy("Delivered: a shipment of %(supplier)s")),
    ),
    "OrderReturned": ("package-x", _of_supplier(gettext_lazy("Returned to %(supplier)s"))),
    "LineDeclined": ("package-x", _declined),
    "CancellationAsked": (
        "circle-question-mark",
        _of_supplier(gettext_lazy("%(supplier)s was asked to cancel, in ticket %(ticket)s")),
    ),
    "CancellationDeclined": (
        "circle-x",
        _of_supplier(
            gettext_lazy("%(supplier)s declined to cancel, in ticket %(ticket)s: %(reason)s")
        ),
    ),
    "CancellationWithdrawn": (
        "undo-2",
        _of_supplier(gettext_lazy("Asking %(supplier)s to cancel ended with ticket %(ticket)s")),
    ),
    "OrderCancelled": ("ban", _cancelled),
    "OrderRefunded": ("undo-2", _refunded),
    "OrderNoted": ("sticky-note", _says(gettext_lazy("A note was written"))),
    "OrderChanged": ("pencil", _changed),
    "ChannelTold": ("store", _channel_told),
    "TicketBound": ("messages-square", _ticket),
}
TOLD = frozenset(_KINDS)
"""The kinds of entries that have words."""
