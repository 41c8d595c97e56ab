"""The collections that articles lie in: made, named in each language, put in order, taken away."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.help_centre import shelving
from parley.help_centre.models import Collection
from parley.help_centre.shelving import (
    ICONS,
    CollectionNotEmpty,
    CollectionRefused,
    CollectionTyped,
)
from parley.web.desk.help.doors import publishers_only
from parley.web.filtering import number_in
from parley.web.reader import SignedInRequest

FIELDS = ("title", "description")


@require_http_methods(["GET", "POST"])
@publishers_only
def collections(request: SignedInRequest) -> HttpResponseBase:
    """The list: `writing/collections.html`; posted, it has one more.

    Context: `collections` (pairs of a collection and its texts by language), `icons`, `refused` (the
    id of the one that was refused, 0 for a new one, None for none), `problems` (by field), `typed`.
    """
    if request.method == "GET":
        return _shown(request)
    try:
        shelving.add_collection(_given(request), by=request.reader)
    except CollectionRefused as refusal:
        return _shown(request, 0, refusal.problems)
    messages.success(request, _("The collection is there; articles can be put into it."))
    return redirect("writing:collections")


@require_POST
@publishers_only
def collection(request: SignedInRequest, collection: int) -> HttpResponseBase:
    """Change what a collection is called, what it holds, and its icon."""
    try:
        shelving.change_collection(collection, _given(request), by=request.reader)
    except Collection.DoesNotExist:
        raise Http404 from None
    except CollectionRefused as refusal:
        return _shown(request, collection, refusal.problems)
    messages.success(request, _("Saved."))
    return redirect("writing:collections")


@require_POST
@publishers_only
def order(request: SignedInRequest) -> HttpResponseBase:
    """Put the collections in the order of `collection`; without a script, one goes by `move` alone.

    `move` is an id and up or down: `7:up`.
    """
    keys = [key for text in request.POST.getlist("collection") if (key := number_in(text))]
    moved, _colon, way = request.POST.get("move", "").partition(":")
    at = keys.index(key) if (key := number_in(moved)) in keys else None
    if at is not None and key is not None:
        keys.insert(max(0, at + (-1 if way == "up" else 1)), keys.pop(at))
    shelving.order_collections(keys, by=request.reader)
    if request.htmx:
        return HttpResponse(status=204)
    return redirect("writing:collections")


@require_POST
@publishers_only
def removal(request: SignedInRequest, collection: int) -> HttpResponseBase:
    """Take an empty collection away."""
    try:
        shelving.remove_collection(collection, by=request.reader)
    except Collection.DoesNotExist:
        raise Http404 from None
    except CollectionNotEmpty:
        messages.error(
            request, _("There are articles in it. Move them to another collection first.")
        )
    else:
        messages.success(request, _("The collection is gone."))
    return redirect("writing:collections")


def _given(request: SignedInRequest) -> CollectionTyped:
    codes = [code for code, _name in settings.LANGUAGES]
    return CollectionTyped(
        titles={code: request.POST.get(f"title_{code}", "") for code in codes},
        descriptions={code: request.POST.get(f"description_{code}", "") for code in codes},
        icon=request.POST.get("icon", ""),
    )


def _shown(
    request: SignedInRequest, refused: int | None = None, problems: dict[str, str] | None = None
) -> HttpResponse:
    listed = []
    for one in shelving.all_collections():
        texts = {text.language: text for text in one.texts.all()}
        typed: dict[str, Any] = {"icon": one.icon}
        for code, _name in settings.LANGUAGES:
            typed[f"title_{code}"] = texts[code].title if code in texts else ""
            typed[f"description_{code}"] = texts[code].description if code in texts else ""
        listed.append((one, request.POST if refused == one.pk else typed))
    context = {
        "collections": listed,
        "icons": ICONS,
        "refused": refused,
        "problems": problems or {},
        "typed": request.POST if refused == 0 else {},
    }
    return render(request, "writing/collections.html", context, status=422 if problems else 200)
