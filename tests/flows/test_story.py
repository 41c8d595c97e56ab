"""The story the product is made for, as three people live it, in both languages.

It is driven by places and roles, not by words, so that both languages walk the same path.
"""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.core.mail import EmailMessage
from playwright.sync_api import expect

from cast import PASSWORD, Cast
from flows.browsing import Desk, House
from flows.pictures import photo
from parley.parties.models import Membership, Person
from parley.tickets.models import Ticket
from web.running import wait_until

LATE = {"en": "track", "ru": "задерж"}
"""A keyword of the topic, as one types it."""


@pytest.fixture(params=["en", "ru"])
def language(request: pytest.FixtureRequest, cast: Cast) -> str:
    """Everybody reads this language, and can sign in with their password."""
    language = str(request.param)
    password = ScryptPasswordHasher().encode(PASSWORD, "salt")
    for who in cast.everybody.values():
        who.person.language, who.person.password = language, password
        who.person.save()
    return language


def test_a_late_parcel_is_settled(
    house: House, cast: Cast, language: str, mailoutbox: list[EmailMessage]
) -> None:
    seller = house.desk(language=language)
    supplier = house.desk(cast.supplier, language=language)
    operator = house.desk(cast.lead, language=language)
    sign_in(seller, cast.seller.person)
    assert_language(seller, language)
    supplier.go("/")
    supplier.page.evaluate("window.sameAsBefore = true")
    assert supplier.bell() == 0

    number = open_ticket(seller, language)

    # The supplier's bell moves by itself, and leads to the very message.
    expect(supplier.page.locator("#bell .count")).to_have_text("1")
    assert supplier.page.evaluate("window.sameAsBefore")
    follow_bell(supplier, number)
    photos = supplier.page.locator("#thread .shot img")
    expect(photos).to_have_count(2)
    for place in (0, 1):
        expect(photos.nth(place)).to_have_js_property("naturalWidth", 480)
    expect(supplier.page.locator("#bell .count")).to_have_count(0)

    supplier.say("We are looking. Which depot scanned it last?", way="ask")
    expect(seller.page.locator("#bell .count")).to_have_text("1")
    follow_bell(seller, number)
    expect(seller.page.locator("#state .state.banner")).to_have_attribute("data-tone", "calm")
    expect(supplier.page.locator("#state .state.banner")).to_have_attribute("data-tone", "waiting")
    seller.say("The one in Leeds, on Tuesday.")
    supplier.say("Found it. It reaches you tomorrow before noon.")

    # Answered: the stars appear under the seller's eyes.
    stars = seller.page.locator("form.rate .stars label")
    expect(stars).to_have_count(5)
    expect(seller.page.locator("form.rate [data-gated]")).to_be_disabled()
    stars.nth(3).click()
    seller.page.locator("form.rate [data-gated]").click()
    expect(seller.page.locator("#state")).to_contain_text("★★★★☆")
    expect(seller.page.locator(".dock.ended")).to_be_visible()
    expect(supplier.page.locator("#state")).to_contain_text("★★★★☆")

    operator_sees_all(operator, number)
    note = "They were late twice this month."
    operator.say(note, way="note")
    for side in (seller, supplier):
        side.page.reload()
        expect(side.page.locator("#thread .message")).to_have_count(4)
        expect(side.page.locator("body")).not_to_contain_text(note)

    wait_until(lambda: mails_to(mailoutbox, cast.supplier_member))
    assert f"T-{number}" in mails_to(mailoutbox, cast.supplier_member)[0].subject
    assert not any(
        note in str(mail.message())
        for side in (cast.seller, cast.seller_member, cast.supplier, cast.supplier_member)
        for mail in mails_to(mailoutbox, side)
    )


def mails_to(mails: list[EmailMessage], who: Membership) -> list[EmailMessage]:
    return [mail for mail in mails if who.person.email in mail.to[0]]


