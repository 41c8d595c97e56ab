"""What a message that came by mail had beside its text: fetched when somebody opens it."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parley.mailboxes.access import mailed_of
from parley.tickets.seeing import message_with_files
from parley.web.reader import SignedInRequest, signed_in


@require_GET
@signed_in
def mailed(request: SignedInRequest, message: int) -> HttpResponseBase:
    """`parts/_mailed.html`, for its writer's side and the operator. Context: `its` (MailedMessage)."""
    if message_with_files(request.reader, message) is None:
        raise Http404
    found = mailed_of(request.reader, [message]).get(message)
    if found is None:
        raise Http404
    return render(request, "parts/_mailed.html", {"its": found})
