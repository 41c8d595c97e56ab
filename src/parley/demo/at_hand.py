"""A few tickets of the demo that show what agents do with them: merged, linked, put aside, held back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from parley.demo.casting import Cast
from parley.demo.desk import person_at_desk
from parley.demo.playing import Played
from parley.demo.reading_content import content
from parley.guard.looking import is_between_companies
from parley.guard.modes import MODE, Mode
from parley.guard.watching import OffPlatform, watch_reply
from parley.journal.access import entries_of
from parley.journal.moment import at
from parley.journal.recording import run_later
from parley.parties.models import Membership
from parley.parties.settling import settle
from parley.tickets.linking import link
from parley.tickets.merging import merge
from parley.tickets.models import IS_OPEN, Ticket
from parley.tickets.opening import NewTicket, open_ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.snoozing import snooze
from parley.tickets.states import Action, Side, allowed

AGAIN = "tracking"
"""The topic a seller writes on once more, though there is a ticket."""
ON = ("late-parcel", "missing-parcel")


def put_in_hand(cast: Cast, played: Iterable[Played], present: datetime) -> int:
    """Let the last hours' work be seen; gives how many tickets came about by it.

    Where there is no ticket that fits, as in a small demo, nothing is done.
    """
    free = _open_ones(played)
    agent = person_at_desk(cast, "priya.raman")
    merged = _merge_one(cast, free, present, agent)
    _link_some(free, present, agent)
    _put_aside(free, present, agent)
    _flag_one(free, present)
    _hold_one(cast, free, present)
    return merged


def _open_ones(played: Iterable[Played]) -> list[tuple[Ticket, Played]]:
    """The open tickets without a dispute, the latest first, each with its plan."""
    plans = {one.ticket: one for one in played}
    tickets = Ticket.objects.filter(IS_OPEN, pk__in=plans, dispute="none", asks_to_cancel=False)
    rows = tickets.select_related("opener", "counterparty").order_by("-pk")
    return sorted(
        ((row, plans[row.pk]) for row in rows), key=lambda pair: pair[1].last, reverse=True
    )


def _take(
    free: list[tuple[Ticket, Played]], fits: Callable[[Ticket, Played], bool]
) -> Iterator[tuple[Ticket, Played]]:
    """The first that fits, and it is free no more."""
    for pair in free:
        if fits(*pair):
            free.remove(pair)
            yield pair
            return


def _merge_one(
    cast: Cast, free: list[tuple[Ticket, Played]], present: datetime, agent: Membership
) -> int:
    """A seller writes twice of the same parcel, and an agent makes it one ticket."""
    topic = cast.topics[AGAIN]

    def fits(ticket: Ticket, one: Played) -> bool:
        asked = Ticket.objects.filter(opener=ticket.opener, topic=topic)
        lately = asked.filter(created_at__gt=present - timedelta(days=1))
        return one.plan.script.topic in ON and ticket.order_id is not None and not lately.exists()

    for ticket, one in _take(free, fits):
        words = _words(one, order=ticket.order_number)
        by = one.plan.parts.speakers[Side.OPENER].membership
        new = NewTicket(
            topic=topic,
            title=words["again_title"],
            text=words["again"],
            to=ticket.counterparty,
            order=ticket.order_id,
        )
        when = max(one.last, present - timedelta(minutes=50))
        with at(when):
            twice = open_ticket(new, by=by)
        with at(when + (present - when) / 2):
            merge(twice.pk, ticket.pk, by=agent)
        return 1
    return 0


def _link_some(free: list[tuple[Ticket, Played]], present: datetime, agent: Membership) -> None:
    """Tickets of one seller to one supplier have to do with each other; one waits for another."""
    told = 0
    for ticket, _one in list(free):
        alike = (
            other
            for other, _ in free
            if other.pk < ticket.pk
            and (other.opener_id, other.counterparty_id)
            == (ticket.opener_id, ticket.counterparty_id)
        )
        other = next(alike, None)
        if other is None:
            continue
        with at(present - timedelta(minutes=38 - 4 * told)):
            link(ticket.pk, ("relates", "blocked", "duplicates")[told], other.pk, by=agent)
        told += 1
        if told == 3:
            return


def _put_aside(free: list[tuple[Ticket, Played]], present: datetime, agent: Membership) -> None:
    """One comes back the day after tomorrow, one when somebody replies."""
    for n, until in enumerate((present + timedelta(days=2), None)):
        for ticket, _one in _take(free, lambda ticket, _one: ticket.operator_speaks):
            with at(present - timedelta(minutes=24 - n)):
                snooze(ticket.pk, until, by=agent)


def _flag_one(free: list[tuple[Ticket, Played]], present: datetime) -> None:
    """A seller was warned, and sent a telephone number all the same."""
    moment = present - timedelta(minutes=20)
    for ticket, one in _take(free, _may_say(Side.OPENER, moment)):
        by = one.plan.parts.speakers[Side.OPENER].membership
        with at(moment):
            reply(ticket.pk, Reply(text=_words(one)["flagged"]), by=by)
        run_later(entries_of(f"ticket:{ticket.pk}").latest("id").pk)


def _hold_one(cast: Cast, free: list[tuple[Ticket, Played]], present: datetime) -> None:
    """From then on such replies are held, and a supplier's is."""
    with at(present - timedelta(minutes=15)):
        settle(MODE, Mode.HOLD.value, by=person_at_desk(cast, "eleanor.whitfield"))
    moment = present - timedelta(minutes=10)
    for ticket, one in _take(free, _may_say(Side.COUNTERPARTY, moment)):
        by = one.plan.parts.speakers[Side.COUNTERPARTY].membership
        said = Reply(text=_words(one)["held"])
        with at(moment):
            aware = ""
            try:
                watch_reply(ticket.pk, said, by=by)
            except OffPlatform as warned:
                aware = warned.aware
            with suppress(OffPlatform):
                watch_reply(ticket.pk, said, by=by, aware=aware)


def _may_say(side: Side, moment: datetime) -> Callable[[Ticket, Played], bool]:
    """Whether that side may reply at the moment, on a ticket between two companies."""

    def fits(ticket: Ticket, one: Played) -> bool:
        between = is_between_companies(ticket.opener, ticket.counterparty)
        return between and one.last < moment and allowed(ticket.state, Action.REPLY, side)

    return fits


def _words(one: Played, **values: str) -> dict[str, str]:
    """What is said, in the language of the ticket, by keys without the language."""
    language = one.plan.script.language
    ending = f"_{language}"
    return {
        key.removesuffix(ending): words.format(**values) if values else words
        for key, words in content("desk")["words"].items()
        if key.endswith(ending)
    }
