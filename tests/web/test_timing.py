"""How long tickets wait, as an administrator settles it (T5, T8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cast import Cast
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.tickets.replying import Reply, reply
from parley.tickets.timing import cool_down, time_to_complete
from web.pages import Browser, Page

HERE = "/desk/administration/timing/"


def test_what_is_settled_holds_at_once_and_can_be_left_to_the_server(
    cast: Cast, settings: Any
) -> None:
    settings.COOL_DOWN_MINUTES, settings.AUTO_COMPLETE_DAYS = 15, 5
    admin = Browser(cast.admin)
    admin.send(HERE, HERE, cool_down="0", auto_complete="9")
    assert (cool_down(), time_to_complete()) == (timedelta(), timedelta(days=9))
    told = Entry.objects.filter(kind="SettingChanged").order_by("pk")
    assert [(e.data["key"], e.data["was"], e.data["now"]) for e in told] == [
        ("tickets.cool_down_minutes", "server", 0), ("tickets.auto_complete_days", "server", 9),
    ]  # fmt: skip
    ticket = cast.ticket()
    with at(now()):
        reply(ticket.pk, Reply(text="It is on its way."), by=cast.supplier)
        ticket.refresh_from_db()
        assert ticket.completes_at == now() + timedelta(days=9)
    admin.send(HERE, HERE, cool_down="", auto_complete="")
    assert (cool_down(), time_to_complete()) == (timedelta(minutes=15), timedelta(days=5))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"cool_down": "soon"}, "Write minutes from 0"),
        ({"cool_down": "99999"}, "Write minutes from 0"),
        ({"auto_complete": "0"}, "Write days from 1"),
        ({"auto_complete": "-1"}, "Write days from 1"),
    ],
)
def test_a_refusal_keeps_what_was_typed(cast: Cast, typed: dict[str, str], words: str) -> None:
    page = Page(Browser(cast.admin).post(HERE, {"cool_down": "7", "auto_complete": "3"} | typed))
    assert page.status == 422
    assert words in page.words
    assert page.form(HERE).fields.items() >= {k: [v] for k, v in typed.items()}.items()
    assert not Entry.objects.filter(kind="SettingChanged").exists()
