"""The support PIN on pages: its owner's, and those where an agent checks it."""

from __future__ import annotations

from django.urls import reverse

from cast import Cast
from parley.journal.models import Entry
from parley.parties.models import PinUse
from parley.parties.pinning import MOST_WRONG_FOR_PERSON, pin_of, pin_to_show
from web.pages import HTMX, Browser, words_of

SECURITY = "/settings/security/"


def test_its_owner_shows_it_copies_it_and_replaces_it(cast: Cast) -> None:
    browser = Browser(cast.seller)
    browser.see(SECURITY)
    assert pin_of(cast.seller) is None, "looking makes none"
    shown = words_of(browser.post(reverse("security:pin"), **HTMX))
    pin = pin_of(cast.seller)
    assert pin is not None
    assert pin.digits in shown
    assert pin.digits not in browser.see(SECURITY).words
    replaced = words_of(browser.post(reverse("security:pin_replacement")))
    second = pin_of(cast.seller)
    assert second is not None
    assert second.digits in replaced
    assert pin.digits not in replaced or pin.digits == second.digits
    assert words_of(browser.post(reverse("security:pin"))).count(second.digits) == 1


def test_an_agent_checks_it_on_the_ticket(cast: Cast) -> None:
    ticket, pin = cast.ticket(), pin_to_show(by=cast.seller).digits
    browser = Browser(cast.agent)
    address = reverse("desk:verification", args=[ticket.pk])
    more = reverse("desk:more", args=[ticket.pk])
    assert address in browser.see(more).links.values()
    assert "Selma Seller" in browser.see(address, **HTMX).words
    wrong = browser.post(address, {"person": cast.seller.person_id, "pin": "x"}, **HTMX)
    assert wrong.status_code == 422
    right = browser.post(address, {"person": cast.seller.person_id, "pin": pin}, **HTMX)
    assert right.status_code == 200
    assert "Selma Seller" in browser.see(more).words
    assert PinUse.objects.filter(outcome="right").count() == 1


def test_a_wrong_person_or_no_number_is_no_fault_of_the_page(cast: Cast) -> None:
    address = reverse("desk:verification", args=[cast.ticket().pk])
    browser = Browser(cast.lead)
    for person in ("", "x", "9" * 30, str(cast.other_seller.person_id)):
        answer = browser.post(address, {"person": person, "pin": "123456"})
        assert answer.status_code == 422
        assert "Pick who it is." in words_of(answer)
    assert not PinUse.objects.exists()


def test_too_many_are_refused_with_the_minutes(cast: Cast) -> None:
    pin_to_show(by=cast.seller)
    browser, address = (
        Browser(cast.lead),
        reverse("desk:person_verification", args=[cast.seller.person_id]),
    )
    for _time in range(MOST_WRONG_FOR_PERSON):
        assert "not their PIN" in words_of(browser.post(address, {"pin": "nothing"}))
    assert "1440 minutes" in words_of(browser.post(address, {"pin": "nothing"}))


def test_on_a_persons_page_it_says_who_checked_it_last(cast: Cast) -> None:
    pin = pin_to_show(by=cast.seller).digits
    browser, address = (
        Browser(cast.lead),
        reverse("desk:person_verification", args=[cast.seller.person_id]),
    )
    assert "not been verified" in browser.see(address, **HTMX).words
    assert "PIN is right" in words_of(browser.post(address, {"pin": pin}, **HTMX))
    assert "Léa Lead" in browser.see(address).words
    assert (
        browser.get(reverse("desk:person_verification", args=[cast.agent.person_id])).status_code
        == 404
    )


def test_an_administrator_settles_for_how_long_it_holds(cast: Cast) -> None:
    browser, address = Browser(cast.admin), reverse("administration:pins")
    pin_to_show(by=cast.seller)
    assert "1 person has a PIN" in browser.see(address).words
    for junk in ("0", "366", "many", "", "9" * 20):
        assert browser.post(address, {"days": junk}).status_code == 422
    browser.post(address, {"days": "7"})
    changed = Entry.objects.get(kind="SettingChanged", subject="setting:pin.days")
    assert changed.data == {"key": "pin.days", "was": 30, "now": 7}
