"""A chat that was handed over, as the desk, its opener and programs see it."""

from __future__ import annotations

import json
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cast import Cast
from parley.conversations.models import Message
from parley.messenger.answering import say_as_assistant
from parley.messenger.asking import ask
from parley.messenger.handing_over import hand_over
from parley.messenger.typing import typing_in
from parley.messenger.visiting import arrive, newcomer
from parley.parties.tokens import make_token
from parley.tickets.disputing import step_in
from parley.tickets.evidencing import evidence
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from web.test_chat import Browser


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    chat = ask(None, "Where is my payout?", by=cast.seller, language="en")
    say_as_assistant(chat.pk, "Under **Balance**.")
    return hand_over(chat.pk, by=cast.seller, priority="urgent", text="It is not there.")


def page(who: Any, path: str) -> str:
    client = Client()
    client.force_login(who.person)
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_whole_chat_is_on_the_page_and_the_machine_is_labelled(
    cast: Cast, ticket: Ticket
) -> None:
    for who, path in (
        (cast.lead, f"/desk/tickets/{ticket.pk}/"),
        (cast.seller, f"/tickets/{ticket.pk}/"),
    ):
        shown = page(who, path)
        assert shown.index("Where is my payout?") < shown.index("<strong>Balance</strong>")
        assert 'data-message data-side="assistant"' in shown
        assert "AI assistant" in shown
        assert 'data-typing="' in shown


def test_an_urgent_one_stands_first_in_the_queue_with_its_first_words(
    cast: Cast, ticket: Ticket
) -> None:
    cast.ticket(topic=cast.payouts, to=None)
    queue = page(cast.lead, "/desk/queues/unassigned/")
    assert queue.index("Where is my payout?") < queue.index("Parcel")


def test_a_visitors_address_is_shown_as_what_it_is(cast: Cast) -> None:
    visitor = arrive(newcomer(None, language="en", time_zone="UTC"))
    ticket = hand_over(
        None, by=visitor, priority="question", text="Hello", contact="jane@example.org"
    )
    shown = page(cast.lead, f"/desk/tickets/{ticket.pk}/")
    assert "jane@example.org" in shown
    assert "nobody has verified it" in shown
    assert "visitors.invalid" not in shown


def test_programs_are_told_that_a_machine_said_it(cast: Cast, ticket: Ticket) -> None:
    _token, secret = make_token(cast.seller, "test")
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    said = client.get(f"/api/v1/tickets/{ticket.pk}/messages").json()["data"]
    assert [one["is_assistants"] for one in said] == [False, True, False]
    assert said[1]["author"] is None
    topics = client.get("/api/v1/topics").json()["data"]
    assert "Messenger" not in [topic["name"] for topic in topics], "nobody picks it"


def test_the_chat_is_in_the_evidence(cast: Cast) -> None:
    opened = cast.ticket()
    step_in(opened.pk, "Let us look.", by=cast.lead)
    Message.objects.filter(conversation=opened.conversation_id).update(person=None)
    with zipfile.ZipFile(evidence(opened.pk, by=cast.lead)) as archive:
        said = json.loads(archive.read("messages.json"))
        assert said[0]["is_assistants"]
        assert "a machine" in archive.read("messages.txt").decode()


@pytest.mark.parametrize("way", ["note", "only-opener", ""])
def test_nobody_is_told_that_a_note_is_being_written(cast: Cast, ticket: Ticket, way: str) -> None:
    desk = Client()
    desk.force_login(cast.lead.person)
    desk.post(f"/tickets/{ticket.pk}/typing/", {"way": way})
    assert Browser(cast.seller).get(f"conversations/{ticket.conversation_id}")["typing"] == []


def test_both_are_told_who_types(cast: Cast, ticket: Ticket) -> None:
    browser, desk = Browser(cast.seller), Client()
    desk.force_login(cast.lead.person)
    chat = ticket.conversation_id
    assert browser.get(f"conversations/{chat}")["typing"] == []
    assert desk.post(f"/tickets/{ticket.pk}/typing/", {"way": "reply"}).status_code == 204
    assert browser.get(f"conversations/{chat}")["typing"] == ["Léa Lead"]
    assert browser.get(f"conversations/{chat}/typing") == {"typing": ["Léa Lead"]}
    browser.post(f"conversations/{chat}/typing")
    assert "Selma Seller is typing" in desk.get(f"/tickets/{ticket.pk}/typing/").content.decode()
    browser.post(f"conversations/{chat}/messages", text="Sent")
    assert "is typing" not in desk.get(f"/tickets/{ticket.pk}/typing/").content.decode()


def test_a_page_of_the_messenger_asks_as_much_for_many_as_for_one(
    cast: Cast, ticket: Ticket
) -> None:
    browser = Browser(cast.seller)
    paths = [f"conversations/{ticket.conversation_id}", "conversations", "unread"]

    def asked() -> list[int]:
        counted = []
        for path in paths:
            browser.get(path)
            with CaptureQueriesContext(
                connection,
            ) as captured:
                browser.get(path)
            counted.append(len(captured))
        return counted

    few = asked()
    for n in range(5):
        reply(ticket.pk, Reply(text=f"Answer {n}"), by=cast.lead)
        chat = ask(None, f"Question {n}", by=cast.seller, language="en")
        say_as_assistant(chat.pk, "I don't know.")
    assert asked() == few
    assert max(few) <= 12, few


def test_who_has_said_it_is_typing_no_more(cast: Cast, ticket: Ticket) -> None:
    client = Client()
    client.force_login(cast.lead.person)
    client.post(f"/tickets/{ticket.pk}/typing/", {"way": "reply"})
    assert typing_in(ticket.conversation_id, cast.seller) == [cast.lead.person.name]
    client.post(f"/tickets/{ticket.pk}/replies/", {"text": "I am looking into it.", "way": "reply"})
    assert Message.objects.filter(text="I am looking into it.").exists()
    assert typing_in(ticket.conversation_id, cast.seller) == []
