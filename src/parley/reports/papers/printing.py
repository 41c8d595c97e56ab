"""The complaint report as PDF, set by Typst. The layout, `complaints.typ`, gets all its words as data."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from babel.numbers import format_decimal, format_percent
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext, to_locale

from parley.journal.telling_time import day_in_full
from parley.reports.complaints import Report
from parley.reports.figures import Figures
from parley.reports.walking import WITHDRAWN
from parley.tickets.models import Outcome

_LAYOUT = Path(__file__).with_name("complaints.typ")


def pdf_of(report: Report, marketplace: str, made_at: datetime, language: str) -> bytes:
    """The report of `marketplace` as a PDF in `language`, as it stood when it was made."""
    with override(language):
        paper = _paper(report, marketplace, made_at, language)
    made: bytes = typst.compile(
        str(_LAYOUT),
        root=str(_LAYOUT.parent),
        font_paths=_fonts(),
        sys_inputs={"paper": json.dumps(paper, ensure_ascii=False)},
        timestamp=int(made_at.timestamp()),
    )
    return made


def rows_of(report: Report) -> list[tuple[str, str, str]]:
    """The figures of the report as lines (part, what, figure), for a table; in the active language."""
    whole = report.whole
    lines = [
        (_("Complaints"), _("Lodged"), str(whole.opened)),
        (_("Complaints"), pgettext("how many", "Completed"), str(whole.completed)),
        (_("Complaints"), _("Cancelled by who lodged them"), str(whole.cancelled)),
        (_("Complaints"), _("Lodged in the year and still open"), str(report.open)),
        (_("Complaints"), _("Days to process, on average"), _plain(whole.days_to_process)),
        (_("Complaints"), _("Rating by who lodged them, on average"), _plain(whole.rating)),
    ]
    for one in report.types:
        kind = f"{one.topic.category.name} → {one.topic.name}"
        figures = one.figures
        lines += [
            (kind, _("Lodged"), str(figures.opened)),
            (kind, pgettext("how many", "Completed"), str(figures.completed)),
            (kind, _("Cancelled by who lodged them"), str(figures.cancelled)),
            (kind, _("Days to process, on average"), _plain(figures.days_to_process)),
        ]
    lines += [(_("Disputes"), words, str(number)) for words, number in outcomes_of(report.disputes)]
    return [
        *lines,
        (_("Disputes"), _("Days to decide, on average"), _plain(report.disputes.days_to_decide)),
    ]


def outcomes_of(figures: Figures) -> list[tuple[str, int]]:
    """Disputes in words and numbers: begun, and how they ended."""
    return [
        (_("The operator was asked to decide, or stepped in"), figures.disputed),
        *((str(Outcome(value).label), figures.outcomes[value]) for value in Outcome.values),
        (_("Withdrawn"), figures.outcomes[WITHDRAWN]),
    ]


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts()


def _paper(report: Report, marketplace: str, made_at: datetime, language: str) -> dict[str, Any]:
    whole = report.whole
    title = _("Complaints in %(year)s") % {"year": report.period.first.year}
    return {
        "language": language.split("-", maxsplit=1)[0],
        "marketplace": marketplace,
        "title": title,
        "subtitle": _(
            "Information on the internal complaint-handling system, by Article 11(4) of"
            " Regulation (EU) 2019/1150"
        ),
        "period": _("%(first)s to %(last)s")
        % {"first": day_in_full(report.period.first), "last": day_in_full(report.period.last)},
        "made": _("Made on %(day)s") % {"day": day_in_full(made_at.date())},
        "number": str(whole.opened),
        "number_words": _("complaints lodged"),
        "days": _days(whole.days_to_process, language),
        "days_words": _("days to process a complaint, on average"),
        "types_title": _("Main types of complaints"),
        "type_columns": [
            _("Type"),
            _("Lodged"),
            _("Share"),
            pgettext("how many", "Completed"),
            _("Days, on average"),
        ],
        "types": [
            [
                f"{one.topic.category.name} → {one.topic.name}",
                str(one.figures.opened),
                _share(one.figures.opened, whole.opened, language),
                str(one.figures.completed),
                _days(one.figures.days_to_process, language),
            ]
            for one in report.types
        ],
        "outcomes_title": _("Outcome of the complaints"),
        "outcomes": [
            [pgettext("how many", "Completed"), str(whole.completed)],
            [_("Cancelled by who lodged them"), str(whole.cancelled)],
            [_("Lodged in the year and still open"), str(report.open)],
            [
                _("Rated by who lodged them: %(stars)s of 5 on average")
                % {"stars": _days(whole.rating, language)},
                str(whole.rated),
            ],
        ],
        "disputes_title": _("Disputes between companies on the marketplace"),
        "disputes": [[words, str(number)] for words, number in outcomes_of(report.disputes)]
        + [
            [_("Days to decide, on average"), _days(report.disputes.days_to_decide, language)],
        ],
        "none": _("There were no complaints in this year."),
        "note": _(
            "A complaint is a support ticket that a company opened to the marketplace on a topic of"
            " complaints. What was lodged, completed and cancelled is counted in the year in which it"
            " happened. The time to process runs by the clock, from the opening to the answer with"
            " which it was resolved."
        ),
    }


def _days(days: float | None, language: str) -> str:
    if days is None:
        return pgettext("no figure", "—")
    return str(format_decimal(round(days, 1), locale=to_locale(language)))


def _share(part: int, whole: int, language: str) -> str:
    return str(format_percent(part / whole if whole else 0, locale=to_locale(language)))


def _plain(number: float | None) -> str:
    """A figure for a table that programs read."""
    return "" if number is None else f"{number:.2f}"
