"""The latest of the journal, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parley.journal.access import latest_entries
from parley.journal.models import Entry
from parley.parties.access import people_called
from parley.parties.models import Membership
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import Outcome, Ticket
from parley.tickets.stating import stars_words

SHOWN = 40
_LINES = {
    "TicketOpened": ("ticket-plus", gettext_lazy("%(who)s opened it")),
    "ReplyPosted": ("message-square", gettext_lazy("%(who)s replied")),
    "InformationAsked": ("circle-question-mark", gettext_lazy("%(who)s asked for information")),
    "TicketCancelled": ("circle-x", gettext_lazy("%(who)s cancelled it")),
    "TicketClosed": ("circle-check", gettext_lazy("%(who)s closed it")),
    "TicketExpired": ("circle-check", gettext_lazy("Completed by itself")),
    "TicketRated": ("star", gettext_lazy("%(who)s rated it: %(what)s")),
    "OperatorAsked": ("scale", gettext_lazy("%(who)s asked the operator to decide")),
    "OperatorSteppedIn": ("scale", gettext_lazy("%(who)s stepped in")),
    "DisputeDecided": ("gavel", gettext_lazy("%(who)s decided: %(what)s")),
    "ClockRanOut": ("alarm-clock-off", gettext_lazy("The time to answer ran out")),
}


@dataclass(frozen=True)
class Line:
    """Something that happened on a ticket."""

    icon: str
    words: str
    at: datetime
    ticket: Ticket


def latest(reader: Membership) -> list[Line]:
    """What happened last on tickets, newest first. Three queries, none of which looks far back."""
    entries = latest_entries(list(_LINES), SHOWN)
    numbers = {entry.pk: int(entry.subject.partition(":")[2]) for entry in entries}
    tickets = tickets_visible_to(reader).in_bulk(list(numbers.values()))
    names = people_called({entry.person_id for entry in entries if entry.person_id})
    return [
        _line(entry, names, tickets[numbers[entry.pk]])
        for entry in entries
        if numbers[entry.pk] in tickets
    ]


def _line(entry: Entry, names: dict[int, str], ticket: Ticket) -> Line:
    icon, pattern = _LINES[entry.kind]
    who = names.get(entry.person_id or 0, "") or _("Somebody")
    return Line(icon, str(pattern % {"who": who, "what": _what(entry)}), entry.at, ticket)


def _what(entry: Entry) -> str:
    if entry.kind == "TicketRated":
        return stars_words(entry.data["stars"])
    if entry.kind == "DisputeDecided":
        return str(Outcome(entry.data["outcome"]).label)
    return ""
