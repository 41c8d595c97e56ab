"""The support PIN: made, shown, replaced, run out, guessed at, and quoted in what people write."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from cast import Cast
from parley.conversations.access import draft_of
from parley.conversations.drafting import keep_draft
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.messenger.asking import ask
from parley.parties.models import Membership, PinOutcome, PinUse, PinWay, SupportPin
from parley.parties.pinning import (
    DAYS,
    MOST_WRONG_FOR_PERSON,
    MOST_WRONG_IN_MESSAGES,
    MOST_WRONG_OF_AGENT,
    TooManyTries,
    pin_of,
    pin_to_show,
    replace_pin,
    take_pins,
    try_pin,
)
from parley.parties.settling import settle
from parley.recognition.pin import MASK
from parley.tickets.models import Ticket
from parley.tickets.opening import NewTicket, open_ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.sending import send_later
from parley.tickets.verifying import NotOnTheTicket, people_to_verify, verified_on, verify


def other(digits: str, by: int = 1) -> str:
    """Six digits that are not these."""
    return f"{(int(digits) + by) % 1_000_000:06}"


def tried(cast: Cast, typed: str, by: Membership | None = None) -> PinOutcome:
    return try_pin(cast.seller.person_id, typed, by=by or cast.agent, way=PinWay.PERSON)


def everything_kept() -> str:
    """All there is in the database, in words."""
    rows = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" AS t')
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows)


def test_a_pin_is_made_when_it_is_first_looked_at_and_stays_until_replaced(cast: Cast) -> None:
    assert pin_of(cast.seller) is None
    first = pin_to_show(by=cast.seller)
    assert len(first.digits) == 6
    assert first.digits.isdigit()
    assert pin_to_show(by=cast.seller) == first == pin_of(cast.seller)
    with at(now() + timedelta(days=1)):
        second = replace_pin(by=cast.seller)
    assert second.made_at > first.made_at
    made = Entry.objects.filter(kind="PinMade", subject=f"person:{cast.seller.person_id}")
    assert [entry.data["replaced"] for entry in made.order_by("id")] == [False, True]


def test_it_runs_out_by_the_days_that_are_settled(cast: Cast) -> None:
    pin = pin_to_show(by=cast.seller)
    with at(now() + timedelta(days=31)):
        assert pin_of(cast.seller) is None
        assert tried(cast, pin.digits) == PinOutcome.EXPIRED
        assert pin_to_show(by=cast.seller).made_at > pin.made_at
    settle(DAYS, 60, by=cast.admin)
    later = pin_to_show(by=cast.seller)
    with at(now() + timedelta(days=59)):
        assert tried(cast, later.digits) == PinOutcome.RIGHT


def test_with_another_secret_key_there_is_no_pin_and_none_is_right(
    cast: Cast, settings: Any
) -> None:
    pin = pin_to_show(by=cast.seller)
    settings.SECRET_KEY = "another"
    assert pin_of(cast.seller) is None
    assert tried(cast, pin.digits) == PinOutcome.WRONG
    assert pin_to_show(by=cast.seller).digits


@pytest.mark.parametrize("way_of_saying", ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}-{0[4]}.{0[5]}"])
def test_an_agent_types_what_they_are_told(cast: Cast, way_of_saying: str) -> None:
    pin = pin_to_show(by=cast.seller)
    assert tried(cast, way_of_saying.format(pin.digits)) == PinOutcome.RIGHT
    assert tried(cast, other(pin.digits)) == PinOutcome.WRONG
    assert tried(cast, "") == PinOutcome.WRONG
    told = Entry.objects.filter(subject=f"person:{cast.seller.person_id}").exclude(kind="PinMade")
    assert [entry.kind for entry in told.order_by("id")] == [
        "PinVerified",
        "PinRefused",
        "PinRefused",
    ]


def test_another_persons_pin_is_wrong(cast: Cast) -> None:
    pin_to_show(by=cast.seller)
    theirs = replace_pin(by=cast.supplier)
    SupportPin.objects.filter(person=cast.seller.person_id).update(
        digest=SupportPin.objects.get(person=cast.supplier.person_id).digest
    )
    assert tried(cast, theirs.digits) == PinOutcome.WRONG


def test_wrong_ones_are_counted_for_each_person(cast: Cast) -> None:
    pin = pin_to_show(by=cast.seller)
    for number in range(MOST_WRONG_FOR_PERSON):
        by = (cast.agent, cast.lead)[number % 2]
        assert tried(cast, other(pin.digits, number + 1), by) == PinOutcome.WRONG
    with pytest.raises(TooManyTries) as refusal:
        tried(cast, pin.digits, cast.admin)
    assert not refusal.value.of_agent
    assert 23 * 60 < refusal.value.minutes <= 24 * 60
    theirs = pin_to_show(by=cast.supplier)
    assert try_pin(cast.supplier.person_id, theirs.digits, by=cast.agent, way=PinWay.PERSON)
    with at(now() + timedelta(hours=24, minutes=1)):
        assert tried(cast, pin.digits) == PinOutcome.RIGHT


def test_and_of_each_agent(cast: Cast) -> None:
    people = [who for who in cast.everybody.values() if not who.is_operator]
    for number in range(MOST_WRONG_OF_AGENT):
        person = people[number % len(people)].person_id
        assert try_pin(person, "0", by=cast.agent, way=PinWay.PERSON) == PinOutcome.WRONG
    with pytest.raises(TooManyTries) as refusal:
        tried(cast, "0")
    assert refusal.value.of_agent
    assert tried(cast, "0", cast.lead) == PinOutcome.WRONG


def test_a_quoted_pin_is_verified_and_stands_nowhere_in_the_clear(cast: Cast) -> None:
    pin = pin_to_show(by=cast.seller).digits
    ticket = cast.ticket(
        title=f"My PIN {pin}: where is my money",
        text=f"Support PIN: {pin[:3]} {pin[3:]}. The payout did not come.",
        topic=cast.payouts,
    )
    keep_draft(
        cast.seller, "elsewhere", f"PIN {pin}", {"title": f"пин {pin}", "at": [f"PIN {pin}"]}
    )
    message = reply(ticket.pk, Reply(text=f"Here it is again:\n{pin} PIN"), by=cast.seller)
    reply(ticket.pk, Reply(text=f"They said PIN {pin}", audience="operator"), by=cast.agent)
    asked = ask(None, f"my PIN is {pin}", by=cast.seller, language="en")
    assert message.text == f"Here it is again:\n{MASK} PIN"
    assert ticket.title == f"My PIN {MASK}: where is my money"
    assert asked.title == f"my PIN is {MASK}"
    kept = everything_kept()
    for spelt in (pin, f"{pin[:3]} {pin[3:]}"):
        assert spelt not in kept
    (verified,) = verified_on(ticket.conversation_id)
    assert (verified.person_id, verified.way) == (cast.seller.person_id, PinWay.MESSAGE)
    draft = draft_of(cast.seller, "elsewhere")
    assert draft is not None
    assert draft.text == f"PIN {MASK}"


def test_the_words_it_is_found_by_have_it_not(cast: Cast) -> None:
    pin = pin_to_show(by=cast.seller).digits
    ticket = cast.ticket(text=f"PIN {pin}", topic=cast.payouts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT everyone::text FROM tickets_words WHERE ticket_id=%s", [ticket.pk])
        assert pin not in cursor.fetchone()[0]


def test_who_quotes_none_of_their_own_says_just_that(cast: Cast) -> None:
    theirs = pin_to_show(by=cast.seller).digits
    ticket = cast.ticket()
    said = reply(ticket.pk, Reply(text=f"PIN {theirs}"), by=cast.supplier)
    assert theirs in said.text
    assert not verified_on(ticket.conversation_id)


def test_a_mask_says_nothing_to_who_sends_many(cast: Cast) -> None:
    pin = pin_to_show(by=cast.seller).digits
    with transaction.atomic():
        for number in range(MOST_WRONG_IN_MESSAGES):
            wrong = f"PIN {other(pin, number + 1)}"
            assert take_pins(wrong, by=cast.seller) == wrong
        for digits in (pin, other(pin)):
            assert take_pins(f"PIN {digits}", by=cast.seller) == f"PIN {MASK}"
    assert not PinUse.objects.filter(outcome=PinOutcome.RIGHT).exists()
    # And on the phone they are verified all the same.
    assert tried(cast, pin) == PinOutcome.RIGHT


def test_an_agents_mask_says_nothing_either(cast: Cast) -> None:
    pin = pin_to_show(by=cast.seller).digits
    ticket = cast.ticket(topic=cast.payouts)
    for digits in (pin, other(pin)):
        said = reply(ticket.pk, Reply(text=f"Is your PIN {digits}?"), by=cast.agent)
        assert said.text == f"Is your PIN {MASK}?"


def test_the_same_message_twice_counts_once(cast: Cast) -> None:
    pin, key = pin_to_show(by=cast.seller).digits, uuid.uuid4()
    ticket = cast.ticket(topic=cast.payouts)
    for _time in range(2):
        reply(ticket.pk, Reply(text=f"PIN {pin}", submit_key=key), by=cast.seller)
    assert PinUse.objects.count() == 1


def test_a_refused_message_verifies_nobody(cast: Cast) -> None:
    pin = pin_to_show(by=cast.seller).digits
    with pytest.raises(ValueError, match="few words"):
        open_ticket(NewTicket(topic=cast.payouts, title="", text=f"PIN {pin}"), by=cast.seller)
    assert not PinUse.objects.exists()


def test_a_right_one_marks_the_person_on_the_ticket(cast: Cast) -> None:
    pin, ticket = pin_to_show(by=cast.seller_member).digits, cast.ticket()
    assert people_to_verify(ticket)[0] == cast.seller
    assert {one.pk for one in people_to_verify(ticket)} == {
        one.pk for one in (cast.seller, cast.seller_member, cast.supplier, cast.supplier_member)
    }
    person = cast.seller_member.person_id
    assert verify(ticket.pk, person, other(pin), by=cast.agent) == PinOutcome.WRONG
    assert not verified_on(ticket.conversation_id)
    moment = now()
    with at(moment):
        assert verify(ticket.pk, person, pin, by=cast.agent) == PinOutcome.RIGHT
    (use,) = verified_on(ticket.conversation_id)
    assert (use.person, use.agent, use.at) == (
        cast.seller_member.person,
        cast.agent.person,
        moment,
    )
    entry = Entry.objects.get(kind="PersonVerified")
    assert entry.data == {"ticket": ticket.pk, "seen": [cast.operator.pk], "person": person}


def test_only_the_operator_verifies_and_only_those_on_the_ticket(cast: Cast) -> None:
    ticket = cast.ticket()
    with pytest.raises(PermissionDenied):
        verify(ticket.pk, cast.supplier.person_id, "0", by=cast.seller)
    for outside in (cast.other_seller, cast.lead):
        with pytest.raises(NotOnTheTicket):
            verify(ticket.pk, outside.person_id, "0", by=cast.agent)
    with pytest.raises(Ticket.DoesNotExist):
        verify(10**9, cast.seller.person_id, "0", by=cast.agent)


def test_what_an_agent_may_still_take_back_has_no_pin_either(cast: Cast) -> None:
    ticket = cast.ticket(topic=cast.payouts)
    said = Reply(text="Is it PIN 482913?", submit_key=uuid.uuid4())
    row = send_later(ticket.pk, said, by=cast.agent)
    assert row.text == f"Is it PIN {MASK}?"
