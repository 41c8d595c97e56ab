"""What is typed is kept, and what is sent is sent once."""

from __future__ import annotations

from django.contrib.auth.hashers import ScryptPasswordHasher
from playwright.sync_api import Route, expect

from cast import PASSWORD, Cast
from flows.browsing import Desk, House
from flows.pictures import photo
from parley.conversations.models import Message
from parley.conversations.posting import MAX_TEXT

WORDS = "It stood in Leeds on Tuesday, and nobody"
OFFLINE = ("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")


def kept(desk: Desk) -> None:
    """The server has the draft."""
    expect(desk.page.locator("[data-draft-says]")).not_to_have_text("")


def test_a_draft_survives_reloading_and_signing_out(house: House, cast: Cast) -> None:
    cast.seller.person.password = ScryptPasswordHasher().encode(PASSWORD, "salt")
    cast.seller.person.save()
    ticket = cast.ticket()
    desk = house.desk(cast.seller)
    page = desk.go(f"/tickets/{ticket.pk}/")
    text = page.locator("#reply-text")
    text.fill(WORDS)
    kept(desk)
    page.reload()
    expect(text).to_have_value(WORDS)
    text.press("End")
    text.type(" knows")
    # Out at once, before a second has passed: the last words come along.
    page.locator("[popovertarget=person-menu]").click()
    page.locator('#person-menu form[action$="/sign-out/"] button').click()
    page.locator("[name=login]").fill(cast.seller.person.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button.main").click()
    expect(page.locator("#bell")).to_be_visible()
    desk.go(f"/tickets/{ticket.pk}/")
    expect(text).to_have_value(f"{WORDS} knows")
    desk.say(f"{WORDS} knows")
    page.reload()
    expect(text).to_have_value("")


def test_a_new_ticket_is_drafted_too(house: House, cast: Cast) -> None:
    desk = house.desk(cast.seller)
    page = desk.go("/tickets/new/")
    fill_in_new_ticket(desk, cast)
    kept(desk)
    another = house.desk(cast.seller)
    another.go("/tickets/new/")
    expect(another.page.locator("[name=title]")).to_have_value("Parcel lost")
    expect(another.page.locator("#f-text")).to_have_value(WORDS)
    expect(another.page.locator("#f-topic-find")).to_have_value("Late parcel")
    expect(another.page.locator("#f-to-find")).to_have_value("Northwind Supply")
    expect(another.page.locator("main [data-gated]")).to_be_enabled()
    another.page.locator("main [data-gated]").click()
    another.page.wait_for_url("**/opened/")
    page.goto(page.url)
    expect(page.locator("[name=title]")).to_have_value("")


def test_the_button_is_live_once_all_that_is_asked_is_there(house: House, cast: Cast) -> None:
    desk = house.desk(cast.seller)
    page = desk.go("/tickets/new/")
    button = page.locator("main [data-gated]")
    expect(button).to_be_disabled()
    fill_in_new_ticket(desk, cast)
    expect(button).to_be_enabled()
    for field in ("[name=title]", "#f-text"):
        words = page.locator(field).input_value()
        page.locator(field).fill("  ")
        expect(button).to_be_disabled()
        page.locator(field).fill(words)
        expect(button).to_be_enabled()
    # This topic wants an order.
    page.locator("#f-topic-find").fill("return")
    page.keyboard.press("Enter")
    expect(button).to_be_disabled()
    page.locator("[name=order_number]").fill("HM-20931")
    expect(button).to_be_enabled()
    # And this one goes to the operator: nobody else is to be picked.
    page.locator("#f-topic-find").fill("payout")
    page.keyboard.press("Enter")
    expect(page.locator("#f-to-find")).to_be_hidden()
    expect(button).to_be_enabled()


def test_too_soon_after_another_nothing_is_lost(house: House, cast: Cast) -> None:
    desk = house.desk(cast.seller)
    desk.forgive("429")
    page = desk.go("/tickets/new/")
    fill_in_new_ticket(desk, cast)
    before = cast.ticket()
    page.locator("[data-attach-input]").set_input_files([photo("box.jpg")])
    expect(page.locator("[data-attach-list] [name=attachment]")).to_have_count(1)
    page.locator("main form button[data-gated]").click()
    refusal = page.locator("main [role=alert]")
    expect(refusal).to_contain_text(before.number)
    expect(refusal.locator("a")).to_have_attribute("href", f"/tickets/{before.pk}/")
    expect(page.locator("[name=title]")).to_have_value("Parcel lost")
    expect(page.locator("#f-text")).to_have_value(WORDS)
    expect(page.locator("#f-topic-find")).to_have_value("Late parcel")
    expect(page.locator("#f-to-find")).to_have_value("Northwind Supply")
    expect(page.locator("[data-attach-list] [name=attachment]")).to_have_count(1)


def test_what_is_refused_goes_back_into_the_box(house: House, cast: Cast) -> None:
    ticket = cast.ticket()
    desk = house.desk(cast.seller)
    desk.forgive("422")
    page = desk.go(f"/tickets/{ticket.pk}/")
    page.locator("[data-attach-input]").set_input_files([photo("box.jpg")])
    expect(page.locator("[data-attach-list] [name=attachment]")).to_have_count(1)
    page.locator("#reply-text").fill("a" * (MAX_TEXT + 1))
    page.locator("[data-send]").click()
    expect(page.locator("[data-says] .notice")).to_be_visible()
    expect(page.locator("#reply-text")).to_have_value("a" * (MAX_TEXT + 1))
    said = desk.say(WORDS)
    expect(said.locator(".files li")).to_have_count(1)


def test_a_lost_connection_loses_nothing_and_doubles_nothing(house: House, cast: Cast) -> None:
    ticket = cast.ticket()
    desk = house.desk(cast.seller)
    desk.forgive(*OFFLINE)
    page = desk.go(f"/tickets/{ticket.pk}/")
    page.locator("[data-attach-input]").set_input_files([photo("box.jpg")])
    expect(page.locator("[data-attach-list] [name=attachment]")).to_have_count(1)
    desk.context.set_offline(True)
    page.locator("#reply-text").fill(WORDS)
    page.locator("[data-send]").click()
    failed = page.locator("#thread .message.failed")
    expect(failed).to_contain_text(WORDS)
    desk.context.set_offline(False)
    failed.locator("button").click()
    said = page.locator("#thread [data-message]", has_text=WORDS)
    expect(said).to_have_count(1)
    expect(said.locator(".files li")).to_have_count(1)
    expect(page.locator("#reply-text")).to_have_value("")
    assert Message.objects.filter(text=WORDS).count() == 1


def test_what_was_not_sent_is_there_after_reloading(house: House, cast: Cast) -> None:
    ticket = cast.ticket()
    desk = house.desk(cast.seller)
    desk.forgive(*OFFLINE)
    page = desk.go(f"/tickets/{ticket.pk}/")
    desk.context.set_offline(True)
    page.locator("#reply-text").fill(WORDS)
    page.locator("[data-send]").click()
    expect(page.locator("#thread .message.failed")).to_be_visible()
    desk.context.set_offline(False)
    page.reload()
    expect(page.locator("#reply-text")).to_have_value(WORDS)
    desk.say(WORDS)
    assert Message.objects.filter(text=WORDS).count() == 1


def test_two_presses_are_one_message(house: House, cast: Cast) -> None:
    ticket = cast.ticket()
    page = house.desk(cast.seller).go(f"/tickets/{ticket.pk}/")
    page.locator("#reply-text").fill(WORDS)
    page.locator("[data-send]").dblclick()
    expect(page.locator("#thread .message:not([data-bubble])", has_text=WORDS)).to_have_count(1)
    page.locator("#reply-text").fill("And another.")
    page.locator("#reply-text").press("Control+Enter")
    page.locator("#reply-text").press("Control+Enter")
    expect(page.locator("#thread .message:not([data-bubble])")).to_have_count(3)
    assert Message.objects.count() == 3


def test_an_answer_that_got_lost_does_not_double_the_message(house: House, cast: Cast) -> None:
    ticket = cast.ticket()
    desk = house.desk(cast.seller)
    desk.forgive("ERR_FAILED")
    page = desk.go(f"/tickets/{ticket.pk}/")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/replies/", lose)
    page.locator("#reply-text").fill(WORDS)
    page.locator("[data-send]").click()
    failed = page.locator("#thread .message.failed")
    expect(failed).to_be_visible()
    page.unroute("**/replies/")
    failed.locator("button").click()
    expect(page.locator("#thread .message:not(.failed)", has_text=WORDS)).to_have_count(1)
    expect(failed).to_have_count(0)
    assert Message.objects.filter(text=WORDS).count() == 1


def test_an_expired_session_keeps_what_was_typed(house: House, cast: Cast) -> None:
    ticket = cast.ticket()
    desk = house.desk(cast.seller)
    page = desk.go(f"/tickets/{ticket.pk}/")
    cookies = desk.context.cookies()
    desk.forgive("401", "403", "404")
    page.locator("#reply-text").fill(WORDS)
    kept(desk)
    desk.context.clear_cookies()
    page.locator("[data-send]").click()
    expect(page.locator("[data-says] .notice")).to_be_visible()
    expect(page.locator("#reply-text")).to_have_value(WORDS)
    desk.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.reload()
    expect(page.locator("#reply-text")).to_have_value(WORDS)
    assert Message.objects.filter(text=WORDS).count() == 0


def fill_in_new_ticket(desk: Desk, cast: Cast) -> None:
    page = desk.page
    page.locator("#f-topic-find").fill("late")
    page.keyboard.press("Enter")
    page.locator("#f-to-find").fill("northwind")
    page.keyboard.press("Enter")
    page.locator("[name=title]").fill("Parcel lost")
    page.locator("#f-text").fill(WORDS)


def test_a_topic_is_picked_with_the_mouse_or_the_arrows(house: House, cast: Cast) -> None:
    page = house.desk(cast.seller).go("/tickets/new/")
    page.locator("#f-topic-find").click()
    page.locator("[role=option]", has_text="Late parcel").click()
    expect(page.locator("#f-topic-find")).to_have_value("Late parcel")
    expect(page.locator("[name=topic]")).to_have_value(str(cast.late_parcel.pk))
    page.locator("#f-to-find").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#f-to-find")).to_have_value("Northwind Supply")
    # What is emptied is empty, and what is only looked at stays.
    page.locator("#f-topic-find").click()
    page.keyboard.press("Escape")
    expect(page.locator("#f-topic-find")).to_have_value("Late parcel")
