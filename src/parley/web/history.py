"""The history of a ticket: its messages, and what happened between them, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parley.conversations.models import Message
from parley.journal.models import Entry
from parley.journal.telling_time import short_date_and_time
from parley.tickets.models import NUMBER_FORMAT, Outcome, Priority, name_in
from parley.tickets.stating import stars_words


@dataclass(frozen=True)
class Happening:
    """A line between the messages: an icon, words, and when."""

    icon: str
    words: str
    at: datetime


def in_order(messages: Iterable[Message], entries: Iterable[Entry]) -> list[Message | Happening]:
    """Messages and happenings by time; a happening stands behind a message of the same moment."""
    both: list[Message | Happening] = [*messages, *(_happening(entry) for entry in entries)]
    return sorted(both, key=lambda thing: (thing.at, isinstance(thing, Happening)))


_LINES: dict[str, tuple[str, Any]] = {
    "TicketCancelled": ("circle-x", _("%(who)s cancelled the ticket")),
    "TicketClosed": ("circle-check", _("%(who)s closed the ticket")),
    "TicketExpired": ("circle-check", _("Completed by itself: it was not continued in time")),
    "TicketRated": ("star", _("%(who)s rated the answer: %(what)s")),
    "OperatorAsked": ("scale", _("%(who)s asked the operator to decide")),
    "OperatorSteppedIn": ("scale", _("%(who)s stepped in for the operator")),
    "DisputeDecided": ("gavel", _("%(who)s decided the dispute: %(what)s")),
    "TicketAssigned": ("user-check", _("%(who)s changed whose hands the ticket is in")),
    "MacroUsed": ("zap", _("%(who)s used the macro %(what)s")),
    "TicketPassed": ("users-round", _("%(who)s passed the ticket on: %(what)s")),
    "TicketTagged": ("tag", _("%(who)s put on the tag %(what)s")),
    "TicketLinked": ("link", _("%(who)s linked it to %(what)s")),
    "TicketSnoozed": ("alarm-clock", _("%(who)s put it aside until %(what)s")),
    "TicketWoken": ("alarm-clock-check", _("%(who)s brought it back")),
    "TicketTookIn": ("git-merge", _("%(who)s merged %(what)s into this ticket")),
    "TicketMerged": ("git-merge", _("%(who)s merged it into %(what)s")),
    "TicketSplit": ("split", _("%(who)s made %(what)s of some of the messages")),
    "PriorityChanged": ("flame", _("%(who)s changed the priority: %(what)s")),
    "FieldsChanged": ("pencil", _("%(who)s filled in: %(what)s")),
    "FieldsChangedApart": ("pencil", _("%(who)s filled in: %(what)s")),
    "InformationAsked": ("circle-question-mark", _("%(who)s asked for information")),
    "ClockRanOut": ("alarm-clock-off", _("The time to answer ran out")),
}


def _filled_in(data: dict[str, Any]) -> str:
    """Each field with what stands in it now, as they were called at the time."""
    return "; ".join(
        f"{name_in(one['names'])}: {_kept(one['now']) or '—'}" for one in data["fields"].values()
    )


def _kept(words: Any) -> str:
    return name_in(words) if isinstance(words, dict) else str(words)


_WHAT: dict[str, Callable[[dict[str, Any]], str]] = {
    "TicketRated": lambda data: stars_words(data["stars"]),
    "DisputeDecided": lambda data: str(Outcome(data["outcome"]).label),
    "MacroUsed": lambda data: data["name"],
    "TicketPassed": lambda data: data["name"] or gettext("no team"),
    "TicketTagged": lambda data: data["name"],
    "TicketLinked": lambda data: NUMBER_FORMAT.format(data["other"]),
    "TicketSnoozed": lambda data: _moment(data["until"]),
    "TicketTookIn": lambda data: NUMBER_FORMAT.format(data["source"]),
    "TicketMerged": lambda data: NUMBER_FORMAT.format(data["into"]),
    "TicketSplit": lambda data: NUMBER_FORMAT.format(data["into"]),
    "FieldsChanged": _filled_in,
    "FieldsChangedApart": _filled_in,
    "PriorityChanged": lambda data: str(Priority(data["priority"]).label),
}


_BACK: dict[str, Any] = {
    "time": _("Back in the queues: it was put aside until now"),
    "end": _("Not put aside any more: the ticket has ended"),
    "reply": _("Back in the queues: something happened on it"),
}
_OTHERWISE: dict[str, Callable[[Entry], Any]] = {
    "TicketTagged": lambda entry: (
        None if entry.data["on"] else _("%(who)s took off the tag %(what)s")
    ),
    "TicketLinked": lambda entry: (
        None if entry.data["on"] else _("%(who)s took away the link to %(what)s")
    ),
    "TicketSnoozed": lambda entry: (
        None if entry.data["until"] else _("%(who)s put it aside until somebody replies")
    ),
    "TicketWoken": lambda entry: _BACK.get(entry.data["why"]),
}
"""What is said of some of them in other words."""


def _moment(text: str) -> str:
    moment = parse_datetime(text) if text else None
    return short_date_and_time(moment) if moment else ""


def _happening(entry: Entry) -> Happening:
    icon, pattern = _LINES[entry.kind]
    if entry.kind == "TicketAssigned":
        pattern = _by_whom(entry) or pattern
    otherwise = _OTHERWISE.get(entry.kind)
    pattern = (otherwise and otherwise(entry)) or pattern
    what = _WHAT[entry.kind](entry.data) if entry.kind in _WHAT else ""
    who = entry.person_name or ""  # type: ignore[attr-defined]
    return Happening(icon, str(pattern % {"who": who, "what": what}), entry.at)


def _by_whom(entry: Entry) -> Any:
    """The words of a ticket that somebody took, or that was handed out; None for the usual ones."""
    if entry.person_id is None:
        return _("Handed out in turn")
    return _("%(who)s took the ticket") if entry.data["assignee"] == entry.person_id else None
