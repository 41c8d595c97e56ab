"""Single sign-on against a real OpenID Connect provider, in a server of its own beside the tests."""

from __future__ import annotations

import copy
import html
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest

from cast import Cast
from parley.journal.models import Entry
from parley.parties.inviting import NewInvitation, invite
from parley.parties.models import Membership, Person
from web.pages import Browser, Page
from web.running import SECONDS_TO_START, wait_until

BEGIN = "/account/sso/"


@contextmanager
def provider_process() -> Iterator[str]:
    """A provider in a process of its own; gives its address."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        address = f"http://localhost:{port}"
        try:
            wait_until(lambda: answers(address), SECONDS_TO_START)
            yield address
        finally:
            process.terminate()


def answers(address: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"{address}/.well-known/openid-configuration").is_success
    return False


@pytest.fixture(scope="module")
def running_provider() -> Iterator[str]:
    with provider_process() as address:
        yield address


@pytest.fixture
def provider(running_provider: str, settings: Any) -> str:
    """A provider that knows everybody it is told of; Parley is configured to use it."""
    providers = copy.deepcopy(settings.SOCIALACCOUNT_PROVIDERS)
    app = providers["openid_connect"]["APPS"][0]
    app.update(client_id="parley", secret="quiet", name="Harbour ID")
    app["settings"]["server_url"] = running_provider
    settings.SOCIALACCOUNT_PROVIDERS = providers
    settings.SINGLE_SIGN_ON_NAME = "Harbour ID"
    return running_provider


def there_is(provider: str, sub: str, **claims: object) -> None:
    httpx.put(f"{provider}/users/{sub}", json=claims).raise_for_status()


def go_there(browser: Browser, **more: str) -> str:
    """Press the button; gives where the page leads."""
    answer = browser.post(BEGIN, more)
    assert answer.status_code == 200
    address = re.search(r'content="0; url=([^"]+)"', answer.content.decode())
    assert address
    return html.unescape(address[1])


def come_back(browser: Browser, address: str, sub: str) -> Any:
    """Sign in there as `sub`, and follow the way back."""
    answer = httpx.post(address, data={"sub": sub}, follow_redirects=False)
    assert answer.status_code == 302, answer.text[:300]
    back = answer.headers["Location"]
    assert back.startswith("http://testserver/account/sso/main/back/?")
    return browser.get(back.removeprefix("http://testserver"))


def sign_in(browser: Browser, provider: str, sub: str, **claims: object) -> Any:
    there_is(provider, sub, **claims)
    return come_back(browser, go_there(browser), sub)


def is_in(browser: Browser) -> bool:
    return bool(browser.get("/notices/").status_code == 200)


def test_a_person_is_known_by_a_verified_address(cast: Cast, provider: str) -> None:
    browser = Browser()
    assert "Sign in with Harbour ID" in browser.see("/account/sign-in/").words
    there_is(provider, "s1", email=cast.seller.person.email.upper(), email_verified=True)
    address = go_there(browser, next="/tickets/")
    assert "code_challenge=" in address
    answer = come_back(browser, address, "s1")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/tickets/"
    assert is_in(browser)
    entry = Entry.objects.get(kind="SignedIn")
    assert (entry.person_id, entry.data["way"]) == (cast.seller.person_id, "single_sign_on")
    assert cast.seller.person.has_usable_password(), "and the password goes on working"
    from allauth.socialaccount.models import SocialAccount

    assert not SocialAccount.objects.exists(), "no account is tied to theirs"


@pytest.mark.parametrize("verified", [False, None, "false", "true", 1])
def test_an_address_that_is_not_verified_opens_nothing(
    cast: Cast, provider: str, verified: object
) -> None:
    browser = Browser()
    claims = {} if verified is None else {"email_verified": verified}
    answer = sign_in(browser, provider, "evil", email=cast.seller.person.email, **claims)
    assert answer.status_code == 403
    assert "Nobody is known here by that address" in Page(answer).words
    assert not is_in(browser)


def test_nobody_is_made_who_was_not_invited(cast: Cast, provider: str) -> None:
    before = Person.objects.count()
    browser = Browser()
    answer = sign_in(browser, provider, "x", email="new@bright.example", email_verified=True)
    assert answer.status_code == 403
    assert Person.objects.count() == before
    assert not is_in(browser)


def test_an_invited_one_comes_in_by_the_mailbox_that_was_proved(cast: Cast, provider: str) -> None:
    invite(
        cast.bright_home.pk,
        NewInvitation(email="new@bright.example", role="member"),
        by=cast.seller,
    )
    browser = Browser()
    claims = {"email": "new@bright.example", "email_verified": True, "name": "Nina New"}
    answer = sign_in(browser, provider, "nina", **claims)
    assert answer.status_code == 302
    assert is_in(browser)
    made = Membership.objects.get(person__email="new@bright.example")
    assert (made.party, made.role, made.person.name) == (cast.bright_home, "member", "Nina New")
    assert not made.person.has_usable_password()


@pytest.mark.parametrize("closed", ["person", "invited person", "membership"])
def test_a_closed_account_stays_closed(cast: Cast, provider: str, closed: str) -> None:
    if closed == "invited person":
        new = NewInvitation(email=cast.seller.person.email, role="member")
        invite(cast.second_seller.pk, new, by=cast.other_seller)
    if closed != "membership":
        Person.objects.filter(pk=cast.seller.person_id).update(is_active=False)
    else:
        Membership.objects.filter(pk=cast.seller.pk).update(active=False)
    browser = Browser()
    answer = sign_in(browser, provider, "s", email=cast.seller.person.email, email_verified=True)
    assert answer.status_code == 403
    assert not is_in(browser)


def test_the_second_factor_is_asked_for_all_the_same(cast: Cast, provider: str) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(cast.seller.person, "JBSWY3DPEHPK3PXP")
    browser = Browser()
    answer = sign_in(browser, provider, "s", email=cast.seller.person.email, email_verified=True)
    assert answer.headers["Location"] == "/account/second-step/"
    assert not is_in(browser)


def test_what_somebody_else_began_is_not_ended_here(cast: Cast, provider: str) -> None:
    """Neither signed in as the thief, nor the thief's account tied to one's own."""
    there_is(provider, "thief", email=cast.other_seller.person.email, email_verified=True)
    thief, victim = Browser(), Browser()
    address = go_there(thief)
    assert come_back(victim, address, "thief").status_code == 400
    assert not is_in(victim)
    signed_in = Browser(cast.seller)
    address = go_there(signed_in, process="connect")
    assert come_back(signed_in, address, "thief").status_code == 403
    assert signed_in.see("/settings/").words.count(cast.seller.person.name)
    again = Browser()
    answer = sign_in(again, provider, "thief", email="no@x.example", email_verified=True)
    assert answer.status_code == 403


def test_a_refusal_there_and_a_provider_that_is_away_are_told_in_words(
    cast: Cast, provider: str, settings: Any
) -> None:
    browser = Browser()
    state = re.search(r"state=([^&]+)", go_there(browser))
    assert state
    answer = browser.get(f"/account/sso/main/back/?error=access_denied&state={state[1]}")
    assert answer.status_code == 400
    assert "did not let you through" in Page(answer).words
    for junk in ("", "?code=x", "?state=x&code=y", "?error=%00"):
        assert browser.get(f"/account/sso/main/back/{junk}").status_code == 400, junk
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = (
        "http://127.0.0.1:9"
    )
    assert browser.post(BEGIN).status_code == 502


def test_without_a_provider_there_is_no_such_thing(cast: Cast) -> None:
    browser = Browser()
    assert "Sign in with Harbour ID" not in browser.see("/account/sign-in/").words
    assert browser.post(BEGIN).status_code == 404
    assert browser.get("/account/sso/main/back/?code=x&state=y").status_code == 404
