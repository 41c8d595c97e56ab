"""A person's own settings through their page: profile, mails, tokens, language, theme."""

from __future__ import annotations

import pytest

from cast import Cast
from parley.notifications.models import Kind, Preference
from parley.parties.models import ApiToken, Person
from parley.parties.tokens import membership_of_token
from web.pages import HTMX, Browser, Page


def test_the_profile_is_kept_and_said_to_be(cast: Cast) -> None:
    browser = Browser(cast.seller)
    page = Page(
        browser.send(
            "/settings/", "settings/person/", name="Selma K. Seller", language="ru",
            time_zone="Asia/Omsk", own_messages="right",
        )
    )  # fmt: skip
    person = Person.objects.get(pk=cast.seller.person_id)
    assert (person.name, person.language, person.time_zone, person.own_messages) == (
        "Selma K. Seller", "ru", "Asia/Omsk", "right",
    )  # fmt: skip
    assert ("html", "ru") in [(tag, a.get("lang", "")) for tag, a in page.tags]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "Write your name, in at most 200 characters."),
        ("name", "x" * 201, "Write your name, in at most 200 characters."),
        ("language", "tlh", "Pick one from the list."),
        ("time_zone", "Mars/Olympus", "Pick a time zone from the list."),
        ("time_zone", "../../etc/passwd", "Pick a time zone from the list."),
    ],
)
def test_a_refused_profile_says_why_beside_the_field(
    cast: Cast, field: str, value: str, says: str
) -> None:
    answer = Browser(cast.seller).send("/settings/", "settings/person/", **{field: value})
    assert answer.status_code == 422
    assert says in Page(answer).words
    assert getattr(Person.objects.get(pk=cast.seller.person_id), field) != value


def test_what_to_be_told_of(cast: Cast) -> None:
    browser = Browser(cast.seller)
    form = browser.see("/settings/").form("settings/ways/")
    assert form.fields[Kind.REPLY] == ["at_once"]
    page = Page(browser.send("/settings/", "settings/ways/", reply="digest", completed="off"))
    assert "Your choice is saved." in page.words
    chosen = dict(Preference.objects.values_list("kind", "way"))
    assert (chosen["reply"], chosen["completed"]) == ("digest", "off")
    assert page.form("settings/ways/").fields["reply"] == ["digest"]
    junk = browser.post("/settings/ways/", {"reply": "by pigeon"}, follow=True)
    assert "Pick one of the ways for each kind." in Page(junk).words


def test_one_is_asked_only_of_what_can_reach_one(cast: Cast) -> None:
    sellers = Browser(cast.seller).see("/settings/").form("settings/ways/").fields
    operators = Browser(cast.lead).see("/settings/").form("settings/ways/").fields
    kinds = set(Kind.values)
    theirs = {Kind.NOTE, Kind.MENTIONED, Kind.PASSED, Kind.ASSIGNED, Kind.WOKEN}
    assert theirs == kinds & (set(operators) - set(sellers))
    assert Kind.JOIN_ASKED in kinds & (set(sellers) - set(operators))


def test_a_token_is_shown_once_and_works_until_it_is_revoked(cast: Cast) -> None:
    browser = Browser(cast.seller)
    page = Page(browser.send("/settings/", "settings/tokens/", name="Stock sync", follow=False))
    token = ApiToken.objects.get()
    secret = next(word for word in page.words.split() if word.startswith("parley_"))
    assert membership_of_token(secret) == cast.seller
    again = browser.see("/settings/")
    assert secret not in again.html
    assert "Stock sync" in again.words
    assert f"{token.starts_with}…" in again.words
    other = Browser(cast.seller_member)
    other.post(f"/settings/tokens/{token.pk}/revocation/")
    assert membership_of_token(secret) == cast.seller, "one's own alone"
    page = Page(browser.send("/settings/", "revocation/"))
    assert "The token no longer works." in page.words
    assert membership_of_token(secret) is None
    assert "Stock sync" not in page.words


def test_a_page_with_a_secret_is_kept_nowhere(cast: Cast) -> None:
    answer = Browser(cast.seller).post("/settings/tokens/", {"name": "x"})
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("what", ["language", "theme"])
def test_language_and_theme_change_where_one_stands(cast: Cast, what: str) -> None:
    wanted = {"language": "ru", "theme": "dark"}[what]
    browser = Browser(cast.seller)
    answer = browser.post(f"/settings/{what}/", {what: wanted, "next": "/tickets/?q=lamp"})
    assert answer.headers["Location"] == "/tickets/?q=lamp"
    assert getattr(Person.objects.get(pk=cast.seller.person_id), what) == wanted
    with_scripts = browser.post(f"/settings/{what}/", {what: wanted}, **HTMX)
    assert with_scripts.status_code == 204
    browser.post(f"/settings/{what}/", {what: "junk"})
    assert getattr(Person.objects.get(pk=cast.seller.person_id), what) == wanted


def test_pages_speak_the_readers_language(cast: Cast) -> None:
    cast.ticket()
    russian = Browser(cast.seller_member).get("/tickets/", HTTP_ACCEPT_LANGUAGE="en")
    assert russian.headers["Content-Language"] == "ru"
    assert "Посылка опаздывает" in Page(russian).words
    stranger = Browser().get("/account/sign-in/", HTTP_ACCEPT_LANGUAGE="ru")
    assert stranger.headers["Content-Language"] == "ru"
    assert "Accept-Language" in stranger.headers["Vary"]
