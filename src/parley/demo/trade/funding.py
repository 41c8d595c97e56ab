"""How much money sellers send when some is missing: round sums, as shops would."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from random import Random

from parley.demo.trade.deals import Deal, Turn

SUMS = (40_000, 60_000, 80_000, 100_000, 150_000, 200_000, 250_000)
"""The sums usually sent, in pence."""
ROUND = 5_000
"""What every sum is a multiple of, in pence."""
_PAID_FOR = (Turn.NONE, Turn.KEPT_BACK)


class Funding:
    """Knows what is still to be paid, and leaves those short of money who lack it in the end."""

    def __init__(self, deals: Iterable[Deal], rng: Random) -> None:
        deals = list(deals)
        self._rng = rng
        self._short = {deal.seller_id for deal in deals if deal.turn is Turn.STARVED}
        self._to_pay = [
            deal for deal in deals if deal.seller_id in self._short and deal.turn in _PAID_FOR
        ]
        for deal in self._to_pay:
            for part in deal.parts:
                part.reckon()

    def is_short(self, seller_id: int) -> bool:
        """Whether the seller lacks money for an order at the present."""
        return seller_id in self._short

    def sum_for(self, seller_id: int, missing: int, owing: Collection[Deal]) -> int:
        """What is sent where `missing` pence are needed at once for what is `owing`."""
        usual = max(self._rng.choice(SUMS), _rounded_up(missing))
        if not self.is_short(seller_id):
            return usual
        # The last sum is just enough for everything but the orders that shall wait.
        enough = _rounded_up(missing + self._to_come(seller_id, owing))
        return enough if enough < usual + SUMS[0] else usual

    def _to_come(self, seller_id: int, owing: Collection[Deal]) -> int:
        known = {id(deal) for deal in owing}
        return sum(
            deal.cost_minor
            for deal in self._to_pay
            if deal.seller_id == seller_id and not deal.payment and id(deal) not in known
        )


def _rounded_up(amount: int) -> int:
    return max(1, -(-amount // ROUND)) * ROUND
