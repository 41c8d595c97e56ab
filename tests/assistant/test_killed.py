"""A worker killed with SIGKILL anywhere: one answer or a person, never silence, never two answers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from assistant.conftest import Asks
from parley.assistant import answering, sweeping
from parley.assistant.claiming import MOST_TRIES, SECONDS_TO_ANSWER
from parley.assistant.models import Outcome, Question, QuestionState
from parley.conversations.models import Message
from parley.journal.models import Entry
from parley.journal.moment import at, now

PLACES = [
    ("answering", "claim", "before"),
    ("answering", "claim", "after"),
    ("answering", "retrieve", "before"),
    ("answering", "settle", "before"),
    ("settling", "say_as_assistant", "before"),
    ("settling", "say_as_assistant", "after"),
    ("settling", "_keep", "after"),
    ("answering", "settle", "after"),
]


def killed(question: Question, *place: str) -> None:
    worker = [sys.executable, str(Path(__file__).with_name("dying.py"))]
    ended = subprocess.run(
        [*worker, str(question.pk), *place],
        env={**os.environ, "DATABASE_URL": _this_database()},
        timeout=120,
        check=False,
    )
    assert ended.returncode == -9


def replies(question: Question) -> int:
    said = Message.objects.filter(conversation=question.chat_id, person=None).count()
    assert Entry.objects.filter(kind="AssistantAnswered").count() == said
    return said


@pytest.mark.parametrize("place", PLACES, ids=[" ".join(place) for place in PLACES])
def test_another_worker_answers_once(
    transactional_db: None, asks: Asks, place: tuple[str, str, str]
) -> None:
    question = asks("What is the weather in Perth?")
    killed(question, *place)
    assert replies(question) == (1 if place == ("answering", "settle", "after") else 0)
    with at(now() + timedelta(seconds=SECONDS_TO_ANSWER + 1)):
        sweeping.sweep()
        answering.answer(question.pk)
        answering.answer(question.pk)
        sweeping.sweep()
    assert replies(question) == 1
    question.refresh_from_db()
    assert (question.state, question.outcome) == (QuestionState.DONE, Outcome.UNKNOWN)


def test_one_that_kills_every_worker_ends_with_a_person(transactional_db: None, asks: Asks) -> None:
    question = asks("What is the weather in Perth?")
    for _try in range(MOST_TRIES):
        killed(question, "answering", "retrieve", "before")
        # The time it would take for the claim to run out.
        Question.objects.filter(pk=question.pk).update(claimed_until=now())
    with at(now() + timedelta(seconds=sweeping.SECONDS_UNTIL_AGAIN)):
        sweeping.sweep()
        answering.answer(question.pk)
    assert replies(question) == 1
    question.refresh_from_db()
    assert question.outcome == Outcome.FAILED
    assert question.reply is not None
    assert "Talk to a person" in question.reply.text


def _this_database() -> str:
    name = connection.settings_dict["NAME"]
    return re.sub(r"@/[^?]*", f"@/{name}", os.environ["DATABASE_URL"], count=1)
