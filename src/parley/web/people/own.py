"""Settings → People: one's own company's people, kept by its owners (the operator's by administrators)."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from parley.web.people.changing import change_code, invite_to
from parley.web.people.showing import people_context
from parley.web.reader import SignedInRequest, signed_in


@require_GET
@signed_in
def people(request: SignedInRequest) -> HttpResponseBase:
    """`people/people.html`, with `people_context`: to keep for some, to look at for the others."""
    return _page(request)


@require_POST
@signed_in
def invitations(request: SignedInRequest) -> HttpResponseBase:
    """Invite somebody to one's own company."""
    return invite_to(request, request.reader.party_id, _page)


@require_POST
@signed_in
def code(request: SignedInRequest) -> HttpResponseBase:
    """Make, replace or take away the code with which one asks to join one's own company."""
    return change_code(request, request.reader.party_id)


def _page(
    request: SignedInRequest,
    typed: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
) -> HttpResponseBase:
    context = people_context(request, request.reader.party, typed, problems)
    return render(request, "people/people.html", context, status=422 if problems else 200)
