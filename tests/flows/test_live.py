"""Live: what one does moves in the others' browsers, and only what they may see."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from cast import Cast
from flows.browsing import PHONE, House
from parley.tickets.replying import Reply, reply

LONG_ENOUGH = 1_500
"""Milliseconds in which whatever is told would long have come."""


def test_a_reply_stands_in_the_other_browser_without_reloading(house: House, cast: Cast) -> None:
    ticket = cast.ticket()
    seller, supplier = house.desk(cast.seller), house.desk(cast.supplier)
    seller.go(f"/tickets/{ticket.pk}/")
    supplier.go(f"/tickets/{ticket.pk}/")
    seller.page.evaluate("window.sameAsBefore = true")
    before = seller.page.locator("#state").inner_text()
    supplier.say("It left the warehouse this morning.")
    arrived = seller.page.locator("#thread [data-message]", has_text="left the warehouse")
    expect(arrived).to_be_visible()
    expect(seller.page.locator("#state")).not_to_have_text(before)
    expect(seller.page.locator("#announcer")).to_contain_text(cast.supplier.person.name)
    assert seller.page.evaluate("window.sameAsBefore")


def test_the_state_and_the_lists_move_too(house: House, cast: Cast) -> None:
    operator, seller = house.desk(cast.lead), house.desk(cast.seller)
    operator.go("/desk/queues/all/")
    seller.go("/tickets/")
    expect(operator.page.locator(".queue-row")).to_have_count(0)
    cast.ticket(title="Where is it?", priority="urgent")
    expect(operator.page.locator(".queue-row")).to_contain_text("Where is it?")
    expect(operator.page.locator('#queue-tabs [href$="/urgent/"] .count')).to_have_text("1")
    expect(seller.page.locator("#list")).to_contain_text("Where is it?")


def test_a_note_moves_nothing_on_the_sellers_page(house: House, cast: Cast) -> None:
    ticket = cast.ticket()
    seller, operator = house.desk(cast.seller), house.desk(cast.lead)
    page = seller.go(f"/tickets/{ticket.pk}/")
    operator.go(f"/desk/tickets/{ticket.pk}/")
    page.wait_for_timeout(LONG_ENOUGH)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    before = page.locator("body").inner_html()
    operator.say("They owe us two more.", way="note")
    page.wait_for_timeout(LONG_ENOUGH)
    assert asked == []
    assert page.locator("body").inner_html() == before


def test_the_bell_is_one_on_all_devices(house: House, cast: Cast) -> None:
    ticket = cast.ticket()
    laptop, phone = house.desk(cast.seller), house.desk(cast.seller, size=PHONE)
    laptop.go("/")
    phone.go("/settings/")
    reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)
    for device in (laptop, phone):
        expect(device.page.locator("#bell .count")).to_have_text("1")
    laptop.page.locator("#bell").click()
    laptop.page.locator(".notices li.unread a").click()
    expect(laptop.page.locator("#thread")).to_contain_text("On its way.")
    for device in (laptop, phone):
        expect(device.page.locator("#bell .count")).to_have_count(0)


def test_who_comes_back_online_catches_up(house: House, cast: Cast) -> None:
    ticket = cast.ticket()
    seller = house.desk(cast.seller)
    seller.forgive("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    page = seller.go(f"/tickets/{ticket.pk}/")
    page.wait_for_timeout(LONG_ENOUGH)
    seller.context.set_offline(True)
    reply(ticket.pk, Reply(text="Said while you were away."), by=cast.supplier)
    page.wait_for_timeout(LONG_ENOUGH)
    seller.context.set_offline(False)
    expect(page.locator("#thread")).to_contain_text("Said while you were away.")
    expect(page.locator("#line-state")).to_be_hidden()


def test_nothing_is_taken_out_of_anybodys_hands(house: House, cast: Cast) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="It comes tomorrow."), by=cast.supplier)
    seller, operator = house.desk(cast.seller), house.desk(cast.lead)
    page = seller.go(f"/tickets/{ticket.pk}/")
    page.locator("form.rate .stars label").nth(3).click()
    page.locator("#rate-comment").fill("Quick, thank")
    page.locator("#rate-comment").blur()
    desk = operator.go(f"/desk/tickets/{ticket.pk}/")
    desk.locator("[popovertarget=priority-menu]").click()
    reply(ticket.pk, Reply(text="Or the day after."), by=cast.supplier)
    for each in (page, desk):
        expect(each.locator("#thread")).to_contain_text("Or the day after.")
        each.wait_for_timeout(LONG_ENOUGH)
    # What was half filled in is still so, and the open menu is still open.
    expect(page.locator("#rate-comment")).to_have_value("Quick, thank")
    expect(page.locator("form.rate [name=stars]").nth(3)).to_be_checked()
    expect(page.locator("form.rate [data-gated]")).to_be_enabled()
    expect(desk.locator("#priority-menu")).to_be_visible()
    desk.locator("#priority-menu [value=urgent]").click()
    expect(desk.locator("#desk-head .badge.urgent")).to_be_visible()


def test_typing_in_a_list_that_renews_itself(house: House, cast: Cast) -> None:
    operator = house.desk(cast.lead)
    page = operator.go("/desk/queues/all/")
    page.locator("#queue-list [name=q]").press_sequentially("par")
    cast.ticket(title="Where is it?")
    page.wait_for_timeout(LONG_ENOUGH)
    page.keyboard.type("cel")
    expect(page.locator("#queue-list [name=q]")).to_have_value("parcel")
    page.keyboard.press("Tab")
    expect(page.locator(".queue-row")).to_contain_text("Where is it?")
    page.locator("#queue-list [popovertarget=filters]").click()
    expect(page.locator("#filter-order")).to_be_visible()
    cast.ticket(title="And where is this?")
    page.wait_for_timeout(LONG_ENOUGH)
    expect(page.locator("#filter-order")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".queue-row")).to_have_count(2)


@pytest.mark.parametrize("who", ["seller", "lead"])
def test_on_a_phone_a_long_ticket_opens_at_its_newest_words(
    house: House, cast: Cast, who: str
) -> None:
    """On one column what is about the ticket stands beneath the thread, and is not what one came for."""
    ticket = cast.ticket()
    for number in range(12):
        by = cast.supplier if number % 2 else cast.seller
        reply(ticket.pk, Reply(text=f"Word {number}. " * 20), by=by)
    desk = house.desk(cast.everybody[who], size=PHONE)
    path = f"{'/desk' if who == 'lead' else ''}/tickets/{ticket.pk}/"
    desk.go(path).wait_for_timeout(LONG_ENOUGH)  # and all of it is read
    page = desk.go(path)
    expect(page.locator("#reply-text")).to_be_in_viewport()
    expect(page.locator("#thread [data-message]").last).to_be_in_viewport()
    reply(ticket.pk, Reply(text="And one more."), by=cast.supplier)
    expect(page.locator("#thread [data-message]", has_text="And one more")).to_be_in_viewport()
