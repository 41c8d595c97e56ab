"""Passing a ticket to a team (S1)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parley.parties.access import all_teams
from parley.parties.models import Membership
from parley.tickets.assigning import NotATeam, pass_to
from parley.tickets.models import Ticket
from parley.web.filtering import number_in
from parley.web.reader import SignedInRequest, operator_only
from parley.web.ticket_page import ticket_context


@require_POST
@operator_only
def passing(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Pass it to the `team` of that id, or to none where it is empty."""
    asked = request.POST.get("team", "")
    team = number_in(asked)
    try:
        if asked and team is None:
            raise NotATeam(asked)
        pass_to(number, team, by=request.reader)
    except Ticket.DoesNotExist:
        raise Http404 from None
    except NotATeam:
        messages.error(request, _("This team takes no tickets any more."))
    if request.htmx:
        return render(request, "desk/_ticket.html", ticket_context(request.reader, number))
    return redirect("desk:ticket", number)


def team_piece(reader: Membership, ticket: Ticket) -> dict[str, Any]:
    """`teams` that it can be passed to, and the `name` of the one that has it; one query."""
    teams = list(all_teams())
    name = next((team.name for team in teams if team.pk == ticket.team_id), "")
    return {"teams": [team for team in teams if team.active], "name": name}
