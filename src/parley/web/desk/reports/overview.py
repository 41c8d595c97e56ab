"""The overview: how a period went, drawn and in numbers, beside the period before (S4)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parley.journal.telling_time import WEEKDAY_NAMES
from parley.mailboxes.depth import queue
from parley.reports.backlog import AGES
from parley.reports.models import Dimension
from parley.reports.reading import backlogs, daily, open_by_age
from parley.reports.reading import overview as read
from parley.web.desk.reports.asking import asked, name_of
from parley.web.desk.reports.doors import lookers_only
from parley.web.desk.reports.tables import as_csv, columns, figures_row
from parley.web.desk.reports.telling import AGE_WORDS, backlog_chart, charts, rows, tiles
from parley.web.reader import SignedInRequest


@require_GET
@lookers_only
def overview(request: SignedInRequest) -> HttpResponseBase:
    """The page: `reports/overview.html`.

    Context: `asked`, `name` (of the slice, or ""), `told` (a reading.Overview), `tiles`, the charts of
    `telling.charts`, `rows` (pairs of a day or month in words and its figures), `ages` (pairs of words
    and how many are open now), `open_now`, and for everything also `backlog` (a chart) and
    `age_words`, `weekdays`, and `mail` (a depth.Queue: how much mail waits now).
    """
    wanted = asked(request.GET)
    told = read(request.reader, wanted.of, wanted.period)
    open_now = open_by_age(wanted.of, wanted.today)
    context: dict[str, Any] = {
        "asked": wanted,
        "name": name_of(wanted.of, request.reader),
        "told": told,
        "tiles": tiles(told),
        "rows": rows(told.parts),
        "ages": [(AGE_WORDS[age], open_now.get(age, 0)) for age in AGES],
        "open_now": sum(open_now.values()),
        "backlog": None,
        "mail": None,
        "age_words": AGE_WORDS,
        "weekdays": WEEKDAY_NAMES,
        **charts(told),
    }
    if wanted.of.dimension == Dimension.ALL:
        context["mail"] = queue()
        taken = backlogs(request.reader, wanted.period)
        context["backlog"] = backlog_chart(told, taken) if taken else None
        context["backlogs"] = sorted(taken.items())
    return render(request, "reports/overview.html", context)


@require_GET
@lookers_only
def days(request: SignedInRequest) -> HttpResponseBase:
    """The numbers of each day as CSV; days on which nothing happened have no line."""
    wanted = asked(request.GET)
    found = daily(request.reader, wanted.of, wanted.period)
    lines = [[day.isoformat(), *figures_row(figures)] for day, figures in found]
    name = f"days-{wanted.period.first}-{wanted.period.last}"
    return as_csv(name, [_("Day"), *columns()], lines)
