"""What a notice says."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import translation

from cast import Cast
from mailboxes.letters import letter, proven, taken
from notifications.conftest import Tell
from parley.conversations.models import Audience
from parley.journal.recording import record
from parley.notifications.access import notices_of
from parley.notifications.folding import folded, one_line
from parley.notifications.recipients import KIND_OF
from parley.notifications.wording import sentence
from parley.parties.models import Membership
from parley.site.reactions import REACTIONS
from parley.sla.events import ClockRanOut
from parley.tickets.disputing import step_in
from parley.tickets.replying import Reply, reply
from parley.tickets.states import Side


def latest(who: Membership) -> str:
    notice = notices_of(who).first()
    assert notice is not None
    with translation.override("en"):
        return sentence(notice)


def test_a_colleague_is_named_alone_and_a_stranger_with_their_company(
    cast: Cast, tell: Tell
) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="A"), by=cast.supplier)
    reply(ticket.pk, Reply(text="B"), by=cast.supplier_member)
    tell()
    assert latest(cast.supplier) == "Никита Северов replied"
    assert latest(cast.seller) == "Никита Северов (Northwind Supply) replied"


def test_who_wrote_from_outside_is_named_once(cast: Cast, tell: Tell) -> None:
    with proven():
        taken(letter("Jane Doe <jane@elsewhere.example>"))
    tell()
    assert latest(cast.agent) == "Jane Doe opened a ticket"


def test_a_private_word_and_a_note_say_what_they_are(cast: Cast, tell: Tell) -> None:
    ticket = cast.ticket()
    step_in(ticket.pk, "Let me see.", by=cast.agent)
    step = "Агата Агентова (Harbour Market) stepped in"
    tell()
    assert latest(cast.seller) == step
    aside = Reply(text="Psst", audience=Audience.SIDE, side=Side.OPENER)
    reply(ticket.pk, aside, by=cast.seller)
    tell()
    assert latest(cast.agent) == "Selma Seller (Bright Home) wrote privately"
    reply(ticket.pk, Reply(text="Note", audience=Audience.OPERATOR), by=cast.lead)
    tell()
    assert latest(cast.agent) == "Léa Lead wrote an internal note"


def test_a_clock_that_ran_out_says_whose_it_was(cast: Cast, tell: Tell) -> None:
    ticket = cast.ticket()
    seen = (cast.bright_home.pk, cast.northwind.pk, cast.operator.pk)
    with transaction.atomic():
        record(
            ClockRanOut(ticket=ticket.pk, seen=seen, party=cast.northwind.pk, due_at=""), by=None
        )
    tell()
    assert latest(cast.supplier) == "Your time to answer has run out"
    assert latest(cast.seller) == "Northwind Supply has not answered in time"
    assert latest(cast.lead) == "Northwind Supply has not answered in time"


def test_everything_that_is_told_has_a_kind_and_words() -> None:
    from parley.notifications import telling, wording
    from parley.notifications.matters import MATTERS

    told = {event for event, later in REACTIONS.later.items() if telling.tell in later}
    assert told == set(KIND_OF) | set(MATTERS)
    assert {event.__name__ for event in told} == set(wording._BY_SOMEBODY) | set(
        wording._BY_THE_CLOCK
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain", "plain"),
        (" two \r\n lines ", "two lines"),
        ("a\x00b\u2028c\u200bd\x85e", "a b c d e"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_a_header_is_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


def test_folding_keeps_short_texts_and_cuts_long_ones_between_words() -> None:
    assert folded("short\ntext") == ("short\ntext", False)
    assert folded("a\n" * 200)[1]
    text, is_cut = folded("слово " * 2_000)
    assert is_cut
    assert text.endswith("слово")
    text, is_cut = folded("x" * 10_000)
    assert (len(text), is_cut) == (4_000, True)
