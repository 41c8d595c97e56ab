"""The latest questions, for those who see to the assistant: what was asked, and what became of it.

A chat is its asker's alone until it is handed over: of those that were not, this tells the question's
words and the assistant's answer to it, and never who asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, OuterRef, QuerySet, Subquery

from parley.assistant.gathering import masked_line
from parley.assistant.models import Helped, Outcome, Question
from parley.assistant.roles import may_look
from parley.messenger.models import ChatState
from parley.parties.models import Membership
from parley.postgres.keysets import Keyset, Page
from parley.tickets.models import Ticket

PAGE = 30


@dataclass(frozen=True)
class Reviewed:
    """A question as it is shown; `ticket` is that of its chat, once people have it."""

    question: Question
    text: str
    ticket: int | None


def questions_visible_to(reader: Membership) -> QuerySet[Question]:
    """The door to questions of others: for leads and administrators, nothing for anybody else."""
    return Question.objects.all() if may_look(reader) else Question.objects.none()


def recent(
    reader: Membership, *, outcome: str = "", helped: str = "", language: str = "", cursor: str = ""
) -> Page[Reviewed]:
    """One page of the latest questions, of one kind of answer, end or language if given; one query.

    Raises CursorUnreadable.
    """
    keyset = Keyset(("asked_at", "message_id"), cursor, PAGE)
    ticket = Ticket.objects.filter(conversation=OuterRef("chat_id")).values("pk")[:1]
    rows = (
        questions_visible_to(reader)
        .select_related("message")
        .annotate(ticket_number=Subquery(ticket), chat_state=F("chat__state"))
    )
    if outcome in Outcome.values and outcome:
        rows = rows.filter(outcome=outcome)
    if helped in Helped.values and helped:
        rows = rows.filter(helped=helped)
    if language:
        rows = rows.filter(language=language)
    page = keyset.page(list(keyset.cut(rows)))
    return Page([_reviewed(row) for row in page.rows], page.older, page.newer)


def _reviewed(question: Question) -> Reviewed:
    with_people = question.chat_state == ChatState.PEOPLE  # type: ignore[attr-defined]
    number: int | None = question.ticket_number  # type: ignore[attr-defined]
    return Reviewed(
        question=question,
        text=masked_line(question.message.text, question.language),
        ticket=number if with_people else None,
    )
