"""Who else has a ticket open, and who of them writes (S2)."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from parley.desk.looking import look_away, note_looking, others_looking
from parley.parties.access import members_of, teams_in_use
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import Ticket
from parley.web.reader import SignedInRequest, operator_only


@require_http_methods(["GET", "POST"])
@operator_only
def looking(request: SignedInRequest, number: int) -> HttpResponseBase:
    """The others who have it open: `desk/_looking.html`; posted, that one has it open oneself.

    Posted, `types` is 1 while an answer is being written, and `gone` is 1 on leaving. Context:
    `number`, `others` (names, and whether they write).
    """
    if request.method == "POST":
        try:
            if request.POST.get("gone") == "1":
                look_away(number, by=request.reader)
            else:
                note_looking(number, types=request.POST.get("types") == "1", by=request.reader)
        except Ticket.DoesNotExist:
            raise Http404 from None
        return HttpResponse(status=204)
    if not tickets_visible_to(request.reader).filter(pk=number).exists():
        raise Http404
    others = others_looking(number, request.reader)
    return render(request, "desk/_looking.html", {"number": number, "others": others})


@require_GET
@operator_only
def mentionable(request: SignedInRequest) -> HttpResponseBase:
    """Whom a note can name: `desk/_mentionable.html`. Context: `people`, `teams`."""
    reader = request.reader
    others = members_of(reader.party_id).exclude(pk=reader.pk)
    context = {"people": others, "teams": teams_in_use()}
    return render(request, "desk/_mentionable.html", context)
