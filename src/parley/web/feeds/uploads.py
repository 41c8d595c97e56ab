"""Importing a file: upload, which column is what, a look at what it would do, and the report."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from parley.catalogue.offering import FIELDS
from parley.conversations.attaching import FileTooLarge
from parley.conversations.scanning import FileNotTaken
from parley.exports.defusing import defused
from parley.feeds import receiving
from parley.feeds.access import feeds_of, refused_rows_of, runs_of
from parley.feeds.applying import preview
from parley.feeds.models import FeedRun, State
from parley.transfer.tables import TableUnreadable
from parley.web.reader import SignedInRequest
from parley.web.saying import refusal_words
from parley.web.sides import supplier_only

FIELD_WORDS = {
    "sku": gettext_lazy("SKU"),
    "supplier_product_id": gettext_lazy("Your own product ID"),
    "title": gettext_lazy("Title"),
    "description": gettext_lazy("Description"),
    "currency": gettext_lazy("Currency"),
    "price": gettext_lazy("Price without VAT"),
    "vat": gettext_lazy("VAT, per cent"),
    "stock": gettext_lazy("Stock"),
    "weight": gettext_lazy("Weight, grams"),
    "active": gettext_lazy("On offer (yes or no)"),
}
WHAT_WORDS = {
    "added": gettext_lazy("New product"),
    "changed": gettext_lazy("Changed"),
    "unchanged": gettext_lazy("The same as now"),
    "refused": gettext_lazy("Not imported"),
}
SHOWN_RUNS = 20
SHOWN_ROWS = 50


@require_GET
@supplier_only
def feeds(request: SignedInRequest) -> HttpResponseBase:
    """What is imported: `feeds/feeds.html`. Context: `feeds`, `runs` (the latest)."""
    context = {
        "feeds": list(feeds_of(request.reader)),
        "runs": list(runs_of(request.reader).select_related("feed", "person")[:SHOWN_RUNS]),
    }
    return render(request, "feeds/feeds.html", context)


@require_POST
@supplier_only
def files(request: SignedInRequest) -> HttpResponseBase:
    """Upload a `file`; it leads to its page, where its columns are mapped."""
    try:
        file = request.FILES.get("file")
        if file is None:
            messages.error(request, _("Pick a file first."))
            return redirect("feeds:feeds")
        run = receiving.upload(file, file.name or "", by=request.reader)
    except FileTooLarge as refusal:
        said = _("%(name)s is over the limit of %(limit)s.") % {
            "name": refusal.name,
            "limit": filesizeformat(refusal.limit),
        }
        messages.error(request, said)
        return redirect("feeds:feeds")
    except FileNotTaken as refusal:
        messages.error(request, refusal_words(refusal))
        return redirect("feeds:feeds")
    except TableUnreadable as refusal:
        messages.error(request, refusal.in_words())
        return redirect("feeds:feeds")
    return redirect("feeds:imported", run.pk)


@require_GET
@supplier_only
def imported(request: SignedInRequest, imported: int) -> HttpResponseBase:
    """One file: its mapping with a look at its first rows, or what became of it.

    `feeds/mapping.html` or `feeds/run.html`, for htmx the state alone, `feeds/_run.html`.
    """
    run = _run(request, imported)
    if run.state == State.MAPPING:
        return _mapping_page(request, run)
    template = "feeds/_run.html" if request.htmx else "feeds/run.html"
    return render(request, template, _run_context(run))


@require_POST
@supplier_only
def mapping(request: SignedInRequest, imported: int) -> HttpResponseBase:
    """Map the columns (`map_<field>`) and look again; with `act` = import, have it imported."""
    chosen = {field: request.POST.get(f"map_{field}", "").replace("\x00", "") for field in FIELDS}
    mapping = {field: column for field, column in chosen.items() if column}
    creates = request.POST.get("creates") == "on"
    run = _run(request, imported)
    if run.state != State.MAPPING:
        return redirect("feeds:imported", run.pk)
    try:
        run = receiving.change_mapping(run.pk, mapping, creates=creates, by=request.reader)
        if request.POST.get("act") == "import":
            receiving.start(run.pk, by=request.reader)
            return redirect("feeds:imported", run.pk)
    except receiving.MappingRefused:
        problem = _("Say which column is the SKU, and at least one more.")
        return _mapping_page(request, run, problem=problem)
    return redirect("feeds:imported", run.pk)


@require_POST
@supplier_only
def removal(request: SignedInRequest, imported: int) -> HttpResponseBase:
    """Throw a file away that was not imported."""
    run = _run(request, imported)
    if run.state == State.MAPPING:
        receiving.discard(run.pk, by=request.reader)
        messages.success(request, _("The file is gone; nothing was imported."))
    return redirect("feeds:feeds")


@require_GET
@supplier_only
def report(request: SignedInRequest, imported: int) -> HttpResponseBase:
    """The rows that were not imported, with the reasons, as CSV."""
    run = _run(request, imported)
    response = StreamingHttpResponse(_report(run), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="report-{run.pk}.csv"'
    return response


class _Echo:
    """What a CSV writer writes to, to get it back."""

    def write(self, text: str) -> str:
        """The line itself."""
        return text


def _report(run: FeedRun) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow([_("Line"), _("SKU"), _("What is wrong")]))
    for row in refused_rows_of(run).iterator():
        said = " ".join(row.problems.values())
        yield str(writer.writerow([row.number, defused(row.sku), defused(said)]))


def _run(request: SignedInRequest, key: int) -> FeedRun:
    found = runs_of(request.reader).select_related("feed", "person").filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _run_context(run: FeedRun) -> dict[str, Any]:
    rows = list(refused_rows_of(run)[:SHOWN_ROWS]) if run.refused else []
    return {"run": run, "rows": rows, "shown": len(rows)}


def _mapping_page(request: SignedInRequest, run: FeedRun, *, problem: str = "") -> HttpResponse:
    try:
        table, rows = preview(run)
    except TableUnreadable as refusal:
        messages.error(request, refusal.in_words())
        receiving.discard(run.pk, by=request.reader)
        return redirect("feeds:feeds")
    context = {
        "run": run,
        "problem": problem,
        "columns": table.columns,
        "fields": [(field, FIELD_WORDS[field], run.mapping.get(field, "")) for field in FIELDS],
        "mapped": [field for field in FIELDS if run.mapping.get(field) in table.columns],
        "field_words": FIELD_WORDS,
        "rows": rows,
        "what_words": WHAT_WORDS,
        "ready": "sku" in run.mapping and len(run.mapping) > 1,
    }
    return render(request, "feeds/mapping.html", context, status=422 if problem else 200)
