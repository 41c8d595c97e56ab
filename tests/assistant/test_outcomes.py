"""What becomes of answers: said to have helped, assumed by silence, handed over, asked on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from assistant.conftest import Asks, HelpCentre
from cast import Cast
from parley.assistant import outcomes
from parley.assistant.models import Helped, Outcome, Question
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.messenger.handing_over import hand_over
from parley.messenger.models import Chat
from parley.tickets.models import Priority

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(answers: Asks, knows: HelpCentre) -> Question:
    knows(Outcome.ANSWER)
    return answers("How do I ship an order?")


def helped(question: Question) -> str:
    return Question.objects.get(pk=question.pk).helped


def to_people(question: Question, cast: Cast) -> None:
    hand_over(question.chat_id, by=cast.seller, priority=Priority.QUESTION, text="Please help")


def test_the_asker_says_so(answered: Question, cast: Cast) -> None:
    assert outcomes.helped(answered.pk, by=cast.seller).helped == Helped.SAID
    outcomes.helped(answered.pk, by=cast.seller)
    assert Entry.objects.filter(kind="AnswerHelped").count() == 1
    assert Chat.objects.get(pk=answered.chat_id).state == "helped"


def test_nobody_else_can(answered: Question, cast: Cast) -> None:
    for name, who in cast.everybody.items():
        if name != "seller":
            with pytest.raises(Question.DoesNotExist):
                outcomes.helped(answered.pk, by=who)
    assert helped(answered) == Helped.NONE


def test_not_of_an_answer_that_was_none(answers: Asks, cast: Cast) -> None:
    with pytest.raises(Question.DoesNotExist):
        outcomes.helped(answers("What is the weather?").pk, by=cast.seller)


def test_silence_is_assumed_to_mean_it_and_kept_apart(
    answered: Question, answers: Asks, knows: HelpCentre, settings: Any
) -> None:
    knows.outcome = Outcome.UNKNOWN
    unknown = answers("What is the weather?")
    assert outcomes.assume_helped() == 0
    with at(now() + timedelta(hours=settings.SILENT_HOURS, minutes=1)):
        assert outcomes.assume_helped() == 1
        assert outcomes.assume_helped() == 0
    assert helped(answered) == Helped.ASSUMED
    assert helped(unknown) == Helped.NONE


def test_who_goes_on_is_not_silent(answered: Question, asks: Asks, settings: Any) -> None:
    with at(now() + timedelta(hours=settings.SILENT_HOURS - 1)):
        asks("And then?", chat=answered.chat)
    with at(now() + timedelta(hours=settings.SILENT_HOURS + 1)):
        assert outcomes.assume_helped() == 0
    assert helped(answered) == Helped.ASKED_ON


def test_handed_over(answered: Question, answers: Asks, cast: Cast) -> None:
    second = answers("And how do I ship two?", chat=answered.chat)
    to_people(second, cast)
    assert (helped(answered), helped(second)) == (Helped.ASKED_ON, Helped.HANDED_OVER)


def test_silence_that_ends_with_a_person_was_no_help(
    answered: Question, cast: Cast, settings: Any
) -> None:
    with at(now() + timedelta(hours=settings.SILENT_HOURS + 1)):
        outcomes.assume_helped()
        to_people(answered, cast)
    assert helped(answered) == Helped.HANDED_OVER


def test_what_helped_stays_so(answered: Question, cast: Cast) -> None:
    outcomes.helped(answered.pk, by=cast.seller)
    to_people(answered, cast)
    assert helped(answered) == Helped.SAID
    with pytest.raises(Question.DoesNotExist):
        outcomes.helped(answered.pk, by=cast.seller)
