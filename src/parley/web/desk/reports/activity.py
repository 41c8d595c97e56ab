"""Activity: what happens on tickets, as it happens."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parley.web.desk.reports.doors import lookers_only
from parley.web.desk.reports.feed import latest
from parley.web.reader import SignedInRequest


@require_GET
@lookers_only
def activity(request: SignedInRequest) -> HttpResponseBase:
    """The page: `reports/activity.html`; for htmx its list alone, `reports/_feed.html`.

    Context: `lines` (of `feed.Line`).
    """
    template = "reports/_feed.html" if request.htmx else "reports/activity.html"
    return render(request, template, {"lines": latest(request.reader)})
