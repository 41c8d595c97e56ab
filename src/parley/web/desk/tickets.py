"""A ticket at the operator's desk: the thread, the context, and what an agent can do (S2)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.parties.access import members_of
from parley.parties.models import Membership
from parley.tickets import assigning, disputing
from parley.tickets.access import tickets_visible_to
from parley.tickets.finding import other_tickets
from parley.tickets.models import Ticket
from parley.web.acting import go_on_as_another
from parley.web.desk.more import NAMES
from parley.web.desk.queues import beside
from parley.web.reader import SignedInRequest, operator_only, signed_in
from parley.web.saying import REFUSALS, attachments_of, keep_typed, refusal_words
from parley.web.ticket_page import ticket_context


@require_GET
@signed_in
def ticket(request: SignedInRequest, number: int) -> HttpResponseBase:
    """The workspace: `desk/ticket.html`; for htmx (opened from the list) `desk/_workspace.html`.

    Context: `ticket_page.ticket_context`, `queue` (whose list stands beside it), `queues`,
    `more_pieces` (the names of the pieces that come later, see `more`).
    """
    if not request.reader.is_operator:
        return go_on_as_another(request, number)
    context = ticket_context(request.reader, number)
    context |= beside(request.GET.get("queue", "")) | {"more_pieces": NAMES}
    return render(request, "desk/_workspace.html" if request.htmx else "desk/ticket.html", context)


@require_GET
@operator_only
def thread(request: SignedInRequest, number: int) -> HttpResponseBase:
    """What changes while a ticket is open before one, for htmx: `desk/_ticket.html`."""
    return render(request, "desk/_ticket.html", ticket_context(request.reader, number))


@require_GET
@operator_only
def others(request: SignedInRequest, number: int) -> HttpResponseBase:
    """The opener's other tickets, for the context pane: `desk/_others.html`. Context: `rows`."""
    found = tickets_visible_to(request.reader).filter(pk=number).first()
    if found is None:
        raise Http404
    return render(request, "desk/_others.html", {"rows": other_tickets(request.reader, found)})


@require_GET
@operator_only
def assignees(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Whom the ticket can be given to, loaded when the menu opens: `desk/_assignees.html`.

    Context: `ticket`, `people`.
    """
    found = tickets_visible_to(request.reader).filter(pk=number).first()
    if found is None:
        raise Http404
    people = [member.person for member in members_of(request.reader.party_id)]
    return render(request, "desk/_assignees.html", {"ticket": found, "people": people})


@require_POST
@operator_only
def assignment(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Assign: `person` is an id, `me`, or empty for nobody."""
    reader = request.reader

    def assign() -> object:
        person = _person(request.POST.get("person", ""), reader)
        return assigning.assign(number, person, by=reader)

    return _act(request, number, assign)


@require_POST
@operator_only
def priority(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Change the priority."""
    asked = request.POST.get("priority", "")
    return _act(request, number, lambda: assigning.set_priority(number, asked, by=request.reader))


@require_POST
@operator_only
def stepping_in(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Step in, with the words both sides read."""
    text = request.POST.get("text", "")

    def step_in() -> object:
        files = attachments_of(request, request.reader)
        return disputing.step_in(number, text, by=request.reader, attachments=files)

    return _act(request, number, step_in, text)


@require_POST
@operator_only
def decision(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Decide a dispute: `outcome` and `text`."""
    outcome, text = request.POST.get("outcome", ""), request.POST.get("text", "")

    def decide() -> object:
        return disputing.decide(number, outcome, text, by=request.reader)

    return _act(request, number, decide, text)


def _act(
    request: SignedInRequest, number: int, act: Callable[[], object], text: str = ""
) -> HttpResponseBase:
    """Do it, and show the ticket as it stands now: as a fragment for htmx, else by going there.

    A `text` that the ticket does not take is kept with the draft of the reply.
    """
    try:
        act()
    except Ticket.DoesNotExist:
        raise Http404 from None
    except assigning.NotAnAgent:
        messages.error(request, _("Pick somebody of your team."))
    except (assigning.PriorityUnknown, disputing.OutcomeUnknown):
        messages.error(request, _("Pick one from the list."))
        keep_typed(number, text, request.reader)
    except REFUSALS as refusal:
        messages.error(request, refusal_words(refusal))
        keep_typed(number, text, request.reader)
    if request.htmx:
        return render(request, "desk/_ticket.html", ticket_context(request.reader, number))
    return redirect("desk:ticket", number)


def _person(asked: str, reader: Membership) -> int | None:
    """The person a form names, or None where it names nobody. Raises NotAnAgent for junk."""
    if asked == "me":
        return reader.person_id
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        raise assigning.NotAnAgent
    return int(asked)
