"""The desk without a mouse: from the queue to a reply and a note, the palette, the sheet of keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from cast import Cast
from flows.browsing import Desk, House
from parley.conversations.models import Message
from parley.tickets.models import Ticket


@pytest.fixture
def tickets(cast: Cast) -> list[Ticket]:
    return [cast.ticket(topic=cast.payouts, to=None, title=f"Payout {day}") for day in "ABC"]


@pytest.fixture
def desk(house: House, cast: Cast, tickets: list[Ticket]) -> Desk:
    desk = house.desk(cast.lead)
    desk.go("/desk/queues/all/")
    return desk


def test_from_the_queue_to_a_reply_and_a_note(desk: Desk, tickets: list[Ticket]) -> None:
    page, keys = desk.page, desk.page.keyboard
    keys.press("j")
    keys.press("j")
    keys.press("k")
    keys.press("j")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/desk/tickets/\d+/"))
    expect(page.locator("#workspace h1")).to_have_text("Payout B")
    keys.press("r")
    expect(page.locator("#reply-text")).to_be_focused()
    keys.type("Paid this morning.")
    keys.press("Control+Enter")
    # It can be taken back no more.
    expect(page.locator("#thread .message[id^=m]")).to_have_count(2)
    keys.press("Escape")
    keys.press("n")
    expect(page.locator("#reply-text")).to_be_focused()
    keys.type("It was the bank.")
    keys.press("Control+Enter")
    expect(page.locator("#thread .note")).to_contain_text("It was the bank.")
    said = Message.objects.order_by("pk").values_list("text", "audience")
    assert list(said)[-2:] == [("Paid this morning.", "everyone"), ("It was the bank.", "operator")]


def test_taking_assigning_and_priority(desk: Desk, cast: Cast, tickets: list[Ticket]) -> None:
    page, keys = desk.page, desk.page.keyboard
    ticket = tickets[0]
    desk.go(f"/desk/tickets/{ticket.pk}/")
    keys.press("m")
    expect(page.locator("#desk-head .crumb")).to_contain_text(cast.lead.person.name)
    keys.press("p")
    expect(page.locator("#priority-menu")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("End")
    keys.press("Enter")
    expect(page.locator("#desk-head .badge.urgent")).to_be_visible()
    keys.press("a")
    person = page.locator("#assign-menu .menu-item", has_text=cast.agent.person.name)
    expect(person).to_be_visible()
    person.focus()
    keys.press("Enter")
    expect(page.locator("#desk-head .crumb")).to_contain_text(cast.agent.person.name)
    ticket.refresh_from_db()
    assert (ticket.assignee_id, ticket.priority) == (cast.agent.person_id, "urgent")


def test_the_palette_does_what_it_finds(desk: Desk, cast: Cast, tickets: list[Ticket]) -> None:
    page, keys = desk.page, desk.page.keyboard
    desk.go(f"/desk/tickets/{tickets[0].pk}/")
    keys.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    keys.type("take the")
    expect(page.locator("#palette [role=option]:visible")).to_have_count(1)
    keys.press("Enter")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("#desk-head .crumb")).to_contain_text(cast.lead.person.name)
    keys.press("Control+k")
    keys.type("there is no such thing")
    expect(page.locator("#palette [data-none]")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    keys.press("Control+k")
    keys.type("urgent")
    keys.press("Enter")
    page.wait_for_url("**/desk/queues/urgent/")


def test_the_sheet_of_keys_and_ways_to_go(desk: Desk) -> None:
    page, keys = desk.page, desk.page.keyboard
    keys.press("?")
    expect(page.locator("#keys-sheet")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("#keys-sheet")).to_be_hidden()
    keys.press("/")
    expect(page.locator(".topbar [name=q]")).to_be_focused()
    keys.type("payout c")
    keys.press("Enter")
    expect(page.locator(".queue-row")).to_have_count(1)
    keys.press("g")
    keys.press("n")
    page.wait_for_url("**/notices/")
    keys.press("g")
    keys.press("q")
    page.wait_for_url("**/desk/queues/mine/")
    keys.press("2")
    page.wait_for_url("**/desk/queues/unassigned/")


def test_the_first_stop_of_the_tab_key_skips_to_the_content(desk: Desk) -> None:
    page, keys = desk.page, desk.page.keyboard
    keys.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#main")).to_be_focused()
