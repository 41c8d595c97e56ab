"""Categories and topics: the tree, one of each, and what a topic asks for (S5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.parties.models import COMPANIES
from parley.sla.keeping_policies import policies_of_topic
from parley.tickets.keeping_fields import fields_of
from parley.tickets.keeping_topics import (
    LANGUAGES,
    TopicRefused,
    TopicTyped,
    add_category,
    add_topic,
    all_categories,
    all_topics,
    change_category,
    change_topic,
)
from parley.tickets.models import Category, OrderField, Topic
from parley.web.desk.administration.doors import keepers_only
from parley.web.filtering import number_in, sorted_by_name
from parley.web.reader import SignedInRequest

NEW = 0
"""Stands for the category that is being added."""


@require_http_methods(["GET", "POST"])
@keepers_only
def topics(request: SignedInRequest) -> HttpResponseBase:
    """The tree: `administration/topics.html`; posted, it has one more category.

    Context: `tree` (pairs of a category and its topics, each `asked` for so many things), `refused`
    (the id of the category that was refused, 0 for a new one, or None), `problems`, `typed`.
    """
    if request.method == "GET":
        return _tree(request)
    names = _by_language(request, "")
    try:
        add_category(names, by=request.reader)
    except TopicRefused as refusal:
        return _tree(request, NEW, refusal.problems, names)
    messages.success(request, _("Added. Give it a topic, and it can be picked."))
    return redirect("administration:topics")


@require_POST
@keepers_only
def category(request: SignedInRequest, category: int) -> HttpResponseBase:
    """Rename a category, or switch it off or on."""
    names, active = _by_language(request, ""), request.POST.get("active") == "on"
    try:
        change_category(category, names, active=active, by=request.reader)
    except Category.DoesNotExist:
        raise Http404 from None
    except TopicRefused as refusal:
        return _tree(request, category, refusal.problems, names)
    messages.success(request, _("Saved."))
    return redirect("administration:topics")


@require_http_methods(["GET", "POST"])
@keepers_only
def new_topic(request: SignedInRequest) -> HttpResponseBase:
    """A form for a new topic, `administration/topic.html`; posted, it leads to the topic.

    Context: as `topic`, with `topic` None.
    """
    if request.method == "GET":
        asked = number_in(request.GET.get("category"))
        typed = TopicTyped(category=asked, names={}, opened_by=["seller"], goes_to="supplier")
        return _page(request, None, typed)
    typed = _typed(request)
    try:
        made = add_topic(typed, by=request.reader)
    except TopicRefused as refusal:
        return _page(request, None, typed, refusal.problems)
    messages.success(request, _("It can be picked now."))
    return redirect("administration:topic", made.pk)


@require_http_methods(["GET", "POST"])
@keepers_only
def topic(request: SignedInRequest, topic: int) -> HttpResponseBase:
    """One topic: `administration/topic.html`; posted, it is changed.

    Context: `topic`, `typed` (a TopicTyped), `problems`, `categories`, `kinds`, `order_fields`,
    `fields`, `policies` (those made for it).
    """
    found = _topic(topic)
    if request.method == "GET":
        return _page(request, found, _as_typed(found))
    typed = _typed(request)
    try:
        change_topic(topic, typed, by=request.reader)
    except TopicRefused as refusal:
        return _page(request, found, typed, refusal.problems)
    messages.success(request, _("Saved."))
    return redirect("administration:topic", topic)


def _topic(key: int) -> Topic:
    found = all_topics().filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _by_language(request: SignedInRequest, prefix: str) -> dict[str, str]:
    return {code: request.POST.get(f"{prefix}{code}", "") for code in LANGUAGES}


def _typed(request: SignedInRequest) -> TopicTyped:
    return TopicTyped(
        category=number_in(request.POST.get("category")),
        names=_by_language(request, ""),
        keywords=_by_language(request, "keywords-"),
        opened_by=request.POST.getlist("opened_by"),
        goes_to=request.POST.get("goes_to", ""),
        order_field=request.POST.get("order_field", ""),
        active=request.POST.get("active") == "on",
    )


def _as_typed(topic: Topic) -> TopicTyped:
    return TopicTyped(
        category=topic.category_id,
        names=topic.names,
        keywords={code: ", ".join(words) for code, words in topic.keywords.items()},
        opened_by=topic.opened_by,
        goes_to=topic.goes_to,
        order_field=topic.order_field,
        active=topic.active,
    )


def _page(
    request: SignedInRequest,
    topic: Topic | None,
    typed: TopicTyped,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "topic": topic,
        "typed": typed,
        "problems": problems or {},
        "categories": sorted(((c.pk, c.name) for c in all_categories()), key=lambda one: one[1]),
        "kinds": [(kind.value, kind.label) for kind in COMPANIES],
        "order_fields": OrderField.choices,
        "fields": list(fields_of(request.reader, topic.pk)) if topic else [],
        "policies": list(policies_of_topic(topic.pk)) if topic else [],
    }
    status = 422 if problems else 200
    return render(request, "administration/topic.html", context, status=status)


def _tree(
    request: SignedInRequest,
    refused: int | None = None,
    problems: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    listed = sorted_by_name(all_topics())
    tree = [
        (one, [topic for topic in listed if topic.category_id == one.pk])
        for one in sorted(all_categories(), key=lambda one: one.name.casefold())
    ]
    context = {
        "tree": tree,
        "refused": refused,
        "problems": problems or {},
        "typed": typed or {},
    }
    status = 422 if problems else 200
    return render(request, "administration/topics.html", context, status=status)
