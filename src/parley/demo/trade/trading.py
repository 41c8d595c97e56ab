"""Three months of trade: orders of every kind, with their money, their papers and their journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import connection

from parley.catalogue.eligibility import restrictions
from parley.demo.casting import Cast
from parley.demo.trade.binding import Wish, order_for
from parley.demo.trade.chronicle import Chronicle
from parley.demo.trade.connecting import Connecting
from parley.demo.trade.deals import Deal, Turn
from parley.demo.trade.exporting import Exporting
from parley.demo.trade.fates import SPAN, Fates
from parley.demo.trade.feeding import Feeding
from parley.demo.trade.market import Market
from parley.demo.trade.order_rows import write_orders
from parley.demo.trade.shops import Shop, open_shops
from parley.demo.trade.special import SUPPLIER_SHOWN, special
from parley.demo.trade.stocking import Stock, stock_up

ORDERS = 2_540
"""So many orders a full demo has."""
BEFORE = timedelta(days=20)
"""How long before the first order the shelves were stocked."""


@dataclass(frozen=True)
class Trade:
    """What was traded. `bound` are the orders that tickets wished for, by the wish's place.

    The `chronicle` is yet to be written: what tickets do to orders comes in between.
    """

    shops: dict[str, Shop]
    stock: Stock
    deals: list[Deal]
    bound: dict[int, Deal]
    to_ask_for: list[Deal]
    chronicle: Chronicle


def trade(
    cast: Cast, wishes: Mapping[int, Wish], present: datetime, rng: Random, scale: float
) -> Trade:
    """Trade up to `present`: some 2,500 × `scale` orders, and at least those that are wished for."""
    before = present - SPAN - BEFORE
    shops, stock = open_shops(cast, before), stock_up(cast, before, rng)
    fates = Fates(cast, shops, stock, present, rng)
    bound = {place: order_for(wish, fates) for place, wish in wishes.items()}
    shown = special(fates)
    deals = [*bound.values(), *shown.deals]
    deals += fates.ordinary(max(0, round(ORDERS * scale) - len(deals)))
    _say_why_held(deals)
    market = Market(cast, present, rng)
    _number_on(market.live(deals, _first_number()))
    supplier = fates.companies[SUPPLIER_SHOWN]
    exporting = Exporting(supplier, present, market.chronicle)
    exporting.live(market.lived)
    _write(market, fates, before)
    exporting.write()
    Feeding(supplier, stock, present, market.chronicle, rng).write()
    Connecting(shops, present, market.chronicle, rng).write(market.lived, before)
    return Trade(shops, stock, market.lived, bound, shown.to_ask_for, market.chronicle)


def _write(market: Market, fates: Fates, before: datetime) -> None:
    write_orders(market.lived)
    for deal in market.lived:
        if deal.payment:
            market.ledger.keep_payment(deal)
    market.ledger.write()
    market.papers.write()
    fates.listings.write(before)


def _say_why_held(deals: Iterable[Deal]) -> None:
    for deal in deals:
        if deal.turn is Turn.HELD:
            products = {place: line.product for place, line in enumerate(deal.lines)}
            deal.why_held = restrictions(products, deal.buyer.country, deal.buyer.postcode)


def _first_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('orders_number')")
        return int((cursor.fetchone() or (0,))[0])


def _number_on(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('orders_number', %s, false)", [number])
