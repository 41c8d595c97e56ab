"""Composing a digest: what happened, ticket by ticket, each with where it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import ngettext

from parley.journal.telling_time import day_and_time
from parley.notifications import addresses
from parley.notifications.access import Sight
from parley.notifications.composing import as_read_by, letter, one_click
from parley.notifications.models import Notice
from parley.notifications.unsubscribing import DIGEST
from parley.notifications.wording import sentence
from parley.tickets.stating import state_line

MOST_TICKETS = 50
MOST_LINES = 10
"""Lines of one ticket; the latest are kept."""


def compose_digest(seen: Sequence[tuple[Notice, Sight]], message_id: str) -> EmailMultiAlternatives:
    """One mail of these notices of one person (at least one), oldest first."""
    person = seen[0][1].reader.person
    unsubscribe_at = addresses.unsubscribe_address(person.pk, DIGEST)
    with as_read_by(person):
        tickets = _by_ticket(seen)
        subject = ngettext("News on %(num)s ticket", "News on %(num)s tickets", len(tickets)) % {
            "num": len(tickets)
        }
        return letter(
            person,
            subject=subject,
            template="digest",
            context={
                "subject": subject,
                "count": len(seen),
                "tickets": tickets[:MOST_TICKETS],
                "left_out": max(0, len(tickets) - MOST_TICKETS),
                "notices_at": addresses.notices_address(),
                "unsubscribe_at": unsubscribe_at,
            },
            headers={
                "Message-ID": message_id,
                "Auto-Submitted": "auto-generated",
                **one_click(unsubscribe_at),
            },
        )


def _by_ticket(seen: Sequence[tuple[Notice, Sight]]) -> list[dict[str, Any]]:
    tickets: dict[tuple[int, int], list[tuple[Notice, Sight]]] = {}
    for notice, sight in seen:
        tickets.setdefault((notice.ticket_id, notice.party_id), []).append((notice, sight))
    return [_ticket(of_one) for of_one in tickets.values()]


def _ticket(of_one: list[tuple[Notice, Sight]]) -> dict[str, Any]:
    last, sight = of_one[-1]
    return {
        "number": sight.ticket.number,
        "title": sight.ticket.title,
        "state": state_line(sight.ticket, sight.reader.party_id).sentence,
        "at": addresses.ticket_address(sight.reader, sight.ticket.pk, last.message_id),
        "lines": [_line(notice) for notice, _sight in of_one[-MOST_LINES:]],
    }


def _line(notice: Notice) -> dict[str, str]:
    return {"at": day_and_time(notice.at), "sentence": sentence(notice)}
