"""What a model writes for an agent: checked, and done without where it is in trouble (M7)."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.model_server import Fails, Says, sentence
from assistant.test_suggesting import Library, payout_ticket
from cast import Cast
from parley.assistant import suggesting
from parley.assistant.helping_agents import suggest_with_model, sum_up_with_model
from parley.conversations.models import Message
from parley.tickets.replying import Reply, reply


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    library = Library()
    monkeypatch.setattr(suggesting, "retrieve", library.retrieve)
    return library


def test_the_models_reply_keeps_only_what_the_passages_say(
    cast: Cast, library: Library, model: Any
) -> None:
    model(
        Says(
            [
                sentence("Open the order.", "P1", step=True),
                sentence("Press Track.", "P1", step=True),
                sentence("We have refunded you £500.", "P1"),
                sentence("Wait nine weeks.", "P1"),
                sentence("Press Track.", "P99"),
            ]
        )
    )
    ticket = payout_ticket(cast, text="Where is my parcel?")
    said = Message.objects.count()
    found = suggest_with_model(ticket.pk, by=cast.agent)
    assert found is not None
    assert found.text.startswith("Hello Selma,")
    assert "1. Open the order.\n2. Press Track." in found.text
    for unsaid in ("refunded", "nine weeks"):
        assert unsaid not in found.text
    assert found.answerer == "openai:scripted"
    assert [source["id"] for source in found.sources] == ["orders/late-parcels"]
    assert Message.objects.count() == said, "nothing is sent by itself"


def test_a_model_in_trouble_leaves_what_was_put_together_without_it(
    cast: Cast, library: Library, model: Any
) -> None:
    model(Fails(500), Says([sentence("The moon is made of cheese.", "P1")]))
    ticket = payout_ticket(cast, text="Where is my parcel?")
    assert suggest_with_model(ticket.pk, by=cast.agent) is None
    assert suggest_with_model(ticket.pk, by=cast.agent) is None


def test_a_summary_says_only_what_the_messages_say_and_where(cast: Cast, model: Any) -> None:
    ticket = payout_ticket(cast, text="The payout of £120.00 has not arrived.")
    answer = reply(ticket.pk, Reply(text="The bank returned the payout on Friday."), by=cast.agent)
    first = Message.objects.filter(conversation=ticket.conversation_id).earliest("pk")
    model(
        Says(
            [
                sentence("The payout of £120.00 has not arrived.", f"M{first.pk}"),
                sentence("The bank returned the payout on Friday.", f"M{answer.pk}"),
                sentence("The payout of £999.00 has not arrived.", f"M{first.pk}"),
            ]
        )
    )
    assert sum_up_with_model(ticket.pk, by=cast.agent) == [
        ("The payout of £120.00 has not arrived.", first.pk),
        ("The bank returned the payout on Friday.", answer.pk),
    ]
