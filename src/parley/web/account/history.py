"""What happened to a person's account, in sentences, out of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parley.journal.access import entries_of
from parley.journal.models import Entry
from parley.parties.models import Person, SignInWay

MOST = 50


@dataclass(frozen=True)
class Line:
    """One thing that happened; `where` is a device and a network, where they are known."""

    at: datetime
    icon: str
    words: str
    where: str
    is_alarming: bool


_SAID: dict[str, tuple[str, str | Promise]] = {
    "SignInRefused": (
        "shield-alert",
        gettext_lazy("Somebody tried to sign in, and was not let in"),
    ),
    "PasswordChanged": ("key-round", gettext_lazy("The password was changed")),
    "SecondFactorAdded": ("shield-check", gettext_lazy("A second factor was added")),
    "SecondFactorRemoved": ("shield-off", gettext_lazy("A second factor was removed")),
    "RecoveryCodesMade": ("list", gettext_lazy("New recovery codes were made")),
    "WayBackAsked": ("life-buoy", gettext_lazy("A lost second factor was reported")),
    "WayBackApproved": (
        "life-buoy",
        gettext_lazy("The report of a lost second factor was approved"),
    ),
    "WayBackEnded": (
        "life-buoy",
        gettext_lazy("The report of a lost second factor came to an end"),
    ),
}
_KINDS = ("SignedIn", "SessionsEnded", *_SAID)
_ALARMING = frozenset({"SignInRefused", "SecondFactorRemoved", "WayBackAsked"})


def recent(person: Person) -> list[Line]:
    """The latest that happened to the account of `person`. For themselves. One query."""
    entries = entries_of(f"person:{person.pk}", _KINDS).order_by("-id")[:MOST]
    return [_line(entry) for entry in entries]


def _line(entry: Entry) -> Line:
    icon, words = _said(entry.kind, entry.data)
    where = " · ".join(filter(None, (entry.data.get("device"), entry.data.get("network"))))
    return Line(entry.at, icon, words, where, entry.kind in _ALARMING)


def _said(kind: str, data: dict[str, Any]) -> tuple[str, str]:
    if kind == "SignedIn":
        way = dict(SignInWay.choices).get(data["way"], data["way"])
        return "log-in", _("Signed in: %(way)s") % {"way": way}
    if kind == "SessionsEnded":
        count = data["count"]
        words = ngettext("%(num)s session was ended", "%(num)s sessions were ended", count)
        return "log-out", words % {"num": count}
    icon, said = _SAID[kind]
    return icon, str(said)
