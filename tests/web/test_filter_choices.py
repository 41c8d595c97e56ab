"""The filter panel tells nobody of companies they have nothing to do with."""

from __future__ import annotations

import pytest

from cast import Cast
from web.pages import Browser

pytestmark = pytest.mark.django_db


def test_nobody_is_told_of_their_rivals(cast: Cast) -> None:
    rivals = {"seller": cast.second_seller, "supplier": cast.second_supplier}
    others = {"seller": cast.second_supplier, "supplier": cast.second_seller}
    for name, rival in rivals.items():
        browser = Browser(getattr(cast, name))
        panel = browser.see("/tickets/filters/").html
        assert rival.name not in panel
        assert others[name].name in panel
        assert rival.name not in browser.see(f"/tickets/?party={rival.pk}").html


def test_the_operator_picks_among_all(cast: Cast) -> None:
    panel = Browser(cast.agent).see("/tickets/filters/").html
    for party in (cast.bright_home, cast.second_seller, cast.northwind, cast.second_supplier):
        assert party.name in panel
