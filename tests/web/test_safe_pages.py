"""What every page promises the browser: headers, no script or style inside, CSRF, cookies, hosts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from cast import PASSWORD, Cast
from parley.conversations.models import Message
from parley.tickets.models import Ticket
from web.matrix import WHO_MAY
from web.pages import HTMX, Browser, Page
from web.scene import Scene

FORM_TOO_OLD = "The form was too old"
FOR_OTHER_SITES = {"messenger_script", "messenger_sheet"}
"""What stands on pages of other sites by design: the messenger, the same for everybody."""
NO_TOKEN = {"help:opinions"}
"""Forms on pages that strangers' browsers keep: the browser itself says where such a form stood."""
OUR_SCRIPTS = ("/static/", "/messenger.js?")


@pytest.fixture
def scene(cast: Cast, settings: Any, tmp_path: Path) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    return Scene(cast)


@dataclass(frozen=True)
class Seen:
    """An answer of the site: what was asked, and by whom; `page` when it is one."""

    told: str
    name: str
    headers: Mapping[str, str]
    page: Page | None


_SEEN: list[Seen] = []


@pytest.fixture
def seen(request: pytest.FixtureRequest) -> list[Seen]:
    """Everything that can be looked at, looked at once for all tests of this file."""
    if not _SEEN:
        scene = request.getfixturevalue("scene")
        _SEEN.extend(_looked_at(*pair) for pair in [*_pages(scene), *_refusals(scene)])
    return _SEEN


def _looked_at(told: str, answer: Any) -> Seen:
    name = told.split(" ", maxsplit=1)[0]
    if answer.streaming:
        list(answer)  # to its end, where the file is closed
        return Seen(told, name, answer.headers, None)
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    return Seen(told, name, answer.headers, Page(answer) if is_page else None)


def _pages(scene: Scene) -> Iterator[tuple[str, Any]]:
    """Every address that can be looked at, by each kind of person who may, and as a fragment."""
    browsers = {
        who: Browser(scene.cast.everybody[who]) for who in ("seller", "supplier", "lead", "agent")
    }
    for name, rule in WHO_MAY.items():
        if "GET" not in rule.methods or name.startswith("api:") or name == "live":
            continue
        for who, browser in browsers.items():
            if who in rule.roles:
                yield f"{name} as {who}", browser.get(scene.path(name))
                yield f"{name} as {who}, a piece", browser.get(scene.path(name), **HTMX)
        if rule.public:
            yield name, Client().get(scene.path(name))


def _refusals(scene: Scene) -> Iterator[tuple[str, Any]]:
    """Pages that answer what can't be done."""
    browser, number = Browser(scene.cast.seller), scene.ticket.pk
    yield "not found", browser.get("/nowhere/")
    yield "not signed in", Client().get("/tickets/")
    yield "not signed in, a piece", Client().get("/tickets/", **HTMX)
    yield "wrong method", browser.get(f"/tickets/{number}/replies/")
    yield "unfilled", browser.post("/tickets/new/", {"title": "x"})
    yield "nothing said", browser.post(f"/tickets/{number}/replies/", {"text": ""})
    yield "nothing said, a piece", browser.post(f"/tickets/{number}/replies/", **HTMX)
    yield "wrong host", browser.get("/", HTTP_HOST="evil.example")
    yield "no CSRF", Browser(scene.cast.seller, enforce_csrf_checks=True).post("/tickets/new/")
    yield "wrong password", Client().post("/account/sign-in/", {"login": "a@b.example"})
    yield "a secret", browser.post("/settings/tokens/", {"name": "x"})
    yield "refused profile", browser.post("/settings/person/", {"name": ""})


