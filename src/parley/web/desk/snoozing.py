"""Putting a ticket aside, and bringing it back, from its page at the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parley.tickets.models import Ticket
from parley.tickets.snoozing import NotToBeSnoozed, snooze, wake
from parley.web.desk.more import more_again
from parley.web.desk.spans import SpanUnknown, moment_of
from parley.web.reader import SignedInRequest, operator_only


@require_POST
@operator_only
def snoozing(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Put aside: `span` is one of SPANS, or else `until` a moment (ISO 8601) in the reader's zone.

    With `span` empty and no moment the ticket comes back.
    """
    span, until = request.POST.get("span", ""), request.POST.get("until", "")
    try:
        if span or until:
            snooze(number, moment_of(span, until), by=request.reader)
        else:
            wake(number, by=request.reader)
    except Ticket.DoesNotExist:
        raise Http404 from None
    except SpanUnknown:
        messages.error(request, _("Say until when."))
    except NotToBeSnoozed:
        messages.error(request, _("Pick a moment to come, within a year, for an open ticket."))
    return more_again(request, number)
