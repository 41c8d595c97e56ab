"""Statistics: the same figures side by side, by topic, company, agent or way in (S4)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from parley.parties.access import parties_called, people_called
from parley.reports.figures import Figures
from parley.reports.models import Dimension
from parley.reports.reading import MOST, table
from parley.tickets.access import topics_in_use
from parley.web.desk.reports.asking import CHANNELS, Asked, asked
from parley.web.desk.reports.doors import lookers_only
from parley.web.desk.reports.tables import as_csv, columns, figures_row
from parley.web.reader import SignedInRequest

BY = {
    Dimension.TOPIC.value: gettext_lazy("Topic"),
    Dimension.PARTY.value: gettext_lazy("Company that answers"),
    Dimension.OPENER.value: gettext_lazy("Company that asks"),
    Dimension.AGENT.value: gettext_lazy("Agent"),
    Dimension.CHANNEL.value: gettext_lazy("Way in"),
}


@require_GET
@lookers_only
def statistics(request: SignedInRequest) -> HttpResponseBase:
    """The page: `reports/statistics.html`; `by` in its address says by what.

    Context: `asked`, `by`, `ways` (pairs of value and words), `rows` (triples of key, name, figures),
    `most` (the largest number of tickets among them), `clipped` (whether there may be more).
    """
    wanted, by = asked(request.GET), _by(request)
    rows = _rows(request, wanted, by, MOST)
    context: dict[str, Any] = {
        "asked": wanted,
        "by": by,
        "ways": list(BY.items()),
        "rows": rows,
        "most": max((figures.opened for _key, _name, figures in rows), default=0) or 1,
        "clipped": len(rows) == MOST,
    }
    return render(request, "reports/statistics.html", context)


@require_GET
@lookers_only
def table_of(request: SignedInRequest) -> HttpResponseBase:
    """The same as CSV, with all there are."""
    wanted, by = asked(request.GET), _by(request)
    lines = [
        [name, *figures_row(figures)] for _key, name, figures in _rows(request, wanted, by, None)
    ]
    name = f"by-{by}-{wanted.period.first}-{wanted.period.last}"
    return as_csv(name, [str(BY[by]), *columns()], lines)


def _by(request: SignedInRequest) -> str:
    by = request.GET.get("by", "")
    return by if by in BY else Dimension.TOPIC.value


def _rows(
    request: SignedInRequest, wanted: Asked, by: str, most: int | None
) -> list[tuple[str, str, Figures]]:
    found = table(request.reader, by, wanted.period, most)
    names = _names(request, by, [key for key, _figures in found])
    return [(key, names.get(key) or _("no longer there"), figures) for key, figures in found]


def _names(request: SignedInRequest, by: str, keys: list[str]) -> dict[str, str]:
    """What the keys are called. One query, or none."""
    if by == Dimension.CHANNEL:
        return {key: str(CHANNELS.get(key, key)) for key in keys}
    if by == Dimension.TOPIC:
        topics = topics_in_use(request.reader).filter(pk__in=[int(key) for key in keys])
        return {str(topic.pk): f"{topic.category.name} → {topic.name}" for topic in topics}
    ids = [int(key) for key in keys]
    if by == Dimension.AGENT:
        return {str(key): name for key, name in people_called(ids).items()}
    return {str(key): party.name for key, party in parties_called(ids).items()}
