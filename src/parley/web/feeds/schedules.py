"""Files that are fetched on a schedule: setting them up, looking whether they are there, on and off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.catalogue.offering import FIELDS
from parley.feeds import receiving, setting_up
from parley.feeds.access import feeds_of
from parley.feeds.models import Every, Feed, PlaceKind
from parley.transfer.kinds import PORTS, Place
from parley.transfer.places import visit
from parley.transfer.troubles import PlaceTrouble, Trouble
from parley.web.feeds.uploads import FIELD_WORDS
from parley.web.reader import SignedInRequest
from parley.web.sides import supplier_only

PATIENCE = 8.0
"""Seconds that a look waits for each answer: somebody sits before it."""
_WRITTEN = ("name", "kind", "file_name", "every", "creates", *setting_up.PLACE_FIELDS,
            *setting_up.SECRETS, *(f"map_{field}" for field in FIELDS))  # fmt: skip
_TO_ACCEPT = {
    Trouble.CERTIFICATE_UNTRUSTED: "certificate",
    Trouble.CERTIFICATE_CHANGED: "certificate",
    Trouble.HOST_KEY_CHANGED: "host_key",
}


@require_http_methods(["GET", "POST"])
@supplier_only
def new(request: SignedInRequest) -> HttpResponseBase:
    """The form of a new scheduled import, `feeds/form.html`; posted, it is set up."""
    if request.method == "GET":
        usual = {"kind": "sftp", "every": Every.HOURLY, "file_name": "stock.csv",
                 "name": _("Stock and prices"), "map_sku": "SKU", "map_stock": "Stock",
                 "map_price": "Price"}  # fmt: skip
        return _form(request, usual)
    return _keep(request, None)


@require_http_methods(["GET", "POST"])
@supplier_only
def change(request: SignedInRequest, feed: int) -> HttpResponseBase:
    """The form of one that is there; its secrets are not in it, and stay if left empty."""
    found = _feed(request, feed)
    if request.method == "GET":
        return _form(request, _written_of(found), found)
    return _keep(request, found)


@require_POST
@supplier_only
def new_look(request: SignedInRequest) -> HttpResponseBase:
    """Whether the file of a new one is there: `feeds/_look.html`."""
    return _look(request, None)


@require_POST
@supplier_only
def look(request: SignedInRequest, feed: int) -> HttpResponseBase:
    """Whether the file is there, with the secrets that are kept where none were typed."""
    return _look(request, _feed(request, feed))


@require_POST
@supplier_only
def activity(request: SignedInRequest, feed: int) -> HttpResponseBase:
    """Switch it on or off: `active` is on or off."""
    active = request.POST.get("active") == "on"
    setting_up.switch(_feed(request, feed).pk, active=active, by=request.reader)
    messages.success(request, _("The import is active.") if active else _("The import is off."))
    return redirect("feeds:feeds")


@require_POST
@supplier_only
def run(request: SignedInRequest, feed: int) -> HttpResponseBase:
    """Look for the file now."""
    receiving.run_now(_feed(request, feed).pk, by=request.reader)
    messages.success(request, _("The file is being looked for. If it is new, it is imported."))
    return redirect("feeds:feeds")


def _feed(request: SignedInRequest, key: int) -> Feed:
    found = feeds_of(request.reader).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _written(request: SignedInRequest) -> dict[str, str]:
    sent = {
        name: request.POST[name].replace("\x00", "") for name in _WRITTEN if name in request.POST
    }
    for accepted in request.POST.getlist("accept"):
        name, _colon, fingerprint = accepted.partition(":")
        if name in _TO_ACCEPT.values() and len(fingerprint) < 120:
            sent[name] = fingerprint
    return sent


def _written_of(feed: Feed) -> dict[str, str]:
    place = {name: str(feed.place.get(name) or "") for name in setting_up.PLACE_FIELDS}
    mapping = {f"map_{field}": column for field, column in feed.mapping.items()}
    creates = "on" if feed.creates else ""
    return {**place, **mapping, "name": feed.name, "kind": feed.kind, "every": feed.every,
            "file_name": feed.file_name, "creates": creates}  # fmt: skip


def _keep(request: SignedInRequest, feed: Feed | None) -> HttpResponseBase:
    written = _written(request)
    try:
        setting_up.set_up(written, by=request.reader, feed_id=feed.pk if feed else None)
    except setting_up.FeedRefused as refusal:
        return _form(request, written, feed, problems=refusal.problems, status=422)
    messages.success(request, _("Saved. The file is fetched from now on."))
    return redirect("feeds:feeds")


def _look(request: SignedInRequest, feed: Feed | None) -> HttpResponse:
    written = _written(request)
    context: dict[str, Any] = {"problems": {}, "trouble": "", "offer": None, "found": None}
    context["file_name"] = written.get("file_name", "")
    try:
        key = feed.pk if feed else None
        place = setting_up.place_of(written, by=request.reader, feed_id=key)
        context |= _found(place, context["file_name"])
    except setting_up.FeedRefused as refusal:
        context["problems"] = refusal.problems
    except PlaceTrouble as trouble:
        name = _TO_ACCEPT.get(trouble.trouble)
        offer = {"name": name, "fingerprint": trouble.fingerprint} if name else None
        context |= {"trouble": trouble.words, "offer": offer}
    return render(request, "feeds/_look.html", context)


def _found(place: Place, file_name: str) -> dict[str, Any]:
    with visit(replace(place, timeout=PATIENCE)) as session:
        files = session.files()
    there = next((one for one in files if one.name == file_name), None)
    return {"found": there, "others": [one.name for one in files][:10]}


def _form(
    request: SignedInRequest,
    typed: dict[str, str],
    feed: Feed | None = None,
    *,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    offered = [kind for kind in PlaceKind if kind != PlaceKind.FOLDER or settings.EXPORT_FOLDER]
    context = {
        "feed": feed,
        "typed": dict.fromkeys(_WRITTEN, "") | typed,
        "problems": problems or {},
        "kinds": [(kind.value, kind.label) for kind in offered],
        "ports": {str(kind): port for kind, port in PORTS.items()},
        "every": Every.choices,
        "fields": [(field, FIELD_WORDS[field]) for field in FIELDS],
        "look": reverse("feeds:look", args=[feed.pk]) if feed else reverse("feeds:new_look"),
    }
    return render(request, "feeds/form.html", context, status=status)
