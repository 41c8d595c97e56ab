"""The tickets of one who is gone wait for somebody else."""

from __future__ import annotations

from cast import Cast
from parley.journal.models import Entry
from parley.journal.recording import run_later
from parley.parties.closing import close_person
from parley.parties.keeping_people import deactivate, reactivate
from parley.parties.models import Person
from parley.tickets.assigning import assign
from parley.tickets.ending import cancel
from parley.tickets.models import Ticket


def run_what_was_left() -> None:
    for pk in Entry.objects.filter(kind__in=["MembershipEnded", "PersonClosed"]).values_list("pk"):
        run_later(*pk)


def in_hands_of(ticket_id: int) -> Person | None:
    return Ticket.objects.get(pk=ticket_id).assignee


def test_open_tickets_go_back_into_the_queue(cast: Cast) -> None:
    mine, ended, other = (cast.ticket(by=who) for who in (cast.seller,) * 3)
    for ticket, who in ((mine, cast.agent), (ended, cast.agent), (other, cast.lead)):
        assign(ticket.pk, who.person_id, by=cast.lead)
    cancel(ended.pk, by=cast.seller)
    deactivate(cast.agent.pk, by=cast.admin)
    run_what_was_left()
    assert in_hands_of(mine.pk) is None
    assert in_hands_of(ended.pk) == cast.agent.person, "it says who had it"
    assert in_hands_of(other.pk) == cast.lead.person
    entry = Entry.objects.filter(kind="TicketAssigned").latest("id")
    assert (entry.data["assignee"], entry.person_id) == (None, None)


def test_a_closed_account_lets_go_too(cast: Cast) -> None:
    ticket = cast.ticket()
    assign(ticket.pk, cast.agent.person_id, by=cast.lead)
    close_person(cast.agent.person_id, by=cast.admin)
    run_what_was_left()
    assert in_hands_of(ticket.pk) is None


def test_whoever_was_brought_back_meanwhile_keeps_them(cast: Cast) -> None:
    ticket = cast.ticket()
    assign(ticket.pk, cast.agent.person_id, by=cast.lead)
    deactivate(cast.agent.pk, by=cast.admin)
    reactivate(cast.agent.pk, by=cast.admin)
    deactivate(cast.seller_member.pk, by=cast.admin)
    run_what_was_left()
    assert in_hands_of(ticket.pk) == cast.agent.person
