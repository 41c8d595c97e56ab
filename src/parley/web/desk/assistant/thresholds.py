"""When it answers: the thresholds with what was measured of them, and a question to try."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from parley.assistant.roles import may_set
from parley.assistant.setting import ThresholdsUnfit, changes, set_thresholds
from parley.assistant.thresholds import MEASURED, Point, Thresholds, curve, thresholds
from parley.assistant.trying import LONGEST, try_question
from parley.conversations.rendering import render as rendered
from parley.parties.access import members_of
from parley.web.desk.assistant.doors import lookers_only, setters_only
from parley.web.desk.drawing import line, place
from parley.web.reader import SignedInRequest

CURVES = ("right", "near", "gone", "far")
"""The shares that are drawn, as `Point` calls them."""
CURVE_WORDS = {
    "answered": gettext_lazy("Answered, of what articles say"),
    "right": gettext_lazy("Answered rightly"),
    "near": gettext_lazy("Wrongly: a neighbouring matter"),
    "gone": gettext_lazy("Wrongly: its own article missing"),
    "far": gettext_lazy("Wrongly: from elsewhere"),
}
KINDS = ("seller", "supplier", "")


@require_GET
@lookers_only
def limits(request: SignedInRequest) -> HttpResponseBase:
    """The page: `assistant/thresholds.html`.

    Context: `limits`, `measured`, `may_set`, `typed` (as typed, by name), `problem` (or ""), `changes`
    (pairs of entry and name), `kinds` and `languages_of` for trying (pairs), `points` (of the measured
    curve), `lines` (pairs of a share's name and its polyline), `marks` (pairs of a threshold's name and
    where it stands), `ticks` (pairs of number and place), `curve_words`.
    """
    return _page(request)


@require_POST
@setters_only
def setting(request: SignedInRequest) -> HttpResponseBase:
    """Set them: `answer` and `offer`, or with `measured` to what was measured."""
    typed = {name: request.POST.get(name, "").strip() for name in ("answer", "offer")}
    try:
        wanted = None if "measured" in request.POST else _wanted(typed)
        set_thresholds(wanted, by=request.reader)
    except ThresholdsUnfit:
        return _page(
            request,
            typed,
            _("Both are numbers from 0 to 1, and it can't answer what it would not even offer."),
        )
    messages.success(request, _("Set. It holds from the next question on."))
    return redirect("assistant:thresholds")


@require_GET
@lookers_only
def trial(request: SignedInRequest) -> HttpResponseBase:
    """What it would answer, for htmx: `assistant/_trial.html`. Context: `trial`, `html`, `asked`."""
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = translation.get_language() or settings.LANGUAGE_CODE
    kind = request.GET.get("kind", "")
    found = try_question(asked, language=language, kind=kind) if asked else None
    html = rendered(found.draft.text) if found and found.draft else ""
    context = {"trial": found, "html": html, "asked": asked, "asked_in": language}
    template = "assistant/_trial.html" if request.htmx else "assistant/trial.html"
    return render(request, template, context | trial_choices(kind, language))


def trial_choices(kind: str = "seller", language: str = "") -> dict[str, Any]:
    """What the form of a trial offers: `kinds`, `languages_of` (pairs), and what is chosen."""
    words = {"seller": _("A seller"), "supplier": _("A supplier"), "": _("Somebody not signed in")}
    return {
        "kinds": [(one, words[one]) for one in KINDS],
        "languages_of": settings.LANGUAGES,
        "kind": kind if kind in KINDS else "",
        "trial_language": language or translation.get_language(),
    }


def _page(
    request: SignedInRequest, typed: dict[str, str] | None = None, problem: str = ""
) -> HttpResponse:
    now = thresholds()
    names = {one.person_id: one.person.name for one in members_of(request.reader.party_id)}
    context: dict[str, Any] = {
        "limits": now,
        "measured": MEASURED,
        "may_set": may_set(request.reader),
        "typed": typed or {"answer": f"{now.answer:g}", "offer": f"{now.offer:g}"},
        "problem": problem,
        "changes": [(entry, names.get(entry.person_id or 0, "")) for entry in changes()],
        "asked": "",
    }
    status = 422 if problem else 200
    context |= trial_choices() | _drawn(now)
    return render(request, "assistant/thresholds.html", context, status=status)


def _wanted(typed: dict[str, str]) -> Thresholds:
    """The numbers as typed, with a point or a comma. Raises ThresholdsUnfit for what are none."""
    try:
        answer, offer = (float(typed[name].replace(",", ".")) for name in ("answer", "offer"))
    except ValueError:
        raise ThresholdsUnfit from None
    return Thresholds(answer=answer, offer=offer)


def _drawn(limits: Thresholds) -> dict[str, Any]:
    """The measured curve as a chart, with the thresholds in force."""
    points = curve()
    return {
        "points": points,
        "lines": [(name, _line(points, name)) for name in CURVES],
        "marks": [("answer", place(limits.answer, 0, 1)), ("offer", place(limits.offer, 0, 1))],
        "ticks": [(tenth / 10, place(tenth / 10, 0, 1)) for tenth in range(0, 11, 2)],
        "curve_words": CURVE_WORDS,
    }


def _line(points: Sequence[Point], name: str) -> str:
    return line([(point.confidence, getattr(point, name)) for point in points], 0, 1)
