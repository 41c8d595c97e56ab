"""The front of Administration: every section that its reader may come into."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parley.web.desk.administration.sections import sections_for
from parley.web.reader import SignedInRequest, operator_only


@require_GET
@operator_only
def hub(request: SignedInRequest) -> HttpResponseBase:
    """All sections: `administration/hub.html`. Context: `groups` (pairs heading, sections)."""
    return render(request, "administration/hub.html", {"groups": sections_for(request.reader)})
