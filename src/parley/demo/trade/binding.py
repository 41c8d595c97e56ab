"""The orders that tickets are about: of the right seller and supplier, and standing as the story says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from parley.demo.casting import Company
from parley.demo.hours import awake
from parley.demo.reading_content import content
from parley.demo.scripts import Script
from parley.demo.trade.deals import Course, Deal
from parley.demo.trade.fates import DAY, HOUR, Fates
from parley.demo.trade.shops import Shop
from parley.demo.trade.wares import Ware, called, wares, wares_of
from parley.orders.models import ChannelKind
from parley.orders.settling import hand_over_time
from parley.parties.models import PartyKind

SEVERAL = frozenset({"missing-items", "cannot-fulfil", "damaged-goods"})
"""Topics that are about several pieces of one item."""
ABOUT_AS_LONG = timedelta(minutes=2)
"""What an order takes to arrive, at most, when it is not waited for."""


@dataclass(frozen=True)
class Wish:
    """An order that a ticket needs: `moments` are those of the ticket's turns, as far as they went."""

    script: Script
    opener: Company
    counterparty: Company
    moments: Sequence[datetime]

    @property
    def opened_at(self) -> datetime:
        return self.moments[0]

    def of_kind(self, kind: str) -> Company | None:
        companies = (self.opener, self.counterparty)
        return next((one for one in companies if one.written.kind == kind), None)


def order_for(wish: Wish, fates: Fates) -> Deal:
    """Make the order that a ticket is about."""
    shop = _shop(wish, fates)
    ware = fates.rng.choice(_choices(wish, shop, fates))
    language = wish.script.language
    way = fates.rng.choice([way for way in shop.ways if way.kind != ChannelKind.FILE] or shop.ways)
    quantity = fates.rng.randrange(2, 6) if wish.script.topic in SEVERAL else 1
    standing = _standing(wish.script)
    before, course = _STANDINGS[standing](wish, fates)
    placed_at = wish.opened_at - before
    chosen = [(ware, quantity)]
    deal = fates.deal(shop, way, chosen, placed_at, course=course, language=language)
    deal.is_bound = True
    return deal


def words_of(deal: Deal) -> dict[str, str]:
    """What a ticket says of its order, by slot; call it once the order has been lived through."""
    part = deal.parts[0]
    line = part.lines[0]
    said = {
        "order": str(deal.number or deal.channel_number),
        "product": line.title,
        "sku": line.product.sku,
        "customer": deal.buyer.name,
        "town": deal.buyer.city,
        "postcode": deal.buyer.postcode,
        "carrier": part.service.carrier,
    }
    if line.quantity > 1:
        said["qty"] = str(line.quantity)
    if part.parcels:
        said["tracking"] = part.parcels[0].tracking
    return said


def price_of(deal: Deal) -> float:
    """What a seller has paid for it, in pounds."""
    return deal.cost_minor / 100


def _shop(wish: Wish, fates: Fates) -> Shop:
    seller = wish.of_kind(PartyKind.SELLER)
    if seller is not None:
        return fates.shops[seller.written.key]
    return fates.rng.choice(list(fates.shops.values()))


def _choices(wish: Wish, shop: Shop, fates: Fates) -> list[Ware]:
    """What it can be of: the very products of the story, or what fits both sides."""
    supplier = wish.of_kind(PartyKind.SUPPLIER)
    among = wares_of(supplier.written.key) if supplier else wares()
    on_offer = fates.stock.on_offer(among)
    very = called(wish.script.products, on_offer)
    if very:
        return very
    if wish.script.goods:
        on_offer = [ware for ware in on_offer if ware.kind == wish.script.goods]
    if wish.script.language == "ru":
        on_offer = [ware for ware in on_offer if ware.russian] or on_offer
    return [ware for ware in on_offer if ware.kind in shop.kinds] or on_offer


