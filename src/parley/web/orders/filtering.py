"""The filters of a list of orders, read from its address: the address carries the whole view (O1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parley.orders.finding import Filters, payments_for, statuses_for
from parley.orders.models import PaymentChoices
from parley.parties.access import parties_in_tickets
from parley.parties.models import Membership, Party, PartyKind
from parley.web.filtering import (
    Chip,
    address,
    day_in,
    days_in_words,
    midnight_of,
    number_in,
    without,
)

STATUS_WORDS: dict[str, Any] = {
    "queued": gettext_lazy("In QUEUE: being invoiced and paid"),
    "held": gettext_lazy("Held: outside the area served"),
    "not_linked": gettext_lazy("Not linked"),
    "dismissed": gettext_lazy("Dismissed"),
    "paid": gettext_lazy("Paid, soon with the supplier"),
    "unshipped": gettext_lazy("Unshipped"),
    "part_shipped": gettext_lazy("Part-shipped"),
    "shipped": gettext_lazy("Shipped"),
    "delivered": gettext_lazy("Delivered"),
    "returned": gettext_lazy("Returned"),
    "cancel_asked": gettext_lazy("Cancellation asked for"),
    "cancelled": gettext_lazy("Cancelled"),
    "dispute": gettext_lazy("With an open ticket"),
}
_SPANS: dict[str, Any] = {
    "today": gettext_lazy("Today"),
    "yesterday": gettext_lazy("Yesterday"),
    "7-days": gettext_lazy("Last 7 days"),
    "last-week": gettext_lazy("Last week, Monday to Sunday"),
    "30-days": gettext_lazy("Last 30 days"),
    "month": gettext_lazy("This month"),
    "last-month": gettext_lazy("Last month"),
}
"""Spans of days by the words an address has for them; they move on with the days."""
A_DAY, A_PERIOD = "day", "period"

Days = tuple[date | None, date | None]


def read_filters(query: QueryDict, reader: Membership) -> Filters:
    """The filters that `query` carries; junk in one of them is passed over like an empty one."""
    first, last = days_of(query)
    return Filters(
        text=query.get("q", "").replace("\x00", "").strip()[:200],
        statuses=tuple(s for s in statuses_for(reader) if s in query.getlist("status")),
        payments=tuple(p for p in payments_for(reader) if p in query.getlist("payment")),
        party=number_in(query.get("party")),
        day_from=midnight_of(first),
        day_to=midnight_of(last, days=1),
    )


def chips_of(query: QueryDict, reader: Membership, filters: Filters) -> list[Chip]:
    """The chips of the filters in use: what each says, and the address without it."""
    made: list[Chip] = []
    if filters.text:
        made.append(Chip(_("“%(words)s”") % {"words": filters.text}, without(query, "q")))
    made += [
        Chip(str(STATUS_WORDS[status]), without(query, "status", status))
        for status in filters.statuses
    ]
    made += [
        Chip(_payment_words(payment), without(query, "payment", payment))
        for payment in filters.payments
    ]
    if days := _days_words(query):
        made.append(Chip(days, address(query, **dict.fromkeys(("when", "day", "from", "to")))))
    if filters.party and (name := _name_of(reader, filters.party)):
        made.append(Chip(name, without(query, "party")))
    return made


def choices_for(reader: Membership) -> dict[str, Any]:
    """What the filter panel offers: loaded when it is opened, not with every list."""
    return {
        "statuses": [(status, STATUS_WORDS[status]) for status in statuses_for(reader)],
        "payments": [(payment, _payment_words(payment)) for payment in payments_for(reader)],
        "spans": list(_SPANS.items()),
        "parties": list(_other_parties(reader)),
    }


def days_of(query: QueryDict) -> Days:
    """The first and the last day that an address asks for, in the reader's zone; None for no end."""
    when = query.get("when", "")
    if when in _SPANS:
        return _SPAN_DAYS[when](timezone.localdate())
    day = day_in(query.get("day"))
    if when == A_DAY or (day and when != A_PERIOD):
        return day, day
    return day_in(query.get("from")), day_in(query.get("to"))


def _days_words(query: QueryDict) -> str:
    when = query.get("when", "")
    return str(_SPANS[when]) if when in _SPANS else days_in_words(*days_of(query))


def _last_week(today: date) -> Days:
    monday = today - timedelta(days=today.weekday() + 7)
    return monday, monday + timedelta(days=6)


def _last_month(today: date) -> Days:
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


_SPAN_DAYS: dict[str, Callable[[date], Days]] = {
    "today": lambda today: (today, today),
    "yesterday": lambda today: (today - timedelta(days=1), today - timedelta(days=1)),
    "7-days": lambda today: (today - timedelta(days=6), today),
    "last-week": _last_week,
    "30-days": lambda today: (today - timedelta(days=29), today),
    "month": lambda today: (today.replace(day=1), today),
    "last-month": _last_month,
}


def _payment_words(payment: str) -> str:
    if payment == PaymentChoices.QUEUED:
        return _("Not paid yet")
    return str(PaymentChoices(payment).label)


def _other_parties(reader: Membership) -> Any:
    return parties_in_tickets(reader).exclude(kind=PartyKind.OPERATOR)


def _name_of(reader: Membership, party_id: int) -> str:
    party: Party | None = _other_parties(reader).filter(pk=party_id).first()
    return party.name if party else ""
