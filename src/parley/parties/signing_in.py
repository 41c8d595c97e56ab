"""Coming in and going out: what is kept of it, and ending sessions that are open elsewhere."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from parley.journal.events import Actor
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.access import acting_membership
from parley.parties.events import PasswordChanged, SessionsEnded, SignedIn, SignInRefused
from parley.parties.models import Person, Session

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser", "Yandex Browser"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
"""What stands in the words browsers say of themselves; the first that is found is meant."""
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Whence:
    """Where somebody comes from: the network address, and what their browser says it is."""

    address: str = ""
    agent: str = ""

    @property
    def device(self) -> str:
        """Browser and system in words: “Firefox, Windows”."""
        return device_in_words(self.agent)

    @property
    def network(self) -> str:
        """The network of the address: enough to see that it was elsewhere, too little to follow anybody.

        The first 24 bits of an address of version 4, and the first 48 of version 6.
        """
        try:
            address = ipaddress.ip_address(self.address)
        except ValueError:
            return ""
        kept = 24 if address.version == 4 else 48
        return str(ipaddress.ip_network(f"{address}/{kept}", strict=False))


def device_in_words(agent: str) -> str:
    """What a browser says it is, in the two words that people know it by; or empty."""
    found = [
        next((words for mark, words in marks if mark in agent), "")
        for marks in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(word for word in found if word)


@transaction.atomic
def note_sign_in(person: Person, way: str, whence: Whence) -> None:
    """Keep that `person` has come in, by `way` (SignInWay)."""
    event = SignedIn(person=person.pk, way=way, device=whence.device, network=whence.network)
    record(event, by=acting_membership(person.pk))


@transaction.atomic
def note_refusal(email: str, why: str, whence: Whence) -> None:
    """Keep that somebody who said to be the person with this address was not let in; nobody's: nothing."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        return
    event = SignInRefused(person=person.pk, why=why, device=whence.device, network=whence.network)
    record(event, by=None)


def sessions_of(person: Person) -> QuerySet[Session]:
    """Where `person` is signed in, the one seen last first. For themselves."""
    open_now = Session.objects.filter(person=person, expire_date__gt=now())
    return open_now.defer("session_data").order_by("-seen_at")


def handle_of(session: Session) -> str:
    """What a page calls a session by: its key opens it, and stands on no page."""
    return hashlib.sha256(session.session_key.encode()).hexdigest()[:16]


@transaction.atomic
def end_session(person: Person, handle: str, *, by: Actor) -> bool:
    """End one session of `person`; False when none of theirs is called so."""
    ended = [one.pk for one in sessions_of(person) if handle_of(one) == handle]
    return _end(person, Session.objects.filter(pk__in=ended), "asked", by) > 0


@transaction.atomic
def end_sessions(person: Person, why: str, *, by: Actor | None, but: str | None = None) -> int:
    """End all sessions of `person`, but the one with the key `but`; gives how many there were.

    `why` is `asked`, `password` or `second_factor`. Their open streams end at once as well.
    """
    others = Session.objects.filter(person=person)
    return _end(person, others.exclude(pk=but) if but else others, why, by)


@transaction.atomic
def password_changed(person: Person, way: str, *, but: str | None = None) -> None:
    """Keep that it was (`way`: `settings` or `mail`), and end all sessions but the one with the key `but`."""
    by = acting_membership(person.pk)
    record(PasswordChanged(person=person.pk, way=way), by=by)
    end_sessions(person, "password", by=by, but=but)


def _end(person: Person, sessions: QuerySet[Session], why: str, by: Actor | None) -> int:
    count, _by_table = sessions.delete()
    if count:
        record(SessionsEnded(person=person.pk, count=count, why=why), by=by)
    return count


def forget_old_sessions() -> int:
    """Delete sessions whose time is over; gives how many."""
    count, _by_table = Session.objects.filter(expire_date__lt=now() - timedelta(days=1)).delete()
    return count


_SPACES = re.compile(r"\s+")


def cleaned_agent(agent: str) -> str:
    """What a browser says of itself, fit to be kept: one line, not endless, without NUL."""
    return _SPACES.sub(" ", agent.replace("\x00", "")).strip()[:300]
