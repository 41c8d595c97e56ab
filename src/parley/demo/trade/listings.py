"""What sellers call the products they sell: their own titles, SKUs and numbers on a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from parley.catalogue.models import Product
from parley.demo.trade.deals import Line
from parley.demo.trade.shops import Shop, Way
from parley.demo.trade.stocking import Stock
from parley.demo.trade.wares import Ware
from parley.orders.models import ChannelKind, Listing

LISTED = 0.45
"""The share of items a seller has listed by a SKU of its own; the others bear the supplier's."""


@dataclass
class _Listed:
    way: Way
    listing_id: str
    sku: str
    title: str
    product: Product


class Listings:
    """The listings of all channels, made up as orders need them and always the same for one item."""

    def __init__(self, stock: Stock) -> None:
        self._stock = stock
        self._listed: dict[tuple[int, str, str], _Listed] = {}

    def line(self, shop: Shop, way: Way, ware: Ware, quantity: int, language: str) -> Line:
        """One item of an order on a channel."""
        product = self._stock.products[ware]
        rng = Random(f"{shop.key}/{way.channel.name}/{ware.sku}")  # noqa: S311 - the same each time
        title = ware.called_in(language)
        sold_for = _price(ware, rng)
        if way.kind == ChannelKind.MANUAL:
            return Line(ware, product, product.title, quantity, sold_for, ware.sku, how="")
        listing_id = str(rng.randrange(10**12, 10**13)) if way.kind == ChannelKind.SHOPIFY else ""
        if rng.random() > LISTED:
            return Line(ware, product, title, quantity, sold_for, ware.sku, listing_id)
        sku = f"{shop.key[:3].upper()}{rng.randrange(1000, 9999)}-{ware.sku[-3:]}"
        self._list(way, listing_id, sku, title, product)
        return Line(ware, product, title, quantity, sold_for, sku, listing_id, how="listing")

    def by_hand(self, way: Way, line: Line) -> None:
        """Keep what somebody has linked by hand."""
        self._list(way, line.listing_id, line.sku, line.title, line.product)

    def write(self, moment: datetime) -> None:
        """Write them, as of `moment`."""
        Listing.objects.bulk_create(
            Listing(
                channel=one.way.channel,
                listing_id=one.listing_id,
                sku=one.sku,
                title=one.title,
                product=one.product,
                created_at=moment,
            )
            for one in self._listed.values()
        )

    def _list(self, way: Way, listing_id: str, sku: str, title: str, product: Product) -> None:
        key = (way.channel.pk, listing_id, "" if listing_id else sku)
        self._listed[key] = _Listed(way, listing_id, sku, title, product)


def _price(ware: Ware, rng: Random) -> int:
    """What the public pays for one, with VAT: a price as shops like them, in pence."""
    gross = ware.price_minor * (10_000 + ware.vat_bp) / 10_000 * rng.uniform(1.25, 1.7)
    return max(199, round(gross / 100) * 100 - rng.choice([1, 1, 5, 50]))
