"""Answering a question: claimed, answered outside of any lock, and settled once."""

from __future__ import annotations

import logging

from django.db import OperationalError
from django.utils import timezone, translation

from parley.assistant import composing, encoding, own_rows, small_talk, with_model
from parley.assistant.claiming import claim
from parley.assistant.drafts import Draft
from parley.assistant.intents import intent_of
from parley.assistant.models import Question
from parley.assistant.retrieving import retrieve
from parley.assistant.settling import settle, stand_back
from parley.messenger.models import ChatState

log = logging.getLogger(__name__)


def answer(message_id: int) -> None:
    """Answer the question that a message asks, unless it is answered, or being answered.

    Whoever is killed here leaves a claim that runs out, and the sweep gives the question to another.
    """
    question = claim(message_id)
    if question is None:
        return
    if question.chat.state == ChatState.PEOPLE:
        stand_back(question)
        return
    settle(question, _answered(question))


def warm_up() -> None:
    """Have in memory all that the first question needs."""
    encoding.warm_up()
    for language, question in (("en", "How do I begin?"), ("ru", "С чего начать?")):
        retrieve(question, language=language, reader=None)
    with_model.warm_up()


def _answered(question: Question) -> Draft:
    person = question.chat.asker.person
    with translation.override(question.language), timezone.override(person.time_zone):
        try:
            return draft_for(question)
        except OperationalError:
            raise  # the database is away, or busy: the sweep has it tried again
        except Exception as error:
            # Whatever it is, somebody waits, and the same again would end the same.
            log.exception("Could not answer question %s", question.pk)
            return composing.failed(type(error).__name__)


def draft_for(question: Question) -> Draft:
    """What there is to say to a question, in the active language."""
    text, reader = question.message.text, question.chat.asker
    if said := small_talk.answer(text):
        return said
    if asked := intent_of(text):
        return own_rows.answer(asked, reader)
    retrieval = retrieve(text, language=question.language, reader=reader)
    return with_model.answer(question, retrieval) or composing.built_in(
        retrieval, question.language, question=text
    )
