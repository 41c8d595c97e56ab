"""Merging a ticket into another, from its page at the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parley.tickets.access import tickets_visible_to
from parley.tickets.merging import MergeRefused, merge
from parley.tickets.models import NUMBER_FORMAT, Ticket
from parley.tickets.searching import number_in
from parley.web.reader import SignedInRequest, operator_only


@require_POST
@operator_only
def merging(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Merge it into the ticket of number `other`, and go there; refused, say why where one was."""
    other = number_in(request.POST.get("other", ""))
    try:
        merged = _merge(number, other, request)
    except MergeRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:ticket", number)
    words = {"one": NUMBER_FORMAT.format(number), "other": merged.number}
    messages.success(request, _("%(one)s is part of %(other)s now.") % words)
    return redirect("desk:ticket", merged.pk)


def _merge(number: int, other: int | None, request: SignedInRequest) -> Ticket:
    if other is None:
        raise MergeRefused(_("There is no ticket of that number."))
    try:
        return merge(number, other, by=request.reader)
    except Ticket.DoesNotExist:
        if not tickets_visible_to(request.reader).filter(pk=number).exists():
            raise Http404 from None
        raise MergeRefused(_("There is no ticket of that number.")) from None
