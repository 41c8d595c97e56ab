"""Questions as the messenger asks them, ended as a test wants them."""

from __future__ import annotations

from collections.abc import Sequence

from parley.assistant.drafts import Draft, Source
from parley.assistant.models import Helped, Outcome, Question
from parley.assistant.settling import settle
from parley.messenger.asking import ask
from parley.parties.models import Membership


def asked(
    by: Membership,
    text: str,
    *,
    outcome: str = Outcome.UNKNOWN,
    helped: str = Helped.NONE,
    language: str = "en",
    sources: Sequence[Source] = (),
    confidence: float | None = None,
    trouble: str = "",
) -> Question:
    """A question of `by` in a chat of its own, answered, and with what became of it."""
    chat = ask(None, text, by=by, language=language)
    question = Question.objects.select_related("message").get(chat=chat)
    settle(
        question,
        Draft(outcome=outcome, text="…", sources=sources, confidence=confidence, trouble=trouble),
    )
    if helped:
        Question.objects.filter(pk=question.pk).update(helped=helped)
    question.refresh_from_db()
    return question
