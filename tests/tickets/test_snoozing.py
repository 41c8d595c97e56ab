"""Putting a ticket aside at the desk, and how it comes back (S2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from cast import Cast
from parley.conversations.models import Audience
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.parties.models import Membership
from parley.tickets.assigning import claim
from parley.tickets.ending import cancel
from parley.tickets.finding import Filters, find, queue_counts
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.snoozing import NotToBeSnoozed, claim_woken, snooze, wake
from parley.tickets.states import Side

HOUR = timedelta(hours=1)


def listed(reader: Membership, queue: str) -> set[int]:
    return {row.ticket_id for row in find(reader, Filters(queue=queue)).rows}


def is_aside(ticket: Ticket) -> bool:
    ticket.refresh_from_db()
    return ticket.snoozed_until is not None


def test_it_leaves_the_queues_and_stands_in_its_own(cast: Cast) -> None:
    ticket = cast.ticket(topic=cast.payouts, to=None, priority="urgent")
    claim(ticket.pk, by=cast.agent)
    snooze(ticket.pk, now() + HOUR, by=cast.agent)
    for queue in ("mine", "urgent", "unassigned"):
        assert listed(cast.agent, queue) == set(), queue
    assert listed(cast.agent, "snoozed") == {ticket.pk} == listed(cast.agent, "all")
    assert queue_counts(cast.agent)["snoozed"] == 1
    assert listed(cast.seller, "open") == {ticket.pk}, "nobody else knows of it"


def test_what_a_clock_asks_for_is_not_put_aside(cast: Cast) -> None:
    over, soon = cast.ticket(), cast.ticket()
    Ticket.objects.filter(pk=over.pk).update(ran_out_at=now())
    Ticket.objects.filter(pk=soon.pk).update(due_soon_told_at=now())
    for ticket in (over, soon):
        snooze(ticket.pk, now() + HOUR, by=cast.agent)
    assert listed(cast.agent, "ran-out") == {over.pk}
    assert listed(cast.agent, "due-soon") == {soon.pk}


def test_it_comes_back_when_its_time_has_come_and_once(cast: Cast) -> None:
    ticket, moment = cast.ticket(), now()
    snooze(ticket.pk, moment + HOUR, by=cast.agent)
    with at(moment + HOUR - timedelta(seconds=1)):
        assert claim_woken() == 0
    with at(moment + HOUR):
        assert claim_woken() == 1
        assert claim_woken() == 0
    assert not is_aside(ticket)
    (woken,) = Entry.objects.filter(kind="TicketWoken")
    assert (woken.data["why"], woken.data["person"]) == ("time", cast.agent.person_id)
    assert woken.data["seen"] == [cast.operator.pk]


@pytest.mark.parametrize("until", [None, HOUR])
@pytest.mark.parametrize(
    "act",
    [
        lambda cast, pk: reply(pk, Reply(text="On its way."), by=cast.supplier),
        lambda cast, pk: reply(pk, Reply(text="And now?"), by=cast.seller),
        lambda cast, pk: reply(
            pk, Reply(text="?", audience=Audience.SIDE, side=Side.OPENER), by=cast.seller
        ),
        lambda cast, pk: cancel(pk, by=cast.seller),
    ],
)
def test_whatever_others_do_brings_it_back(
    cast: Cast, act: Callable[[Cast, int], object], until: timedelta | None
) -> None:
    ticket = cast.ticket()
    snooze(ticket.pk, now() + until if until else None, by=cast.agent)
    act(cast, ticket.pk)
    assert not is_aside(ticket)


def test_a_note_of_our_own_leaves_it_aside(cast: Cast) -> None:
    ticket = cast.ticket()
    snooze(ticket.pk, None, by=cast.agent)
    reply(ticket.pk, Reply(text="Note.", audience=Audience.OPERATOR), by=cast.lead)
    assert is_aside(ticket)
    wake(ticket.pk, by=cast.lead)
    assert not is_aside(ticket)
    assert Entry.objects.get(kind="TicketWoken").data["why"] == "hand"
    wake(ticket.pk, by=cast.lead)
    assert Entry.objects.filter(kind="TicketWoken").count() == 1


def test_what_cant_be_put_aside(cast: Cast) -> None:
    ticket, ended = cast.ticket(), cast.ticket()
    cancel(ended.pk, by=cast.seller)
    for moment in (now() - HOUR, now() + timedelta(days=400)):
        with pytest.raises(NotToBeSnoozed):
            snooze(ticket.pk, moment, by=cast.agent)
    with pytest.raises(NotToBeSnoozed):
        snooze(ended.pk, None, by=cast.agent)
    for who in (cast.seller, cast.supplier):
        with pytest.raises(PermissionDenied):
            snooze(ticket.pk, None, by=who)
        with pytest.raises(PermissionDenied):
            wake(ticket.pk, by=who)


def test_another_moment_takes_the_place_of_the_first(cast: Cast) -> None:
    ticket, moment = cast.ticket(), now()
    snooze(ticket.pk, moment + HOUR, by=cast.agent)
    snooze(ticket.pk, moment + 2 * HOUR, by=cast.lead)
    snooze(ticket.pk, moment + 2 * HOUR, by=cast.lead)
    first, second = Entry.objects.filter(kind="TicketSnoozed").order_by("id")
    assert second.data["was"] == first.data["until"] == (moment + HOUR).isoformat()
    with at(moment + HOUR):
        assert claim_woken() == 0
