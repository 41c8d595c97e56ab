"""The yearly report on complaints that EU 2019/1150 asks of marketplaces (Art. 11, paragraph 4).

It shall hold "the total number of complaints lodged, the main types of complaints, the average time
period needed to process the complaints and aggregated information regarding the outcome of the
complaints". A complaint is a ticket to the operator on one of the topics that the operator counts as
such (`settings.COMPLAINT_TOPICS`); disputes that it was asked to decide between two companies are told
beside them, and are not complaints about the marketplace.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import reduce

from parley.parties.models import Membership, PartyKind
from parley.parties.settling import settled
from parley.reports.figures import Figures
from parley.reports.models import Dimension
from parley.reports.periods import Period, year
from parley.reports.reading import of_each
from parley.reports.roles import MayNotLook, may_look
from parley.reports.settings import COMPLAINT_TOPICS, TO_THE_OPERATOR
from parley.tickets.access import topics_in_use
from parley.tickets.models import Purpose, Topic


@dataclass(frozen=True)
class Type:
    """One topic of complaints."""

    topic: Topic
    figures: Figures

    @property
    def open(self) -> int:
        """Of those lodged in the period, still open when the report was made."""
        return self.figures.counts["open"]


@dataclass(frozen=True)
class Report:
    """A year of complaints; `types` with the most first, `disputes` of all topics together."""

    period: Period
    types: list[Type]
    disputes: Figures

    @property
    def whole(self) -> Figures:
        return added(one.figures for one in self.types)

    @property
    def open(self) -> int:
        return sum(one.open for one in self.types)


def complaints(reader: Membership, of_year: int) -> Report:
    """The report of a calendar year, in the marketplace's zone. Three queries. Raises MayNotLook."""
    if not may_look(reader):
        raise MayNotLook
    period = year(of_year)
    topics = {str(topic.pk): topic for topic in topics_in_use(reader)}
    chosen = settled(COMPLAINT_TOPICS)
    figures = of_each(Dimension.TOPIC, list(topics), period)
    types = [
        Type(topic, figures[key])
        for key, topic in topics.items()
        if is_complaint(topic, chosen) and any(figures[key].counts.values())
    ]
    types.sort(key=lambda one: -one.figures.opened)
    return Report(period, types, added(figures.values()))


def is_complaint(topic: Topic, chosen: Collection[int]) -> bool:
    """Whether tickets on this topic are complaints to the marketplace."""
    if topic.goes_to != PartyKind.OPERATOR:
        return False
    if TO_THE_OPERATOR in chosen:
        return topic.purpose not in (Purpose.CHAT, Purpose.MAIL)
    return topic.pk in chosen


def added(all_of_them: Iterable[Figures]) -> Figures:
    """Figures added up."""
    return reduce(Figures.add, all_of_them, Figures())
