"""Taking along what is kept of oneself: a ZIP, from Settings → Security (P4)."""

from __future__ import annotations

from django.http import FileResponse, HttpResponseBase
from django.views.decorators.http import require_POST

from parley.privacy.exporting import export
from parley.web.reader import SignedInRequest, signed_in


@require_POST
@signed_in
def own_data(request: SignedInRequest) -> HttpResponseBase:
    """The reader's own data."""
    archive = export(request.reader.person_id, by=request.reader)
    return FileResponse(archive, as_attachment=True, filename="my-data.zip")
