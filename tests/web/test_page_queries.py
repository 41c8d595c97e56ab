"""How often the pages of trade ask the database: six times at most, whoever looks at them.

The dashboard asks once more: it is three things at a glance (figures, what is open, the mail that waits).
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Cast
from web.matrix import WHO_MAY
from web.pages import Browser
from web.scene import Scene

MOST = 6
ASKS_MORE = {"reports:overview": 7}
PLACES = (
    "orders", "products", "money", "channels", "exports", "feeds", "writing", "help",
    "administration", "security", "support", "reports", "scorecards",
    "people",
    "directory", "mail", "mailboxes",
)  # fmt: skip
GUESSES = "channels:line_products"
"""A piece of the page of an order that is not linked: it looks for the SKU, and then for the title."""
PAGES = [
    name
    for name, rule in WHO_MAY.items()
    if name.partition(":")[0] in PLACES and "GET" in rule.methods and name != GUESSES
]


@pytest.mark.parametrize("role", ["seller", "supplier", "lead"])
def test_a_page_of_trade_asks_little(cast: Cast, role: str, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    scene, browser = Scene(cast), Browser(cast.everybody[role])
    too_many = {}
    for name in PAGES:
        if role not in WHO_MAY[name].roles:
            continue
        path = scene.path(name)
        list(browser.get(path))
        with CaptureQueriesContext(connection) as captured:
            list(browser.get(path))
        if len(captured) > ASKS_MORE.get(name, MOST):
            too_many[path] = [query["sql"] for query in captured.captured_queries]
    assert not too_many
