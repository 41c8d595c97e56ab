"""Asking for help, step by step as a seller does it: the overview, the inbox, the PIN, what to include."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from cast import Cast
from flows.browsing import House
from flows.scene import Scene, set_scene
from flows.test_every_page import look_at
from parley.parties.contact import SAFETY_NOTICE, SUPPORT_ADDRESS
from parley.parties.settling import settle
from parley.tickets.models import Ticket

PAGES = [
    "/support/",
    "/support/inbox/",
    "/support/inbox/disputes/",
    "/support/inbox/all/",
    "/support/contact/",
    "/support/response-times/",
]


@pytest.fixture
def scene(cast: Cast, house: House) -> Scene:
    return set_scene(cast)


def test_the_pages_of_the_support_area(house: House, cast: Cast, scene: Scene) -> None:
    look_at(house.desk(cast.seller), PAGES)


def test_the_pages_of_the_support_area_in_russian(house: House, cast: Cast, scene: Scene) -> None:
    look_at(house.desk(cast.seller_member), PAGES, axe=False)


def test_help_is_found_step_by_step(house: House, cast: Cast) -> None:
    settle(SUPPORT_ADDRESS, "help@harbour.example", by=cast.admin)
    settle(SAFETY_NOTICE, {"en": "Nobody of ours rings you first."}, by=cast.admin)
    waiting = cast.ticket(title="Parcel is late")
    seller = house.desk(cast.seller)
    page = seller.go("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Support").click()
    page.wait_for_url("**/support/")
    expect(page.get_by_text("Waiting for Northwind Supply").first).to_be_visible()
    expect(page.locator("#times")).to_contain_text("within 2 working days")
    expect(page.locator("#own-notice")).to_contain_text("Nobody of ours rings you first.")

    page.get_by_role("navigation", name="Support").get_by_role("link", name="Inbox").click()
    expect(page.get_by_role("link", name="Parcel is late")).to_be_visible()
    page.get_by_role("navigation", name="Trays").get_by_role("link", name="Waiting").click()
    expect(page.locator("tbody")).to_contain_text(f"T-{waiting.pk}")

    page.get_by_role("navigation", name="Support").get_by_role("link", name="Contact us").click()
    expect(page.locator("#support-address")).to_have_text("help@harbour.example")
    page.get_by_role("button", name="Show the PIN").click()
    expect(page.locator("#support-pin")).to_have_text(re.compile(r"^\d{6}$"))
    page.get_by_label("What happened").fill("The lamp came in two pieces.")
    page.get_by_label("Since when").fill("This morning")
    page.get_by_role("button", name="Take it into a new ticket").click()
    page.wait_for_url("**/tickets/new/")
    text = page.locator("#f-text")
    assert "The lamp came in two pieces." in text.input_value()
    assert "Browser and device: Chrome" in text.input_value()
    page.get_by_role("combobox", name="What is it about?").fill("payouts")
    page.get_by_role("combobox", name="What is it about?").press("Enter")
    page.get_by_label("In a few words").fill("Lamp in two pieces")
    page.get_by_role("button", name="Open the ticket").click()
    page.wait_for_url("**/opened/")
    assert Ticket.objects.filter(title="Lamp in two pieces").exists()
