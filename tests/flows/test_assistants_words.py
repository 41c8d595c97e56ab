"""What an agent and a lead get from the assistant, in a real browser (M7)."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from assistant.asked import asked
from cast import Cast
from flows.browsing import House
from parley.assistant.gathering import gather
from parley.assistant.indexing import index_all
from parley.assistant.models import Thresholds
from parley.conversations.models import Message
from parley.help_centre.writing import Written, add_article, keep_draft, publish
from parley.tickets import ending
from parley.tickets.replying import Reply, reply

STEPS = "1. Open **Balance**.\n2. Press **Bank account**.\n3. Enter the new IBAN and save it.\n"


def bank_article(cast: Cast) -> None:
    article = add_article("money/change-your-bank-account", by=cast.lead)
    written = Written(
        title="Change your bank account",
        summary="Where payouts go, and how to change it.",
        body=STEPS,
        also_asked_as=["How can I change my bank account?"],
    )
    publish(keep_draft(article, "en", written, by=cast.lead), by=cast.lead)
    index_all()


def test_an_agent_inserts_the_suggested_reply_and_sends_it_changed(
    house: House, cast: Cast
) -> None:
    bank_article(cast)
    Thresholds.objects.create(answer=0.01, offer=0.005)
    ticket = cast.ticket(
        topic=cast.payouts,
        to=None,
        title="Bank account",
        text="How can I change my bank account? £120.00 went to the old one.",
    )
    desk = house.desk(cast.lead)
    page, keys = desk.go(f"/desk/tickets/{ticket.pk}/"), desk.page.keyboard
    expect(page.locator("#assist-reply")).to_contain_text("Press Bank account.")
    expect(page.locator("#assist-reply a")).to_contain_text(
        ["Suggested reply", "Change your bank account"]
    )
    expect(page.locator("#assist-summary")).to_contain_text("£120.00")
    keys.press("i")
    box = page.locator("#reply-text")
    expect(box).to_be_focused()
    expect(box).to_have_value(re.compile("^Hello Selma,"))
    assert Message.objects.filter(conversation=ticket.conversation_id).count() == 1
    keys.type("\n\nGreetings from Léa")
    keys.press("Control+Enter")
    said = page.locator("#thread .message:not([data-bubble])")
    expect(said).to_have_count(2)
    expect(said.last).to_contain_text("Enter the new IBAN and save it.")
    expect(said.last).to_contain_text("Greetings from Léa")
    keys.press("Escape")
    keys.press("Control+k")
    keys.type("insert the sugg")
    expect(page.locator("#palette [role=option]:visible")).to_have_count(1)


def test_a_lead_goes_from_a_missing_article_to_its_draft(house: House, cast: Cast) -> None:
    asked(cast.seller, "Can you do gift wrapping?")
    asked(cast.supplier, "Is gift wrapping something you can do?")
    gather()
    desk = house.desk(cast.lead)
    page = desk.go("/desk/administration/")
    page.locator("main").get_by_role("link", name="Assistant").click()
    expect(page.locator(".big-number")).to_have_text("2 questions")
    page.get_by_role("link", name="Articles to write").click()
    page.get_by_role("button", name="It is seen to").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Write an article").click()
    page.wait_for_url("**/desk/help/articles/**")
    expect(page.locator("main")).to_contain_text("gift wrapping")
    desk.go("/desk/assistant/thresholds/")
    page.get_by_role("textbox", name="Question").fill("Do you wrap gifts?")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#trial-outcome")).to_contain_text("Would not know")


def test_a_resolved_ticket_becomes_a_draft_from_its_menu(house: House, cast: Cast) -> None:
    ticket = cast.ticket(topic=cast.payouts, to=None, title="Payout", text="Where is it?")
    reply(ticket.pk, Reply(text=STEPS), by=cast.lead)
    ending.rate(ticket.pk, 5, "", by=cast.seller)
    desk = house.desk(cast.lead)
    page = desk.go(f"/desk/tickets/{ticket.pk}/")
    page.get_by_role("button", name="More about this ticket").click()
    page.get_by_role("button", name="Make an article of it").click()
    page.wait_for_url("**/desk/help/articles/**")
    expect(page.locator("#toasts")).to_contain_text(f"T-{ticket.pk}")
