"""Acting for another of one's parties, where an address asks for it."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from parley.parties.models import Membership
from parley.tickets.access import memberships_on
from parley.web.reader import ACTING_AS, SignedInRequest


def act_as(request: SignedInRequest, membership: Membership) -> None:
    """From now on the reader acts with this membership, which is one of theirs."""
    if membership.pk != request.reader.pk:
        request.session[ACTING_AS] = membership.pk


def go_on_as_another(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Lead to a ticket that the reader doesn't see now as one of another party they act for.

    A link in a mail, or one quoted by a colleague, says nothing of whom one acts for at the moment.
    Raises Http404 when none of theirs may see it.
    """
    others = (m for m in memberships_on(request.reader.person, number) if m.pk != request.reader.pk)
    membership = next(others, None)
    if membership is None:
        raise Http404
    act_as(request, membership)
    return redirect(ticket_address(membership, number))


def ticket_address(reader: Membership, number: int) -> str:
    """Where this reader sees a ticket."""
    return reverse("desk:ticket" if reader.is_operator else "portal:ticket", args=[number])
