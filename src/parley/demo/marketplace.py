"""The companies and people of the demo marketplace, as written in `content/marketplace.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from parley.demo.reading_content import content

ZONE_OF = {"en": "Europe/London", "ru": "Europe/Moscow"}


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    name: str
    email: str
    role: str
    language: str
    time_zone: str
    signs_in: bool


@dataclass(frozen=True, kw_only=True)
class DemoParty:
    """A company; `goods` are the kinds of products a supplier holds, `details` stand on its papers."""

    key: str
    name: str
    kind: str
    goods: tuple[str, ...]
    details: Mapping[str, str]
    people: tuple[DemoPerson, ...]

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(person.language for person in self.people)

    @property
    def is_shown(self) -> bool:
        """Whether the sign-in page offers to be one of its people."""
        return any(person.signs_in for person in self.people)


@cache
def parties() -> tuple[DemoParty, ...]:
    """All companies: the operator first, then sellers, then suppliers."""
    return tuple(_party(table) for table in content("marketplace")["party"])


def password() -> str:
    """The password of everyone in the demo."""
    return str(content("marketplace")["password"])


def accounts() -> list[tuple[str, str, str]]:
    """One person of each role as (role in words, e-mail, password), for the demo's sign-in page."""
    found = [
        (_role_in_words(party, person), person.email, password())
        for party in parties()
        for person in party.people
        if person.signs_in
    ]
    return sorted(found, key=lambda account: _ORDER.index(account[0]))


_ORDER = [
    "seller owner",
    "seller member",
    "seller owner, in Russian",
    "supplier owner",
    "supplier member",
    "operator agent",
    "operator lead",
    "operator admin",
]


def _role_in_words(party: DemoParty, person: DemoPerson) -> str:
    spoken = ", in Russian" if person.language == "ru" else ""
    return f"{party.kind} {person.role}{spoken}"


def _party(table: dict[str, Any]) -> DemoParty:
    people = table["people"]
    return DemoParty(
        key=table["key"],
        name=table["name"],
        kind=table["kind"],
        goods=tuple(table.get("goods", ())),
        details={
            "legal_name": table["legal_name"],
            "address": "\n".join(table["address"]),
            "country": table["country"],
            "vat_number": table["vat_number"],
        },
        people=tuple(_person(table, entry, first=entry is people[0]) for entry in people),
    )


def _person(party: dict[str, Any], entry: dict[str, Any], *, first: bool) -> DemoPerson:
    language = entry.get("language", "en")
    return DemoPerson(
        name=entry["name"],
        email=f"{entry['email']}@{party['domain']}",
        role=entry.get("role") or ("owner" if first else "member"),
        language=language,
        time_zone=entry.get("time_zone", ZONE_OF[language]),
        signs_in=entry.get("sign_in", False),
    )
