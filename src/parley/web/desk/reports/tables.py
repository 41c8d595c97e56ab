"""Figures as tables to take along: CSV, with the same columns everywhere."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parley.exports.defusing import defused
from parley.reports.figures import Figures


def columns() -> list[str]:
    """The names of the figures, in the reader's language."""
    return [
        pgettext("how many", "Created"),
        pgettext("how many", "Completed"),
        _("Cancelled"),
        _("Answered"),
        _("Replies"),
        _("First response, median (working seconds)"),
        _("First response, 90 % (working seconds)"),
        _("Resolution, median (working seconds)"),
        _("Resolution, 90 % (working seconds)"),
        _("Within the clock"),
        _("Clocks"),
        _("Rating"),
        _("Ratings"),
        _("Disputes"),
    ]


def figures_row(figures: Figures) -> list[Any]:
    """The figures in the order of `columns`; an empty place where there is none."""
    first, resolution = figures.first_response, figures.resolution
    return [
        figures.opened,
        figures.completed,
        figures.cancelled,
        figures.answered,
        figures.replies,
        *(_whole(seconds) for seconds in (first.typical, first.slow)),
        *(_whole(seconds) for seconds in (resolution.typical, resolution.slow)),
        _share(figures.within),
        figures.clocks,
        "" if figures.rating is None else f"{figures.rating:.2f}",
        figures.rated,
        figures.disputed,
    ]


def as_csv(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A table to download; what spreadsheets would take for a formula is made harmless."""
    written = StringIO()
    table = csv.writer(written)
    table.writerow(head)
    for row in rows:
        table.writerow([defused(cell) if isinstance(cell, str) else cell for cell in row])
    # Excel reads UTF-8 only where it begins with a mark.
    response = HttpResponse(f"\ufeff{written.getvalue()}", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _whole(seconds: float | None) -> int | str:
    return "" if seconds is None else round(seconds)


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.4f}"
