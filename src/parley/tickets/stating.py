"""The one sentence of state that leads every ticket everywhere, in the reader's own terms (T7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from parley.journal.moment import now
from parley.journal.telling_time import day_and_time, short_date_and_time
from parley.tickets.models import NUMBER_FORMAT, StatusChoices, Ticket
from parley.tickets.states import Dispute, Status


class StateLine(NamedTuple):
    """`sentence` is in the active language; `tone` is calm, soon, over, waiting or done."""

    sentence: str
    tone: str
    icon: str
    status: str


def state_line(ticket: Ticket, party_id: int) -> StateLine:
    """Where `ticket` stands, whose turn it is and by when, as the party reads it."""
    status = status_words(ticket, party_id)
    if ticket.merged_into_id:
        part_of = NUMBER_FORMAT.format(ticket.merged_into_id)
        words = _("Merged into %(number)s") % {"number": part_of}
        return StateLine(words, "waiting", "circle-check", status)
    if ticket.status == Status.CANCELLED:
        return StateLine(_("Cancelled"), "waiting", "circle-x", status)
    if ticket.status == Status.COMPLETED:
        return StateLine(_completed(ticket), "done", "circle-check", status)
    ours = ticket.side_of(party_id) == ticket.turn
    sentence = _our_turn(ticket) if ours else _their_turn(ticket)
    if ticket.dispute == Dispute.OPEN:
        sentence = _("In dispute · %(state)s") % {"state": sentence}
    tone = _tone(ticket, ours)
    return StateLine(sentence, tone, _ICONS[tone], status)


def status_words(ticket: Ticket, party_id: int) -> str:
    """The status alone: in the opener's words for the opener, from the other side for the others."""
    ours = ticket.side_of(party_id) == ticket.turn
    if ticket.status == Status.CREATED:
        return pgettext("status", "New") if ours else _("Created")
    if ticket.status == Status.WAITING:
        return _("Waiting for your reply") if ours else _("Waiting for their reply")
    return str(StatusChoices(ticket.status).label)


def stars_words(stars: int) -> str:
    """`4` as ★★★★☆."""
    return "★" * stars + "☆" * (5 - stars)


_ICONS = {
    "calm": "circle-dot",
    "soon": "clock-alert",
    "over": "circle-alert",
    "waiting": "hourglass",
}


def _completed(ticket: Ticket) -> str:
    if ticket.stars:
        return _("Completed · %(stars)s") % {"stars": stars_words(ticket.stars)}
    return _("Completed")


def _our_turn(ticket: Ticket) -> str:
    if ticket.status == Status.ANSWERED:
        return _("Answered · rate it and close, or carry on")
    words = {"when": _when(ticket.due_at)} if ticket.due_at else {}
    if not words:
        return _("Your turn")
    if _is_over(ticket):
        return _("Your turn · was due %(when)s") % words
    return _("Your turn · answer by %(when)s") % words


def _their_turn(ticket: Ticket) -> str:
    name = ticket.turn_party.name if ticket.turn_party else ""
    if ticket.status == Status.ANSWERED:
        return _("Answered · waiting for %(name)s to rate or carry on") % {"name": name}
    if ticket.due_at is None:
        return _("Waiting for %(name)s") % {"name": name}
    if _is_over(ticket):
        return _("Waiting for %(name)s · %(span)s late") % {
            "name": name,
            "span": _span(now() - ticket.due_at),
        }
    return _("Waiting for %(name)s · due in %(span)s") % {
        "name": name,
        "span": _span(ticket.due_at - now()),
    }


def _tone(ticket: Ticket, ours: bool) -> str:
    if ticket.status in (Status.CREATED, Status.IN_PROGRESS, Status.WAITING):
        if _is_over(ticket):
            return "over"
        if ticket.due_soon_at is not None and ticket.due_soon_at <= now():
            return "soon"
    return "calm" if ours else "waiting"


def _is_over(ticket: Ticket) -> bool:
    return ticket.due_at is not None and ticket.due_at <= now()


def _when(moment: datetime) -> str:
    near = abs(moment - now()) < timedelta(days=6)
    return day_and_time(moment) if near else short_date_and_time(moment)


def _span(span: timedelta) -> str:
    minutes = max(1, int(span.total_seconds()) // 60)
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)s h") % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
