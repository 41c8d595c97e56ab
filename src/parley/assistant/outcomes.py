"""What became of an answer: said to have helped, assumed by silence, handed over, asked on (M7)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from parley.assistant.events import AnswerHelped
from parley.assistant.models import Helped, Outcome, Question, QuestionState
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.journal.recording import record
from parley.messenger import asking
from parley.messenger.events import ChatHandedOver
from parley.messenger.models import Chat, ChatState
from parley.parties.models import Membership

COUNTED = (Outcome.ANSWER, Outcome.OFFER)
"""The outcomes of which silence can mean that they helped; of “I don't know” it never does."""
_OPEN = Q(helped=Helped.NONE)
_ASSUMED = Q(helped=Helped.ASSUMED)


def helped(message_id: int, *, by: Membership) -> Question:
    """The asker says that the answer to the question of this message helped.

    Saying it twice changes nothing. Raises Question.DoesNotExist for what is not an answered
    question of `by`, or is with people by now.
    """
    with transaction.atomic():
        # The chat is locked first, as by whoever hands it over.
        mine = Chat.objects.select_for_update(of=("self",)).filter(asker=by)
        chat = mine.exclude(state=ChatState.PEOPLE).filter(questions=message_id).first()
        if chat is None:
            raise Question.DoesNotExist
        question = _of(chat.pk).get(pk=message_id, outcome__in=COUNTED)
        if question.helped == Helped.SAID:
            return question
        question.helped = Helped.SAID
        question.save(update_fields=["helped"])
        asking.helped(chat.pk, by=by)
        record(AnswerHelped(chat=chat.pk, question=question.pk, party=by.party_id), by=by)
    return question


def assume_helped() -> int:
    """Count the answers after which nothing more was said for some hours; gives how many."""
    silent_since = now() - timedelta(hours=settings.SILENT_HOURS)
    return (
        Question.objects.filter(_OPEN, state=QuestionState.DONE, outcome__in=COUNTED)
        .filter(done_at__lte=silent_since, chat__last_at__lte=silent_since)
        .exclude(chat__state=ChatState.PEOPLE)
        .update(helped=Helped.ASSUMED)
    )


def asked_on(chat: Chat) -> None:
    """They ask more: what was answered before did not end it."""
    _of(chat.pk).filter(_OPEN).update(helped=Helped.ASKED_ON)


def handed_over(event: Event, entry: Entry) -> None:
    """A reaction, at once: a person has the chat, and what was answered last did not do.

    The answers before that were asked on; silence that was taken for help is not, after all.
    """
    assert isinstance(event, ChatHandedOver)
    asked = _of(event.conversation)
    last = asked.order_by("-pk").values_list("pk", flat=True).first()
    asked.filter(_OPEN | _ASSUMED, pk=last).update(helped=Helped.HANDED_OVER)
    asked.filter(_OPEN).update(helped=Helped.ASKED_ON)


def _of(chat_id: int) -> QuerySet[Question]:
    return Question.objects.filter(chat_id=chat_id)
