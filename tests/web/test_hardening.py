"""Attacks that are about no page in particular: redirects, secrets that spill, names in archives."""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest
from django.test import Client

from cast import PASSWORD, Cast
from parley.conversations.attaching import receive
from parley.journal.models import Entry
from parley.parties.tokens import make_token
from parley.site.logs import JsonFormatter
from parley.tickets.disputing import step_in
from parley.tickets.evidencing import evidence
from parley.tickets.replying import Reply, reply
from web.matrix import WHO_MAY
from web.pages import Browser
from web.scene import Scene

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "http:///evil.example",
    "/\t/evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
)
WAYS_TO_ASK = ("next", "url", "to", "return", "return_to", "redirect", "continue", "back", "from")
"""The names by which sites take an address to go on to."""


@pytest.fixture
def scene(cast: Cast, settings: Any, tmp_path: Path) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    return Scene(cast)


# --- redirects -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["seller", "supplier", "lead", "stranger"])
def test_no_address_leads_to_another_site(scene: Scene, role: str) -> None:
    """Whatever a link or a form of ours was given to go on to, one stays here."""
    asked_for = dict.fromkeys(WAYS_TO_ASK, ELSEWHERE[0])
    for name, rule in WHO_MAY.items():
        if name == "live" or (role not in rule.roles and not (role == "stranger" and rule.public)):
            continue
        client = scene.client(role, name)
        for method in rule.methods.split():
            if method == "POST":
                body = json.dumps(asked_for) if name.startswith("api:") else asked_for
                kind = {"content_type": "application/json"} if name.startswith("api:") else {}
                answer: Any = client.post(scene.path(name), body, query_params=asked_for, **kind)
            elif method == "GET":
                answer = client.get(scene.path(name), asked_for)
            else:
                continue
            _stays(answer, f"{role} {method} {name}")


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_spelling_of_an_address_leads_to_another_site(cast: Cast, address: str) -> None:
    signing_in = {"login": cast.seller.person.email, "password": PASSWORD}
    for client, path, body in (
        (Client(), "/account/sign-in/", signing_in),
        (Browser(cast.seller), "/settings/language/", {"language": "ru"}),
        (Browser(cast.seller), "/settings/theme/", {"theme": "dark"}),
    ):
        _stays(client.post(path, body | {"next": address}), f"{path} to {address}")
        _stays(client.post(path, body, query_params={"next": address}), f"{path}?next={address}")


def _stays(answer: Any, told: str) -> None:
    for header in ("Location", "HX-Redirect", "HX-Location", "Refresh"):
        leads = answer.headers.get(header)
        if leads is None:
            continue
        # As a browser reads it: tabs and line ends do not count, and a backslash is a slash.
        read = re.sub(r"[\t\r\n]", "", leads).replace("\\", "/").strip()
        parts = urlsplit(urljoin("http://testserver/", read))
        assert (parts.scheme, parts.hostname) == ("http", "testserver"), f"{told}: {leads}"


# --- programs ------------------------------------------------------------------------------------


def test_answers_to_programs_are_shut_in_and_kept_by_nobody(scene: Scene) -> None:
    for name, rule in WHO_MAY.items():
        if not name.startswith("api:") or "GET" not in rule.methods or rule.public:
            continue
        answer = scene.ask("seller" if "seller" in rule.roles else "admin", name, "GET")
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["X-Frame-Options"] == "DENY", name
        assert "default-src 'none'" in headers["Content-Security-Policy"], name
        assert not answer.cookies, name
        kept = headers.get("Cache-Control", "")
        assert "no-store" in kept or "private" in kept, name
        if answer.streaming:
            list(answer)


def test_a_cookie_opens_nothing_to_programs(cast: Cast) -> None:
    """A page of another site can't make a browser ask the API with its reader's cookie."""
    ticket = cast.ticket()
    browser = Browser(cast.seller)
    assert browser.get(f"/api/v1/tickets/{ticket.pk}").status_code == 401
    typed = {"text": "words"}
    path = f"/api/v1/tickets/{ticket.pk}/replies"
    assert browser.post(path, typed, "application/json").status_code == 401


# --- secrets -------------------------------------------------------------------------------------


