"""Greetings, thanks, and asking for a person, who is offered at once."""

from __future__ import annotations

import pytest

from assistant.conftest import Asks, HelpCentre
from parley.assistant import small_talk
from parley.assistant.models import Outcome

PERSON = [
    "talk to a human", "Talk to a person", "I want to speak to someone", "operator",
    "agent please", "human!",
    "can I talk to a real person?", "please connect me with an agent", "I need a human",
    "get me a person now",
    "оператор", "Позовите оператора", "соедините меня с человеком", "хочу поговорить с человеком",
    "мне нужен живой человек", "можно поговорить со специалистом?", "переключите на оператора",
    "человек",
]  # fmt: skip
GREETING = [
    "hi",
    "Hello!",
    "hey there",
    "good morning",
    "привет",
    "Здравствуйте!",
    "добрый день",
    "Привет всем",
]
THANKS = [
    "thanks",
    "Thank you so much!",
    "ok thanks",
    "спасибо",
    "Большое спасибо",
    "спасибо большое",
    "great, thanks!",
]
WHO = [
    "are you a bot?",
    "are you human",
    "who are you?",
    "ты бот?",
    "вы робот?",
    "я общаюсь с ботом?",
]
NEITHER = [
    "how do I ship an order", "hello, how do I ship an order?",
    "who is the operator of this marketplace?",
    "what does the agent do with my ticket", "can a person see my tickets",
    "спасибо, а как отгрузить заказ?",
    "как пригласить человека в компанию", "how do I add a person to my company",
    "operator decides the dispute when", "привет, где мой заказ 1042",
    "do you ship to human resources", "support PIN",
]  # fmt: skip


@pytest.mark.parametrize("text", PERSON)
def test_who_asks_for_a_person_is_offered_one(text: str) -> None:
    said = small_talk.answer(text)
    assert said is not None
    assert said.outcome == Outcome.PERSON
    assert "Talk to a person" in said.text


@pytest.mark.parametrize("text", [*GREETING, *THANKS, *WHO])
def test_what_is_no_question_is_answered_shortly(text: str) -> None:
    said = small_talk.answer(text)
    assert said is not None
    assert (said.outcome, said.sources) == (Outcome.NONE, ())


@pytest.mark.parametrize("text", WHO)
def test_it_says_that_it_is_a_machine(text: str) -> None:
    said = small_talk.answer(text)
    assert said is not None
    assert "I am a machine" in said.text


@pytest.mark.parametrize("text", NEITHER)
def test_a_question_is_none_of_that(text: str) -> None:
    assert small_talk.answer(text) is None


def test_files_and_marks_alone_are_not_read(answers: Asks, knows: HelpCentre) -> None:
    question = answers("???")
    assert question.outcome == Outcome.UNKNOWN
    assert question.reply is not None
    assert "Talk to a person" in question.reply.text
    assert knows.asked == []
