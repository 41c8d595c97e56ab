"""Public holidays by country, looked up a year at a time and kept."""

from __future__ import annotations

from datetime import date
from functools import lru_cache


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


@lru_cache(maxsize=1024)
def _looked_up(country: str, subdivision: str, year: int) -> frozenset[date]:
    import holidays  # here: it takes half a second, which the start of the site need not wait for

    try:
        days = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    except NotImplementedError as unknown:
        raise UnknownCountry(f"No public holidays known for {country} {subdivision}") from unknown
    return frozenset(days)