class _Heard(logging.Handler):
    """Everything that is logged, at any level, as a log would have it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """The lines of the log, with every logger turned up as far as it goes."""
    handler, root = _Heard(), logging.getLogger()
    names = ["", *logging.root.manager.loggerDict]
    before = {name: logging.getLogger(name).level for name in names}
    root.addHandler(handler)
    for name in names:
        # What the database is asked is told to nobody, whatever the level, but in Django's DEBUG.
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield handler.lines
    finally:
        root.removeHandler(handler)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def _broken(request: HttpRequest, *_arguments: object, **_named: object) -> None:
    raise ZeroDivisionError


def test_secrets_are_in_no_log_no_entry_and_no_job(
    cast: Cast, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is typed, made and carried as a secret, through pages that work and pages that break."""
    wrong, email = "a wrong password of mine", cast.seller.person.email
    browser = Browser()
    for password in (wrong, PASSWORD):
        browser.post("/account/sign-in/", {"login": email, "password": password})
    session = browser.cookies["parley_session"].value
    _row, token = make_token(cast.seller, "a program")
    guess = token[:-6] + "xxxxxx"
    for presented in (token, guess):
        Client().get("/api/v1/me", HTTP_AUTHORIZATION=f"Bearer {presented}")
    Client().post("/account/password/reset/", {"email": email})
    links = [link for one in mail.outbox for link in re.findall(r"\S+/reset/\S+", str(one.body))]
    for link in links:
        Client().get(urlsplit(link).path, follow=True)
    monkeypatch.setattr("parley.web.portal.home.home_rows", _broken)
    broken = Client(raise_request_exception=False)
    broken.cookies = browser.cookies
    assert broken.get("/", {"code": "in-the-address"}).status_code == 500
    browser.post("/settings/tokens/", {"name": "another"})

    secrets = [wrong, PASSWORD, session, token, guess]
    secrets += [urlsplit(link).path.strip("/").rpartition("/")[2] for link in links]
    told = {
        "the log": "\n".join(heard),
        "the journal": json.dumps(list(Entry.objects.values_list("data", flat=True))),
        "the jobs": json.dumps(_jobs()),
    }
    assert "ZeroDivisionError" in told["the log"], "it hears what is logged"
    for secret in secrets:
        for where, text in told.items():
            assert secret not in text, f"{secret[:8]}… in {where}"


def _jobs() -> list[Any]:
    """What jobs were given: a job that fails is logged with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs")
        return [row[0] for row in cursor.fetchall()]


def test_a_page_that_breaks_tells_nothing_of_the_house(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parley.web.portal.home.home_rows", _broken)
    browser = Browser(cast.seller, raise_request_exception=False)
    shown = browser.get("/").content.decode()
    for word in ("ZeroDivisionError", "Traceback", "/src/parley", "Django", "psycopg"):
        assert word not in shown


def test_no_answer_says_what_it_is_made_with(scene: Scene) -> None:
    for name in ("home", "portal:tickets", "api:me", "account_login"):
        headers = scene.ask("seller", name, "GET").headers
        assert not {"Server", "X-Powered-By", "X-AspNet-Version"} & set(headers), name


# --- names in archives ---------------------------------------------------------------------------

NASTY = (
    "../../etc/cron.d/x", "..\\..\\x.exe", "/etc/passwd", "C:\\Windows\\x", "a/../../b", "~/.ssh/x",
    "con\x00.txt", "x\r\ny.txt", "....//....//x", "%2e%2e%2fx", "\u202egnp.exe", " .. ", "a:b|c?.txt",
)  # fmt: skip


def test_no_name_leads_out_of_the_folder_an_archive_is_unpacked_in(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "kept"
    ticket = cast.ticket()
    keys = [
        receive(cast.seller, name, SimpleUploadedFile("x", b"%d" % number)).pk
        for number, name in enumerate(NASTY)
    ]
    step_in(ticket.pk, "Let us look.", by=cast.agent)
    reply(ticket.pk, Reply(text="Look.", attachments=keys), by=cast.seller)
    with evidence(ticket.pk, by=cast.seller) as archive, zipfile.ZipFile(archive) as zipped:
        members = [name for name in zipped.namelist() if name.startswith("attachments/")]
        target = tmp_path / "unpacked"
        zipped.extractall(target)
    assert len(members) == len(NASTY)
    for name in members:
        assert ".." not in name.split("/")
        assert not set(name) & set("\\\x00\r\n\u202e")
        assert (target / name).resolve().is_relative_to(target.resolve())
        assert (target / name).is_file()


def test_what_is_stored_has_no_name_that_anybody_chose(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    for name in NASTY:
        file = receive(cast.seller, name, SimpleUploadedFile("x", b"bytes"))
        assert re.fullmatch(r"\d{4}/\d\d/[0-9a-f]{32}", file.stored_as)
    assert all(path.is_relative_to(tmp_path) for path in tmp_path.rglob("*"))


# --- archives that unpack to more than there is room for ------------------------------------------


def test_a_zip_bomb_is_kept_as_it_is_and_never_unpacked(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("zeros", b"\x00" * 20_000_000)
    data = bomb.getvalue()
    browser = Browser(cast.seller)
    answer = browser.post("/files/", {"file": SimpleUploadedFile("a.zip", data)})
    assert answer.status_code == 201
    stored = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in stored) == len(data)
