"""Who is told of what (N3)."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cast import Cast
from notifications.conftest import Tell
from parley.conversations.models import Audience
from parley.guard.modes import MODE, Mode
from parley.guard.reviewing import decline
from parley.guard.watching import OffPlatform, watch_reply
from parley.journal.moment import at, now
from parley.journal.recording import record
from parley.notifications.choosing import mute, unmute
from parley.notifications.models import Kind, Notice
from parley.parties.joining import join
from parley.parties.models import Membership, Person, Role
from parley.parties.settling import settle
from parley.sla.events import ClockDueSoon, ClockRanOut
from parley.tickets.assigning import assign
from parley.tickets.disputing import ask_operator, step_in
from parley.tickets.ending import cancel, close, rate
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.sending import send_due, send_later
from parley.tickets.snoozing import claim_woken, snooze
from parley.tickets.states import Side


def told(ticket: Ticket, kind: Kind | None = None) -> set[str]:
    """Who was told of the ticket (of this kind)."""
    notices = Notice.objects.filter(ticket=ticket)
    if kind:
        notices = notices.filter(kind=kind)
    return set(notices.values_list("person__name", flat=True))


def names(*memberships: Membership) -> set[str]:
    return {membership.person.name for membership in memberships}


def test_a_new_ticket_is_told_to_all_of_the_other_party_and_nobody_else(
    cast: Cast, tell: Tell
) -> None:
    ticket = cast.ticket()
    tell()
    assert told(ticket) == names(cast.supplier, cast.supplier_member)
    assert told(ticket, Kind.NEW_TICKET) == told(ticket)


def test_telling_twice_makes_no_second_notice(cast: Cast, tell: Tell) -> None:
    cast.ticket()
    tell()
    tell()
    cast.supplier.person.refresh_from_db()
    assert Notice.objects.filter(person=cast.supplier.person).count() == 1
    assert cast.supplier.person.unread_notices == 1


def test_whoever_takes_part_is_told_and_their_colleagues_are_left_in_peace(
    cast: Cast, tell: Tell
) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)
    tell()
    Notice.objects.all().delete()
    reply(ticket.pk, Reply(text="It isn't."), by=cast.seller)
    tell()
    assert told(ticket) == names(cast.supplier)


def test_colleagues_take_over_when_the_one_who_took_part_has_left(cast: Cast, tell: Tell) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)
    Membership.objects.filter(pk=cast.supplier.pk).update(active=False)
    tell()
    Notice.objects.all().delete()
    reply(ticket.pk, Reply(text="It isn't."), by=cast.seller)
    tell()
    assert told(ticket) == names(cast.supplier_member)


def test_an_internal_note_is_told_to_agents_who_take_part_and_to_no_one_else(
    cast: Cast, tell: Tell
) -> None:
    ticket = cast.ticket()
    assign(ticket.pk, cast.agent.person_id, by=cast.lead)
    reply(ticket.pk, Reply(text="Look at this", audience=Audience.OPERATOR), by=cast.lead)
    tell()
    assert told(ticket, Kind.NOTE) == names(cast.agent)


def test_a_word_to_one_side_is_never_told_to_the_other(cast: Cast, tell: Tell) -> None:
    ticket = cast.ticket()
    step_in(ticket.pk, "Let me see.", by=cast.agent)
    tell()
    Notice.objects.all().delete()
    aside = Reply(text="Between us", audience=Audience.SIDE, side=Side.OPENER)
    reply(ticket.pk, aside, by=cast.agent)
    tell()
    assert told(ticket) == names(cast.seller)
    reply(ticket.pk, aside, by=cast.seller)
    tell()
    assert told(ticket) == names(cast.seller, cast.agent)


def test_the_operator_hears_of_tickets_between_others_only_when_it_takes_part(
    cast: Cast, tell: Tell
) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)
    tell()
    team = names(cast.agent, cast.lead, cast.admin)
    assert not told(ticket) & team
    ask_operator(ticket.pk, "They don't answer.", by=cast.seller)
    tell()
    assert told(ticket, Kind.DISPUTE) == names(cast.supplier) | team


def test_an_assignment_is_told_to_the_one_it_is_for(cast: Cast, tell: Tell) -> None:
    ticket = cast.ticket()
    assign(ticket.pk, cast.agent.person_id, by=cast.lead)
    tell()
    assert told(ticket, Kind.ASSIGNED) == names(cast.agent)


def test_taking_a_ticket_oneself_is_told_to_nobody(cast: Cast, tell: Tell) -> None:
    ticket = cast.ticket()
    assign(ticket.pk, cast.agent.person_id, by=cast.agent)
    tell()
    assert not told(ticket, Kind.ASSIGNED)


def test_a_muted_ticket_is_silent_until_it_is_put_into_ones_hands(cast: Cast, tell: Tell) -> None:
    ticket = cast.ticket(by=cast.seller, topic=cast.payouts, to=cast.operator)
    assert mute(ticket.pk, by=cast.agent)
    assert mute(ticket.pk, by=cast.agent)
    tell()
    assert told(ticket) == names(cast.lead, cast.admin)
    assign(ticket.pk, cast.agent.person_id, by=cast.lead)
    tell()
    assert told(ticket, Kind.ASSIGNED) == names(cast.agent)
    unmute(ticket.pk, by=cast.agent)
    reply(ticket.pk, Reply(text="Anything new?"), by=cast.seller)
    tell()
    assert told(ticket, Kind.REPLY) == names(cast.agent)


def test_what_one_may_not_see_can_not_be_muted(cast: Cast) -> None:
    assert not mute(cast.ticket().pk, by=cast.other_seller)


def test_a_question_is_a_request_to_the_one_asked_and_a_reply_to_the_others(
    cast: Cast, tell: Tell
) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)
    step_in(ticket.pk, "Let me see.", by=cast.agent)
    tell()
    Notice.objects.all().delete()
    reply(ticket.pk, Reply(text="Which depot?", asks=True, asked=Side.COUNTERPARTY), by=cast.agent)
    tell()
    assert told(ticket, Kind.INFORMATION) == names(cast.supplier)
    assert told(ticket, Kind.REPLY) == names(cast.seller)


def test_a_rating_is_told_once_and_not_as_a_completion_too(cast: Cast, tell: Tell) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="Here it is."), by=cast.supplier)
    rate(ticket.pk, 4, by=cast.seller)
    tell()
    assert told(ticket, Kind.RATED) == names(cast.supplier)
    assert not told(ticket, Kind.COMPLETED)


def test_closing_is_told_to_the_other_side(cast: Cast, tell: Tell) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="Here it is."), by=cast.supplier)
    close(ticket.pk, by=cast.supplier)
    tell()
    assert told(ticket, Kind.COMPLETED) == names(cast.seller)


def runs_out(cast: Cast, ticket: Ticket, kind: type[ClockRanOut | ClockDueSoon]) -> None:
    seen = tuple(sorted([cast.bright_home.pk, cast.northwind.pk, cast.operator.pk]))
    with transaction.atomic():
        event = kind(ticket=ticket.pk, seen=seen, party=cast.northwind.pk, due_at="")
        record(event, by=None)


def test_due_soon_is_told_to_those_who_owe_the_answer(cast: Cast, tell: Tell) -> None:
    ticket = cast.ticket()
    runs_out(cast, ticket, ClockDueSoon)
    tell()
    assert told(ticket, Kind.DUE_SOON) == names(cast.supplier, cast.supplier_member)


def test_a_clock_that_ran_out_is_told_to_both_sides_and_to_the_heads_of_the_operator(
    cast: Cast, tell: Tell
) -> None:
    ticket = cast.ticket()
    runs_out(cast, ticket, ClockRanOut)
    tell()
    both = names(cast.seller, cast.supplier, cast.supplier_member)
    assert told(ticket, Kind.RAN_OUT) == both | names(cast.lead, cast.admin)


def test_a_clock_that_ran_out_is_told_to_the_agent_who_has_the_ticket(
    cast: Cast, tell: Tell
) -> None:
    ticket = cast.ticket()
    assign(ticket.pk, cast.agent.person_id, by=cast.agent)
    runs_out(cast, ticket, ClockRanOut)
    tell()
    team = names(cast.agent, cast.lead, cast.admin)
    assert told(ticket, Kind.RAN_OUT) & team == names(cast.agent)


def test_someone_of_two_parties_is_told_once_and_never_of_their_own_doing(
    cast: Cast, tell: Tell
) -> None:
    both = join(cast.seller.person, cast.northwind, Role.MEMBER)
    ticket = cast.ticket()
    tell()
    assert told(ticket) == names(cast.supplier, cast.supplier_member)
    # Opening it for the seller is no taking part for the supplier.
    reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)
    tell()
    mine = Notice.objects.get(person=both.person)
    assert (mine.kind, mine.party) == (Kind.REPLY, cast.bright_home)


def test_two_hundred_people_are_told_with_few_queries(cast: Cast, tell: Tell) -> None:
    people = Person.objects.bulk_create(
        Person(email=f"p{n}@northwind.example", name=f"P {n}") for n in range(700)
    )
    Membership.objects.bulk_create(
        Membership(person=person, party=cast.northwind, role=Role.MEMBER) for person in people
    )
    ticket = cast.ticket()
    with CaptureQueriesContext(connection) as queries:
        tell()
    assert Notice.objects.filter(ticket=ticket).count() == 702
    assert len(queries) < 60


@pytest.mark.parametrize("who", ["other_seller", "other_supplier", "other_seller_member"])
def test_strangers_are_told_nothing(cast: Cast, tell: Tell, who: str) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)
    ask_operator(ticket.pk, "Help.", by=cast.seller)
    runs_out(cast, ticket, ClockRanOut)
    tell()
    assert not Notice.objects.filter(person=cast.everybody[who].person).exists()


def test_of_a_declined_reply_its_sender_is_told(cast: Cast, tell: Tell) -> None:
    settle(MODE, Mode.HOLD.value, by=cast.admin)
    ticket = cast.ticket()
    said = Reply(text="Call me on +44 7700 900123")
    with pytest.raises(OffPlatform) as warning:
        watch_reply(ticket.pk, said, by=cast.supplier_member)
    held = watch_reply(ticket.pk, said, by=cast.supplier_member, aware=warning.value.aware)
    assert held is not None
    mute(ticket.pk, by=cast.supplier_member)
    decline(held.pk, "Keep it here.", by=cast.agent)
    tell()
    assert told(ticket, Kind.NOT_SENT) == names(cast.supplier_member)


def test_of_a_reply_that_could_not_be_sent_its_sender_is_told(cast: Cast, tell: Tell) -> None:
    ticket = cast.ticket(topic=cast.payouts, to=None)
    send_later(ticket.pk, Reply(text="Paid.", submit_key=uuid.uuid4()), by=cast.agent)
    cancel(ticket.pk, by=cast.seller)
    with at(now() + timedelta(minutes=1)):
        send_due()
    tell()
    assert told(ticket, Kind.NOT_SENT) == names(cast.agent)


def test_of_a_ticket_that_is_back_those_are_told_who_wait_for_it(cast: Cast, tell: Tell) -> None:
    timed, replied = (cast.ticket(topic=cast.payouts, to=None) for _n in range(2))
    assign(timed.pk, cast.lead.person_id, by=cast.lead)
    for ticket in (timed, replied):
        snooze(ticket.pk, now() + timedelta(hours=1), by=cast.agent)
    reply(replied.pk, Reply(text="And now?"), by=cast.seller)
    with at(now() + timedelta(hours=2)):
        claim_woken()
    tell()
    assert told(timed, Kind.WOKEN) == names(cast.agent, cast.lead)
    assert told(replied, Kind.WOKEN) == set()
