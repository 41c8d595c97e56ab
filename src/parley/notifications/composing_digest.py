"""Composing a digest: what happened, ticket by ticket (or order), each with where it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import ngettext

from parley.journal.telling_time import day_and_time
from parley.notifications import addresses
from parley.notifications.access import Sight
from parley.notifications.answering import answer_of, how_to_answer
from parley.notifications.composing import as_read_by, letter, one_click
from parley.notifications.models import Notice
from parley.notifications.subjects import key_of, subject_of
from parley.notifications.unsubscribing import DIGEST
from parley.notifications.wording import sentence

MOST_MATTERS = 50
MOST_LINES = 10
"""Lines of one matter; the latest are kept."""


def compose_digest(seen: Sequence[tuple[Notice, Sight]], message_id: str) -> EmailMultiAlternatives:
    """One mail of these notices of one person (at least one), oldest first."""
    person = seen[0][1].reader.person
    unsubscribe_at = addresses.unsubscribe_address(person.pk, DIGEST)
    about_nothing = Sight(seen[0][1].reader)
    answer = answer_of(about_nothing)
    with as_read_by(person):
        matters = _by_matter(seen)
        only_tickets = all(sight.ticket for _notice, sight in seen)
        subject = _news(len(matters), only_tickets)
        return letter(
            person,
            subject=subject,
            template="digest",
            context={
                "subject": subject,
                "count": len(seen),
                "only_tickets": only_tickets,
                "matters": matters[:MOST_MATTERS],
                "left_out": max(0, len(matters) - MOST_MATTERS),
                "notices_at": addresses.notices_address(),
                "unsubscribe_at": unsubscribe_at,
                "how_to_answer": how_to_answer(about_nothing, answer),
            },
            reply_to=answer.to if answer else "",
            headers={
                "Message-ID": message_id,
                "Auto-Submitted": "auto-generated",
                **one_click(unsubscribe_at),
            },
        )


def _news(count: int, only_tickets: bool) -> str:
    words = (
        ngettext("News on %(num)s ticket", "News on %(num)s tickets", count)
        if only_tickets
        else ngettext("News on %(num)s matter", "News on %(num)s matters", count)
    )
    return words % {"num": count}


def _by_matter(seen: Sequence[tuple[Notice, Sight]]) -> list[dict[str, Any]]:
    matters: dict[tuple[str, int], list[tuple[Notice, Sight]]] = {}
    for notice, sight in seen:
        matters.setdefault((key_of(notice), notice.party_id), []).append((notice, sight))
    return [_matter(of_one) for of_one in matters.values()]


def _matter(of_one: list[tuple[Notice, Sight]]) -> dict[str, Any]:
    return {
        "subject": subject_of(*of_one[-1]),
        "lines": [_line(notice) for notice, _sight in of_one[-MOST_LINES:]],
    }


def _line(notice: Notice) -> dict[str, str]:
    return {"at": day_and_time(notice.at), "sentence": sentence(notice)}
