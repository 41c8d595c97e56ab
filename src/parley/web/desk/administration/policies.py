"""Policies: the list with what they promise now, and one of each with what it would promise (T10, S5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.journal.moment import now
from parley.parties.models import COMPANIES
from parley.sla.keeping_calendars import all_calendars
from parley.sla.keeping_policies import (
    HOUR,
    MINUTE,
    PolicyRefused,
    PolicyTyped,
    add_policy,
    all_policies,
    change_policy,
    due,
    promises,
    remove_policy,
    seconds_of,
)
from parley.sla.models import Policy
from parley.tickets.keeping_topics import all_topics
from parley.tickets.models import Priority
from parley.web.desk.administration.doors import keepers_only
from parley.web.filtering import number_in, sorted_by_name
from parley.web.reader import SignedInRequest


@require_http_methods(["GET", "POST"])
@keepers_only
def policies(request: SignedInRequest) -> HttpResponseBase:
    """The list: `administration/policies.html`; posted, it has one more.

    Context: `policies`, `topics`, `priorities`.
    """
    if request.method == "POST":
        return _added(request)
    context = {
        "policies": _sorted(list(all_policies())),
        "topics": sorted_by_name(all_topics().filter(active=True)),
        "priorities": Priority.choices,
    }
    return render(request, "administration/policies.html", context)


@require_GET
@keepers_only
def promise(request: SignedInRequest) -> HttpResponseBase:
    """What is promised for a ticket opened now: `administration/_promise.html`.

    The address names `topic` and `priority`. Context: `promises` (of each kind of party), `topic`.
    """
    key = number_in(request.GET.get("topic"))
    topic = all_topics().filter(pk=key).first() if key else None
    priority = request.GET.get("priority", "")
    if topic is None or priority not in Priority.values:
        return render(request, "administration/_promise.html", {"promises": [], "topic": None})
    context = {"promises": promises(topic.pk, priority, now()), "topic": topic}
    return render(request, "administration/_promise.html", context)


@require_GET
@keepers_only
def new_policy(request: SignedInRequest) -> HttpResponseBase:
    """A form for a new policy: `administration/policy.html`. The address may name its `topic`."""
    typed = PolicyTyped(topic=number_in(request.GET.get("topic")), party_kind="supplier", hours="8")
    return _page(request, None, typed)


def _added(request: SignedInRequest) -> HttpResponseBase:
    typed = _typed(request)
    try:
        add_policy(typed, by=request.reader)
    except PolicyRefused as refusal:
        return _page(request, None, typed, refusal.problems)
    messages.success(request, _("It rules from the next turn on."))
    return redirect("administration:policies")


@require_http_methods(["GET", "POST"])
@keepers_only
def policy(request: SignedInRequest, policy: int) -> HttpResponseBase:
    """One policy: `administration/policy.html`; posted, it is changed.

    Context: `policy`, `typed` (a PolicyTyped), `problems`, `topics`, `priorities`, `kinds`,
    `calendars` (pairs).
    """
    found = all_policies().filter(pk=policy).first()
    if found is None:
        raise Http404
    if request.method == "GET":
        return _page(request, found, _as_typed(found))
    typed = _typed(request)
    try:
        change_policy(policy, typed, by=request.reader)
    except PolicyRefused as refusal:
        return _page(request, found, typed, refusal.problems)
    messages.success(request, _("It rules from the next turn on."))
    return redirect("administration:policies")


@require_POST
@keepers_only
def policy_removal(request: SignedInRequest, policy: int) -> HttpResponseBase:
    """Remove a policy: the next less particular one rules in its place."""
    try:
        remove_policy(policy, by=request.reader)
    except Policy.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Removed. The next less particular policy rules in its place."))
    return redirect("administration:policies")


@require_POST
@keepers_only
def policy_trial(request: SignedInRequest) -> HttpResponseBase:
    """What a policy would promise as it is typed now: `administration/_policy_trial.html`.

    Context: `due_at` (None where its calendar has no working time), `problem`, `calendar` (None until
    one is picked).
    """
    typed = _typed(request)
    calendar = all_calendars().filter(pk=typed.calendar or 0).first()
    context: dict[str, Any] = {
        "due_at": None,
        "problem": "",
        "starts_at": now(),
        "calendar": calendar,
    }
    try:
        seconds = seconds_of(typed)
    except PolicyRefused as refusal:
        context["problem"] = str(refusal)
    else:
        if calendar is not None:
            trial = Policy(calendar=calendar, working_seconds=seconds)
            context["due_at"] = due(trial, context["starts_at"])
    return render(request, "administration/_policy_trial.html", context)


def _sorted(listed: list[Policy]) -> list[Policy]:
    """Those for everything first, then by topic; within, the more particular ones last."""
    return sorted(
        listed,
        key=lambda one: (
            one.topic.category.name if one.topic else "",
            one.topic.name if one.topic else "",
            one.party_kind or "",
            one.priority or "",
        ),
    )


def _typed(request: SignedInRequest) -> PolicyTyped:
    sent = request.POST
    return PolicyTyped(
        topic=number_in(sent.get("topic")),
        priority=sent.get("priority", ""),
        party_kind=sent.get("party_kind", ""),
        calendar=number_in(sent.get("calendar")),
        hours=sent.get("hours", ""),
        minutes=sent.get("minutes", ""),
        active=sent.get("active") == "on",
    )


def _as_typed(policy: Policy) -> PolicyTyped:
    hours, rest = divmod(policy.working_seconds, HOUR)
    return PolicyTyped(
        topic=policy.topic_id,
        priority=policy.priority or "",
        party_kind=policy.party_kind or "",
        calendar=policy.calendar_id,
        hours=str(hours),
        minutes=str(rest // MINUTE),
        active=policy.active,
    )


def _page(
    request: SignedInRequest,
    policy: Policy | None,
    typed: PolicyTyped,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "policy": policy,
        "typed": typed,
        "problems": problems or {},
        "topics": sorted_by_name(all_topics()),
        "priorities": Priority.choices,
        "kinds": [(kind.value, kind.label) for kind in COMPANIES],
        "calendars": [(one.pk, one.name) for one in all_calendars()],
    }
    status = 422 if problems else 200
    return render(request, "administration/policy.html", context, status=status)
