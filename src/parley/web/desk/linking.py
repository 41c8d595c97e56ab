"""Saying how a ticket hangs together with others, from its page at the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parley.parties.models import Membership
from parley.tickets.linking import LinkedToItself, NoSuchStanding, NoSuchTicket, link, unlink
from parley.tickets.models import Ticket
from parley.tickets.searching import number_in
from parley.web.desk.more import more_again
from parley.web.filtering import number_in as key_in
from parley.web.reader import SignedInRequest, operator_only


@require_POST
@operator_only
def linking(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Link to the ticket of number `other`, which it stands to as `standing`; or take `off` a link."""
    off = key_in(request.POST.get("off"))
    try:
        if off is not None:
            unlink(number, off, by=request.reader)
        else:
            _link(request, number, request.reader)
    except Ticket.DoesNotExist:
        raise Http404 from None
    except NoSuchTicket:
        messages.error(request, _("There is no ticket of that number."))
    except LinkedToItself:
        messages.error(request, _("That is this ticket itself. Type the number of another one."))
    except NoSuchStanding:
        messages.error(request, _("Pick one from the list."))
    return more_again(request, number)


def _link(request: SignedInRequest, number: int, by: Membership) -> None:
    other = number_in(request.POST.get("other", ""))
    if other is None:
        raise NoSuchTicket
    link(number, request.POST.get("standing", "relates"), other, by=by)
