"""What happens in a chat at the same moment happens in one order, and once."""

from __future__ import annotations

import uuid

import pytest

from cast import Cast
from crowd import all_at_once, crowd, failures
from parley.conversations.models import Message
from parley.messenger.answering import WithPeople, say_as_assistant
from parley.messenger.asking import ask
from parley.messenger.handing_over import hand_over
from parley.messenger.models import Chat, Visitor
from parley.messenger.visiting import arrive, newcomer
from parley.tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("transactional_db")


def test_the_assistant_answers_before_the_hand_over_or_not_at_all(cast: Cast) -> None:
    for _round in range(4):
        chat = ask(None, "Is anybody there?", by=cast.seller, language="en").pk
        Ticket.objects.update(created_at="2020-01-01T00:00:00Z")
        handed, *answers = all_at_once(
            [
                lambda chat=chat: hand_over(chat, by=cast.seller, priority="urgent"),
                *[lambda chat=chat: say_as_assistant(chat, "I know this.")] * 3,
            ]
        )
        assert isinstance(handed, Ticket), handed
        said = [answer for answer in answers if isinstance(answer, Message)]
        refused = [answer for answer in answers if isinstance(answer, WithPeople)]
        assert len(said) + len(refused) == 3
        assert all(message.at <= handed.created_at for message in said)


def test_eight_hand_overs_at_once_make_one_ticket(cast: Cast) -> None:
    chat = ask(None, "Is anybody there?", by=cast.seller, language="en").pk
    got = crowd(8, lambda: hand_over(chat, by=cast.seller, priority="question"))
    assert {ticket.pk for ticket in got if isinstance(ticket, Ticket)} == {Ticket.objects.get().pk}
    assert not failures(got)


def test_the_same_first_question_eight_times_is_one_chat(cast: Cast) -> None:
    key = uuid.uuid4()
    got = crowd(8, lambda: ask(None, "Hello", by=cast.seller, language="en", submit_key=key))
    assert {chat.pk for chat in got if isinstance(chat, Chat)} == {Chat.objects.get().pk}
    assert Message.objects.count() == 1


def test_eight_first_words_of_one_browser_make_one_visitor(cast: Cast) -> None:
    caller = newcomer(None, language="en", time_zone="UTC")
    got = crowd(8, lambda: arrive(caller))
    assert len({membership.pk for membership in got}) == Visitor.objects.count() == 1
