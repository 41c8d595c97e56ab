"""The front of the support area, and how soon each kind of request is answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from parley.journal.moment import now
from parley.journal.telling_time import day_and_time, short_date_and_time
from parley.parties.access import operator
from parley.parties.models import PartyKind
from parley.sla.promising import Promise, promises
from parley.tickets.access import topics_open_to
from parley.tickets.models import Priority, Topic
from parley.tickets.standing import last_words, may_be_rated, pressing, standing
from parley.web.reader import SignedInRequest
from parley.web.support.doors import companies_only
from parley.web.ticket_list import is_unread

SHOWN = 8
"""Open tickets that the front shows; the inbox has all."""
NEAR = timedelta(days=6)
COUNTERPARTS = {
    PartyKind.SELLER.value: (PartyKind.OPERATOR.value, PartyKind.SUPPLIER.value),
    PartyKind.SUPPLIER.value: (PartyKind.OPERATOR.value, PartyKind.SELLER.value),
}
"""Whom the people of each kind of company ask."""
_KINDS: dict[str, str | Lazy] = {
    Priority.QUESTION: gettext_lazy("A general question"),
    Priority.SLOWING: gettext_lazy("An issue that's slowing me down"),
    Priority.URGENT: gettext_lazy("A major issue"),
}
_OTHERS: dict[str, str | Lazy] = {
    PartyKind.SELLER: pgettext_lazy("who answers", "Sellers"),
    PartyKind.SUPPLIER: pgettext_lazy("who answers", "Suppliers"),
}


@dataclass(frozen=True)
class Expected:
    """One line of the response times: the kind of request, how soon, and by when if asked now."""

    request: str
    span: str
    answer_by: str


@require_GET
@companies_only
def overview(request: SignedInRequest) -> HttpResponseBase:
    """How the company's tickets stand: `support/overview.html`.

    Context: `trays` (name → how many tickets), `rows` (open tickets, what waits for the reader
    first; each with `.unread` and `.to_rate`), `more` (whether there are others), `words` (see
    `standing.LastWord`).
    """
    reader = request.reader
    rows = pressing(reader, SHOWN + 1)
    for row in rows:
        row.unread = is_unread(row)  # type: ignore[attr-defined]
        row.to_rate = may_be_rated(row)  # type: ignore[attr-defined]
    context = {
        "trays": standing(reader),
        "rows": rows[:SHOWN],
        "more": len(rows) > SHOWN,
        "words": last_words(reader),
    }
    return render(request, "support/overview.html", context)


@require_GET
@companies_only
def response_times(request: SignedInRequest) -> HttpResponseBase:
    """How soon each kind of request is answered: `support/response_times.html`.

    Context: `groups`, pairs of who answers (or of a topic with promises of its own) and its
    `Expected`, in their order.
    """
    return render(request, "support/response_times.html", {"groups": _groups(request)})


def _groups(request: SignedInRequest) -> list[tuple[str, list[Expected]]]:
    kind = request.reader.party.kind
    topics = {topic.pk: topic for topic in topics_open_to(kind)}
    told = promises(
        now(), COUNTERPARTS.get(kind, ()), [(topic.pk, topic.goes_to) for topic in topics.values()]
    )
    groups: dict[Any, list[Promise]] = {}
    for promise in told:
        groups.setdefault((promise.party_kind, promise.topic_id), []).append(promise)
    # A topic whose promises are those of every topic says nothing new.
    general = {key: _spans(its) for key, its in groups.items()}
    return [
        (_heading(party_kind, topics.get(topic)), _lines(its))
        for (party_kind, topic), its in groups.items()
        if topic is None or general[party_kind, topic] != general.get((party_kind, None))
    ]


def _spans(promised: Iterable[Promise]) -> list[tuple[str, str]]:
    return [(promise.priority, promise.span) for promise in promised]


def _heading(kind: str, topic: Topic | None) -> str:
    if topic is not None:
        return f"{topic.category.name} · {topic.name}"
    return operator().name if kind == PartyKind.OPERATOR else str(_OTHERS[kind])


def _lines(promised: list[Promise]) -> list[Expected]:
    """A line for each kind of request, or one for all where the same is promised for each."""
    if len({(promise.span, promise.answer_by) for promise in promised}) == 1:
        promise = promised[0]
        return [Expected(_("Any request"), promise.span, _when(promise.answer_by))]
    return [
        Expected(str(_KINDS[promise.priority]), promise.span, _when(promise.answer_by))
        for promise in promised
    ]


def _when(moment: datetime) -> str:
    near = abs(moment - now()) < NEAR
    return day_and_time(moment) if near else short_date_and_time(moment)
