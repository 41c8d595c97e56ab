"""Public holidays by country, looked up a year at a time and kept."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache


class UnknownCountry(ValueError):
    """The country, or its subdivision, has no list of public holidays."""


def public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    """Give the public holidays of a country in a year, substitute days included.

    `country` is an ISO 3166 code (`GB`), '' for none; `subdivision` its part (`SCT`), '' for the
    days the whole country shares. Raises `UnknownCountry`.
    """
    if not country:
        return frozenset()
    return _looked_up(country, subdivision, year)


@cache
def countries() -> dict[str, dict[str, str]]:
    """The countries whose public holidays are known (ISO 3166), each with its parts: code → name."""
    import holidays  # here, for the reason below

    return {
        code: _parts(code, tuple(parts))
        for code, parts in sorted(holidays.list_supported_countries(include_aliases=False).items())
    }


def _parts(country: str, codes: tuple[str, ...]) -> dict[str, str]:
    import holidays

    names: dict[str, str] = {}
    aliases = getattr(holidays.country_holidays(country), "subdivisions_aliases", {}) or {}
    for name, code in aliases.items():
        names.setdefault(code, name)
    return {code: names.get(code, code) for code in codes}


@lru_cache(maxsize=1024)
def _looked_up(country: str, subdivision: str, year: int) -> frozenset[date]:
    import holidays  # here: it takes half a second, which the start of the site need not wait for

    try:
        days = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    except NotImplementedError as unknown:
        raise UnknownCountry(f"No public holidays known for {country} {subdivision}") from unknown
    return frozenset(days)
