"""The demo's mails, which go to a folder instead of to people."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parley.notifications.folder_reading import mails_in_folder
from parley.web.reader import SignedInRequest, signed_in


@require_GET
@signed_in
def mails(request: SignedInRequest) -> HttpResponseBase:
    """`portal/mails.html`, in the demo alone. Context: `mails`, newest first."""
    if not settings.DEMO:
        raise Http404
    return render(request, "portal/mails.html", {"mails": mails_in_folder(100)})
