"""Setting an export up and changing it, with *Test connection*."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.exports.columns import COLUMNS, USUAL
from parley.exports.keeping import ExportRefused, Typed, place_of, set_up, typed_of
from parley.exports.keeping import change as change_export
from parley.exports.models import Every, Export, Format, PlaceKind, Which
from parley.exports.writing import ENCODINGS
from parley.transfer import places
from parley.transfer.kinds import PORTS, Kind
from parley.transfer.places import Tried
from parley.transfer.troubles import STEP_WORDS, Step, Trouble
from parley.web.exports.doors import export_of, owners_only
from parley.web.reader import SignedInRequest

PATIENCE = 8.0
"""Seconds that a test waits for each answer: somebody sits before it."""
_SWITCHES = ("passive", "header")
_AS_TYPED = ("secret", "private_key")
_TO_ACCEPT = {
    Trouble.CERTIFICATE_UNTRUSTED: "certificate",
    Trouble.CERTIFICATE_CHANGED: "certificate",
    Trouble.HOST_KEY_CHANGED: "host_key",
}


@require_http_methods(["GET", "POST"])
@owners_only
def new(request: SignedInRequest) -> HttpResponseBase:
    """The form of a new export, `exports/form.html`; see `_page` for its context."""
    if request.method == "GET":
        return _page(request, _usual(request))
    typed = typed_in(request)
    if moved := _moved(request, typed):
        return _page(request, moved)
    try:
        export = set_up(typed, by=request.reader)
    except ExportRefused as refusal:
        return _page(request, typed, problems=refusal.problems, status=422)
    messages.success(request, _("Saved. The export is active."))
    return redirect("exports:export", export.pk)


@require_POST
@owners_only
def new_trial(request: SignedInRequest) -> HttpResponseBase:
    """*Test connection* of a new one: `exports/_trial.html` for htmx, or the form again."""
    return _trial(request, None)


@require_http_methods(["GET", "POST"])
@owners_only
def change(request: SignedInRequest, export: int) -> HttpResponseBase:
    """The form of an export. Its secrets are not in it: left empty they are kept."""
    found = export_of(request, export)
    if request.method == "GET":
        return _page(request, typed_of(found), export=found)
    typed = typed_in(request)
    if moved := _moved(request, typed):
        return _page(request, moved, export=found)
    try:
        change_export(found, typed, by=request.reader)
    except ExportRefused as refusal:
        return _page(request, typed, export=found, problems=refusal.problems, status=422)
    active = _("Saved. The export is active.")
    messages.success(request, active if found.active else _("Saved. The export is switched off."))
    return redirect("exports:export", found.pk)


@require_POST
@owners_only
def change_trial(request: SignedInRequest, export: int) -> HttpResponseBase:
    """*Test connection* of one that is there, with its secrets where none were typed."""
    return _trial(request, export_of(request, export))


def typed_in(request: SignedInRequest) -> Typed:
    """The form as it was sent; an accepted certificate or host key is in place of the old one."""
    sent = request.POST
    filled: dict[str, Any] = {}
    for name in asdict(Typed()):
        if name in sent and name not in (*_SWITCHES, "columns"):
            text = sent[name].replace("\x00", "")
            filled[name] = text if name in _AS_TYPED else text.strip()
    filled |= {name: name in sent for name in _SWITCHES}
    filled["columns"] = tuple(sent.getlist("columns"))
    for accepted in sent.getlist("accept"):
        name, _colon, fingerprint = accepted.partition(":")
        if name in _TO_ACCEPT.values() and len(fingerprint) < 120:
            filled[name] = fingerprint
    return Typed(**filled)


def _usual(request: SignedInRequest) -> Typed:
    return Typed(
        name=_("Orders export"),
        kind=Kind.SFTP,
        file_name="orders-{date}-{time}-{run}.csv",
        zone=request.reader.person.time_zone,
    )


def _moved(request: SignedInRequest, typed: Typed) -> Typed | None:
    """The columns in another order, for a browser without scripts; None if that was not asked."""
    key, _colon, way = request.POST.get("move", "").partition(":")
    if key not in COLUMNS or way not in {"up", "down"}:
        return None
    order = [name for name in request.POST.getlist("order") if name in COLUMNS]
    if key in order:
        at = order.index(key)
        to = max(0, min(len(order) - 1, at + (-1 if way == "up" else 1)))
        order.insert(to, order.pop(at))
    chosen = set(typed.columns)
    request.order = order  # type: ignore[attr-defined]
    return replace(typed, columns=tuple(name for name in order if name in chosen))


def _trial(request: SignedInRequest, export: Export | None) -> HttpResponseBase:
    typed = typed_in(request)
    try:
        place = place_of(typed, by=request.reader, before=export)
    except ExportRefused as refusal:
        if not request.htmx:
            return _page(request, typed, export=export, problems=refusal.problems, status=422)
        return _tried(request, [], refusal.problems)
    tried = places.test(replace(place, timeout=PATIENCE))
    return (
        _tried(request, tried, {})
        if request.htmx
        else _page(request, typed, export=export, tried=tried)
    )


def _tried(
    request: SignedInRequest, tried: list[Tried], problems: dict[str, Any]
) -> HttpResponseBase:
    """`exports/_trial.html`. Context: `tried`, `problems`, `offer`, `step_words`."""
    context: dict[str, Any] = {
        "tried": tried,
        "problems": problems,
        "offer": _offer(tried),
        "step_words": STEP_WORDS,
    }
    return render(request, "exports/_trial.html", context)


def _offer(tried: list[Tried]) -> dict[str, str] | None:
    """What there is to accept: the field, the fingerprint, and whether it is the first one seen."""
    for one in tried:
        if one.trouble in _TO_ACCEPT and one.fingerprint:
            return {"name": _TO_ACCEPT[one.trouble], "fingerprint": one.fingerprint, "first": ""}
        if one.ok and one.step == Step.HOST_KEY and one.fingerprint:
            return {"name": "host_key", "fingerprint": one.fingerprint, "first": "yes"}
    return None


def _page(
    request: SignedInRequest,
    typed: Typed,
    *,
    export: Export | None = None,
    problems: dict[str, Any] | None = None,
    tried: list[Tried] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`exports/form.html`.

    Context: `typed` (without secrets), `export` (None for a new one), `problems` by field, the
    choices of each list, `columns` (triples: key, words, chosen), `tried` and `offer` of a test,
    `action` and `trial` (where the form and its test go).
    """
    columns = getattr(request, "order", None) or [*typed.columns, *USUAL, *COLUMNS]
    offered = [kind for kind in PlaceKind if kind != PlaceKind.FOLDER or settings.EXPORT_FOLDER]
    context = {
        "typed": typed,
        "export": export,
        "problems": problems or {},
        "kinds": [(kind.value, kind.label) for kind in offered],
        "ports": {str(kind): port for kind, port in PORTS.items()},
        "formats": Format.choices,
        "delimiters": _delimiters(),
        "encodings": [(name, name.upper()) for name in ENCODINGS],
        "which": _which(),
        "every": Every.choices,
        "zones": sorted(zoneinfo.available_timezones()),
        "columns": [
            (key, COLUMNS[key].words, key in typed.columns)
            for key in dict.fromkeys(columns)
            if key in COLUMNS
        ],
        "tried": tried,
        "offer": _offer(tried) if tried else None,
        "step_words": STEP_WORDS,
        "action": _address("new", "change", export),
        "trial": _address("new_trial", "change_trial", export),
    }
    return render(request, "exports/form.html", context, status=status)


def _address(new: str, change: str, export: Export | None) -> str:
    return reverse(f"exports:{change}", args=[export.pk]) if export else reverse(f"exports:{new}")


def _delimiters() -> list[tuple[str, str]]:
    words: dict[str, Callable[[], str]] = {
        "comma": lambda: _("Comma ,"),
        "semicolon": lambda: _("Semicolon ;"),
        "tab": lambda: _("Tab"),
        "pipe": lambda: _("Bar |"),
    }
    return [(name, say()) for name, say in words.items()]


def _which() -> list[tuple[str, str, str]]:
    meaning = {
        Which.NOT_YET: _("Each order is in one file, and in no second one."),
        Which.ALL_OPEN: _("Everything that is still to be shipped, in every file."),
    }
    return [(one.value, str(one.label), meaning[one]) for one in Which]