def test_every_answer_has_the_headers(seen: list[Seen]) -> None:
    for one in seen:
        headers, told = one.headers, one.told
        if not _is_file(one):
            _check_policy(told, headers["Content-Security-Policy"])
        assert headers["X-Content-Type-Options"] == "nosniff", told
        assert headers["X-Frame-Options"] == "DENY", told
        assert headers["Referrer-Policy"] == "same-origin", told
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", told
        from_where = "cross-origin" if one.name in FOR_OTHER_SITES else "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == from_where, told
        assert "camera=()" in headers["Permissions-Policy"], told


def test_pages_of_ones_own_are_kept_by_nobody(seen: list[Seen]) -> None:
    for one in seen:
        rule = WHO_MAY.get(one.name)
        if rule and not rule.public:
            kept = one.headers["Cache-Control"]
            assert "no-store" in kept or (_is_file(one) and "private" in kept), one.told


def _is_file(one: Seen) -> bool:
    """Whether it is no page but a file, shut in where nothing in it can act."""
    shut_in = one.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    return shut_in and one.page is None


def _check_policy(told: str, policy: str) -> None:
    directives = {
        name: set(values.split())
        for name, _space, values in (part.strip().partition(" ") for part in policy.split(";"))
    }
    assert directives["default-src"] == {"'none'"}, told
    for name in ("script-src", "style-src", "connect-src", "form-action", "font-src"):
        assert directives[name] == {"'self'"}, told
    assert directives["frame-ancestors"] == directives["base-uri"] == {"'none'"}, told
    assert "unsafe" not in policy


def test_no_page_has_a_script_or_a_style_inside(seen: list[Seen]) -> None:
    pages = [(one.told, one.page) for one in seen if one.page]
    assert len(pages) > 80
    for told, page in pages:
        for tag, attributes in page.tags:
            where = f"{told}: <{tag} {attributes}>"
            assert tag not in ("style", "object", "embed", "base"), where
            assert tag != "script" or attributes["src"].startswith(OUR_SCRIPTS), where
            assert "style" not in attributes, where
            assert not any(name.startswith(("on", "hx-on")) for name in attributes), where
            for address in ("href", "src", "action", "formaction"):
                assert not attributes.get(address, "").lower().startswith(("javascript:", "data:"))


def test_every_form_that_changes_something_can_be_sent(seen: list[Seen]) -> None:
    for one in seen:
        for form in one.page.forms if one.page else []:
            if form.action == "/help/opinions/":
                continue
            if form.method == "post" and one.name != "unsubscribe":
                assert form.fields.get("csrfmiddlewaretoken"), f"{one.told}: {form.action}"


def test_no_page_uses_an_id_twice(seen: list[Seen]) -> None:
    for one in seen:
        if one.page:
            twice = [key for key, n in Counter(one.page.having("id")).items() if n > 1]
            assert twice == [], one.told


@pytest.mark.parametrize("role", ["seller", "lead", "stranger"])
def test_nothing_is_changed_by_a_form_from_elsewhere(scene: Scene, role: str) -> None:
    who = scene.cast.everybody.get(role)
    browser = Browser(who, enforce_csrf_checks=True)
    paths = {name: scene.path(name) for name in WHO_MAY if not name.startswith("api:")}
    before = (Message.objects.count(), Ticket.objects.get(pk=scene.ticket.pk).status)
    for name, rule in WHO_MAY.items():
        # A shop signs what it sends, a mail provider has a password; no browser is made to.
        if name.startswith(("api:", "provider_mail:")) or name in (
            "unsubscribe",
            "live",
            "incoming",
        ):
            continue
        for method in {"POST", "DELETE"} & set(rule.methods.split()):
            answer = browser.generic(method, paths[name])
            if name == "chat:session":  # says who one is, and changes nothing
                continue
            if name in NO_TOKEN:
                answer = browser.generic(method, paths[name], HTTP_SEC_FETCH_SITE="cross-site")
            assert answer.status_code in ({401, 403} if name.startswith("chat:") else {403}), name
            if not name.startswith("chat:") and name not in NO_TOKEN:
                assert FORM_TOO_OLD in Page(answer).words, name
    after = (Message.objects.count(), Ticket.objects.get(pk=scene.ticket.pk).status)
    assert after == before


