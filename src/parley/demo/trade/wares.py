"""The products of the demo, as written in `content/products.toml`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from parley.demo.reading_content import content
from parley.ledger.money import BASIS_POINTS

USUAL_VAT_BP = BASIS_POINTS // 5


@dataclass(frozen=True, kw_only=True)
class Ware:
    """One product: `supplier` is its company's key, `kind` its kind of goods.

    `price_minor` is net, in pence; `russian` is what Russian-speaking sellers call it, if anything.
    """

    supplier: str
    kind: str
    sku: str
    own_id: str
    title: str
    russian: str
    price_minor: int
    vat_bp: int
    grams: int
    description: str

    def called_in(self, language: str) -> str:
        """Its title in a seller's language, or else in English."""
        return (self.russian if language == "ru" else "") or self.title


@cache
def wares() -> tuple[Ware, ...]:
    """All products, those of one supplier together."""
    written = content("products")
    suppliers = [key for key in written if key not in ("vat", "about")]
    return tuple(ware for key in suppliers for ware in _of_supplier(key, written[key]))


@cache
def wares_of(supplier: str) -> tuple[Ware, ...]:
    """The products of one supplier, by its company's key."""
    return tuple(ware for ware in wares() if ware.supplier == supplier)


def called(titles: Iterable[str], among: Iterable[Ware]) -> list[Ware]:
    """Those that bear one of the titles, in either language."""
    wanted = set(titles)
    return [ware for ware in among if {ware.title, ware.russian} & wanted]


def _of_supplier(key: str, table: dict[str, Any]) -> list[Ware]:
    prefix = table["prefix"]
    made: list[Ware] = []
    for kind, entries in table.items():
        if kind == "prefix":
            continue
        for entry in entries:
            made.append(_ware(key, prefix, kind, entry, len(made)))
    return made


def _ware(supplier: str, prefix: str, kind: str, entry: list[Any], number: int) -> Ware:
    title, price, grams, *russian = entry
    return Ware(
        supplier=supplier,
        kind=kind,
        sku=f"{prefix}-{_abbreviated(title)}-{101 + number}",
        own_id=f"{prefix}{70_000 + 37 * number}",
        title=title,
        russian=russian[0] if russian else "",
        price_minor=price,
        vat_bp=_vat_on(title),
        grams=grams,
        description=_described(title, kind, grams),
    )


def _abbreviated(title: str) -> str:
    """Three capitals of the first word that has as many."""
    words = ("".join(c for c in word if c.isascii() and c.isalpha()) for word in title.split())
    return next((word[:3].upper() for word in words if len(word) > 2), "ART")


def _vat_on(title: str) -> int:
    for rate, titles in content("products")["vat"].items():
        if title in titles:
            return int(rate) * 100
    return USUAL_VAT_BP


def _described(title: str, kind: str, grams: int) -> str:
    rng = Random(title)  # noqa: S311 - the same words each time
    about = content("products")["about"]
    weight = f"{grams} g" if grams < 1000 else f"{grams / 1000:.1f} kg"
    said = [
        rng.choice(about[kind]["says"]),
        rng.choice(about["all"]["says"]).format(weight=weight),
        rng.choice(about["all"]["ends"]),
    ]
    return " ".join(said)
