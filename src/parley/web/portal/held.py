"""Taking back one's own replies that wait to be looked at, or that were declined (T13)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parley.guard.models import HeldReply
from parley.guard.reviewing import DecidedAlready, take_back
from parley.tickets.access import tickets_visible_to
from parley.web.acting import ticket_address
from parley.web.reader import SignedInRequest, signed_in


@require_POST
@signed_in
def taking_back(request: SignedInRequest, number: int, held: int) -> HttpResponseBase:
    """Put one back into the draft, to change it and send it anew."""
    if not tickets_visible_to(request.reader).filter(pk=number).exists():
        raise Http404
    try:
        take_back(held, by=request.reader)
    except HeldReply.DoesNotExist:
        raise Http404 from None
    except DecidedAlready:
        messages.error(request, _("It was looked at meanwhile."))
    return redirect(ticket_address(request.reader, number))
