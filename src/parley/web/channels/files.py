"""Files of orders: upload, which column is what, what each row becomes, taking in, and the report."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.channels.access import files_of, may_work, rows_of
from parley.channels.connectors.file.columns import FIELDS, missing
from parley.channels.models import FileState, OrderFile, Outcome
from parley.channels.uploading import (
    ColumnsMissing,
    FileRefused,
    pick_columns,
    preview,
    problem_in_words,
)
from parley.channels.uploading import start as start_file
from parley.channels.uploading import upload as upload_file
from parley.conversations.attaching import FileTooLarge
from parley.conversations.scanning import FileNotTaken
from parley.orders.models import Channel
from parley.web.channels.doors import with_channels
from parley.web.files import serve_file
from parley.web.reader import SignedInRequest
from parley.web.saying import refusal_words
from parley.web.sides import seller_only

PAGE = 50


@require_POST
@seller_only
def upload(request: SignedInRequest, channel: int) -> HttpResponseBase:
    """Keep the file `file`, and go on to its columns."""
    try:
        given = request.FILES.get("file")
        if given is None or given.file is None:
            messages.error(request, _("Pick a file first."))
            return _back(request, channel)
        made = upload_file(channel, given.name or "", given.file, by=request.reader)
    except (FileTooLarge, FileNotTaken) as refusal:
        messages.error(request, refusal_words(refusal))
        return _back(request, channel)
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return _back(request, channel)
    except Channel.DoesNotExist:
        raise Http404 from None
    return redirect("channels:file", made.pk)


@require_GET
@with_channels
def file(request: SignedInRequest, file: int) -> HttpResponseBase:
    """`channels/file.html`; for htmx what moves of it alone, `channels/_file.html`.

    Context: `file`, `may_work`; before it is started: `fields`, `shown` (see `uploading.preview`),
    `trouble`, `lacking`; afterwards `rows` (row, problem), `older`, `newer`, `outcome`.
    """
    return _page(request, _found(request, file))


@require_POST
@seller_only
def columns(request: SignedInRequest, file: int) -> HttpResponseBase:
    """Say which column is what: `column-0`, `column-1`, … in the order of the file's columns."""
    try:
        found = _picked(request, file)
    except OrderFile.DoesNotExist:
        raise Http404 from None
    if request.htmx:
        return _page(request, found)
    return redirect("channels:file", file)


@require_POST
@seller_only
def start(request: SignedInRequest, file: int) -> HttpResponseBase:
    """Take it in, with the columns as they stand in the form."""
    try:
        if "column-0" in request.POST:
            _picked(request, file)
        start_file(file, by=request.reader)
    except OrderFile.DoesNotExist:
        raise Http404 from None
    except ColumnsMissing as refusal:
        names = ", ".join(str(FIELDS[field]) for field in refusal.fields)
        messages.error(request, _("Say which column is: %(names)s.") % {"names": names})
    return redirect("channels:file", file)


@require_GET
@with_channels
def download(request: SignedInRequest, file: int) -> HttpResponseBase:
    """The file as it was uploaded."""
    found = _found(request, file)
    try:
        return serve_file(
            request, found.stored_as, found.name, "application/octet-stream", found.sha256
        )
    except FileNotFoundError:
        raise Http404 from None


@require_GET
@with_channels
def report(request: SignedInRequest, file: int) -> HttpResponseBase:
    """What became of each row, as CSV."""
    found = _found(request, file)
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="report-{found.pk}.csv"'
    return response


class _Echo:
    """What csv.writer writes to: it gives the line back."""

    def write(self, line: str) -> str:
        return line


def _lines(file: OrderFile) -> Iterator[str]:
    writer: Any = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([_("Row"), _("Order number"), _("Outcome"), _("Why")])
    for row in rows_of(file).iterator(chunk_size=1000):
        why = problem_in_words(row.reason) if row.reason else ""
        cells = [row.number, row.external_id, str(Outcome(row.outcome).label), why]
        yield writer.writerow([_harmless(cell) for cell in cells])


def _harmless(cell: object) -> object:
    """A text that a spreadsheet would take for a formula, as a text (OWASP, CSV injection)."""
    text = str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _picked(request: SignedInRequest, file: int) -> OrderFile:
    found = files_of(request.reader).get(pk=file)
    typed = {
        column: request.POST.get(f"column-{place}", "")
        for place, column in enumerate(found.columns)
    }
    return pick_columns(file, typed, by=request.reader)


def _page(request: SignedInRequest, found: OrderFile) -> HttpResponse:
    context: dict[str, Any] = {"file": found, "may_work": may_work(request.reader)}
    if found.state == FileState.NEW:
        shown, trouble = preview(found, {})
        context |= {
            "fields": list(FIELDS.items()),
            "shown": shown,
            "trouble": trouble,
            "lacking": [str(FIELDS[name]) for name in missing(found.mapping)],
        }
    else:
        context |= _rows(request, found)
    return render(request, "channels/_file.html" if request.htmx else "channels/file.html", context)


def _rows(request: SignedInRequest, found: OrderFile) -> dict[str, Any]:
    asked = request.GET.get("outcome", "")
    outcome = asked if asked in Outcome.values else ""
    rows = rows_of(found)
    if outcome:
        rows = rows.filter(outcome=outcome)
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < 10:
        rows = rows.filter(number__gt=int(after))
    found_rows = list(rows[: PAGE + 1])
    more = f"outcome={outcome}&" if outcome else ""
    last = found_rows[PAGE - 1].number if len(found_rows) > PAGE else 0
    return {
        "rows": [
            (row, problem_in_words(row.reason) if row.reason else "") for row in found_rows[:PAGE]
        ],
        "outcome": outcome,
        "outcomes": [one for one in Outcome.choices if one[0] != Outcome.WAITING],
        "further": f"?{more}after={last}" if last else "",
        "first": (f"?outcome={outcome}" if outcome else "?") if after else "",
    }


def _found(request: SignedInRequest, file: int) -> OrderFile:
    found = files_of(request.reader).filter(pk=file).first()
    if found is None:
        raise Http404
    return found


def _back(request: SignedInRequest, channel: int) -> HttpResponseBase:
    from parley.web.channels.doors import channel_of

    return redirect("channels:channel", channel_of(request, channel).pk)
