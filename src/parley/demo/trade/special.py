"""Orders that are to be seen as they stand: queued, not linked, held, half made, about to be passed on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from parley.demo.trade.deals import Course, Deal, Turn
from parley.demo.trade.fates import DAY, HOUR, Fates
from parley.demo.trade.wares import Ware, wares_of
from parley.orders.models import ChannelKind

STILL_WITH_THE_SUPPLIER = Course()
"""It is there, and nothing has been done about it yet."""

_STARVED = ["bramble", "bramble", "uyut", "uyut", "kettle"]
_KEPT_BACK = ["bramble", "bramble", "bramble", "uyut", "uyut", "kettle"]
_NOT_LINKED = ["bramble", "uyut", "kettle"]
_UNKNOWN = {
    "bramble": "Personalised oak house sign",
    "uyut": "Набор свечей «Зимний вечер», 6 шт.",
    "kettle": "Barista hand grinder, walnut",
    "burrow": "Gift voucher sleeve, printed",
    "pinecone": "Wreath hanger, wrought iron",
}
SUPPLIER_SHOWN = "northwind"
"""The key of the supplier one can sign in for."""


@dataclass
class Special:
    """All of them, and among them those that are asked to be cancelled at the end."""

    deals: list[Deal] = field(default_factory=list)
    to_ask_for: list[Deal] = field(default_factory=list)


def special(fates: Fates) -> Special:
    """Make the orders that are to be seen."""
    made = Special()
    made.deals += _starved(fates)
    made.deals += _kept_back(fates)
    made.deals += _unlinked(fates)
    made.deals += _held(fates)
    made.deals += _drafts(fates)
    made.deals.append(_card_declined(fates))
    made.to_ask_for = [*_to_ask_for(fates)]
    made.deals += made.to_ask_for
    return made


def _starved(fates: Fates) -> Iterator[Deal]:
    """Orders of the last hours for which there is no money."""
    for n, key in enumerate(_STARVED):
        placed_at = fates.present - timedelta(minutes=165 - n * 31)
        yield _one(fates, key, placed_at, Turn.STARVED)


def _kept_back(fates: Fates) -> Iterator[Deal]:
    """Paid orders that can still be cancelled for some hours."""
    for n, key in enumerate(_KEPT_BACK):
        placed_at = fates.present - timedelta(minutes=230 - n * 7)
        yield _one(fates, key, placed_at, Turn.KEPT_BACK)


def _unlinked(fates: Fates) -> Iterator[Deal]:
    turns = [(key, Turn.NOT_LINKED, 5 * DAY) for key in _NOT_LINKED]
    turns += [("bramble", Turn.MATCHING, 20 * HOUR), ("burrow", Turn.MATCHING, 50 * HOUR)]
    turns += [("bramble", Turn.DISMISSED, 12 * DAY), ("pinecone", Turn.DISMISSED, 31 * DAY)]
    for n, (key, turn, ago) in enumerate(turns):
        deal = _one(fates, key, fates.present - ago - n * 3 * HOUR, turn)
        last = list(deal.lines)[-1]
        last.title, last.sku, last.listing_id = _UNKNOWN[key], f"{key[:2].upper()}-OWN-{4 + n}", ""
        yield deal


def _held(fates: Fates) -> Iterator[Deal]:
    """Orders to where their supplier does not ship."""
    for key, ago in (("bramble", 30 * HOUR), ("burrow", 3 * DAY)):
        shop = fates.shops[key]
        way = shop.ways[0]
        among = [ware for ware in _shown_wares(fates) if ware.kind in shop.kinds]
        chosen = [(fates.rng.choice(among), 1)]
        yield fates.deal(shop, way, chosen, fates.present - ago, turn=Turn.HELD, far=True)


def _drafts(fates: Fates) -> Iterator[Deal]:
    for key, ago in (("bramble", 3 * HOUR), ("bramble", 28 * HOUR), ("uyut", 20 * HOUR)):
        shop = fates.shops[key]
        placed_at = fates.present - ago
        among = [ware for ware in _shown_wares(fates) if ware.kind in shop.kinds]
        chosen = fates.choose(shop, among)[:2]
        yield fates.deal(shop, shop.by_hand, chosen, placed_at, turn=Turn.DRAFT)


def _card_declined(fates: Fates) -> Deal:
    """Its payment failed, and it was cancelled then."""
    deal = _one(fates, "coastline", fates.present - 9 * DAY, Turn.CARD_DECLINED)
    deal.cancel_reason = "The customer has not paid"
    return deal


def _to_ask_for(fates: Fates) -> Iterator[Deal]:
    """Orders with the supplier one can sign in for, most of sellers one can sign in for."""
    for n, key in enumerate(["bramble", "bramble", "pinecone", "uyut"]):
        shop = fates.shops[key]
        among = [ware for ware in _shown_wares(fates) if ware.kind in shop.kinds]
        chosen = [(fates.rng.choice(among), 1)]
        placed_at = fates.present - 34 * HOUR - n * 2 * HOUR
        deal = fates.deal(shop, shop.ways[0], chosen, placed_at, course=STILL_WITH_THE_SUPPLIER)
        deal.is_bound = True
        yield deal


def _one(fates: Fates, key: str, placed_at: datetime, turn: Turn) -> Deal:
    shop = fates.shops[key]
    ways = [way for way in shop.ways if way.kind != ChannelKind.FILE]
    return fates.deal(shop, fates.rng.choice(ways), fates.choose(shop)[:2], placed_at, turn=turn)


def _shown_wares(fates: Fates) -> list[Ware]:
    return fates.stock.on_offer(wares_of(SUPPLIER_SHOWN))
