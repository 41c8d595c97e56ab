"""Seeing what the assistant made of a chat: the outcome of each answer, and what it is thinking about."""

from __future__ import annotations

from collections.abc import Collection

from parley.assistant.models import Question, QuestionState


def questions_answered_by(replies: Collection[int]) -> dict[int, Question]:
    """The questions that these messages of the assistant answer, by the message.

    The caller has come to the messages through their door.
    """
    if not replies:
        return {}
    found = Question.objects.filter(reply__in=replies).defer("so_far", "trouble")
    return {question.reply_id: question for question in found if question.reply_id is not None}


def question_waiting_in(chat: int) -> Question | None:
    """The latest question in a chat that is still to be answered; None when all are."""
    waiting = Question.objects.filter(chat=chat).exclude(state=QuestionState.DONE)
    return waiting.order_by("-message_id").first()
