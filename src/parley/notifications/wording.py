"""What a notice says, in the reader's language: in the bell, and as the first line of a mail."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from parley.notifications.models import Kind, Notice


def sentence(notice: Notice) -> str:
    """One sentence: who did what. The number and title of the ticket (or the order) stand beside it."""
    if notice.event in _BY_THE_CLOCK:
        return _BY_THE_CLOCK[notice.event](notice)
    words = _BY_SOMEBODY.get(notice.event, _something)
    if notice.event == "TicketAssigned" and notice.actor_id is None:
        return _("A ticket has been handed out to you")
    if notice.kind == Kind.MENTIONED:
        words = _naming_you
    elif notice.event == "MessagePosted" and notice.kind != Kind.NOTE:
        words = _privately
    return words() % {"who": who_did(notice)}


def who_did(notice: Notice) -> str:
    """The actor's name, and their company when it is not the reader's own.

    Who wrote from outside is a party of their own, by their own name: it is told once.
    """
    name = notice.actor.name if notice.actor else ""
    company = ""
    if notice.actor_party and notice.actor_party_id != notice.party_id:
        company = notice.actor_party.name
    if name and company and name != company:
        return _("%(person)s (%(party)s)") % {"person": name, "party": company}
    return name or company or _("Somebody")


def _privately() -> str:
    return _("%(who)s wrote privately")


def _naming_you() -> str:
    return _("%(who)s named you in an internal note")


def _something() -> str:
    return _("%(who)s did something")


_BY_SOMEBODY: dict[str, Callable[[], str]] = {
    "TicketOpened": lambda: _("%(who)s opened a ticket"),
    "ReplyPosted": lambda: _("%(who)s replied"),
    "InformationAsked": lambda: _("%(who)s asked for information"),
    "MessagePosted": lambda: _("%(who)s wrote an internal note"),
    "OperatorAsked": lambda: _("%(who)s asked the operator to decide"),
    "OperatorSteppedIn": lambda: _("%(who)s stepped in"),
    "DisputeDecided": lambda: _("%(who)s decided the dispute"),
    "TicketAssigned": lambda: _("%(who)s assigned the ticket to you"),
    "TicketPassed": lambda: _("%(who)s passed a ticket to your team"),
    "TicketCancelled": lambda: _("%(who)s cancelled the ticket"),
    "TicketClosed": lambda: _("%(who)s closed the ticket"),
    "HeldReplyDeclined": lambda: _("%(who)s did not let your reply through, and says why"),
    "TicketRated": lambda: _("%(who)s rated the answer"),
}


def _ran_out(notice: Notice) -> str:
    if notice.actor_party is None or notice.actor_party_id == notice.party_id:
        return _("Your time to answer has run out")
    return _("%(party)s has not answered in time") % {"party": notice.actor_party.name}


_BY_THE_CLOCK: dict[str, Callable[[Notice], str]] = {
    "ClockDueSoon": lambda _notice: _("Your answer is due soon"),
    "ClockRanOut": _ran_out,
    "CompletionReminded": lambda _notice: _("It completes by itself in a day"),
    "TicketExpired": lambda _notice: _("It has completed by itself"),
    "ReplyNotSent": lambda _notice: _("Your reply was not sent: it waits for you there"),
    "TicketWoken": lambda _notice: _("It was put aside until now, and is back"),
    "FileKeptBack": lambda _notice: _("A file on it was kept back: there is a virus in it"),
    "OrderUnpaid": lambda _notice: _("The order could not be paid"),
    "ExportFailed": lambda _notice: _("An export could not be brought to its place"),
    "ChannelLost": lambda _notice: _("Orders can't be fetched from a channel"),
    "JoinAsked": lambda notice: (
        _("%(name)s asks to join your company") % {"name": notice.facts["name"]}
    ),
    "DeliveryFailed": lambda _notice: _("An order that a channel sent was not understood"),
}
