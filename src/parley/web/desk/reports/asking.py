"""What an address of the dashboard asks for: a period, and of what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parley.journal.moment import now
from parley.parties.access import parties_called, people_called
from parley.parties.models import Membership
from parley.parties.settling import settled
from parley.reports.figures import Slice
from parley.reports.models import Dimension
from parley.reports.periods import LONGEST, Period, month_of
from parley.reports.reading import EVERYTHING
from parley.reports.settings import TIME_ZONE
from parley.tickets.access import topics_in_use
from parley.web.filtering import day_in, number_in

USUAL_DAYS = 30
LAST_DAYS = (7, 30, 90, 365)
EARLIEST = date(2000, 1, 1)
"""Before that nobody asked anything, and the calendar has an end."""
BY_IDS = (Dimension.TOPIC, Dimension.PARTY, Dimension.OPENER, Dimension.AGENT)
CHANNELS = {
    "portal": gettext_lazy("Support pages"),
    "messenger": gettext_lazy("Messenger"),
    "api": gettext_lazy("API"),
    "desk": gettext_lazy("Opened by the operator"),
    "mail": gettext_lazy("E-mail"),
}


@dataclass(frozen=True)
class Asked:
    """A period in days of `zone`, and the slice its figures are of."""

    period: Period
    today: date
    zone: str
    of: Slice = EVERYTHING

    def address(self, **changed: str) -> str:
        """The same as an address carries it: `?from=…&to=…&topic=3`."""
        query = {"from": str(self.period.first), "to": str(self.period.last)}
        if self.of.key:
            query[str(self.of.dimension)] = self.of.key
        return f"?{urlencode(query | changed)}"

    @property
    def presets(self) -> list[tuple[str, str, bool]]:
        """The usual periods: words, address, whether it is the one that is asked for."""
        made = [
            (
                ngettext("%(num)s day", "%(num)s days", days) % {"num": days},
                Period(self.today - timedelta(days=days - 1), self.today),
            )
            for days in LAST_DAYS
        ]
        this_month = month_of(self.today)
        made.append((_("Last month"), this_month.before))
        return [
            (words, Asked(period, self.today, self.zone, self.of).address(), period == self.period)
            for words, period in made
        ]


def asked(query: QueryDict) -> Asked:
    """What an address asks for; junk in it is passed over like nothing at all. One query."""
    zone = settled(TIME_ZONE)
    today = now().astimezone(ZoneInfo(zone)).date()
    return Asked(_period(query, today), today, zone, _slice(query))


def _period(query: QueryDict, today: date) -> Period:
    days = number_in(query.get("days"))
    first, last = day_in(query.get("from")), day_in(query.get("to"))
    if not (first or last):
        days = days if days in LAST_DAYS else USUAL_DAYS
        return Period(today - timedelta(days=days - 1), today)
    last = max(EARLIEST, min(last or today, today))
    first = max(EARLIEST, min(first or last, last), last - timedelta(days=LONGEST - 1))
    return Period(first, last)


def _slice(query: QueryDict) -> Slice:
    for dimension in BY_IDS:
        if number := number_in(query.get(dimension)):
            return Slice(dimension.value, str(number))
    channel = query.get("channel", "")
    if channel in CHANNELS:
        return Slice(Dimension.CHANNEL.value, channel)
    return EVERYTHING


def name_of(of: Slice, reader: Membership) -> str:
    """What a slice is called, for the operator's people. One query, or none.

    Raises Http404 for a topic, company or person that is not there.
    """
    if of.dimension == Dimension.ALL:
        return ""
    if of.dimension == Dimension.CHANNEL:
        return str(CHANNELS[of.key])
    name: Any = None
    if of.dimension == Dimension.TOPIC:
        name = topics_in_use(reader).filter(pk=int(of.key)).first()
    elif of.dimension == Dimension.AGENT:
        name = people_called([int(of.key)]).get(int(of.key))
    else:
        name = parties_called([int(of.key)]).get(int(of.key))
    if not name:
        raise Http404
    return str(name)