def test_the_operator_steps_into_another_ticket(house: House, cast: Cast, language: str) -> None:
    ticket = cast.ticket()
    seller = house.desk(cast.seller, language=language)
    operator = house.desk(cast.lead, language=language)
    seller.go(f"/tickets/{ticket.pk}/")
    operator.go(f"/desk/tickets/{ticket.pk}/")

    page = operator.page
    page.locator('[data-opens="step-in-dialog"]').click()
    expect(page.locator("#step-in-dialog [data-gated]")).to_be_disabled()
    page.locator("#step-in-text").fill("We take this over and look at both sides.")
    page.locator("#step-in-dialog [data-gated]").click()
    expect(seller.page.locator("#thread .message")).to_have_count(2)
    expect(seller.page.locator("#state .badge.dispute")).to_be_visible()

    page.locator('[data-opens="decide-dialog"]').click()
    page.locator('#decide-dialog [name=outcome][value="opener"]').check()
    page.locator("#decide-text").fill("The tracking shows that it was never handed over.")
    page.locator("#decide-dialog [data-gated]").click()
    expect(seller.page.locator("#thread .message")).to_have_count(3)
    ticket.refresh_from_db()
    assert (ticket.dispute, ticket.outcome) == ("decided", "opener")

    with seller.page.expect_download() as download:
        seller.page.locator('form[action$="/evidence/"] button').click()
    assert download.value.suggested_filename == f"T-{ticket.pk}.zip"


def sign_in(desk: Desk, person: Person) -> None:
    desk.go("/")
    desk.page.locator("[name=login]").fill(person.email)
    desk.page.locator("[name=password]").fill(PASSWORD)
    desk.page.locator("main form button.main").click()
    expect(desk.page.locator("#bell")).to_be_visible()


def assert_language(desk: Desk, language: str) -> None:
    expect(desk.page.locator("html")).to_have_attribute("lang", language)
    words = desk.page.locator("main h1").inner_text()
    assert bool(re.search("[а-яё]", words)) is (language == "ru"), words


def open_ticket(desk: Desk, language: str) -> int:
    """A late parcel, with two photos; gives the number of the ticket."""
    page = desk.page
    page.locator('main a[href="/tickets/new/"]').first.click()
    page.locator("#f-topic-find").press_sequentially(LATE[language])
    page.keyboard.press("Enter")
    page.locator("#f-to-find").press_sequentially("northw")
    page.keyboard.press("Enter")
    page.locator("[name=title]").fill("Parcel for order HM-20931 has not moved since Tuesday")
    page.locator("#f-text").fill("It was scanned in **Leeds** on Tuesday, and never again.")
    page.locator("[name=priority][value=slowing]").check()
    page.locator("[data-attach-input]").set_input_files(
        [photo("коробка.jpg"), photo("label.jpg", "darkseagreen")]
    )
    expect(page.locator("[data-attach-list] [name=attachment]")).to_have_count(2)
    page.locator("main form button[data-gated]").click()
    page.wait_for_url("**/opened/")
    number = Ticket.objects.get().pk
    expect(page.locator(".big-number")).to_have_text(f"T-{number}")
    return number


def follow_bell(desk: Desk, number: int) -> None:
    """From the bell to the very message."""
    desk.page.locator("#bell").click()
    desk.page.locator(".notices li.unread a").first.click()
    desk.page.wait_for_url(re.compile(rf"/tickets/{number}/#m\d+$"))
    message = desk.page.locator(f"[id='{desk.page.url.rpartition('#')[2]}']")
    expect(message).to_be_in_viewport()


def operator_sees_all(desk: Desk, number: int) -> None:
    desk.go("/desk/queues/all/")
    desk.page.locator(f'.queue-row[href*="/desk/tickets/{number}/"]').click()
    expect(desk.page.locator("#thread .message")).to_have_count(4)
    expect(desk.page.locator("#thread .shot img")).to_have_count(2)
