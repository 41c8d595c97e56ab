"""The operator's tags: make, rename, colour, switch off (S5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.tickets.keeping_tags import (
    LONGEST,
    TagRefused,
    TagTyped,
    add_tag,
    all_tags,
    change_tag,
)
from parley.tickets.models import Tag, TagColour
from parley.web.reader import SignedInRequest, operator_only


@require_http_methods(["GET", "POST"])
@operator_only
def tags(request: SignedInRequest) -> HttpResponseBase:
    """The list: `administration/tags.html`; posted, it has one more.

    Context: `tags` (each with `used`), `colours` (pairs), `refused` (the id of the one that was
    refused, 0 for a new one, None for none), `problem` (why), `typed` (what was typed), `most`.
    """
    if request.method == "GET":
        return _shown(request)
    given = _typed(request, active=True)
    try:
        add_tag(given, by=request.reader)
    except TagRefused as refusal:
        return _shown(request, 0, str(refusal), given)
    messages.success(request, _("The tag is on the list."))
    return redirect("administration:tags")


@require_POST
@operator_only
def tag(request: SignedInRequest, tag: int) -> HttpResponseBase:
    """Rename a tag, colour it, switch it off or on."""
    given = _typed(request, active=request.POST.get("active") == "on")
    try:
        change_tag(tag, given, by=request.reader)
    except Tag.DoesNotExist:
        raise Http404 from None
    except TagRefused as refusal:
        return _shown(request, tag, str(refusal), given)
    messages.success(request, _("Saved."))
    return redirect("administration:tags")


def _typed(request: SignedInRequest, *, active: bool) -> TagTyped:
    return TagTyped(
        name=request.POST.get("name", ""),
        colour=request.POST.get("colour", TagColour.SLATE.value),
        active=active,
    )


def _shown(
    request: SignedInRequest,
    refused: int | None = None,
    problem: str = "",
    typed: TagTyped | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "tags": list(all_tags()),
        "colours": TagColour.choices,
        "refused": refused,
        "problem": problem,
        "typed": typed,
        "most": LONGEST,
    }
    return render(request, "administration/tags.html", context, status=422 if problem else 200)
