"""How the assistant does in a period: counted apart, drawn, and as a table to take along."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from parley.assistant.models import Helped, Outcome
from parley.assistant.reporting import ENDS, LONGEST_PERIOD, OUTCOMES, Report, report
from parley.journal.moment import now
from parley.journal.telling_time import short_date
from parley.web.desk.assistant.doors import lookers_only
from parley.web.desk.drawing import shares, stacks
from parley.web.filtering import day_in, midnight_of
from parley.web.reader import SignedInRequest

USUAL_DAYS = 30
PERIODS = (7, 30, 90, 365)
EARLIEST = date(2000, 1, 1)
"""Before that nobody asked anything, and the calendar has an end."""
OUTCOME_WORDS = {
    Outcome.ANSWER: pgettext_lazy("what the assistant said", "Answered"),
    Outcome.OFFER: pgettext_lazy("what the assistant said", "“Did you mean…”"),
    Outcome.UNKNOWN: pgettext_lazy("what the assistant said", "Did not know"),
    Outcome.FAILED: pgettext_lazy("what the assistant said", "Failed"),
    Outcome.PERSON: pgettext_lazy("what the assistant said", "Asked for a person"),
    Outcome.NONE: pgettext_lazy("what the assistant said", "Said nothing"),
}
END_WORDS = {
    Helped.SAID: pgettext_lazy("what became of a question", "Helped, they said so"),
    Helped.ASSUMED: pgettext_lazy("what became of a question", "They went silent"),
    Helped.HANDED_OVER: pgettext_lazy("what became of a question", "Handed over to a person"),
    Helped.ASKED_ON: pgettext_lazy("what became of a question", "They asked on"),
    Helped.NONE: pgettext_lazy("what became of a question", "Not known yet"),
}


@dataclass(frozen=True)
class Period:
    """Whole days in the reader's zone: from `first` to `last`; `days` when it is one of the usual ones."""

    first: date
    last: date
    days: int | None

    @property
    def each_day(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def moments(self) -> tuple[datetime, datetime]:
        since, until = midnight_of(self.first), midnight_of(self.last, days=1)
        assert since is not None
        assert until is not None
        return since, until


@require_GET
@lookers_only
def overview(request: SignedInRequest) -> HttpResponseBase:
    """The page: `assistant/overview.html`.

    Context: `period`, `periods` (numbers of days), `report`, `said` and `became` (shares of a bar),
    `chart` (stacks), `ticks` (words of days and where they stand), `languages_counted` (pairs of code
    and report), `outcomes` and `ends` (keys in order), `outcome_words`, `end_words`, `as_csv` (the
    period as an address carries it).
    """
    period = _period(request)
    counted = _report(request, period)
    chart = stacks([(day, counted.by_day.get(day, {})) for day in period.each_day], ENDS)
    context: dict[str, Any] = {
        "period": period,
        "periods": PERIODS,
        "report": counted,
        "said": shares(counted.by_outcome, OUTCOMES),
        "became": shares(counted.by_end, ENDS),
        "chart": chart,
        "ticks": [(_day(day), x) for day, x in chart.labelled],
        "languages_counted": [(code, counted.of_language(code)) for code in counted.languages],
        "outcomes": OUTCOMES,
        "ends": ENDS,
        "outcome_words": OUTCOME_WORDS,
        "end_words": END_WORDS,
        "as_csv": f"?from={period.first}&to={period.last}",
    }
    return render(request, "assistant/overview.html", context)


@require_GET
@lookers_only
def numbers(request: SignedInRequest) -> HttpResponseBase:
    """The same as CSV: a line for each day, language, answer and end."""
    period = _period(request)
    written = StringIO()
    table = csv.writer(written)
    table.writerow([_("Day"), _("Language"), _("What it said"), _("What became of it"), _("Times")])
    cells = _report(request, period).cells
    for cell in sorted(cells, key=lambda one: (one.day, one.language, one.outcome, one.helped)):
        table.writerow(
            [
                cell.day,
                cell.language,
                OUTCOME_WORDS[Outcome(cell.outcome)],
                END_WORDS[Helped(cell.helped)],
                cell.times,
            ]
        )
    # Excel reads UTF-8 only where it begins with a mark.
    response = HttpResponse(f"\ufeff{written.getvalue()}", content_type="text/csv; charset=utf-8")
    name = f"assistant-{period.first}-{period.last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _day(day: date) -> str:
    moment = midnight_of(day)
    return short_date(moment) if moment else ""


def _report(request: SignedInRequest, period: Period) -> Report:
    zone = timezone.get_current_timezone()
    assert isinstance(zone, ZoneInfo)
    return report(request.reader, *period.moments, zone)


def _period(request: SignedInRequest) -> Period:
    """The period an address asks for; junk in it is passed over like nothing at all."""
    today = timezone.localtime(now()).date()
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else None
    first, last = day_in(request.GET.get("from")), day_in(request.GET.get("to"))
    if days in PERIODS or not (first or last):
        days = days if days in PERIODS else USUAL_DAYS
        return Period(today - timedelta(days=(days or USUAL_DAYS) - 1), today, days)
    last = max(EARLIEST, min(last or today, today))
    first = max(EARLIEST, min(first or last, last))
    return Period(max(first, last - LONGEST_PERIOD + timedelta(days=1)), last, None)
