"""For how long a ticket can be put aside, in the words of the desk."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from parley.journal.moment import now

MORNING = time(9)
"""When a day begins for somebody who puts a ticket aside until then, in their own zone."""
SPANS: tuple[tuple[str, str | Promise], ...] = (
    ("hours", gettext_lazy("For three hours")),
    ("tomorrow", gettext_lazy("Until tomorrow, 9:00")),
    ("monday", gettext_lazy("Until Monday, 9:00")),
    ("week", gettext_lazy("For a week")),
    ("reply", gettext_lazy("Until somebody replies")),
)


class SpanUnknown(ValueError):
    """It is none of the spans, and no moment."""


def moment_of(span: str, until: str = "") -> datetime | None:
    """The end of a span in the active zone; None: until a reply. Raises SpanUnknown."""
    local = timezone.localtime(now())
    spans: dict[str, datetime | None] = {
        "hours": now() + timedelta(hours=3),
        "tomorrow": _morning(local, 1),
        "monday": _morning(local, 7 - local.weekday()),
        "week": _morning(local, 7),
        "reply": None,
    }
    if span in spans:
        return spans[span]
    return _typed(until)


def _morning(local: datetime, days: int) -> datetime:
    return timezone.make_aware(datetime.combine(local.date() + timedelta(days=days), MORNING))


def _typed(until: str) -> datetime:
    try:
        moment = parse_datetime(until[:40])
        if moment is None:
            raise SpanUnknown(until)
        return moment if moment.tzinfo else timezone.make_aware(moment)
    except (ValueError, OverflowError):
        raise SpanUnknown(until) from None
