"""What is done with runs: ask for one now, download its file, send it again."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.exports.asking import FileGone, run_now, send_again
from parley.web.exports.doors import export_of, owners_only, run_of
from parley.web.reader import SignedInRequest


@require_POST
@owners_only
def running(request: SignedInRequest, export: int) -> HttpResponseBase:
    """*Run now*."""
    found = export_of(request, export)
    run_now(found, by=request.reader)
    messages.success(request, _("The export is on its way. It shows in the list below."))
    return redirect("exports:export", found.pk)


@require_GET
@owners_only
def file(request: SignedInRequest, run: int) -> HttpResponseBase:
    """*Download this file*: its bytes as they were sent, and nothing a browser would show."""
    found = run_of(request, run)
    if not found.stored_as or not default_storage.exists(found.stored_as):
        raise Http404
    response = FileResponse(
        default_storage.open(found.stored_as),
        as_attachment=True,
        filename=found.file_name,
        content_type="application/octet-stream",
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
@owners_only
def sending(request: SignedInRequest, run: int) -> HttpResponseBase:
    """*Send again*, or *Try again* of one that has failed."""
    found = run_of(request, run)
    try:
        send_again(found, by=request.reader)
    except FileGone:
        messages.error(request, _("This file is no longer kept, and can't be sent again."))
    else:
        messages.success(request, _("The file is on its way again, under the same name."))
    return redirect("exports:export", found.export_id)
