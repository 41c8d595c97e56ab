"""Who buys from the demo's sellers: names, and addresses all over the United Kingdom."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from parley.demo.reading_content import content

_INWARD = "ABDEFGHJLNPQRSTUWXYZ"
"""The letters that end a British postcode: never C, I, K, M, O or V (Royal Mail, PAF digest)."""
IN_A_HOUSE_WITH_A_NAME = 0.05
AT_A_COMPANY = 0.06
IN_A_FLAT = 0.15
PHONE = 0.5


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """The recipient of an order, as the columns of `orders.models.Address` without their `to_`."""

    name: str
    company: str
    street: str
    city: str
    region: str
    postcode: str
    country: str
    phone: str
    email: str

    def columns(self) -> dict[str, str]:
        return {f"to_{name}": value for name, value in vars(self).items()}


def somebody(rng: Random, *, cyrillic: float = 0, far: bool = False) -> Buyer:
    """A buyer; `cyrillic` is how likely they write their name so, `far`: where few suppliers ship."""
    written = content("buyers")
    town, region, districts = rng.choice(written["far" if far else "towns"])
    name = _name(written, rng, cyrillic)
    company = rng.choice(written["companies"]) if rng.random() < AT_A_COMPANY else ""
    return Buyer(
        name=name,
        company=company,
        street=_street(written, rng),
        city=town,
        region=region,
        postcode=f"{rng.choice(districts)} {rng.randrange(1, 10)}"
        f"{rng.choice(_INWARD)}{rng.choice(_INWARD)}",
        country="GB",
        # Ofcom keeps 07700 900000 to 900999 for stories: they ring nobody.
        phone=f"07700 900{rng.randrange(1000):03}" if rng.random() < PHONE else "",
        email=_email(name, rng),
    )


def _name(written: dict[str, Any], rng: Random, cyrillic: float) -> str:
    if rng.random() < cyrillic:
        return str(rng.choice(written["cyrillic"]))
    first = rng.choice(written["first"])
    if rng.random() < 0.12:
        first = f"{first[0]}."
    return f"{first} {rng.choice(written['last'])}"


def _street(written: dict[str, Any], rng: Random) -> str:
    street = rng.choice(written["streets"])
    if rng.random() < IN_A_HOUSE_WITH_A_NAME:
        return f"{rng.choice(written['houses'])}\n{street}"
    line = f"{rng.randrange(1, 148)} {street}"
    return f"Flat {rng.randrange(1, 24)}\n{line}" if rng.random() < IN_A_FLAT else line


def _email(name: str, rng: Random) -> str:
    last = name.rsplit(maxsplit=1)[-1].lower()
    stem = last if last.isascii() else "buyer"
    return f"{stem}{rng.randrange(10, 990)}@mail.example"
