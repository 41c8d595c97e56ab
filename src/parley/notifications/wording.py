"""What a notice says, in the reader's language: in the bell, and as the first line of a mail."""

from __future__ import annotations

from django.utils.translation import gettext as _

from parley.notifications.models import Kind, Notice


def sentence(notice: Notice) -> str:
    """One sentence: who did what. The ticket's number and title stand beside it."""
    who = notice.actor.name if notice.actor else ""
    if not who:
        return _BY_THE_CLOCK.get(notice.kind, lambda: _("Something happened"))()
    return _BY_SOMEBODY[notice.kind]() % {"who": who}


_BY_SOMEBODY = {
    Kind.NEW_TICKET: lambda: _("%(who)s opened a ticket"),
    Kind.REPLY: lambda: _("%(who)s replied"),
    Kind.INFORMATION: lambda: _("%(who)s asks for information"),
    Kind.DISPUTE: lambda: _("%(who)s wrote in the dispute"),
    Kind.ASSIGNED: lambda: _("%(who)s assigned a ticket to you"),
    Kind.NOTE: lambda: _("%(who)s wrote to a part of the ticket"),
    Kind.COMPLETED: lambda: _("%(who)s ended the ticket"),
    Kind.RATED: lambda: _("%(who)s rated the answer"),
    Kind.DUE_SOON: lambda: _("An answer is due soon"),
    Kind.RAN_OUT: lambda: _("The time to answer ran out"),
}
_BY_THE_CLOCK = {
    Kind.DUE_SOON: _BY_SOMEBODY[Kind.DUE_SOON],
    Kind.RAN_OUT: _BY_SOMEBODY[Kind.RAN_OUT],
    Kind.COMPLETED: lambda: _("Answered and not continued: it completes by itself"),
}
