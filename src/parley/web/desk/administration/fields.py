"""One custom field of a topic: made, changed, moved."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.tickets.keeping_fields import (
    FieldRefused,
    FieldTyped,
    OptionTyped,
    add_field,
    change_field,
    fields_of,
    move_field,
)
from parley.tickets.keeping_topics import LANGUAGES, all_topics
from parley.tickets.models import CustomField, FieldKind, ShownTo, SideChoices, Topic
from parley.web.desk.administration.doors import keepers_only
from parley.web.reader import SignedInRequest

EMPTY_OPTIONS = 3
"""Lines for further options on the form; the page adds more where scripts run."""


@require_http_methods(["GET", "POST"])
@keepers_only
def new_field(request: SignedInRequest, topic: int) -> HttpResponseBase:
    """A form for a new field, `administration/field.html`; posted, it leads back to the topic.

    Context: as `field`, with `field` None.
    """
    found = _topic(topic)
    if request.method == "GET":
        return _page(request, found, None, FieldTyped(names={}))
    typed = _typed(request)
    try:
        add_field(topic, typed, by=request.reader)
    except FieldRefused as refusal:
        return _page(request, found, None, typed, refusal.problems)
    messages.success(request, _("It is asked for from now on."))
    return redirect("administration:topic", topic)


@require_http_methods(["GET", "POST"])
@keepers_only
def field(request: SignedInRequest, topic: int, field: int) -> HttpResponseBase:
    """One field: `administration/field.html`; posted, it is changed.

    Context: `topic`, `field`, `typed` (a FieldTyped), `problems`, `kinds`, `sides`, `readers`,
    `empty` (how many lines to add for options).
    """
    found = _topic(topic)
    kept = fields_of(request.reader, topic).filter(pk=field).first()
    if kept is None:
        raise Http404
    if request.method == "GET":
        return _page(request, found, kept, _as_typed(kept))
    typed = _typed(request)
    try:
        change_field(topic, field, typed, by=request.reader)
    except FieldRefused as refusal:
        return _page(request, found, kept, typed, refusal.problems)
    messages.success(request, _("Saved."))
    return redirect("administration:topic", topic)


@require_POST
@keepers_only
def field_place(request: SignedInRequest, topic: int, field: int) -> HttpResponseBase:
    """Move a field on its form: `to` is up or down."""
    places = -1 if request.POST.get("to") == "up" else 1
    try:
        move_field(topic, field, places, by=request.reader)
    except CustomField.DoesNotExist:
        raise Http404 from None
    return redirect("administration:topic", topic)


def _topic(key: int) -> Topic:
    found = all_topics().filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _typed(request: SignedInRequest) -> FieldTyped:
    sent = request.POST
    return FieldTyped(
        names={code: sent.get(code, "") for code in LANGUAGES},
        helps={code: sent.get(f"help-{code}", "") for code in LANGUAGES},
        kind=sent.get("kind", ""),
        options=_options(request),
        required=sent.get("required") == "on",
        filled_by=sent.get("filled_by", ""),
        shown_to=sent.get("shown_to", ""),
        active=sent.get("active") == "on",
    )


def _options(request: SignedInRequest) -> list[OptionTyped]:
    """Each line of the form has its key (empty for a new one) and a name in each language.

    What can no longer be picked is told by its key: a new option has none until it is kept.
    """
    columns = [request.POST.getlist(f"option-{code}") for code in LANGUAGES]
    off = set(request.POST.getlist("option-off"))
    rows = zip(request.POST.getlist("option-key"), *columns, strict=False)
    return [
        OptionTyped(key=key, names=dict(zip(LANGUAGES, names, strict=True)), active=key not in off)
        for key, *names in rows
    ]


def _as_typed(kept: CustomField) -> FieldTyped:
    return FieldTyped(
        names=kept.names,
        helps=kept.helps,
        kind=kept.kind,
        options=[
            OptionTyped(key=one["key"], names=one["names"], active=one["active"])
            for one in kept.options
        ],
        required=kept.required,
        filled_by=kept.filled_by,
        shown_to=kept.shown_to,
        active=kept.active,
    )


def _page(
    request: SignedInRequest,
    topic: Topic,
    field: CustomField | None,
    typed: FieldTyped,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "topic": topic,
        "field": field,
        "typed": typed,
        "problems": problems or {},
        "kinds": FieldKind.choices,
        "sides": SideChoices.choices,
        "readers": ShownTo.choices,
        "empty": EMPTY_OPTIONS,
    }
    status = 422 if problems else 200
    return render(request, "administration/field.html", context, status=status)
