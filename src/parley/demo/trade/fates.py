"""What orders are made of, and what becomes of them: the ordinary ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from parley.demo.casting import Actor, Cast, Company
from parley.demo.hours import awake
from parley.demo.reading_content import content
from parley.demo.trade.buyers import somebody
from parley.demo.trade.deals import Course, Deal, Line, Part, Turn
from parley.demo.trade.listings import Listings
from parley.demo.trade.shops import Shop, Way
from parley.demo.trade.stocking import Stock
from parley.demo.trade.wares import Ware, wares
from parley.orders.models import CancelReason, ChannelKind

SPAN = timedelta(days=89)
LATEST = timedelta(minutes=4)
LATEST_OF_SHOWN = timedelta(hours=10)
"""Ordinary orders of the sellers whose balance runs out come until then: what they ordered since is
to be seen as it stands."""
SHOWN = frozenset({"bramble", "uyut", "kettle"})
FROM_RUSSIAN_LISTS = 0.75
FAR = 0.02
OTHER_SUPPLIER = 0.2
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

_TURNS = {Turn.NONE: 95, Turn.CANCELLED: 3.4, Turn.LINKED_BY_HAND: 1.6}
_SERVICES = [5, 1, 0.15]
_UNKNOWN_WORDS = [
    {"payment": "klarna_slice_it", "fulfilment": "scheduled"},
    {"payment": "wc-awaiting-cheque"},
    {"payment": "paid", "fulfilment": "local_pickup_requested"},
    {"payment": "рассрочка", "fulfilment": "в сборке"},
]


class Fates:
    """Makes orders up, the same ones for the same seed."""

    def __init__(
        self,
        cast: Cast,
        shops: dict[str, Shop],
        stock: Stock,
        present: datetime,
        rng: Random,
    ) -> None:
        self.shops = shops
        self.stock = stock
        self.present = present
        self.rng = rng
        self.listings = Listings(stock)
        self.companies = {company.written.key: company for company in cast.companies}
        self._terms = content("terms")
        self._ranges: dict[tuple[str, bool], list[Ware]] = {}
        self._reasons = list(CancelReason.objects.filter(active=True).order_by("position"))

    def ordinary(self, number: int) -> Iterator[Deal]:
        """So many orders over the last 90 days, more of them lately."""
        shops = list(self.shops.values())
        shares = [shop.share for shop in shops]
        for _ in range(number):
            shop = self.rng.choices(shops, shares)[0]
            yield self._ordinary(shop)

    def deal(
        self,
        shop: Shop,
        way: Way,
        chosen: Sequence[tuple[Ware, int]],
        placed_at: datetime,
        *,
        turn: Turn = Turn.NONE,
        course: Course | None = None,
        language: str = "",
        far: bool = False,
    ) -> Deal:
        """An order of these items (with how many of each), parted by supplier.

        Each part takes the `course`, or one of its own.
        """
        lines = [
            self.listings.line(shop, way, ware, quantity, language or shop.language)
            for ware, quantity in chosen
        ]
        parts = self._parts(lines, placed_at, course)
        deal = Deal(
            shop=shop,
            way=way,
            buyer=somebody(self.rng, cyrillic=shop.cyrillic, far=far),
            parts=parts,
            placed_at=placed_at,
            turn=turn,
            person=self._person(shop, way),
            outside=self._outside(way),
        )
        if self.rng.random() < 0.09:
            deal.note = self.rng.choice(content("buyers")["wishes"])
        if turn is Turn.CANCELLED:
            deal.cancel_reason = self._reason(shop)
        deal.sale_minor = sum(line.sold_for_minor * line.quantity for line in lines)
        deal.sale_minor += self.rng.choice([0, 0, 299, 395])
        return deal

    def choose(self, shop: Shop, among: Sequence[Ware] = ()) -> list[tuple[Ware, int]]:
        """What somebody buys from a seller, of `among` or of all it could sell."""
        rng = self.rng
        first = rng.choice(among or self._range_of(shop))
        items = [first]
        for _ in range(rng.choices([0, 1, 2], [72, 22, 6])[0]):
            others = self._range_of(shop)
            if rng.random() >= OTHER_SUPPLIER or among:
                others = [ware for ware in others if ware.supplier == first.supplier]
            other = rng.choice(others or [first])
            if other not in items:
                items.append(other)
        return [(item, rng.choices([1, 2, 3, 6], [80, 14, 4, 2])[0]) for item in items]

    def _ordinary(self, shop: Shop) -> Deal:
        rng = self.rng
        # The square root lets the last weeks have more than the first ones: the market grows.
        latest = LATEST_OF_SHOWN if shop.key in SHOWN else LATEST
        placed_at = self.present - latest - (SPAN - latest) * (1 - rng.random() ** 0.8)
        turn = rng.choices(list(_TURNS), list(_TURNS.values()))[0]
        way = shop.way(rng)
        age = self.present - placed_at
        if turn is not Turn.NONE and (way.kind == ChannelKind.MANUAL or age < 6 * DAY):
            turn = Turn.NONE
        chosen = self.choose(shop)
        far = rng.random() < FAR and not any(self._is_choosy(ware.supplier) for ware, _ in chosen)
        deal = self.deal(shop, way, chosen, placed_at, turn=turn, far=far)
        if turn is Turn.LINKED_BY_HAND:
            self._make_unknown(deal)
        return deal

    def _make_unknown(self, deal: Deal) -> None:
        """Nobody knows what the last line is, until somebody links it."""
        last = list(deal.lines)[-1]
        last.sku = f"{deal.shop.key[:2].upper()}-NEW-{self.rng.randrange(100, 999)}"
        last.listing_id = ""
        self.listings.by_hand(deal.way, last)

    def _range_of(self, shop: Shop) -> list[Ware]:
        """What a shop could sell; of those with Russian titles alone, most of the time, if it is one."""
        russian = shop.language == "ru" and self.rng.random() < FROM_RUSSIAN_LISTS
        known = self._ranges.get((shop.key, russian))
        if known is None:
            fitting = self.stock.on_offer(ware for ware in wares() if ware.kind in shop.kinds)
            known = [ware for ware in fitting if ware.russian or not russian]
            self._ranges[shop.key, russian] = known
        return known

    def _is_choosy(self, supplier: str) -> bool:
        return bool(self._terms[supplier].get("not_shipped_to"))

    def _parts(
        self, lines: Sequence[Line], placed_at: datetime, course: Course | None
    ) -> list[Part]:
        by_supplier: dict[str, list[Line]] = {}
        for line in lines:
            by_supplier.setdefault(line.ware.supplier, []).append(line)
        return [
            self._part(self.companies[key], of_supplier, placed_at, course)
            for key, of_supplier in by_supplier.items()
        ]

    def _part(
        self, supplier: Company, lines: list[Line], placed_at: datetime, course: Course | None
    ) -> Part:
        services = self.stock.services[supplier.written.key]
        service = self.rng.choices(services, _SERVICES[: len(services)])[0]
        worker = self.rng.choice(supplier.people)
        made = course or self._course(placed_at + HOUR, lines, worker.person.time_zone)
        return Part(supplier, worker, service, lines, made)

    def _course(self, passed_at: datetime, lines: list[Line], zone: str) -> Course:
        """What usually happens, and now and then something else."""
        rng = self.rng
        accepted = awake(passed_at + HOUR * rng.uniform(0.2, 4), zone, rng)
        slow = rng.random() < 0.07
        packed = DAY * rng.uniform(4, 9) if slow else HOUR * rng.uniform(1, 27)
        shipped = awake(accepted + packed, zone, rng)
        arrives = shipped + DAY * rng.choice([1, 1, 2, 2, 3, 4]) + HOUR * rng.uniform(-4, 5)
        usual: dict[str, Any] = {
            "accepted": accepted - passed_at if rng.random() < 0.75 else None,
            "shipped": shipped - passed_at,
            "delivered": arrives - passed_at if rng.random() < 0.88 else None,
            "noted": accepted - passed_at + 0.4 * HOUR if rng.random() < 0.05 else None,
        }
        return Course(**usual | self._something_else(lines, shipped - passed_at))

    def _something_else(self, lines: list[Line], shipped: timedelta) -> dict[str, Any]:
        rng, pieces = self.rng, sum(line.quantity for line in lines)
        lot = rng.random()
        if lot < 0.03:
            return {"declined": shipped * 0.8}
        if lot < 0.065:
            back = shipped + DAY * rng.uniform(8, 16)
            refunded = back + HOUR * rng.uniform(2, 50) if rng.random() < 0.7 else None
            return {"delivered": shipped + 3 * DAY, "back": back, "refunded": refunded}
        if lot < 0.25 and pieces > 1:
            rest = shipped + DAY * rng.uniform(1, 7)
            return {"rest": rest, "delivered": rest + DAY * rng.uniform(1, 3)}
        return {}

    def _person(self, shop: Shop, way: Way) -> Actor | None:
        if way.kind in (ChannelKind.MANUAL, ChannelKind.FILE):
            return self.rng.choice(shop.company.people)
        return None

    def _outside(self, way: Way) -> dict[str, str]:
        if way.kind in (ChannelKind.MANUAL, ChannelKind.FILE):
            return {}
        if self.rng.random() < 0.02:
            return dict(self.rng.choice(_UNKNOWN_WORDS))
        if way.kind == ChannelKind.SHOPIFY:
            return {"payment": "paid"}
        return {"payment": "processing"} if way.kind == ChannelKind.WOOCOMMERCE else {}

    def _reason(self, shop: Shop) -> str:
        if not self._reasons:
            return "Ordered by mistake"
        return self.rng.choice(self._reasons).name_in(shop.language)
