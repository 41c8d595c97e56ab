"""An administrator builds a topic tree with a required field and a policy; the portal shows it at once."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from cast import Cast
from flows.browsing import House
from parley.tickets.models import Ticket


def test_a_topic_a_required_field_and_a_policy_are_on_the_portal_at_once(
    house: House, cast: Cast
) -> None:
    _administer(house.desk(cast.admin).go("/desk/administration/"))
    seller = house.desk(cast.seller)
    _open(seller.go("/tickets/new/"))
    ticket = Ticket.objects.get()
    assert ticket.clock_seconds == 3600
    page = seller.go(f"/tickets/{ticket.pk}/")
    expect(page.locator("#ticket-fields")).to_contain_text("Dented")
    page = house.desk(cast.agent).go(f"/desk/tickets/{ticket.pk}/")
    expect(page.locator("#more-fields")).to_contain_text("Что повреждено")
    page.locator("#more-fields a[data-dialog]").click()
    page.locator("#filling select[name^=field-]").select_option(label="Shattered")
    page.locator("#filling .button.main").click()
    expect(page.locator("#more-fields")).to_contain_text("Shattered")
    page = seller.go(f"/tickets/{ticket.pk}/")
    expect(page.locator("#ticket-fields")).to_contain_text("Shattered")


def _administer(page: Page) -> None:
    """A category, a topic, a choice that has to be made, an hour to answer."""
    page.get_by_role("link", name="Topics and fields").click()
    added = page.locator("section", has_text="Add a category").last
    added.get_by_label("In English").fill("Quality")
    added.get_by_label("In Russian").fill("Качество")
    added.get_by_role("button", name="Add").click()
    page.get_by_role("link", name="Add a topic: Quality").click()
    page.get_by_label("Name in English").fill("Broken on arrival")
    page.get_by_label("Words to find it by, in English").fill("damaged, cracked")
    page.get_by_role("button", name="Add the topic").click()

    page.get_by_role("link", name="Add a field").click()
    page.get_by_label("Name in English").fill("Kind of damage")
    page.get_by_label("Name in Russian").fill("Что повреждено")
    expect(page.get_by_text("What can be picked")).to_be_hidden()
    page.get_by_label("What it takes").select_option("choice")
    page.get_by_label("Option in English").nth(0).fill("Dented")
    page.get_by_label("Option in English").nth(1).fill("Shattered")
    page.get_by_label("Has to be filled in to open a ticket").check()
    page.get_by_role("button", name="Add the field").click()
    expect(page.get_by_text("A choice from a list")).to_be_visible()

    page.get_by_role("link", name="Add a policy").click()
    page.get_by_label("Hours").fill("1")
    page.get_by_label("Calendar").select_option(label="Business hours")
    expect(page.locator("#trial")).to_contain_text("What reaches them now is due by")
    page.get_by_role("button", name="Add the policy").click()
    page.get_by_label("Topic").first.select_option(label="Broken on arrival")
    expect(page.locator("#promise")).to_contain_text("of this topic")


def _open(page: Page) -> None:
    """Found by a word, held up by the field, opened once that is filled."""
    page.get_by_role("combobox", name="What is it about?").fill("cracked")
    page.get_by_role("combobox", name="What is it about?").press("Enter")
    damage = page.get_by_label("Kind of damage")
    expect(damage).to_be_visible()
    page.get_by_role("combobox", name="Who is it for?").fill("North")
    page.get_by_role("combobox", name="Who is it for?").press("Enter")
    page.get_by_label("In a few words").fill("Two kettles came dented")
    page.get_by_label("What happened?", exact=False).first.fill("The box was crushed.")
    send = page.get_by_role("button", name="Open the ticket")
    expect(send).to_be_disabled()
    damage.select_option(label="Dented")
    expect(send).to_be_enabled()
    send.click()
    page.wait_for_url("**/opened/")
