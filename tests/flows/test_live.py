"""Live: what one does moves in the others' browsers, and only what they may see."""

from __future__ import annotations

from playwright.sync_api import expect

from cast import Cast
from flows.browsing import House


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
