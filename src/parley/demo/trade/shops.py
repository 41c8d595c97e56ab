"""What the sellers sell and through which channels, as written in `content/shops.toml`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from random import Random

from parley.demo.casting import Cast, Company
from parley.demo.reading_content import content
from parley.orders.drafting import MANUAL_NAME
from parley.orders.models import Channel, ChannelKind

BY_HAND = 0.03
"""The share of orders that sellers enter by hand."""


@dataclass(frozen=True)
class Way:
    """A channel of a seller's, and how it numbers its orders."""

    channel: Channel
    part: int
    numbers: str
    counted: Iterator[int]

    @property
    def kind(self) -> str:
        return self.channel.kind

    def next_number(self) -> tuple[str, str]:
        """Of its next order: its own id and the number that people see."""
        number = next(self.counted)
        shown = self.numbers.format(number)
        ids = {
            ChannelKind.SHOPIFY: str(5_812_000_000_000 + number * 7_919),
            ChannelKind.WOOCOMMERCE: str(number),
        }
        return ids.get(ChannelKind(self.kind), shown), shown


@dataclass(frozen=True)
class Shop:
    """A seller as one that sells."""

    company: Company
    share: int
    kinds: tuple[str, ...]
    cyrillic: float
    language: str
    ways: tuple[Way, ...]
    by_hand: Way

    @property
    def key(self) -> str:
        return self.company.written.key

    def way(self, rng: Random) -> Way:
        """One of its channels, as busy as they are."""
        if rng.random() < BY_HAND:
            return self.by_hand
        return rng.choices(self.ways, [way.part for way in self.ways])[0]

    def way_of(self, kind: str) -> Way:
        """Its channel of a kind. Raises StopIteration where it has none."""
        return next(way for way in self.ways if way.kind == kind)


def open_shops(cast: Cast, moment: datetime) -> dict[str, Shop]:
    """Make the sellers' channels, as of `moment`; gives the shops by their company's key."""
    companies = {company.written.key: company for company in cast.companies}
    return {key: _shop(companies[key], moment) for key in content("shops") if key in companies}


def _shop(company: Company, moment: datetime) -> Shop:
    written = content("shops")[company.written.key]
    ways = tuple(
        Way(
            _channel(company, table["kind"], table["name"], moment),
            table["part"],
            table["numbers"],
            count(table["first"]),
        )
        for table in written["channels"]
    )
    by_hand = Way(_channel(company, ChannelKind.MANUAL, "", moment), 0, "", count(1))
    return Shop(
        company=company,
        share=written["share"],
        kinds=tuple(written["kinds"]),
        cyrillic=written.get("cyrillic", 1) / 100,
        language="ru" if written.get("russian") else "en",
        ways=ways,
        by_hand=by_hand,
    )


def _channel(company: Company, kind: str, name: str, moment: datetime) -> Channel:
    return Channel.objects.create(
        seller=company.party,
        kind=kind,
        name=name or MANUAL_NAME,
        created_at=moment,
    )
