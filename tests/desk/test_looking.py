"""Who looks at a ticket, and who is writing."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest

from cast import Cast
from parley.desk.looking import (
    LOOKS_FOR,
    TYPES_FOR,
    forget_gone,
    look_away,
    note_looking,
    others_looking,
)
from parley.journal.moment import at, now
from parley.tickets.models import Ticket


def test_the_others_see_who_looks_and_who_writes_for_as_long_as_they_do(cast: Cast) -> None:
    ticket, start = cast.ticket(), now()
    with at(start):
        note_looking(ticket.pk, types=False, by=cast.lead)
        note_looking(ticket.pk, types=True, by=cast.agent)
        assert others_looking(ticket.pk, cast.admin) == [
            ("Агата Агентова", True),
            ("Léa Lead", False),
        ]
        assert [seen.name for seen in others_looking(ticket.pk, cast.agent)] == ["Léa Lead"]
    with at(start + TYPES_FOR):
        assert not any(seen.types for seen in others_looking(ticket.pk, cast.admin))
    with at(start + LOOKS_FOR):
        assert others_looking(ticket.pk, cast.admin) == []
    with at(start + 3 * LOOKS_FOR):
        assert forget_gone() == 2


def test_only_news_is_told(cast: Cast) -> None:
    ticket, start = cast.ticket(), now()
    with patch("parley.desk.looking.tell") as told:
        for seconds, types in ((0, False), (20, False), (21, True), (24, True), (40, False)):
            with at(start + timedelta(seconds=seconds)):
                note_looking(ticket.pk, types=types, by=cast.agent)
        assert told.call_count == 2, "that they came, and that they write; not each word of theirs"
        look_away(ticket.pk, by=cast.agent)
        look_away(ticket.pk, by=cast.agent)
        assert told.call_count == 3


@pytest.mark.parametrize("who", ["seller", "supplier", "other_seller"])
def test_nobody_else_is_noted(cast: Cast, who: str) -> None:
    with pytest.raises(Ticket.DoesNotExist):
        note_looking(cast.ticket().pk, types=False, by=cast.everybody[who])
