"""Who is who, and what stays here: the support PIN and the off-platform guard in a browser."""

from __future__ import annotations

from playwright.sync_api import expect

from cast import Cast
from flows.browsing import House
from parley.conversations.models import Message
from parley.guard.models import HeldReply
from parley.guard.modes import MODE, Mode
from parley.parties.pinning import pin_of
from parley.parties.settling import settle

AWAY = "Call me on +44 7700 900123"


def test_a_pin_is_shown_told_and_checked(house: House, cast: Cast) -> None:
    ticket = cast.ticket()
    owner = house.desk(cast.seller)
    page = owner.go("/settings/security/")
    page.locator("#pin form button").first.click()
    shown = page.locator("#support-pin")
    expect(shown).to_be_visible()
    pin = pin_of(cast.seller)
    assert pin is not None
    expect(shown).to_have_text(pin.digits)

    desk = house.desk(cast.lead)
    desk.forgive("422")
    page = desk.go(f"/desk/tickets/{ticket.pk}/")
    page.locator("#more-verified a.button").click()
    dialog = page.locator("#verify-dialog")
    dialog.locator("[name=pin]").fill("no")
    dialog.locator("button.main").click()
    expect(dialog.locator(".field-error")).to_be_visible()
    dialog.locator("[name=pin]").fill(f"{pin.digits[:3]} {pin.digits[3:]}")
    dialog.locator("button.main").click()
    expect(dialog).to_have_count(0)
    expect(page.locator("#more-verified .verified")).to_contain_text("Selma Seller")


def test_a_warned_reply_is_sent_all_the_same(house: House, cast: Cast) -> None:
    ticket = cast.ticket()
    desk = house.desk(cast.supplier)
    desk.forgive("422")
    page = desk.go(f"/tickets/{ticket.pk}/")
    page.locator("#reply-text").fill(AWAY)
    page.locator("[data-send]").click()
    warning = page.locator(".off-platform")
    expect(warning).to_contain_text("+44 7700 900123")
    expect(page.locator("#reply-text")).to_have_value(AWAY)
    warning.locator("[name=aware]").check()
    page.locator("[data-send]").click()
    expect(page.locator("#thread [data-message]:not([data-bubble])", has_text=AWAY)).to_be_visible()
    expect(warning).to_have_count(0)
    assert Message.objects.filter(conversation=ticket.conversation_id).count() == 2


def test_a_held_reply_is_released_and_arrives(house: House, cast: Cast) -> None:
    settle(MODE, Mode.HOLD.value, by=cast.admin)
    ticket = cast.ticket()
    sender, reader, agent = (house.desk(who) for who in (cast.supplier, cast.seller, cast.lead))
    sender.forgive("422")
    reader.go(f"/tickets/{ticket.pk}/")
    page = sender.go(f"/tickets/{ticket.pk}/")
    page.locator("#reply-text").fill(AWAY)
    page.locator("[data-send]").click()
    page.locator(".off-platform [name=aware]").check()
    page.locator("[data-send]").click()
    expect(page.locator("[data-held]")).to_be_visible()
    expect(page.locator("#held .held-reply")).to_contain_text(AWAY)
    expect(page.locator("#reply-text")).to_have_value("")
    assert HeldReply.objects.get().text == AWAY

    page = agent.go("/desk/held/")
    expect(page.locator("mark")).to_have_text("+44 7700 900123")
    page.locator(".held-reply button.main").click()
    expect(page.locator(".held-reply")).to_have_count(0)
    arrived = "#thread [data-message]"
    expect(reader.page.locator(arrived, has_text=AWAY)).to_be_visible()
    expect(sender.page.locator(arrived, has_text=AWAY)).to_be_visible()
    expect(sender.page.locator("#held .held-reply")).to_have_count(0)
