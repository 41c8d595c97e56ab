"""Signing in and out, passwords, and what a session is worth."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from cast import PASSWORD, Cast
from parley.parties.models import Membership, Person, Session
from parley.web.account.resetting import send_reset_link
from web.pages import Browser, Page

SIGN_IN = "/account/sign-in/"
NEW = "a whole new battery"
WRONG = "The email address and/or password you specified are not correct."


def sign_in(browser: Client, who: Membership | str, password: str = PASSWORD, **more: str) -> Any:
    email = who if isinstance(who, str) else who.person.email
    return browser.post(SIGN_IN, {"login": email, "password": password, **more})


def is_in(browser: Client) -> bool:
    return bool(browser.get("/tickets/").status_code == 200)


def test_one_signs_in_by_the_page_and_is_where_one_wanted_to_be(cast: Cast) -> None:
    browser = Browser()
    asked = browser.get("/tickets/?q=lamp")
    address = asked.headers["Location"]
    assert address == "/account/sign-in/?next=/tickets/%3Fq%3Dlamp"
    answer = browser.send(
        address, "", login=cast.seller.person.email.upper(), password=PASSWORD, follow=False
    )
    assert answer.headers["Location"] == "/tickets/?q=lamp"
    assert is_in(browser)
    assert browser.get(SIGN_IN).headers["Location"] == "/", "one is in already"


ELSEWHERE = [
    "//evil.example",
    "https://evil.example/",
    "http:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "///evil.example",
    "https:///evil.example",
    " //evil.example",
    "/\t/evil.example",
    "//evil.example\\@testserver/",
    "https://testserver@evil.example/",
]


@pytest.mark.parametrize("by", ["form", "address", "settings", "signed in", "sign out"])
def test_nobody_is_led_away_from_here(cast: Cast, by: str) -> None:
    login = {"login": cast.seller.person.email, "password": PASSWORD}
    for elsewhere in ELSEWHERE:
        browser = Browser(None if by in ("form", "address") else cast.seller)
        match by:
            case "form":
                answer = browser.post(SIGN_IN, login | {"next": elsewhere})
            case "address":
                answer = browser.post(SIGN_IN, login, query_params={"next": elsewhere})
            case "settings":
                answer = browser.post("/settings/theme/", {"theme": "dark", "next": elsewhere})
            case "signed in":
                answer = browser.get(SIGN_IN, {"next": elsewhere})
            case _:
                answer = browser.post("/account/sign-out/", {"next": elsewhere})
        assert answer.status_code == 302
        assert answer.headers["Location"] in ("/", "/account/sign-in/"), elsewhere


def test_signing_in_begins_a_new_session_and_signing_out_ends_it(cast: Cast) -> None:
    browser = Browser()
    browser.cookies["parley_session"] = "planted-by-somebody-else-12345678"
    sign_in(browser, cast.seller)
    first = browser.cookies["parley_session"].value
    assert first != "planted-by-somebody-else-12345678"
    thief = Client()
    thief.cookies["parley_session"] = first
    assert is_in(thief), "the session is what counts"
    browser.post("/account/sign-out/")
    assert not is_in(thief)
    assert not Session.objects.filter(session_key=first).exists()
    sign_in(browser, cast.seller)
    assert browser.cookies["parley_session"].value != first


def test_one_is_remembered_only_where_one_wants_to_be(cast: Cast, settings: Any) -> None:
    remembered, not_here = Browser(), Browser()
    sign_in(remembered, cast.seller, remember="on")
    sign_in(not_here, cast.seller)
    assert remembered.cookies["parley_session"]["max-age"] == settings.SESSION_COOKIE_AGE
    assert not_here.cookies["parley_session"]["max-age"] == ""
    assert is_in(not_here)


def test_looking_at_the_sign_out_page_signs_nobody_out(cast: Cast) -> None:
    browser = Browser(cast.seller)
    assert "Drafts are kept" in browser.see("/account/sign-out/").words
    assert is_in(browser)


def test_known_and_unknown_addresses_are_not_told_apart(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(password) or encode(self, password, salt),
    )
    cast.other_seller.person.is_active = False
    cast.other_seller.person.save()
    seen = set()
    for email in (
        cast.seller.person.email,
        "nobody@nowhere.example",
        cast.other_seller.person.email,
    ):
        hashed.clear()
        answer = sign_in(Browser(), email, "not the password")
        page = Page(answer)
        assert WRONG in page.words
        seen.add((answer.status_code, page.words, page.html.count(email), len(hashed)))
    assert len(seen) == 1
    assert hashed, "and it takes as long"


@pytest.mark.parametrize("closed", ["person", "membership"])
def test_a_closed_account_is_told_so_to_whoever_knows_its_password(cast: Cast, closed: str) -> None:
    if closed == "person":
        Person.objects.filter(pk=cast.seller.person_id).update(is_active=False)
    else:
        Membership.objects.filter(pk=cast.seller.pk).update(active=False)
    browser = Browser()
    page = Page(sign_in(browser, cast.seller))
    assert "This account is closed." in page.words
    assert not is_in(browser)


def test_a_session_ends_with_the_account(cast: Cast) -> None:
    browser = Browser(cast.seller)
    assert is_in(browser)
    Person.objects.filter(pk=cast.seller.person_id).update(is_active=False)
    assert not is_in(browser)


def test_too_many_tries_say_when_to_try_again(cast: Cast) -> None:
    for _ in range(5):
        assert sign_in(Browser(), cast.seller, "guess").status_code == 200
    for password in ("guess", PASSWORD):
        answer = sign_in(Browser(), cast.seller, password)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "300"
        assert "Too many tries to sign in. Try again in 5 minutes." in Page(answer).words
    assert sign_in(Browser(), cast.supplier).status_code == 302, "nobody else is kept out"
    unknown = [sign_in(Browser(), "nobody@nowhere.example", "guess") for _ in range(6)]
    assert [a.status_code for a in unknown] == [200] * 5 + [429], "as for a known address"


def test_trying_at_many_addresses_is_stopped_as_well(cast: Cast) -> None:
    answers = [sign_in(Browser(), f"{n}@nowhere.example", "guess") for n in range(21)]
    assert [a.status_code for a in answers[-2:]] == [200, 429]


def test_asking_too_often_is_a_page_in_words(cast: Cast, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "1/m/ip"}
    sign_in(Browser(), cast.seller, "guess")
    answer = sign_in(Browser(), cast.seller)
    page = Page(answer)
    assert answer.status_code == 429
    assert "Too many tries" in page.words
    assert "Try again in 5 minutes." in page.words
    assert answer.headers["Retry-After"] == "300"


# --- passwords -----------------------------------------------------------------------------------


def ask_for_a_link(email: str, browser: Client | None = None) -> Any:
    return (browser or Browser()).post("/account/password/reset/", {"email": email})


def do_the_job() -> None:
    """What the worker does with what was asked for."""
    for job in ProcrastinateJob.objects.filter(task_name="web.send_reset_link"):
        send_reset_link(**job.args)


def link_in_the_mail() -> str:
    found = re.search(r"https?://\S+", str(mail.outbox[-1].body))
    assert found
    return found.group()


def test_a_forgotten_password_is_replaced_by_a_link_in_a_mail(cast: Cast, settings: Any) -> None:
    settings.PUBLIC_URL = "https://desk.example"
    elsewhere = Browser(cast.seller)
    browser = Browser()
    page = Page(
        browser.send("/account/password/reset/", "", email=cast.seller.person.email.upper())
    )
    assert "a link is on its way" in page.words
    do_the_job()
    assert mail.outbox[-1].to == [cast.seller.person.email]
    assert mail.outbox[-1].subject == "A new password for Parley"
    assert "Hello Selma Seller," in mail.outbox[-1].body
    link = urlsplit(link_in_the_mail())
    assert (link.scheme, link.netloc) == ("https", "desk.example")
    landed = browser.get(link.path, follow=True)
    assert link.path.rsplit("-", 1)[1] not in landed.redirect_chain[-1][0], (
        "the key leaves no trace"
    )
    form_at = landed.redirect_chain[-1][0]
    short = Page(browser.send(form_at, "", password1="short", password2="short"))
    assert "too short" in short.words
    page = Page(browser.send(form_at, "", password1=NEW, password2=NEW))
    assert "Your password is changed" in page.words
    assert sign_in(Browser(), cast.seller).status_code == 200
    assert sign_in(Browser(), cast.seller, NEW).status_code == 302
    assert not is_in(elsewhere), "whoever was in with the old one is out"
    again = Page(Browser().get(link.path, follow=True))
    assert "This link no longer works" in again.words


def test_a_link_is_asked_for_in_the_same_way_for_anybody(cast: Cast) -> None:
    Person.objects.filter(pk=cast.other_seller.person_id).update(is_active=False)
    emails = (cast.seller.person.email, "nobody@nowhere.example", cast.other_seller.person.email)
    answers = [ask_for_a_link(email) for email in emails]
    assert {(a.status_code, a.headers["Location"]) for a in answers} == {
        (302, "/account/password/reset/sent/")
    }
    assert mail.outbox == [], "a job writes it: no waiting tells anything"
    do_the_job()
    assert [m.to for m in mail.outbox] == [[cast.seller.person.email]]


def test_the_mail_speaks_its_readers_language(cast: Cast) -> None:
    ask_for_a_link(cast.seller_member.person.email)
    do_the_job()
    assert "Семён Продавцов" in mail.outbox[-1].body
    assert "&" not in mail.outbox[-1].body


def test_nobody_floods_a_mailbox(cast: Cast) -> None:
    answers = [ask_for_a_link(cast.seller.person.email) for _ in range(4)]
    assert [a.status_code for a in answers] == [302, 302, 302, 429]
    assert answers[-1].headers["Retry-After"] == "600"
    assert "Try again in 10 minutes." in Page(answers[-1]).words


def test_an_old_or_made_up_link_says_so(cast: Cast, settings: Any) -> None:
    ask_for_a_link(cast.seller.person.email)
    do_the_job()
    path = urlsplit(link_in_the_mail()).path
    settings.PASSWORD_RESET_TIMEOUT = -1
    for link in (path, "/account/password/reset/1-made-up/", "/account/password/reset/zzzzzz-x-y/"):
        assert "This link no longer works" in Page(Browser().get(link, follow=True)).words


def test_a_changed_password_ends_all_other_sessions(cast: Cast) -> None:
    here, there = Browser(cast.seller), Browser(cast.seller)
    before = here.cookies["parley_session"].value
    wrong = Page(
        here.send("/account/password/", "", oldpassword="guess", password1=NEW, password2=NEW)
    )
    assert "Please type your current password." in wrong.words
    answer = here.send("/account/password/", "", oldpassword=PASSWORD, password1=NEW, password2=NEW)
    assert answer.redirect_chain == [("/settings/security/", 302)]
    assert "Your password is changed." in Page(answer).words
    assert is_in(here)
    assert here.cookies["parley_session"].value != before
    assert not is_in(there)
    assert sign_in(Browser(), cast.seller, NEW).status_code == 302


@pytest.mark.parametrize("weak", ["short", "password123", "Selma-Seller", "1234567890"])
def test_a_weak_password_is_refused_in_words(cast: Cast, weak: str) -> None:
    answer = Browser(cast.seller).send(
        "/account/password/", "", oldpassword=PASSWORD, password1=weak, password2=weak
    )
    assert answer.redirect_chain == []
    assert "This password is" in Page(answer).words or "too similar" in Page(answer).words


# --- the demo ------------------------------------------------------------------------------------


def test_the_demo_offers_its_people_and_shows_its_mails(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.DEMO, settings.DEMO_PEOPLE = True, [cast.seller.person.email]
    settings.EMAIL_BACKEND = "parley.notifications.folder.FolderBackend"
    settings.MAIL_FOLDER = tmp_path / "mail"
    browser = Browser()
    page = browser.see(SIGN_IN)
    assert "Selma Seller" in page.words
    assert "Nora North" not in page.words
    answer = browser.send(SIGN_IN, "/sign-in/as/", email=cast.seller.person.email, follow=False)
    assert answer.headers["Location"] == "/"
    assert is_in(browser)
    ask_for_a_link(cast.seller.person.email)
    do_the_job()
    shown = browser.see("/mails/")
    assert "A new password for Parley" in shown.words
    assert "/account/password/reset/" in shown.words
    settings.DEMO = False
    assert browser.get("/mails/").status_code == 404
