"""Passkeys in a real Chromium, with an authenticator that the browser itself plays."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from playwright.sync_api import Page, expect

from cast import PASSWORD, Cast
from flows.browsing import House
from parley.journal.models import Entry
from parley.parties.models import Membership, Person


def with_authenticator(page: Page) -> Any:
    """Plug a passkey authenticator into the browser: one that knows its owner's finger."""
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable", {})
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return client, client.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, origin: str, who: Membership) -> None:
    # The server is a process of its own, which doesn't know the tests' quick way of hashing.
    hashed = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1000)
    Person.objects.filter(pk=who.person_id).update(password=hashed)
    page.goto(f"{origin}/account/sign-in/")
    page.get_by_label("E-mail").fill(who.person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/account/sign-in/" not in address)


def make_passkey(page: Page, origin: str, name: str) -> None:
    page.goto(f"{origin}/settings/security/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("What do you call it?").fill(name)
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def test_a_passkey_is_made_and_opens_the_account_alone_and_as_a_second_step(
    house: House, cast: Cast
) -> None:
    # A passkey is bound to a name, so it is not by its number that the site is opened here.
    origin = f"http://localhost:{house.site.port}"
    desk = house.desk(None)
    desk.forgive(f"asked elsewhere: {origin}/")
    page = desk.page
    with_authenticator(page)
    sign_in(page, origin, cast.seller)
    make_passkey(page, origin, "My laptop")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("My laptop")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{origin}/account/sign-in/?next=/tickets/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{origin}/tickets/")
    assert Entry.objects.filter(kind="SignedIn").latest("id").data["way"] == "passkey"

    page.context.clear_cookies()
    sign_in(page, origin, cast.seller)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{origin}/")
    assert Entry.objects.filter(kind="SignedIn").latest("id").data["way"] == "two_factors"

    page.goto(f"{origin}/settings/security/")
    page.get_by_role("link", name="Remove My laptop").click()
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    assert not Authenticator.objects.exists()


def test_a_passkey_of_nobody_and_a_finger_that_is_not_hers_open_nothing(
    house: House, cast: Cast
) -> None:
    origin = f"http://localhost:{house.site.port}"
    desk = house.desk(None)
    desk.forgive(f"asked elsewhere: {origin}/")
    page = desk.page
    client, made = with_authenticator(page)
    sign_in(page, origin, cast.seller)
    make_passkey(page, origin, "My laptop")
    page.context.clear_cookies()

    page.goto(f"{origin}/account/sign-in/")
    client.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": made["authenticatorId"], "isUserVerified": False},
    )
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used.")

    Authenticator.objects.all().delete()
    client.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": made["authenticatorId"], "isUserVerified": True},
    )
    desk.forgive("422")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That passkey does not open anything here")).to_be_visible()
