"""Questions in a chat, and a help centre that knows what a test says it knows.

Retrieval has tests of its own: here it finds what it is told to (`knows`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from assistant.model_server import Server, Turn, serving
from cast import Cast
from parley.assistant import answering, with_model
from parley.assistant.models import Outcome, Question
from parley.assistant.retrieving import FoundPassage, Hit, Retrieval
from parley.messenger.asking import ask
from parley.messenger.models import Chat
from parley.parties.models import Membership

SHIP = """\
Open the order and press **Ship**.

1. Choose the carrier.
2. Enter the tracking number.
3. Press **Send**. See [the fees](../rules/fees.md#small).

Orders ship within 2 working days. Parcels over 30 kg are not taken.
"""


@dataclass
class HelpCentre:
    """What is found, whatever is asked. Nothing, until a test says so."""

    found: list[Hit] = field(default_factory=list)
    outcome: Outcome = Outcome.UNKNOWN
    confidence: float = 0.1
    asked: list[tuple[str, str, Membership | None]] = field(default_factory=list)
    breaks: Exception | None = None

    def __call__(
        self, outcome: Outcome = Outcome.ANSWER, *found: Hit, confidence: float = 0.9
    ) -> None:
        self.found = list(found) or [article()]
        self.outcome, self.confidence = outcome, confidence

    def retrieve(self, question: str, *, language: str, reader: Membership | None) -> Retrieval:
        if self.breaks:
            raise self.breaks
        self.asked.append((question, language, reader))
        return Retrieval(hits=tuple(self.found), outcome=self.outcome, confidence=self.confidence)


def article(
    path: str = "orders/ship-an-order",
    title: str = "Ship an order",
    body: str = SHIP,
    *,
    heading: str = "",
    anchor: str = "",
    language: str = "en",
    score: float = 0.9,
) -> Hit:
    """An article that was found, by one passage."""
    text = body.replace("*", "")
    passage = FoundPassage(heading=heading, anchor=anchor, body=body, text=text, score=score)
    return Hit(
        article_id=1, path=path, title=title, language=language, score=score, passages=(passage,)
    )


@pytest.fixture
def knows(monkeypatch: pytest.MonkeyPatch) -> HelpCentre:
    centre = HelpCentre()
    monkeypatch.setattr(answering, "retrieve", centre.retrieve)
    return centre


Asks = Callable[..., Question]


@pytest.fixture
def asks(cast: Cast, knows: HelpCentre) -> Asks:
    """Ask something in the messenger: `asks("Where is order 1042?", by=cast.supplier)`; not answered yet."""

    def asks(
        text: str, *, by: Membership | None = None, chat: Chat | None = None, language: str = "en"
    ) -> Question:
        asked = ask(chat.pk if chat else None, text, by=by or cast.seller, language=language)
        return Question.objects.filter(chat=asked).latest("pk")

    return asks


@pytest.fixture
def answers(asks: Asks) -> Asks:
    """Ask, and let the assistant answer; gives the question as it then is."""

    def answers(text: str, **given: Any) -> Question:
        question = asks(text, **given)
        answering.answer(question.pk)
        return Question.objects.select_related("reply", "chat").get(pk=question.pk)

    return answers


@pytest.fixture
def model(settings: Any) -> Iterator[Callable[..., Server]]:
    """Configure a model that takes these turns; gives its server."""
    running: list[Any] = []

    def model(*turns: Turn) -> Server:
        served = serving(*turns)
        server = served.__enter__()
        running.append(served)
        settings.MODEL, settings.MODEL_URL = "openai:scripted", server.address
        settings.MODEL_KEY, settings.MODEL_SECONDS = "the-key-of-the-test", 20
        with_model.warm_up()
        return server

    yield model
    for served in running:
        served.__exit__(None, None, None)
