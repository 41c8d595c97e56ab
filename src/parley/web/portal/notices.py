"""The bell and the list behind it."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from parley.notifications.access import notices_of, told_as
from parley.notifications.models import Notice
from parley.notifications.reading import read_notices
from parley.notifications.subjects import name_of
from parley.notifications.wording import sentence
from parley.parties.models import Membership
from parley.web.acting import act_as, ticket_address
from parley.web.reader import SignedInRequest, signed_in

PAGE = 30


@require_GET
@signed_in
def notices(request: SignedInRequest) -> HttpResponseBase:
    """The list: `portal/notices.html`, or `_notices.html` for htmx.

    Context: `notices` (each with `.sentence`, `.name` of what it is about, `.at`, `.read_at`, `.kind`),
    `older` (id).
    """
    found = notices_of(request.reader)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE + 1])
    for notice in rows:
        notice.sentence = sentence(notice)  # type: ignore[attr-defined]
        notice.name = name_of(notice)  # type: ignore[attr-defined]
    older = rows[PAGE - 1].pk if len(rows) > PAGE else None
    template = "portal/_notices.html" if request.htmx else "portal/notices.html"
    return render(request, template, {"notices": rows[:PAGE], "older": older})


@require_GET
@signed_in
def bell(request: SignedInRequest) -> HttpResponseBase:
    """The bell with its number: `parts/_bell.html`."""
    return render(request, "parts/_bell.html")


@require_GET
@signed_in
def notice(request: SignedInRequest, key: int) -> HttpResponseBase:
    """An entry of the list leads to the very message; the ticket's page marks it read.

    It may have come to the reader as one of another of their parties: then they act for that one.
    """
    found = notices_of(request.reader).filter(pk=key).first()
    if found is None:
        raise Http404
    membership = told_as(found)
    if membership is None:
        raise Http404
    act_as(request, membership)
    read_notices(
        request.reader,
        ticket_id=found.ticket_id,
        order_id=found.order_id,
        path=found.path,
        upto=found.pk,
    )
    return redirect(_place(found, membership))


def _place(notice: Notice, membership: Membership) -> str:
    if notice.ticket_id is not None:
        said = f"#m{notice.message_id}" if notice.message_id else ""
        return ticket_address(membership, notice.ticket_id) + said
    if notice.order_id is not None:
        return reverse("orders:order", args=[notice.order_id])
    return notice.path


@require_POST
@signed_in
def reading(request: SignedInRequest) -> HttpResponseBase:
    """Mark all notices read."""
    read_notices(request.reader)
    return redirect("notices")
