"""What else an agent needs to know of a ticket: pieces that come once its page is there.

Each subject is one function of the reader and the ticket, two queries at most, and one fragment,
`desk/_more_<name>.html`, which reads what the function gave as `its`. An empty fragment shows
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from parley.guard.access import flags_of
from parley.parties.models import Membership
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import Ticket
from parley.tickets.verifying import verified_on
from parley.web.desk.beside import tags_context
from parley.web.desk.passing import team_piece
from parley.web.desk.reports.cards import scorecard_piece
from parley.web.fields import fields_piece
from parley.web.guarding import flag_in_words
from parley.web.reader import SignedInRequest, operator_only


class Subject(NamedTuple):
    """One piece: its name, and what it has to say."""

    name: str
    context: Callable[[Membership, Ticket], dict[str, Any]]


def verified_piece(reader: Membership, ticket: Ticket) -> dict[str, Any]:
    """`verified`: who has shown by their PIN that it is them. `flags`: with their kinds in words."""
    return {
        "verified": verified_on(ticket.conversation_id),
        "flags": [(flag, flag_in_words(flag)) for flag in flags_of(ticket.conversation_id)],
    }


SUBJECTS = (
    Subject("verified", verified_piece),
    Subject("tags", tags_context),
    Subject("team", team_piece),
    Subject("fields", fields_piece),
    Subject("scorecard", scorecard_piece),
)
"""In the order in which they stand."""
NAMES = tuple(subject.name for subject in SUBJECTS)


@require_GET
@operator_only
def more(request: SignedInRequest, number: int) -> HttpResponseBase:
    """All pieces, each for its own place on the page: `desk/_more.html`."""
    return render(request, "desk/_more.html", more_context(request.reader, number))


def more_context(reader: Membership, number: int) -> dict[str, Any]:
    """What the pieces are given: `ticket`, `subjects` (pairs of a name and what its piece reads).

    Raises Http404 when there is no such ticket for this reader.
    """
    found = (
        tickets_visible_to(reader)
        .select_related(
            "topic__category", "opener", "opener_person", "counterparty", "assignee", "turn_party"
        )
        .filter(pk=number)
        .first()
    )
    if found is None:
        raise Http404
    told = [(subject.name, subject.context(reader, found)) for subject in SUBJECTS]
    return {"ticket": found, "subjects": told}


def more_again(request: SignedInRequest, number: int) -> HttpResponseBase:
    """The answer of whatever was done in a piece: all of them anew for htmx, else the ticket's page.

    What `django.contrib.messages` was told is said in toasts.
    """
    if request.htmx:
        return render(request, "desk/_more.html", more_context(request.reader, number))
    return redirect("desk:ticket", number)
