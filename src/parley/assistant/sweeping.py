"""Seeing to the questions that nobody has answered: asked again, and in the end given to a person."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import translation
from procrastinate.exceptions import AlreadyEnqueued

from parley.assistant import composing
from parley.assistant.claiming import MOST_TRIES, unanswered
from parley.assistant.models import Question
from parley.assistant.settling import settle
from parley.journal.moment import now

SECONDS_UNTIL_AGAIN = 8
SECONDS_UNTIL_GIVEN_UP = 120
"""Nobody waits longer for a machine: an answer after that would only be in the way."""
BATCH = 200


def sweep() -> int:
    """Have the unanswered questions answered again, or end them with a person; gives how many."""
    waiting = list(
        unanswered(for_seconds=SECONDS_UNTIL_AGAIN).select_related("chat", "message")[:BATCH]
    )
    for question in waiting:
        if question.tries >= MOST_TRIES or _is_too_late(question):
            _give_up(question)
        else:
            _ask_again(question)
    return len(waiting)


def _is_too_late(question: Question) -> bool:
    return question.asked_at <= now() - timedelta(seconds=SECONDS_UNTIL_GIVEN_UP)


def _give_up(question: Question) -> None:
    with translation.override(question.language):
        settle(question, composing.failed(f"no answer after {question.tries} tries"))


def _ask_again(question: Question) -> None:
    from parley.assistant.jobs import answer_question

    again = answer_question.configure(queueing_lock=f"question:{question.pk}")
    try:
        with transaction.atomic():
            again.defer(message_id=question.pk)
    except AlreadyEnqueued:  # whoever works on them is busy, or not there
        return
