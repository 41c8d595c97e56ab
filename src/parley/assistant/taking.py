"""Taking a question: it is a row and a job in the very transaction that says it."""

from __future__ import annotations

from parley.assistant.models import Question
from parley.assistant.telling_language import language_of
from parley.conversations.models import Message
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.messenger.events import QuestionAsked


def take(event: Event, entry: Entry) -> None:
    """A reaction, at once: the question is written down, and whoever answers is woken."""
    assert isinstance(event, QuestionAsked)
    from parley.assistant import jobs, outcomes

    message = Message.objects.select_related("conversation__chat").get(pk=event.message)
    chat = message.conversation.chat
    outcomes.asked_on(chat)
    Question.objects.create(
        message=message,
        chat=chat,
        language=language_of(message.text, chat.language),
        asked_at=message.at,
    )
    jobs.answer_question.defer(message_id=message.pk)
