"""When an answer of people can be expected, said as far as it is known and no further."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from parley.journal.moment import now
from parley.journal.telling_time import day_and_time, short_date_and_time
from parley.messenger.handing_over import topic_of_chats
from parley.parties.models import Membership, PartyKind
from parley.sla.expecting import expected_by
from parley.tickets.models import Priority, Ticket
from parley.tickets.states import CLOCKED

NEAR = timedelta(days=6)


def kinds() -> list[dict[str, str]]:
    """The three kinds to pick from (T12), each with by when it would be answered."""
    topic, moment = topic_of_chats(), now()
    return [
        {
            "value": priority.value,
            "title": title,
            "description": description,
            "answer_by_words": answer_by(
                expected_by(topic, priority.value, PartyKind.OPERATOR, moment)
            ),
        }
        for priority, title, description in (
            (
                Priority.QUESTION,
                _("I have a general question"),
                _("Nothing is broken; I would like to know something."),
            ),
            (
                Priority.SLOWING,
                _("I have an issue that's slowing me down"),
                _("The help centre and the assistant could not solve it."),
            ),
            (
                Priority.URGENT,
                _("I have a major issue"),
                _("It stops my work, or it is about an order that can't wait."),
            ),
        )
    ]


def answer_by(moment: datetime | None) -> str:
    """By when, in words; empty where nothing is promised."""
    if moment is None:
        return ""
    return _("Answer by %(when)s") % {"when": _when(moment)}


def expected(ticket: Ticket, reader: Membership, *, online: bool) -> str:
    """What the opener of a ticket may expect of the operator now; empty where it owes nothing."""
    if ticket.opener_id != reader.party_id or ticket.status not in CLOCKED:
        return ""
    if ticket.turn_party_id != ticket.counterparty_id:
        return ""
    if ticket.due_at is None:
        return _("Somebody is here now and will read it.") if online else ""
    if ticket.due_at <= now():
        return _("The answer is late. It has been put before those in charge.")
    words = {"when": _when(ticket.due_at)}
    if online:
        return _("Somebody is here now. Expect an answer by %(when)s at the latest.") % words
    return _("Nobody is here at the moment. Expect an answer by %(when)s.") % words


def colleagues_see(reader: Membership | None) -> str:
    """Who else will read the ticket, for people of a company."""
    if reader is None or reader.party.kind == PartyKind.VISITOR:
        return ""
    return _("Your colleagues at %(company)s can read the ticket, too.") % {
        "company": reader.party.name
    }


def _when(moment: datetime) -> str:
    near = abs(moment - now()) < NEAR
    return day_and_time(moment) if near else short_date_and_time(moment)
