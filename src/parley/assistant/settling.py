"""Settling a question: its reply and its outcome, in one transaction, once."""

from __future__ import annotations

from django.db import transaction

from parley.assistant.drafts import Draft
from parley.assistant.models import Helped, Question, QuestionState
from parley.conversations.models import Message
from parley.journal.moment import now
from parley.messenger.answering import WithPeople, say_as_assistant


class _SettledAlready(Exception):
    """Another worker was quicker: what this one has said is not said."""


def settle(question: Question, draft: Draft) -> Message | None:
    """Say the answer and keep what became of the question; gives the reply.

    None, and nothing is said, when it is answered already, or when the chat is with people by now:
    the assistant does not talk over a person.
    """
    try:
        with transaction.atomic():
            # The chat is locked first, as by whoever hands it over.
            reply = say_as_assistant(question.chat_id, draft.text)
            _keep(question, draft, reply)
    except WithPeople:
        stand_back(question)
        return None
    except _SettledAlready:
        return None
    return reply


def stand_back(question: Question) -> None:
    """People have the chat: the question ends without an answer of the assistant."""
    Question.objects.filter(pk=question.pk).exclude(state=QuestionState.DONE).update(
        state=QuestionState.DONE,
        helped=Helped.HANDED_OVER,
        done_at=now(),
        claimed_until=None,
        so_far="",
    )


def _keep(question: Question, draft: Draft, reply: Message) -> None:
    moment = now()
    kept = (
        Question.objects.filter(pk=question.pk)
        .exclude(state=QuestionState.DONE)
        .update(
            state=QuestionState.DONE,
            reply=reply,
            outcome=draft.outcome,
            sources=list(draft.sources),
            confidence=draft.confidence,
            answerer=draft.answerer,
            trouble=draft.trouble,
            so_far="",
            claimed_until=None,
            first_words_at=question.first_words_at or moment,
            done_at=moment,
        )
    )
    if not kept:
        raise _SettledAlready
