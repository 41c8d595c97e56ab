"""Changing many tickets at once: choosing them and what is done, how far it is, the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.desk.bulk import (
    MOST,
    BulkRefused,
    begin,
    bulk_of,
    can_be_undone,
    fates_of,
    undo,
)
from parley.desk.models import Bulk, BulkAction, BulkState, Fate
from parley.parties.access import members_of, teams_in_use
from parley.parties.models import Membership
from parley.tickets.finding import numbers_found
from parley.tickets.keeping_tags import all_tags
from parley.tickets.models import Priority
from parley.web.desk.queues import queues_with
from parley.web.desk.spans import SPANS, SpanUnknown, moment_of
from parley.web.filtering import address, number_in, read_filters
from parley.web.reader import SignedInRequest, operator_only
from parley.web.ticket_list import list_context


@require_http_methods(["GET", "POST"])
@operator_only
def choosing(request: SignedInRequest, name: str) -> HttpResponseBase:
    """The tickets of a queue as its address narrows it, and what can be done: `desk/bulk_choose.html`.

    Posted: `which` is `these` (with `ticket`, several) or `all` of the list; `action` one of
    BulkAction; its value is in the field of the action's name. Leads to how far it is.

    Context: `ticket_list.list_context`, `queue`, `words` (the queue's), `choices` (see `_choices`),
    `typed`, `problem`, `most`.
    """
    queues = dict(queues_with(name))
    if name not in queues:
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            bulk = _begin(request, name)
        except BulkRefused as refusal:
            problem = str(refusal)
        else:
            return redirect("desk:bulk", bulk.pk)
    context: dict[str, Any] = {
        **list_context(request, request.reader, name),
        "queue": name,
        "words": queues[name],
        "choices": _choices(request.reader),
        "typed": request.POST,
        "problem": problem,
        "most": MOST,
    }
    return render(request, "desk/bulk_choose.html", context, status=422 if problem else 200)


@require_GET
@operator_only
def bulk(request: SignedInRequest, bulk: int) -> HttpResponseBase:
    """How far it is: `desk/bulk.html`; for htmx its piece alone, `desk/_bulk.html`.

    Context: `bulk`, `fates` (fate → how many), `come_to` (how many were come to), `under_way`,
    `undoable`, `action` (in words).
    """
    template = "desk/_bulk.html" if request.htmx else "desk/bulk.html"
    return render(request, template, _context(_own(request.reader, bulk)))


@require_POST
@operator_only
def undoing(request: SignedInRequest, bulk: int) -> HttpResponseBase:
    """Take it back; leads to how far that is."""
    try:
        undo(bulk, by=request.reader)
    except Bulk.DoesNotExist:
        raise Http404 from None
    except BulkRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:bulk", bulk)


def _own(reader: Membership, bulk_id: int) -> Bulk:
    try:
        return bulk_of(reader, bulk_id)
    except Bulk.DoesNotExist:
        raise Http404 from None


def _context(found: Bulk) -> dict[str, Any]:
    fates = fates_of(found)
    left = fates.get(Fate.DONE if found.state == BulkState.UNDOING else Fate.WAITING, 0)
    under_way = found.state in (BulkState.RUNNING, BulkState.UNDOING)
    return {
        "bulk": found,
        "fates": fates,
        "come_to": found.total - left,
        "under_way": under_way,
        "undoable": can_be_undone(found),
        "action": BulkAction(found.action).label,
    }


def _choices(reader: Membership) -> dict[str, Any]:
    """For each action what it can be given: pairs (value, words)."""
    return {
        "assign": [(m.person_id, m.person.name) for m in members_of(reader.party_id)],
        "team": [(team.pk, team.name) for team in teams_in_use()],
        "priority": Priority.choices,
        "tags": [(tag.pk, tag.name, tag.active) for tag in all_tags()],
        "snooze": SPANS,
    }


def _begin(request: SignedInRequest, queue: str) -> Bulk:
    reader, action = request.reader, request.POST.get("action", "")
    value = _value(action, request.POST.get(action, ""))
    return begin(action, value, _tickets(request, queue), by=reader, words=address(request.GET))


def _tickets(request: SignedInRequest, queue: str) -> list[int]:
    if request.POST.get("which") == "all":
        filters = read_filters(request.GET, request.reader, queue)
        return numbers_found(request.reader, filters, MOST + 1)
    chosen = [number_in(key) for key in request.POST.getlist("ticket")]
    return [number for number in chosen if number is not None]


def _value(action: str, typed: str) -> Any:
    """What the action is given, of JSON's kinds. Raises BulkRefused."""
    if action == BulkAction.WAKE:
        return None
    if action == BulkAction.PRIORITY and typed in Priority.values:
        return typed
    if action in (BulkAction.ASSIGN, BulkAction.TEAM) and typed == "nobody":
        return None
    if action == BulkAction.SNOOZE:
        return _until(typed)
    key = number_in(typed)
    if action in (BulkAction.ASSIGN, BulkAction.TEAM, BulkAction.TAG, BulkAction.UNTAG) and key:
        return key
    raise BulkRefused(_("Pick one from the list."))


def _until(span: str) -> str:
    try:
        moment = moment_of(span)
    except SpanUnknown:
        raise BulkRefused(_("Pick one from the list.")) from None
    return moment.isoformat() if moment else ""
