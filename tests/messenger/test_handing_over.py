"""Handing a chat over: nothing said twice, nothing lost, and nobody talks over anybody."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from cast import Cast
from parley.conversations.models import Message
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.messenger.answering import WithPeople, say_as_assistant
from parley.messenger.asking import ask
from parley.messenger.handing_over import hand_over
from parley.messenger.models import Chat, ChatState
from parley.tickets.finding import Filters, find
from parley.tickets.models import Ticket
from parley.tickets.opening import OpeningRefused, TooSoon
from parley.tickets.replying import Reply, reply


def asked(
    cast: Cast, text: str = "How do I change the bank account?\nThe old one is closed."
) -> Chat:
    chat = ask(None, text, by=cast.seller, language="en")
    say_as_assistant(chat.pk, "Open **Settings**, then *Balance*.")
    return Chat.objects.get(pk=chat.pk)


def test_what_was_said_becomes_a_ticket_on_the_same_conversation(cast: Cast) -> None:
    chat = asked(cast)
    ticket = hand_over(chat.pk, by=cast.seller, priority="urgent")
    assert ticket.conversation_id == chat.pk
    assert ticket.title == "How do I change the bank account?"
    assert (ticket.opener, ticket.counterparty) == (cast.bright_home, cast.operator)
    assert ticket.is_urgent
    assert Message.objects.filter(conversation=chat.pk).count() == 2, "nothing is copied"
    assert Chat.objects.get(pk=chat.pk).state == ChatState.PEOPLE


def test_an_urgent_one_goes_first_in_the_queue(cast: Cast) -> None:
    earlier = cast.ticket(topic=cast.payouts, to=None)
    ticket = hand_over(asked(cast).pk, by=cast.seller, priority="urgent")
    page = find(cast.agent, Filters(queue="unassigned"))
    assert [row.ticket_id for row in page.rows] == [ticket.pk, earlier.pk]


def test_it_is_found_by_what_was_said_in_the_chat(cast: Cast) -> None:
    ticket = hand_over(asked(cast).pk, by=cast.seller, priority="question", text="It still fails.")
    for text in ("bank account", "balance", "fails"):
        assert [row.ticket_id for row in find(cast.agent, Filters(text=text)).rows] == [ticket.pk]


def test_a_chat_of_whatever_length_is_handed_over(cast: Cast) -> None:
    chat = asked(cast)
    for part in range(12):
        words = " ".join(f"word{part:02}{number:05}" for number in range(4_000))
        ask(chat.pk, words, by=cast.seller, language="en")
    ticket = hand_over(chat.pk, by=cast.seller, priority="question")
    assert [row.ticket_id for row in find(cast.agent, Filters(text="word1103999")).rows] == [
        ticket.pk
    ]


def test_the_assistant_never_talks_over_a_person(cast: Cast) -> None:
    chat = asked(cast)
    hand_over(chat.pk, by=cast.seller, priority="question")
    with pytest.raises(WithPeople):
        say_as_assistant(chat.pk, "One more thing.")
    with pytest.raises(WithPeople):
        ask(chat.pk, "Are you there?", by=cast.seller, language="en")
    assert Message.objects.filter(conversation=chat.pk).count() == 2


def test_pressed_twice_it_is_handed_over_once(cast: Cast) -> None:
    chat = asked(cast)
    key = uuid4()
    one = hand_over(chat.pk, by=cast.seller, priority="slowing", text="Help.", submit_key=key)
    two = hand_over(chat.pk, by=cast.seller, priority="slowing", text="Help.", submit_key=key)
    assert one.pk == two.pk
    assert Message.objects.filter(conversation=chat.pk).count() == 3
    assert Entry.objects.filter(kind="ChatHandedOver").count() == 1
    hand_over(chat.pk, by=cast.seller, priority="slowing", text="And this.", submit_key=uuid4())
    assert Ticket.objects.count() == 1
    assert Message.objects.filter(conversation=chat.pk).last().text == "And this."  # type: ignore[union-attr]


def test_without_a_chat_it_begins_with_the_description(cast: Cast) -> None:
    key = uuid4()
    for _twice in range(2):
        ticket = hand_over(
            None, by=cast.seller, priority="question", text="Hello there", submit_key=key
        )
        assert ticket.title == "Hello there"
    assert Chat.objects.count() == 1
    with pytest.raises(OpeningRefused) as refusal:
        hand_over(None, by=cast.seller, priority="question")
    assert "text" in refusal.value.problems


def test_a_second_one_soon_after_is_refused_and_names_the_first(cast: Cast) -> None:
    first = hand_over(asked(cast).pk, by=cast.seller, priority="question")
    again = asked(cast)
    with pytest.raises(TooSoon) as refusal:
        hand_over(again.pk, by=cast.seller, priority="question")
    assert refusal.value.ticket.pk == first.pk
    assert Chat.objects.get(pk=again.pk).state == ChatState.ASSISTANT
    with at(now() + timedelta(minutes=16)):
        assert hand_over(again.pk, by=cast.seller, priority="question").pk != first.pk


def test_the_operators_own_people_have_nobody_to_be_handed_to(cast: Cast) -> None:
    chat = ask(None, "How do I invite a colleague?", by=cast.agent, language="ru")
    with pytest.raises(PermissionDenied):
        hand_over(chat.pk, by=cast.agent, priority="question")


def test_another_persons_chat_is_not_there(cast: Cast) -> None:
    chat = asked(cast)
    for who in (cast.seller_member, cast.other_seller, cast.agent):
        with pytest.raises(Chat.DoesNotExist):
            hand_over(
                chat.pk, by=who, priority="question", text="Mine"
            ) if who != cast.agent else ask(chat.pk, "Mine", by=who, language="en")


def test_an_agents_answer_moves_it_on_like_any_ticket(cast: Cast) -> None:
    ticket = hand_over(asked(cast).pk, by=cast.seller, priority="question")
    reply(ticket.pk, Reply(text="Done for you."), by=cast.agent)
    assert Ticket.objects.get(pk=ticket.pk).status == "answered"
