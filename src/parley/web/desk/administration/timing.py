"""How long tickets wait: between two on a topic, and for their end (T5, T8)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.parties.settling import Settled, settle, settled
from parley.tickets.timing import AS_THE_SERVER, AUTO_COMPLETE, COOL_DOWN, MOST_DAYS, MOST_MINUTES
from parley.web.desk.administration.doors import keepers_only
from parley.web.reader import SignedInRequest

FIELDS: dict[str, Settled[int | str]] = {"cool_down": COOL_DOWN, "auto_complete": AUTO_COMPLETE}
_NONE = -1
"""Stands for what was typed and is no whole number: it fits nowhere."""


@require_http_methods(["GET", "POST"])
@keepers_only
def timing(request: SignedInRequest) -> HttpResponseBase:
    """`administration/timing.html`; posted, both are settled; an empty one is as the server has it.

    Context: `typed` and `problems` (by field), `usual` (as the server has them).
    """
    if request.method == "GET":
        kept = {name: settled(thing) for name, thing in FIELDS.items()}
        return _page(
            request, {name: "" if v == AS_THE_SERVER else str(v) for name, v in kept.items()}, {}
        )
    typed = {name: request.POST.get(name, "").strip()[:9] for name in FIELDS}
    problems = {
        name: _problem(name) for name in FIELDS if not FIELDS[name].fits(_read(typed[name]))
    }
    if problems:
        return _page(request, typed, problems)
    with transaction.atomic():
        for name, thing in FIELDS.items():
            settle(thing, _read(typed[name]), by=request.reader)
    messages.success(request, _("Saved."))
    return redirect("administration:timing")


def _read(text: str) -> int | str:
    if not text:
        return AS_THE_SERVER
    return int(text) if text.isascii() and text.isdigit() else _NONE


def _problem(name: str) -> str:
    if name == "cool_down":
        return _("Write minutes from 0 to %(most)s, or nothing.") % {"most": MOST_MINUTES}
    return _("Write days from 1 to %(most)s, or nothing.") % {"most": MOST_DAYS}


def _page(
    request: SignedInRequest, typed: dict[str, str], problems: dict[str, str]
) -> HttpResponse:
    context: dict[str, Any] = {
        "typed": typed,
        "problems": problems,
        "usual": {
            "cool_down": settings.COOL_DOWN_MINUTES,
            "auto_complete": settings.AUTO_COMPLETE_DAYS,
        },
    }
    status = 422 if problems else 200
    return render(request, "administration/timing.html", context, status=status)
