"""Scorecards: how a company or an agent answers (T14).

A company sees its own, the operator's people those of all companies, sellers those of suppliers once
the operator has switched that on. An agent's own card is theirs; leads and administrators see all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from parley.parties.access import parties_of_kind
from parley.parties.models import Membership, Party, PartyKind
from parley.parties.settling import settled
from parley.reports.backlog import today
from parley.reports.figures import Figures, Slice
from parley.reports.models import Dimension
from parley.reports.periods import Period
from parley.reports.reading import Overview, of_each, overview_of
from parley.reports.roles import MayNotLook, may_see_agent
from parley.reports.settings import SELLERS_SEE_SUPPLIERS

USUAL_DAYS = 90
"""What a card looks back on, unless asked otherwise."""


@dataclass(frozen=True)
class Row:
    """A supplier in a list of them."""

    party: Party
    figures: Figures


def usual_period() -> Period:
    """The last `USUAL_DAYS`, with today."""
    last = today()
    return Period(last - timedelta(days=USUAL_DAYS - 1), last)


def may_see_party(reader: Membership, party: Party) -> bool:
    """Whether `reader` may see how `party` answers. At most one query."""
    if reader.is_operator or reader.party_id == party.pk:
        return party.kind != PartyKind.VISITOR
    return (
        party.kind == PartyKind.SUPPLIER
        and reader.party.kind == PartyKind.SELLER
        and settled(SELLERS_SEE_SUPPLIERS)
    )


def card_of_party(reader: Membership, party: Party, period: Period) -> Overview:
    """How a company answers. Raises MayNotLook."""
    if not may_see_party(reader, party):
        raise MayNotLook
    return overview_of(Slice(Dimension.PARTY, str(party.pk)), period)


def card_of_agent(reader: Membership, person: int, period: Period) -> Overview:
    """How an agent answers. Raises MayNotLook."""
    if not may_see_agent(reader, person):
        raise MayNotLook
    return overview_of(Slice(Dimension.AGENT, str(person)), period)


def may_compare(reader: Membership) -> bool:
    """Whether `reader` may see the suppliers side by side."""
    if reader.is_operator:
        return True
    return reader.party.kind == PartyKind.SELLER and settled(SELLERS_SEE_SUPPLIERS)


def suppliers(reader: Membership, period: Period) -> list[Row]:
    """All suppliers that were asked anything, by name. Raises MayNotLook."""
    if not may_compare(reader):
        raise MayNotLook
    parties = list(parties_of_kind(PartyKind.SUPPLIER))
    figures = of_each(Dimension.PARTY, [str(party.pk) for party in parties], period)
    rows = [Row(party, figures[str(party.pk)]) for party in parties]
    return [row for row in rows if row.figures.opened or row.figures.answered]
