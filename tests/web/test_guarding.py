"""The off-platform guard on pages, in the messenger and in the API."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cast import Cast
from parley.conversations.models import Message
from parley.guard.models import HeldReply, HeldState
from parley.guard.modes import MODE, Mode
from parley.journal.models import Entry
from parley.journal.recording import run_later
from parley.parties.settling import settle, settled
from parley.parties.tokens import make_token
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from web.pages import HTMX, Browser, words_of

AWAY = "Call me on +44 7700 900123"


@pytest.fixture
def holds(cast: Cast) -> None:
    settle(MODE, Mode.HOLD.value, by=cast.admin)


def send(browser: Browser, ticket: Ticket, text: str = AWAY, **more: Any) -> Any:
    path = reverse("portal:replies", args=[ticket.pk])
    return browser.post(
        path, {"text": text, "way": "reply", "submit_key": str(uuid.uuid4()), **more}, **HTMX
    )


def aware_of(answer: Any) -> str:
    found = re.search(r'name="aware" value="(\w+)"', answer.content.decode())
    assert found
    return found[1]


def test_a_reply_is_warned_of_and_then_sent(cast: Cast) -> None:
    ticket, browser = cast.ticket(), Browser(cast.supplier)
    warned = send(browser, ticket)
    assert warned.status_code == 422
    assert "+44 7700 900123" in words_of(warned)
    assert "Keep it here" in words_of(warned)
    sent = send(browser, ticket, aware=aware_of(warned))
    assert sent.status_code == 200
    assert Message.objects.filter(conversation=ticket.conversation_id).count() == 2


def test_without_scripts_the_page_comes_again_with_what_was_typed(cast: Cast) -> None:
    ticket, browser = cast.ticket(), Browser(cast.supplier)
    path = reverse("portal:replies", args=[ticket.pk])
    answer = browser.post(path, {"text": AWAY, "way": "reply"})
    assert answer.status_code == 422
    assert AWAY in answer.content.decode()
    sent = browser.post(path, {"text": AWAY, "way": "reply", "aware": aware_of(answer)})
    assert sent.status_code == 302


def test_an_opening_is_warned_of(cast: Cast) -> None:
    browser = Browser(cast.seller)
    filled = {
        "topic": cast.late_parcel.pk,
        "to": cast.northwind.pk,
        "title": "Where is it",
        "text": AWAY,
        "priority": "question",
    }
    warned = browser.post("/tickets/new/", filled)
    assert warned.status_code == 422
    assert not Ticket.objects.exists()
    browser.post("/tickets/new/", filled | {"aware": aware_of(warned)})
    assert Ticket.objects.count() == 1
    settle(MODE, Mode.HOLD.value, by=cast.admin)
    refused = browser.post("/tickets/new/", filled)
    assert 'name="aware"' not in refused.content.decode()
    assert "Take it out" in words_of(refused)


def test_a_program_is_told_and_says_it_all_the_same(cast: Cast) -> None:
    ticket, client = cast.ticket(), Client()
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {make_token(cast.supplier, 'test')[1]}"
    path = f"/api/v1/tickets/{ticket.pk}/replies"
    warned = client.post(path, {"text": AWAY}, "application/json")
    problem = warned.json()
    assert (warned.status_code, problem["type"]) == (422, "urn:parley:problem:off-platform")
    assert problem["found"] == ["phone"]
    settle(MODE, Mode.HOLD.value, by=cast.admin)
    held = client.post(path, {"text": AWAY, "aware": problem["aware"]}, "application/json")
    assert (held.status_code, held.json()) == (202, {"held": HeldReply.objects.get().pk})
    opening = {
        "topic": cast.wrong_address.pk,
        "to": cast.bright_home.pk,
        "title": "x",
        "text": AWAY,
    }
    assert client.post("/api/v1/tickets", opening, "application/json").status_code == 422


def test_held_it_is_looked_at_and_released(cast: Cast, holds: None) -> None:
    ticket, sender = cast.ticket(), Browser(cast.supplier)
    held = send(sender, ticket, aware=aware_of(send(sender, ticket)))
    assert held.status_code == 202
    assert "data-held" in held.content.decode()
    page = reverse("portal:ticket", args=[ticket.pk])
    other_side = Browser(cast.seller)
    assert AWAY in sender.see(page).words
    assert AWAY not in other_side.see(page).words

    desk, waiting = Browser(cast.agent), HeldReply.objects.get()
    assert "+44 7700 900123</mark>" in desk.get(reverse("desk:held")).content.decode()
    desk.post(reverse("desk:releasing", args=[waiting.pk]))
    assert AWAY in other_side.see(page).words
    assert "held-reply" not in sender.get(page).content.decode()
    again = desk.post(reverse("desk:releasing", args=[waiting.pk]))
    assert again.status_code == 302
    assert Message.objects.filter(conversation=ticket.conversation_id).count() == 2


def test_declined_its_sender_reads_why_and_changes_it(cast: Cast, holds: None) -> None:
    ticket, sender, desk = cast.ticket(), Browser(cast.supplier), Browser(cast.lead)
    send(sender, ticket, aware=aware_of(send(sender, ticket)))
    held = HeldReply.objects.get()
    declining = reverse("desk:declining", args=[held.pk])
    assert desk.post(declining, {"reason": " "}).status_code == 422
    desk.post(declining, {"reason": "Leave the number out"})
    assert "Leave the number out" in sender.see(reverse("portal:ticket", args=[ticket.pk])).words
    sender.post(reverse("portal:held_taking_back", args=[ticket.pk, held.pk]))
    assert AWAY in sender.get(reverse("portal:ticket", args=[ticket.pk])).content.decode()
    held.refresh_from_db()
    assert held.state == HeldState.TAKEN_BACK


def test_what_was_sent_is_flagged_on_the_ticket_and_listed(cast: Cast) -> None:
    ticket, desk = cast.ticket(), Browser(cast.lead)
    reply(ticket.pk, Reply(text=AWAY), by=cast.supplier)
    run_later(Entry.objects.get(kind="ReplyPosted").pk)
    assert "a phone number" in desk.see(reverse("desk:more", args=[ticket.pk])).words
    listed = desk.get(reverse("desk:flags")).content.decode()
    assert '<mark title="a phone number">+44 7700 900123</mark>' in listed
    assert desk.get(reverse("desk:flags") + "?before=x").status_code == 200
    assert "Nothing was flagged" in desk.see(reverse("desk:flags") + "?before=1").words


def test_in_the_messenger_it_is_warned_of_too(cast: Cast) -> None:
    from parley.guard.watching import OffPlatform, watch_reply
    from parley.web.chat.problems import TOLD

    with pytest.raises(OffPlatform) as warning:
        watch_reply(cast.ticket().pk, Reply(text=AWAY), by=cast.seller)
    problem = TOLD[OffPlatform](warning.value, cast.seller)
    assert problem.status == 422
    assert problem.more["aware"] == warning.value.aware


def test_an_administrator_settles_how_strict_it_is(cast: Cast) -> None:
    browser, address = Browser(cast.admin), reverse("administration:guard")
    assert browser.post(address, {"mode": "strictest"}).status_code == 422
    browser.post(address, {"mode": "hold"})
    assert settled(MODE) == Mode.HOLD
    changed = Entry.objects.get(kind="SettingChanged", subject="setting:guard.mode")
    assert (changed.data["was"], changed.data["now"]) == ("warn", "hold")
