"""Claiming a question for an answer: one at a time, and for so long that a dead one's comes free."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet

from parley.assistant.models import Question, QuestionState
from parley.journal.moment import now

MOST_TRIES = 3
SECONDS_TO_ANSWER = 15
"""What an answer without a model takes at the very most, also on a machine that is busy."""


def claim(message_id: int) -> Question | None:
    """The question, for the caller to answer; None when it is answered, given up, or another's.

    The number of its `tries` tells one claim from the next.
    """
    claimed = Question.objects.filter(_free(), pk=message_id, tries__lt=MOST_TRIES).update(
        state=QuestionState.ANSWERING,
        claimed_until=now() + timedelta(seconds=_seconds()),
        tries=F("tries") + 1,
    )
    if not claimed:
        return None
    return Question.objects.select_related("message__person", "chat__asker__party").get(
        pk=message_id
    )


def unanswered(*, for_seconds: int) -> QuerySet[Question]:
    """The questions that wait for that long while nobody is at them, the oldest first."""
    asked = now() - timedelta(seconds=for_seconds)
    return Question.objects.filter(_free(), asked_at__lte=asked).order_by("asked_at")


def _free() -> Q:
    """The condition of being unanswered, and not claimed by somebody who may still be alive."""
    waiting = ~Q(state=QuestionState.DONE)
    return waiting & (Q(claimed_until=None) | Q(claimed_until__lte=now()))


def _seconds() -> int:
    return SECONDS_TO_ANSWER + (settings.MODEL_SECONDS if settings.MODEL else 0)
