"""Scorecards at the desk: a page for each company and agent, and a piece beside a ticket (T14)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parley.parties.access import parties_called, people_called
from parley.parties.models import Membership, PartyKind
from parley.reports.figures import ENOUGH
from parley.reports.models import Dimension
from parley.reports.reading import Overview, of_each
from parley.reports.roles import MayNotLook, may_see_agent
from parley.reports.scorecards import card_of_agent, card_of_party, usual_period
from parley.tickets.models import Ticket
from parley.web.desk.reports.asking import Asked, asked
from parley.web.desk.reports.telling import charts, rows, tiles
from parley.web.figures import rating_words, share_words, time_words
from parley.web.reader import SignedInRequest, operator_only


@require_GET
@operator_only
def party(request: SignedInRequest, party: int) -> HttpResponseBase:
    """A company's card: `reports/card.html`."""
    found = parties_called([party]).get(party)
    wanted = asked(request.GET)
    try:
        if found is None:
            raise MayNotLook
        told = card_of_party(request.reader, found, wanted.period)
    except MayNotLook:
        raise Http404 from None
    return render(request, "reports/card.html", card_context(found.name, told, wanted))


@require_GET
@operator_only
def agent(request: SignedInRequest, agent: int) -> HttpResponseBase:
    """An agent's card: `reports/card.html`. Their own, or for leads and administrators anybody's."""
    wanted = asked(request.GET)
    name = people_called([agent]).get(agent) if may_see_agent(request.reader, agent) else None
    if name is None:
        raise Http404
    told = card_of_agent(request.reader, agent, wanted.period)
    return render(request, "reports/card.html", card_context(name, told, wanted, of_agent=True))


def card_context(
    name: str, told: Overview, wanted: Asked, *, of_agent: bool = False
) -> dict[str, Any]:
    """What `reports/card.html` reads: `name`, `asked`, `told`, `tiles`, the charts, `rows`."""
    return {
        "name": name,
        "asked": wanted,
        "told": told,
        "tiles": tiles(told),
        "rows": rows(told.parts),
        "of_agent": of_agent,
        **charts(told),
    }


def scorecard_piece(reader: Membership, ticket: Ticket) -> dict[str, Any]:
    """Beside a ticket: how whoever answers it does. `name`, `key`, `figures` (pairs), or nothing.

    Two queries. Nothing for tickets to the operator, and where too few were answered to say.
    """
    other = ticket.counterparty
    if other.kind == PartyKind.OPERATOR:
        return {}
    period = usual_period()
    key = str(other.pk)
    figures = of_each(Dimension.PARTY, [key], period)[key]
    if figures.answered < ENOUGH:
        return {}
    return {
        "name": other.name,
        "key": other.pk,
        "tickets": figures.opened,
        "days": period.days,
        "first": time_words(figures.first_response.typical),
        "slow": time_words(figures.first_response.slow),
        "resolution": time_words(figures.resolution.typical),
        "within": share_words(figures.within),
        "rating": rating_words(figures.rating),
    }
