"""Where one is signed in: the list, signing out from afar, and the account's history."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cast import PASSWORD, Cast
from parley.journal.models import Entry
from parley.parties.models import Membership, Session
from parley.parties.signing_in import (
    Whence,
    device_in_words,
    forget_old_sessions,
    note_refusal,
)
from web.pages import Browser

SECURITY = "/settings/security/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def come_in(who: Membership, agent: str, address: str = "203.0.113.9") -> Browser:
    browser = Browser(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    browser.post("/account/sign-in/", {"login": who.person.email, "password": PASSWORD})
    return browser


def is_in(browser: Client) -> bool:
    return bool(browser.get("/notices/").status_code == 200)


def test_each_session_is_listed_with_device_address_and_way(cast: Cast) -> None:
    laptop = come_in(cast.seller, LAPTOP)
    phone = come_in(cast.seller, PHONE, "2001:db8::7")
    come_in(cast.supplier, LAPTOP, "198.51.100.1")
    words = laptop.see(SECURITY).words
    assert "Firefox, Linux this one" in words
    assert "Safari, iPhone" in words
    assert "203.0.113.9" in words
    assert "2001:db8::7" in words
    assert "198.51.100.1" not in words, "what is somebody else's is theirs"
    html = laptop.see(SECURITY).html
    for browser in (laptop, phone):
        assert browser.cookies["parley_session"].value not in html, "a key stands on no page"


def test_one_is_signed_out_from_another(cast: Cast) -> None:
    laptop, phone = come_in(cast.seller, LAPTOP), come_in(cast.seller, PHONE)
    handle = re.search(r"sessions/([0-9a-f]+)/ending/", laptop.see(SECURITY).html)
    assert handle
    stranger = come_in(cast.other_seller, LAPTOP)
    path = f"{SECURITY}sessions/{handle[1]}/ending/"
    assert stranger.post(path).status_code == 404, "nobody ends what is not theirs"
    assert is_in(phone)
    assert laptop.post(path).status_code == 302
    assert not is_in(phone)
    assert is_in(laptop)
    assert laptop.post(path).status_code == 404


def test_all_others_are_signed_out_at_once(cast: Cast) -> None:
    laptop = come_in(cast.seller, LAPTOP)
    others = [come_in(cast.seller, PHONE) for _ in range(2)]
    colleague = come_in(cast.seller_member, PHONE)
    answer = laptop.post(f"{SECURITY}sessions/ending/", follow=True)
    assert "2 other devices are signed out." in answer.content.decode()
    assert is_in(laptop)
    assert is_in(colleague)
    assert not any(is_in(other) for other in others)
    ended = Entry.objects.get(kind="SessionsEnded")
    assert ended.data == {"person": cast.seller.person_id, "count": 2, "why": "asked"}


def test_a_session_is_seen_now_and_then_and_lives_from_its_last_visit(cast: Cast) -> None:
    browser = come_in(cast.seller, LAPTOP)
    sessions = Session.objects.filter(person=cast.seller.person)
    long_ago = timezone.now() - timedelta(minutes=20)
    sessions.update(seen_at=long_ago)
    assert is_in(browser)
    assert sessions.get().seen_at > long_ago
    near_its_end = timezone.now() + timedelta(days=2)
    sessions.update(seen_at=long_ago, expire_date=near_its_end)
    answer = browser.get("/notices/")
    assert sessions.get().expire_date > near_its_end + timedelta(days=10)
    assert "parley_session" in answer.cookies, "and the browser keeps it as long"
    assert sessions.get().address == "203.0.113.9"


def test_sessions_that_are_over_are_deleted(cast: Cast) -> None:
    old, new = come_in(cast.seller, LAPTOP), come_in(cast.seller, PHONE)
    Session.objects.filter(pk=old.cookies["parley_session"].value).update(
        expire_date=timezone.now() - timedelta(days=2)
    )
    assert forget_old_sessions() == 1
    assert is_in(new)


def test_the_history_tells_of_coming_in_and_of_those_who_could_not(cast: Cast) -> None:
    laptop = come_in(cast.seller, LAPTOP)
    note_refusal(cast.seller.person.email.upper(), "password", Whence("203.0.113.99", PHONE))
    note_refusal("nobody@nowhere.example", "password", Whence())
    words = laptop.see(f"{SECURITY}history/").words
    assert "Signed in: Password" in words
    assert "Somebody tried to sign in, and was not let in" in words
    assert "Safari, iPhone · 203.0.113.0/24" in words
    assert "203.0.113.99" not in words
    for entry in Entry.objects.filter(kind__in=["SignedIn", "SignInRefused"]):
        assert "203.0.113.9" not in str(entry.data).replace("203.0.113.0/24", "")
        assert "@" not in str(entry.data), "no address of a mailbox either"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "Safari, iPhone"),
        (LAPTOP, "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile Safari/537.36", "Chrome, Android"),
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/130 YaBrowser/25 Safari/537",
            "Yandex Browser, Windows",
        ),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_a_device_is_told_in_two_words(agent: str, words: str) -> None:
    assert device_in_words(agent) == words


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2::7", "2001:db8:1::/48"),
        ("", ""),
        ("x", ""),
    ],
)
def test_a_network_is_kept_and_no_address(address: str, network: str) -> None:
    assert Whence(address=address).network == network