def test_the_pages_own_forms_and_scripts_get_through(scene: Scene) -> None:
    browser = Browser(scene.cast.lead, enforce_csrf_checks=True)
    at = f"/desk/tickets/{scene.ticket.pk}/"
    page = browser.see(at)
    browser.send(at, "replies/", text="By the form", way="note")
    token = json.loads(next(iter(page.having("hx-headers"))))["X-CSRFToken"]
    path = f"/tickets/{scene.ticket.pk}/replies/"
    typed = {"text": "By a script", "way": "note"}
    assert browser.post(path, typed, HTTP_X_CSRFTOKEN=token, **HTMX).status_code == 200
    assert browser.post(path, typed, HTTP_X_CSRFTOKEN="x" * 64, **HTMX).status_code == 403
    from_elsewhere = browser.post(
        path, typed, HTTP_X_CSRFTOKEN=token, HTTP_ORIGIN="https://evil.example", **HTMX
    )
    assert from_elsewhere.status_code == 403
    assert Message.objects.filter(text__startswith="By").count() == 2


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(cast: Cast) -> None:
    browser = Browser()
    browser.get("/account/sign-in/")
    browser.post("/account/sign-in/", {"login": cast.seller.person.email, "password": PASSWORD})
    assert {"parley_session", "parley_csrf"} <= set(browser.cookies)
    for name, cookie in browser.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
        assert cookie["path"] == "/", name
        assert not cookie["domain"], name


def test_behind_https_the_cookies_never_leave_it() -> None:
    asked = (
        "import json; from parley.site import settings as s; print(json.dumps("
        "[s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS]))"
    )
    environment = os.environ | {
        "PARLEY_PUBLIC_URL": "https://desk.example",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    told = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, check=True
    )
    assert json.loads(told.stdout) == [True, True, 31_536_000]


@pytest.mark.parametrize(
    "host",
    ["evil.example", "testserver.evil.example", "testserver@evil.example", "test server", ""],
)
def test_a_host_that_is_not_ours_gets_nothing(cast: Cast, host: str) -> None:
    for path in ("/", "/account/sign-in/", "/account/password/reset/"):
        answer = Browser(cast.seller).get(path, HTTP_HOST=host)
        assert answer.status_code == 400
        assert "did not arrive whole" in Page(answer).words
        assert "evil" not in answer.content.decode()


def test_a_forwarded_host_is_not_believed(cast: Cast) -> None:
    answer = Client().get("/tickets/", HTTP_X_FORWARDED_HOST="evil.example")
    assert "evil" not in answer.headers["Location"]


def _broken(request: HttpRequest, *_arguments: object, **_named: object) -> None:
    raise ZeroDivisionError("secret words")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_goes_wrong_is_said_in_words(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    who = cast.seller if language == "en" else cast.seller_member
    browser = Browser(who, raise_request_exception=False)
    bad = {"CONTENT_TYPE": "multipart/form-data"}
    answers = {
        404: browser.get("/nowhere/"),
        405: browser.get("/settings/theme/"),
        400: browser.generic("POST", "/files/", b"no boundary", "multipart/form-data", **bad),
        403: Browser(who, enforce_csrf_checks=True).post("/settings/theme/"),
    }
    monkeypatch.setattr("parley.web.portal.home.home_rows", _broken)
    answers[500] = browser.get("/")
    titles = {}
    for status, answer in answers.items():
        page = Page(answer)
        assert answer.status_code == page.status == status
        assert answer.headers["Content-Language"] == language
        assert "secret" not in page.html
        assert "Traceback" not in page.html
        assert str(status) in page.words
        assert len(page.words) > 60
        assert "/" in page.links.values(), "a way out"
        titles[status] = page.words[:30]
    assert len(set(titles.values())) == len(titles)
    assert answers[405].headers["Allow"] == "POST"
