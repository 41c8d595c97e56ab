"""The command palette's search: tickets, companies, people, teams and views by what is typed."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parley.conversations.typed import typed_line
from parley.desk.saving_views import views_for
from parley.parties.access import parties_by_name, people_by_name, teams_in_use
from parley.parties.models import Membership
from parley.tickets.finding import Filters, find
from parley.tickets.queues import queue_of_team
from parley.tickets.stating import state_line
from parley.web.reader import SignedInRequest, operator_only

FEWEST_LETTERS = 2
MOST = 6
"""Of each kind: whoever wants more opens the list."""


class Found(NamedTuple):
    """One thing to go to: its words, what stands small beside them, and its address."""

    icon: str
    words: str
    beside: str
    address: str


@require_GET
@operator_only
def everything(request: SignedInRequest) -> HttpResponseBase:
    """What `q` may mean: `desk/_everything.html`. Context: `found`, the likest kinds first."""
    text = typed_line(request.GET.get("q", ""))[:100]
    found = _found(text, request.reader) if len(text) >= FEWEST_LETTERS else []
    return render(request, "desk/_everything.html", {"found": found})


def _found(text: str, reader: Membership) -> list[Found]:
    return [
        *_tickets(text, reader),
        *_queues(text, reader),
        *_companies(text),
        *_people(text),
    ]


def _tickets(text: str, reader: Membership) -> list[Found]:
    rows = find(reader, Filters(text=text), size=MOST).rows
    return [
        Found(
            "message-square",
            f"{row.ticket.number} {row.ticket.title}",
            str(state_line(row.ticket, reader.party_id).sentence),
            reverse("desk:ticket", args=[row.ticket_id]),
        )
        for row in rows
    ]


def _queues(text: str, reader: Membership) -> list[Found]:
    folded = text.casefold()
    teams = [
        Found(
            "users-round",
            _("Queue: %(name)s") % {"name": team.name},
            "",
            reverse("desk:queue", args=[queue_of_team(team.pk)]),
        )
        for team in teams_in_use()
        if folded in team.name.casefold()
    ]
    views = [
        Found(
            "bookmark",
            _("View: %(name)s") % {"name": view.name},
            "",
            f"{reverse('desk:queue', args=[view.queue])}?{view.query}",
        )
        for view in views_for(reader)
        if folded in view.name.casefold()
    ]
    return [*teams[:MOST], *views[:MOST]]


def _companies(text: str) -> list[Found]:
    return [
        Found(
            "building-2",
            party.name,
            str(party.get_kind_display()),
            f"{reverse('desk:queue', args=['all'])}?party={party.pk}",
        )
        for party in parties_by_name(text, MOST)
    ]


def _people(text: str) -> list[Found]:
    return [
        Found(
            "user-round",
            member.person.name,
            member.party.name,
            reverse("directory:person", args=[member.person_id]),
        )
        for member in people_by_name(text, MOST)
    ]
