"""The tools of the desk in a browser: tags, putting aside, taking back what was sent."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from cast import Cast
from flows.browsing import House
from parley.conversations.models import Message
from parley.parties.settling import settle
from parley.tickets.models import Ticket
from parley.tickets.sending import SECONDS


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.ticket(topic=cast.payouts, to=None, title="Payout A")


def test_tagged_and_put_aside_by_the_keyboard(house: House, cast: Cast, ticket: Ticket) -> None:
    desk = house.desk(cast.lead)
    page, keys = desk.go(f"/desk/tickets/{ticket.pk}/?queue=unassigned"), desk.page.keyboard
    expect(page.locator("#more-tags")).to_contain_text("Linked tickets")
    keys.press("t")
    expect(page.locator("#add-tag")).to_be_focused()
    keys.type("Bank holiday")
    keys.press("Enter")
    expect(page.locator("#more-tags .tag")).to_contain_text("Bank holiday")
    expect(page.locator("#queue-list .tag")).to_have_text("Bank holiday")
    keys.press("Escape")
    keys.press("z")
    expect(page.locator("#snooze-menu")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator("#more-tags")).to_contain_text("Put aside until")
    expect(page.locator("#queue-list .queue-row")).to_have_count(0)
    expect(page.locator("#queue-tabs")).to_contain_text(re.compile(r"Put aside\s*1"))


def test_what_was_sent_is_taken_back(house: House, cast: Cast, ticket: Ticket) -> None:
    settle(SECONDS, 60, by=cast.admin)
    desk, seller = house.desk(cast.lead), house.desk(cast.seller)
    seller.go(f"/tickets/{ticket.pk}/")
    page = desk.go(f"/desk/tickets/{ticket.pk}/")
    page.locator("#reply-text").fill("It is paid to the wrong account.")
    page.keyboard.press("Control+Enter")
    waiting = page.locator("#thread [data-unsent]")
    expect(waiting).to_contain_text("Sent in a moment")
    waiting.get_by_role("button", name="Undo").click()
    expect(page.locator("#reply-text")).to_have_value("It is paid to the wrong account.")
    expect(page.locator("#thread [data-unsent]")).to_have_count(0)
    assert Message.objects.count() == 1


def test_what_is_not_taken_back_goes_out(house: House, cast: Cast, ticket: Ticket) -> None:
    settle(SECONDS, 1, by=cast.admin)
    desk, seller = house.desk(cast.lead), house.desk(cast.seller)
    theirs = seller.go(f"/tickets/{ticket.pk}/")
    desk.go(f"/desk/tickets/{ticket.pk}/")
    desk.say("It is paid.")
    expect(theirs.locator("#thread .message")).to_have_count(2)
    expect(desk.page.locator("#thread [data-unsent]")).to_have_count(0)
    assert Message.objects.count() == 2
