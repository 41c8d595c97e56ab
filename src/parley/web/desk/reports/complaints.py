"""The complaint report of a year: on the page, as PDF, as CSV."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parley.journal.moment import now
from parley.parties.access import operator
from parley.reports.backlog import today
from parley.reports.complaints import complaints as read
from parley.reports.papers.printing import outcomes_of, pdf_of, rows_of
from parley.web.desk.reports.asking import EARLIEST
from parley.web.desk.reports.doors import lookers_only
from parley.web.desk.reports.tables import as_csv
from parley.web.reader import SignedInRequest

YEARS = 5
"""So many are offered."""


@require_GET
@lookers_only
def complaints(request: SignedInRequest, year: int = 0) -> HttpResponseBase:
    """The page: `reports/complaints.html`.

    Context: `year`, `years` (those offered), `report`, `disputes` (pairs of words and numbers).
    """
    this_year = today().year
    chosen = year or this_year
    if not EARLIEST.year <= chosen <= this_year:
        raise Http404
    report = read(request.reader, chosen)
    context: dict[str, Any] = {
        "year": chosen,
        "years": range(this_year, this_year - YEARS, -1),
        "is_over": chosen < this_year,
        "report": report,
        "disputes": outcomes_of(report.disputes),
    }
    return render(request, "reports/complaints.html", context)


@require_GET
@lookers_only
def paper(request: SignedInRequest, year: int) -> HttpResponseBase:
    """The report as PDF, in the reader's language."""
    report = read(request.reader, _known(year))
    made = pdf_of(report, operator().name, now(), get_language() or "en")
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="complaints-{year}.pdf"'
    return response


@require_GET
@lookers_only
def lines(request: SignedInRequest, year: int) -> HttpResponseBase:
    """The report as CSV."""
    report = read(request.reader, _known(year))
    return as_csv(f"complaints-{year}", [_("Part"), _("What"), _("Figure")], rows_of(report))


def _known(year: int) -> int:
    if not EARLIEST.year <= year <= now().year:
        raise Http404
    return year
