"""An agent works through twenty tickets without touching the mouse; and two at once see each other."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from cast import Cast
from flows.browsing import Desk, House
from parley.conversations.models import Message
from parley.desk.keeping_macros import MacroTyped, add_macro
from parley.desk.keeping_teams import TeamTyped, make_team
from parley.journal.models import Entry
from parley.parties.settling import settle
from parley.tickets.models import Ticket
from parley.tickets.sending import SECONDS

TWENTY = 20
COUNT_POINTERS = "addEventListener('pointerdown', () => { document.title = 'touched'; }, true)"


@pytest.fixture
def desk(house: House, cast: Cast) -> Desk:
    members = frozenset({cast.agent.pk})
    make_team(TeamTyped(name="Banks", members=members, hands_out=True), by=cast.admin)
    macro = MacroTyped(
        names={"en": "Where is my payout"},
        texts={"en": "Dear {{opener.name}}, we are looking into {{ticket.number}}."},
        way="reply",
        priority="slowing",
        hands="me",
    )
    add_macro(macro, by=cast.admin)
    # Taking a reply back is walked through in test_desk_tools.py; here each would cost its seconds.
    settle(SECONDS, 0, by=cast.admin)
    for number in range(TWENTY):
        cast.ticket(topic=cast.payouts, to=None, title=f"Payout {number + 1}")
    desk = house.desk(cast.lead)
    desk.context.add_init_script(COUNT_POINTERS)
    desk.go("/desk/queues/unassigned/")
    return desk


@pytest.mark.slow
def test_twenty_tickets_by_keys_alone(desk: Desk, cast: Cast) -> None:
    page = desk.page
    loaded: list[Page] = []
    page.on("domcontentloaded", lambda page: loaded.append(page))  # noqa: PLW0108 - a bare builtin is refused
    ways = (take_and_answer, use_the_macro, note_and_pass_on, assign_and_make_urgent)
    done = set()
    for number in range(TWENTY):
        ticket = open_next(page)
        assert ticket not in done
        ways[number % len(ways)](page, cast)
        done.add(ticket)
        expect(page.locator(f"#q{ticket}")).to_have_count(0)
    expect(page.locator(".pane-list .empty")).to_be_visible()
    assert "touched" not in page.title()
    assert not loaded, "a key was quicker than the page, and loaded all of it anew"
    tickets = Ticket.objects.filter(pk__in=done)
    assert tickets.count() == TWENTY
    assert not tickets.filter(assignee=None).exists()
    said = Message.objects.filter(person=cast.lead.person)
    assert said.filter(text="Paid this morning.", audience="everyone").count() == 5
    assert (
        said.filter(text__startswith="Dear Selma Seller, we are", audience="everyone").count() == 5
    )
    assert said.filter(text__startswith="@Агата Агентова", audience="operator").count() == 5
    assert tickets.filter(priority="urgent").count() == 5
    assert tickets.filter(team__name="Banks", assignee=cast.agent.person).count() == 5
    assert Entry.objects.filter(kind="MacroUsed").count() == 5


def open_next(page: Page) -> int:
    """Open the next ticket of the list; gives its number."""
    page.keyboard.press("j")
    row = page.locator(".queue-row:focus")
    expect(row).to_have_count(1)
    wanted = int((row.get_attribute("id") or "q0")[1:])
    page.keyboard.press("Enter")
    expect(page.locator(f"#workspace[data-ticket='{wanted}']")).to_be_visible()
    return wanted


def send(page: Page, text: str) -> None:
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread [data-message]:not([data-bubble])", has_text=text)).to_have_count(
        1
    )
    page.keyboard.press("Escape")


def take_and_answer(page: Page, cast: Cast) -> None:
    keys = page.keyboard
    keys.press("r")
    expect(page.locator("#reply-text")).to_be_focused()
    keys.type("Paid this morning.")
    send(page, "Paid this morning.")
    keys.press("m")
    expect(page.locator("#desk-head .crumb")).to_contain_text(cast.lead.person.name)


def use_the_macro(page: Page, cast: Cast) -> None:
    keys = page.keyboard
    expect(page.locator("#macros-menu .menu-item")).to_have_count(1)
    keys.press("e")
    expect(page.locator("#macros-menu")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator("#reply-text")).to_have_value(re.compile(r"Dear Selma .+ T-\d+\."))
    expect(page.locator("#reply-text")).to_be_focused()
    send(page, "Dear Selma Seller, we are looking into")


def note_and_pass_on(page: Page, cast: Cast) -> None:
    keys = page.keyboard
    keys.press("n")
    expect(page.locator("#reply-text")).to_be_focused()
    keys.type("@агат")
    expect(page.locator("#mentions")).to_be_visible()
    keys.press("Enter")
    expect(page.locator("#reply-text")).to_have_value("@Агата Агентова ")
    keys.type("please look at what their bank says")
    send(page, "please look at what their bank says")
    expect(page.locator("#team-menu .menu-item")).to_have_count(1)
    keys.press("o")
    expect(page.locator("#team-menu")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator("#desk-head .crumb")).to_contain_text(cast.agent.person.name)


def assign_and_make_urgent(page: Page, cast: Cast) -> None:
    keys = page.keyboard
    keys.press("p")
    expect(page.locator("#priority-menu")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("End")
    keys.press("Enter")
    expect(page.locator("#desk-head .badge.urgent")).to_be_visible()
    keys.press("Control+k")
    keys.type("take the")
    expect(page.locator("#palette [role=option]:visible").first).to_contain_text("Take the ticket")
    keys.press("Enter")
    expect(page.locator("#desk-head .crumb")).to_contain_text(cast.lead.person.name)


def test_two_on_one_ticket_see_each_other_look_and_write(house: House, cast: Cast) -> None:
    ticket = cast.ticket(topic=cast.payouts, to=None)
    first, second = house.desk(cast.lead), house.desk(cast.admin)
    first.go(f"/desk/tickets/{ticket.pk}/")
    second.go(f"/desk/tickets/{ticket.pk}/")
    expect(first.page.locator("#looking")).to_have_text("Ada Admin is looking at this too")
    second.page.locator("#reply-text").press_sequentially("We are")
    expect(first.page.locator("#looking")).to_have_text("Ada Admin is writing an answer")
    second.go("/desk/queues/mine/")
    expect(first.page.locator("#looking")).to_be_empty()


def test_the_palette_goes_to_what_is_not_on_the_page(house: House, cast: Cast) -> None:
    ticket = cast.ticket(title="A cracked lamp")
    desk = house.desk(cast.lead)
    desk.go("/orders/")
    keys = desk.page.keyboard
    keys.press("Control+k")
    keys.type("cracked lamp")
    expect(desk.page.locator("#palette [role=option]:visible")).to_have_count(1)
    keys.press("Enter")
    desk.page.wait_for_url(f"**/desk/tickets/{ticket.pk}/")
