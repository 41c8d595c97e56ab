"""Telling a script with words of its own: the same story is never told twice in the same way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from parley.demo.reading_content import content
from parley.demo.trade.tracking import tracking_number

_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}


class Telling:
    """The words of one ticket: a slot keeps its word from the first turn to the last."""

    def __init__(
        self,
        rng: Random,
        *,
        language: str,
        goods: Sequence[str],
        opened_at: datetime,
        products: Sequence[str] = (),
        known: Mapping[str, str] | None = None,
        price: float | None = None,
    ) -> None:
        """`goods` are kinds of products to choose from; `products`, if given, the very ones.

        `known` are the words of slots that are not to be made up, and `price` is the one, in pounds,
        that all amounts go by.
        """
        self._rng = rng
        self._language = language
        self._words = self._slots(goods, opened_at, price)
        if products:
            self._words["product"] = rng.choice(products)
        self._words |= known or {}
        self._same = self._phrases()

    @property
    def order(self) -> str:
        """The order number of this ticket."""
        return self._words["order"]

    def tell(self, text: str, **names: str) -> str:
        """`text` with its slots filled, one of each choice taken, and phrases varied.

        `names` are slots of the moment: `me` and `them`. Raises KeyError for an unknown slot.
        """
        words = self._words | names
        filled = _SLOT.sub(lambda match: words[match[1]], text)
        chosen = _CHOICE.sub(lambda match: self._rng.choice(match[1].split("|")), filled)
        return self._varied(chosen)

    def _varied(self, text: str) -> str:
        for pattern, phrase in self._same:
            text = pattern.sub(phrase, text)
        return text

    def _phrases(self) -> list[tuple[re.Pattern[str], str]]:
        return [
            (re.compile(rf"\b(?:{'|'.join(map(re.escape, group))})\b"), self._rng.choice(group))
            for group in content("words")["same"][self._language]
        ]

    def _slots(
        self, goods: Sequence[str], opened_at: datetime, price: float | None
    ) -> dict[str, str]:
        rng, lists = self._rng, content("words")[self._language]
        words = {slot: rng.choice(choices) for slot, choices in lists.items()}
        kind = rng.choice(goods)
        price = price or rng.randrange(14, 120) + 0.9
        words |= {
            "product": rng.choice(content("words")["products"][kind][self._language]),
            "sku": f"{kind[:2].upper()}-{rng.randrange(100, 9999)}",
            "order": str(rng.randrange(100_100, 102_600)),
            "ref": str(rng.randrange(100_000, 999_999)),
            "hours": str(rng.randrange(11, 98)),
            "qty": str(rng.randrange(2, 7)),
            "many": str(rng.randrange(8, 46)),
            "price": self._money(price),
            "oldprice": self._money(price * 0.9),
            "amount": self._money(price * 0.2),
            "tracking": tracking_number(words["carrier"], rng),
            "tracking2": tracking_number(words["carrier"], rng),
        }
        return words | self._dates(opened_at)

    def _dates(self, opened_at: datetime) -> dict[str, str]:
        rng = self._rng
        before = rng.randrange(1, 4)
        days = {
            "date": -before,
            "date2": -before - rng.randrange(2, 6),
            "soon": rng.randrange(2, 5),
            "later": rng.randrange(12, 25),
        }
        return {slot: self._day(opened_at + timedelta(days=n)) for slot, n in days.items()}

    def _day(self, moment: datetime) -> str:
        return f"{moment.day} {_MONTHS[self._language].split()[moment.month - 1]}"

    def _money(self, amount: float) -> str:
        figure = f"{amount:.2f}"
        return f"£{figure}" if self._language == "en" else f"{figure.replace('.', ',')} £"


class Manners:
    """How one person begins and ends what they write; the same each time."""

    def __init__(self, name: str, language: str) -> None:
        rng = Random(name)  # noqa: S311 - a fixed habit, not a secret
        manners = content("words")["manners"][language]
        self._greeting = rng.choice(manners["greetings"])
        self._parting = rng.choice(manners["partings"])

    def around(self, text: str) -> str:
        """`text`, a first message with its slots, with this person's greeting and parting."""
        greets_already = re.match(r"\{?(Hello|Hi\b|Здравствуйте|Добрый день)", text)
        greeting = "" if greets_already else self._greeting
        return f"{greeting}{text}{self._parting}"