def _standing(script: Script) -> str:
    written = content("terms")["when_opened"]
    by_script: str | None = written["scripts"].get(script.key)
    return by_script or str(written["topics"].get(script.topic, "delivered"))


def _made(before: timedelta, **happenings: timedelta) -> tuple[timedelta, Course]:
    """When it was placed before the ticket, and its course; `happenings` count from the ticket.

    A course counts from the hand-over; what lies after the ticket happens when people are at work.
    """
    handed_over = before - hand_over_time() - ABOUT_AS_LONG
    counted: dict[str, Any] = {
        name: max(HOUR / 4, handed_over + at) for name, at in happenings.items()
    }
    return before, Course(**counted)


def _waiting(wish: Wish, fates: Fates) -> tuple[timedelta, Course]:
    rng = fates.rng
    before = HOUR * rng.uniform(16, 44)
    return _made(before, shipped=_by_day(wish, fates, HOUR * rng.uniform(9, 40)))


def _called_off(wish: Wish, fates: Fates) -> tuple[timedelta, Course]:
    """The supplier cancels it when it answers, or keeps it for as long as it has not."""
    before = HOUR * fates.rng.uniform(6, 20)
    if len(wish.moments) < 2:
        return _made(before)
    return _made(before, called_off=wish.moments[1] - wish.opened_at)


def _on_the_way(wish: Wish, fates: Fates) -> tuple[timedelta, Course]:
    rng = fates.rng
    shipped = DAY * rng.uniform(2, 4)
    arrives = _by_day(wish, fates, DAY * rng.uniform(1.5, 5))
    return _made(shipped + DAY * rng.uniform(0.8, 1.6), shipped=-shipped, delivered=arrives)


def _delivered(wish: Wish, fates: Fates) -> tuple[timedelta, Course]:
    return _had_since(fates.rng.uniform(0.8, 4), fates)


def _old(wish: Wish, fates: Fates) -> tuple[timedelta, Course]:
    return _had_since(fates.rng.uniform(12, 26), fates)


def _had_since(days: float, fates: Fates) -> tuple[timedelta, Course]:
    arrived = DAY * days
    shipped = arrived + DAY * fates.rng.uniform(1, 3)
    before = shipped + HOUR * fates.rng.uniform(14, 40)
    return _made(before, accepted=-shipped - 3 * HOUR, shipped=-shipped, delivered=-arrived)


def _came_back(wish: Wish, fates: Fates) -> tuple[timedelta, Course]:
    rng = fates.rng
    back = HOUR * rng.uniform(2, 20)
    shipped = DAY * rng.uniform(9, 13)
    return _made(shipped + DAY, shipped=-shipped, back=-back)


def _returned(wish: Wish, fates: Fates) -> tuple[timedelta, Course]:
    return _sent_back(fates)


def _refunded(wish: Wish, fates: Fates) -> tuple[timedelta, Course]:
    return _sent_back(fates, refunded=-DAY * fates.rng.uniform(1.2, 4))


def _sent_back(fates: Fates, **more: timedelta) -> tuple[timedelta, Course]:
    rng = fates.rng
    back = DAY * rng.uniform(4.2, 6)
    arrived = back + DAY * rng.uniform(4, 9)
    shipped = arrived + DAY * rng.uniform(1, 3)
    return _made(shipped + DAY, shipped=-shipped, delivered=-arrived, back=-back, **more)


def _by_day(wish: Wish, fates: Fates, after: timedelta) -> timedelta:
    """Some time after the ticket, when people are at work."""
    return awake(wish.opened_at + after, "Europe/London", fates.rng) - wish.opened_at


_STANDINGS: dict[str, Callable[[Wish, Fates], tuple[timedelta, Course]]] = {
    "waiting": _waiting,
    "called_off": _called_off,
    "on_the_way": _on_the_way,
    "delivered": _delivered,
    "old": _old,
    "came_back": _came_back,
    "returned": _returned,
    "refunded": _refunded,
}
