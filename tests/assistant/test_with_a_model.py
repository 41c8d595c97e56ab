"""Answers that a model writes: checked sentence by sentence, shown as they come; and its troubles."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from typing import Any

import pytest

from assistant.conftest import Asks, HelpCentre, article
from assistant.model_server import (
    Calls,
    Endless,
    Fails,
    Hangs,
    Raw,
    Says,
    Server,
    Talks,
    sentence,
)
from cast import Cast
from parley.assistant import answering, composing
from parley.assistant.models import Outcome, Question
from parley.journal import telling
from parley.messenger.models import Chat
from shop import Shop

pytestmark = pytest.mark.django_db

ASKED = "How do I ship an order?"
GOOD = [
    sentence("Open the order and press Ship.", "P1"),
    sentence("Choose the carrier.", "P1", step=True),
    sentence("Enter the tracking number.", "P1", step=True),
    sentence("Orders ship within 2 working days.", "P1"),
]


def text_of(question: Question) -> str:
    assert question.reply is not None
    return question.reply.text


class TestTheAnswer:
    def test_is_what_the_sources_say(self, answers: Asks, knows: HelpCentre, model: Any) -> None:
        knows(Outcome.ANSWER)
        model(Says(GOOD))
        question = answers(ASKED)
        assert (question.outcome, question.answerer) == (Outcome.ANSWER, "openai:scripted")
        assert question.reply is not None
        assert question.reply.is_assistants
        assert question.reply.html.count("<li>") == 2
        assert "Open the order and press Ship." in text_of(question)
        assert [source["id"] for source in question.sources] == ["orders/ship-an-order"]
        assert question.sources[0]["address"] in text_of(question)
        assert (question.trouble, question.so_far) == ("", "")

    def test_leaves_out_what_they_do_not_say(
        self, answers: Asks, knows: HelpCentre, model: Any
    ) -> None:
        knows(Outcome.ANSWER)
        model(
            Says(
                [
                    sentence("Open the order and press Ship.", "P1"),
                    sentence("Shipping is free of charge on Sundays.", "P1"),
                    sentence("Orders ship within 9 working days.", "P1"),
                    sentence("Orders don't ship within 2 working days.", "P1"),
                    sentence("Choose the carrier.", "P7"),
                    sentence("Choose the carrier."),
                    sentence("I have shipped it for you.", "P1"),
                ]
            )
        )
        text = text_of(answers(ASKED))
        assert text.startswith("Open the order and press Ship.\n\nFrom:")

    def test_with_nothing_left_does_not_know(
        self, answers: Asks, knows: HelpCentre, model: Any
    ) -> None:
        knows(Outcome.ANSWER)
        model(Says([sentence("Shipping is free of charge on Sundays.", "P1")]))
        question = answers(ASKED)
        assert (question.outcome, text_of(question)) == (
            Outcome.UNKNOWN,
            composing.unknown().text,
        )

    def test_of_a_model_that_knows_none_offers_what_was_found(
        self, answers: Asks, knows: HelpCentre, model: Any
    ) -> None:
        knows(Outcome.ANSWER)
        model(Says([]))
        question = answers(ASKED)
        assert question.outcome == Outcome.OFFER
        assert "Talk to a person" in text_of(question)

    def test_is_in_the_language_of_the_question(
        self, answers: Asks, knows: HelpCentre, model: Any
    ) -> None:
        knows(Outcome.ANSWER)
        server = model(Says([sentence("Заказы отгружаются в течение 2 рабочих дней.", "P1")]))
        question = answers("Когда отгружаются заказы?", language="ru")
        assert server.data()["answer_in"] == "ru"
        assert "2 рабочих дней" in text_of(question)

    def test_is_not_asked_for_where_nothing_was_found(self, answers: Asks, model: Any) -> None:
        server = model(Says(GOOD))
        assert answers("What is the weather in Perth?").outcome == Outcome.UNKNOWN
        assert server.asked == []

    def test_is_asked_for_so_often_in_an_hour(
        self, answers: Asks, knows: HelpCentre, model: Any, settings: Any, cast: Cast
    ) -> None:
        knows(Outcome.ANSWER)
        server = model(Says(GOOD))
        settings.MODEL_PER_HOUR = 2
        by = [answers(ASKED).answerer for _n in range(3)]
        assert by == ["openai:scripted", "openai:scripted", "built-in"]
        assert len(server.asked) == 2
        assert answers(ASKED, by=cast.supplier).answerer == "openai:scripted"


class TestWhatItIsGiven:
    def test_is_the_question_and_the_passages_as_data(
        self, answers: Asks, knows: HelpCentre, model: Any
    ) -> None:
        knows(Outcome.ANSWER, article(heading="By hand"))
        server = model(Says(GOOD))
        answers(ASKED)
        data = server.data()
        assert data["question"] == ASKED
        assert [source["id"] for source in data["sources"]] == ["P1"]
        assert data["sources"][0]["title"] == "Ship an order · By hand"
        system = [m for m in server.asked[0]["messages"] if m["role"] != "user"]
        assert ASKED not in str(system)

    def test_has_its_key_in_the_header_and_nowhere_else(
        self, answers: Asks, knows: HelpCentre, model: Any
    ) -> None:
        knows(Outcome.ANSWER)
        server = model(Says(GOOD))
        answers(ASKED)
        assert server.headers[0]["authorization"] == "Bearer the-key-of-the-test"
        assert "the-key-of-the-test" not in server.read()

    def test_names_nobody(self, answers: Asks, knows: HelpCentre, model: Any, cast: Cast) -> None:
        knows(Outcome.ANSWER)
        server = model(Says(GOOD))
        answers(ASKED)
        read = server.read()
        assert cast.seller.person.name not in read
        assert cast.seller.person.email not in read
        tools = [tool["function"] for tool in server.asked[0]["tools"]]
        taken = {tool["name"]: sorted(tool["parameters"]["properties"]) for tool in tools}
        assert taken.pop("final_result") == ["sentences"]
        assert taken == {
            "find_order": ["number"],
            "find_ticket": ["number"],
            "my_recent_orders": [],
            "my_open_tickets": [],
        }


class TestLookingUp:
    def test_the_askers_own_order(self, answers: Asks, model: Any, shop: Shop) -> None:
        order = shop.passed()
        state = f"Paid · with {shop.cast.northwind.name} · to be shipped."
        server = model(
            Calls("find_order", {"number": f"#{order.number}"}),
            Says([sentence(state, f"O{order.pk}")]),
        )
        question = answers(f"How can my order {order.number} be so slow?")
        assert "to be shipped" in server.read()
        assert question.outcome == Outcome.ANSWER
        assert "to be shipped" in text_of(question)
        assert [(s["kind"], s["id"]) for s in question.sources] == [("order", order.pk)]

    def test_somebody_elses_is_as_if_there_were_none(
        self, answers: Asks, model: Any, shop: Shop, cast: Cast
    ) -> None:
        order = shop.passed()
        told = []
        for number in (str(order.number), "987654321"):
            server = model(Calls("find_order", {"number": number, "person": 1}), Says([]))
            question = answers("my order, somehow it worries me", by=cast.other_seller)
            assert question.outcome == Outcome.UNKNOWN
            results = [m["content"] for m in server.asked[1]["messages"] if m["role"] == "tool"]
            told.append(results)
        assert told[0] == told[1] == ['"none of the asker\'s"']
        assert "kettle" not in str(told)


class TestSentencesAppear:
    def test_as_they_are_checked(
        self,
        asks: Asks,
        knows: HelpCentre,
        model: Any,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        knows(Outcome.ANSWER)
        model(Says(GOOD, between=lambda _n: time.sleep(0.03)))
        question = asks(ASKED)
        seen: list[str] = []
        from parley.assistant import with_model

        def told(*topics: str) -> None:
            row = Question.objects.get(pk=question.pk)
            assert row.state == "answering"
            assert row.first_words_at is not None
            seen.append(row.so_far)
            telling.tell(*topics)

        monkeypatch.setattr(with_model, "tell", told)
        answering.answer(question.pk)
        assert len(seen) >= 2
        assert seen[0].startswith("Open the order")
        assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(seen))
        done = Question.objects.select_related("reply").get(pk=question.pk)
        assert text_of(done).startswith(seen[-1])
        assert done.first_words_at is not None
        assert done.done_at is not None
        assert done.first_words_at < done.done_at

    def test_no_more_once_people_have_the_chat(
        self, asks: Asks, knows: HelpCentre, model: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        knows(Outcome.ANSWER)
        server = model(Says(GOOD * 5, between=lambda _n: time.sleep(0.02)))
        question = asks(ASKED)
        from parley.assistant import with_model
        from parley.journal.moment import now

        def handed_over(*_topics: str) -> None:
            Chat.objects.filter(pk=question.chat_id).update(state="people", handed_over_at=now())

        monkeypatch.setattr(with_model, "tell", handed_over)
        answering.answer(question.pk)
        done = Question.objects.get(pk=question.pk)
        assert (done.state, done.reply, done.so_far) == ("done", None, "")
        assert len(server.asked) == 1


TROUBLE = {
    "an error of the server": Fails(500),
    "a refusal": Fails(400),
    "a wrong key": Fails(401),
    "too many questions": Fails(429),
    "no JSON at all": Fails(200, "<html>maintenance</html>"),
    "an empty body": Fails(200, ""),
    "broken JSON": Raw('{"sentences": [{"text": '),
    "JSON of another shape": Raw('{"answer": 42}'),
    "nothing in the form": Raw(""),
    "plain text": Talks("Open the order and press Ship."),
    "a refusal in words": Talks("I'm sorry, but I can't help with that."),
    "an empty text": Talks(""),
    "a stream that breaks off": Says(GOOD, breaks_after=160),
    "a stream that breaks off at once": Says(GOOD, breaks_after=3),
    "silence": Hangs(),
    "words without an end": Endless(),
    "text without an end": Endless(in_text=True),
    "a tool there is not": Calls("refund_order", {"number": "1042"}),
    "looking up without an end": Calls("my_recent_orders"),
}


@pytest.mark.parametrize("name", TROUBLE)
class TestTrouble:
    def test_is_answered_without_the_model(
        self, answers: Asks, knows: HelpCentre, model: Any, settings: Any, name: str
    ) -> None:
        knows(Outcome.ANSWER)
        model(TROUBLE[name])
        settings.MODEL_SECONDS = 2
        question = answers(ASKED)
        assert (question.outcome, question.answerer) == (Outcome.ANSWER, "built-in")
        assert question.trouble.startswith("model: ")
        assert question.so_far == ""
        assert "Choose the carrier" in text_of(question)

    def test_ends_with_a_person_where_nothing_sure_was_found(
        self, answers: Asks, knows: HelpCentre, model: Any, settings: Any, name: str
    ) -> None:
        knows(Outcome.OFFER, confidence=0.75)
        model(TROUBLE[name])
        settings.MODEL_SECONDS = 2
        question = answers(ASKED)
        assert question.outcome == Outcome.OFFER
        assert "Talk to a person" in text_of(question)


class TestConfigured:
    def test_a_server_that_is_not_there(
        self, answers: Asks, knows: HelpCentre, settings: Any
    ) -> None:
        knows(Outcome.ANSWER)
        settings.MODEL, settings.MODEL_URL = "openai:none", "http://127.0.0.1:9/v1"
        question = answers(ASKED)
        assert (question.outcome, question.answerer) == (Outcome.ANSWER, "built-in")
        assert "could not be reached" in question.trouble

    def test_anthropic(self, settings: Any) -> None:
        from pydantic_ai.models.anthropic import AnthropicModel

        from parley.assistant.modelling import connect

        settings.MODEL, settings.MODEL_KEY, settings.MODEL_URL = (
            "anthropic:claude-sonnet-5",
            "sk-ant-1",
            None,
        )

        async def build() -> Any:
            model, close = connect()
            await close()
            return model

        model = asyncio.run(build())
        assert isinstance(model, AnthropicModel)
        assert model.model_name == "claude-sonnet-5"
        client = model.client
        assert str(client.base_url).startswith("https://api.anthropic.com")
        assert (client.api_key, client.max_retries) == ("sk-ant-1", 0)

    def test_openai_itself(self, settings: Any) -> None:
        from pydantic_ai.models.openai import OpenAIChatModel

        from parley.assistant.modelling import connect

        settings.MODEL, settings.MODEL_KEY, settings.MODEL_URL = "openai:gpt-5-mini", "sk-1", None

        async def build() -> Any:
            model, close = connect()
            await close()
            return model

        model = asyncio.run(build())
        assert isinstance(model, OpenAIChatModel)
        assert str(model.client.base_url) == "https://api.openai.com/v1/"
        assert (model.client.api_key, model.client.max_retries) == ("sk-1", 0)

    @pytest.mark.parametrize("name", ["an error of the server", "a stream that breaks off"])
    def test_no_log_holds_what_was_asked_or_the_key(
        self,
        answers: Asks,
        knows: HelpCentre,
        model: Any,
        caplog: pytest.LogCaptureFixture,
        name: str,
    ) -> None:
        knows(Outcome.ANSWER)
        server: Server = model(TROUBLE[name])
        with caplog.at_level(logging.INFO):
            answers("How do I ship my secret pineapple?")
        assert len(server.asked) >= 1
        assert "answered without the model" in caplog.text
        assert "pineapple" not in caplog.text
        assert "the-key-of-the-test" not in caplog.text
        assert "Choose the carrier" not in caplog.text
