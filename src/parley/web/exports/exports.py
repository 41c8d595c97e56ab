"""The exports there are, and one of them with its runs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.exports.access import exports_visible_to, may_manage, runs_visible_to, with_last_run
from parley.exports.keeping import switch
from parley.exports.models import Run, State
from parley.web.exports.doors import export_of, owners_only, with_exports
from parley.web.reader import SignedInRequest

PAGE = 25
MOST = 200
TONES = {
    State.DELIVERED: ("done", "circle-check"),
    State.FAILED: ("over", "circle-alert"),
    State.NOTHING: ("waiting", "circle-minus"),
    State.WAITING: ("waiting", "clock"),
    State.RUNNING: ("calm", "loader"),
}
"""How a run's state looks: tone and icon."""


@require_GET
@with_exports
def exports(request: SignedInRequest) -> HttpResponseBase:
    """`exports/exports.html`.

    Context: `rows` (with `last_state`, `last_at`, `last_orders`), `may_manage`, `tones`, `states`.
    """
    context = {
        "rows": list(with_last_run(exports_visible_to(request.reader))[:MOST]),
        "may_manage": may_manage(request.reader),
        "tones": TONES,
        "states": dict(State.choices),
    }
    return render(request, "exports/exports.html", context)


@require_GET
@with_exports
def export(request: SignedInRequest, export: int) -> HttpResponseBase:
    """`exports/export.html`; for htmx the runs alone, `exports/_runs.html`.

    Context: `export`, `may_manage`, `tones`, and of the runs: `runs`, `older`, `newest`, `moving`
    (whether one of them will soon be otherwise: then the page asks again by itself).
    """
    found = export_of(request, export)
    runs = runs_visible_to(request.reader).filter(export=found)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        runs = runs.filter(pk__lt=int(before))
    shown = list(runs[: PAGE + 1])
    context = {
        "export": found,
        "may_manage": may_manage(request.reader),
        "tones": TONES,
        "runs": shown[:PAGE],
        "older": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "newest": not before,
        "moving": not before and any(map(_is_moving, shown)),
    }
    template = "exports/_runs.html" if request.htmx else "exports/export.html"
    return render(request, template, context)


@require_POST
@owners_only
def switching(request: SignedInRequest, export: int) -> HttpResponseBase:
    """Switch it on or off: `active` is on or off."""
    found = export_of(request, export)
    active = request.POST.get("active") == "on"
    switch(found, active=active, by=request.reader)
    said = _("The export is active.") if active else _("The export is switched off.")
    messages.success(request, said)
    return redirect("exports:export", found.pk)


def _is_moving(run: Run) -> bool:
    return run.state == State.RUNNING or (run.state == State.WAITING and not run.trouble)
