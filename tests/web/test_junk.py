"""Whatever is sent to whichever address: an answer in words, and never a page that broke."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest
from django.db import transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cast import Cast
from parley.conversations.models import Draft
from parley.notifications.models import Kind
from web.matrix import WHO_MAY, addresses
from web.pages import HTMX, Browser
from web.scene import Scene

# Uploads that break off are closed when they are forgotten; here many are.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

FIELDS = [
    *("q", "status", "topic", "party", "assignee", "order", "due", "from", "to", "cursor"),
    *("action", "queue", "before", "continues", "order_number", "title", "text", "priority"),
    *("way", "attachment", "submit_key", "stars", "comment", "muted", "upto", "person"),
    *("outcome", "name", "language", "time_zone", "own_messages", "theme", "next", "place"),
    *("membership", "fields", "login", "password", "remember", "email", "password1", "password2"),
    *("oldpassword", "csrfmiddlewaretoken", "file", "files", *Kind.values),
]
"""Every name that any address reads."""

JUNK = [
    b"",
    b" ",
    b"\x00",
    b"a\x00b",
    b"\xed\xa0\x80",  # half of a surrogate pair
    b"\xff\xfe",
    b"-1",
    b"0",
    b"99999999999999999999999999",
    b"999999999999999999",
    b"1e400",
    b"NaN",
    "٣".encode(),
    "²".encode(),
    b"9" * 5000,
    b"x" * 60_000,
    b"[]",
    b'{"title": "\\ud800", "a": {"b": []}, "\\u0000": 1}',
    b"[" * 20_000,
    b"00000000-0000-0000-0000-00000000000g",
    b"{00000000-0000-0000-0000-000000000000}",
    b"2026-13-45",
    b"0001-01-01T00:00:00+14:00",
    b"9999-12-31T23:59:59-14:00",
    b"9999-12-31",
    b"0001-01-01",
    b"253402300799999999.1",
    b"-1.-1",
    b"../../etc/passwd",
    b"%s%n%00",
    b"' OR 1=1 --",
    b'"<script>alert(1)</script>',
    b"a & b | ! ( : * <-> \\",
    "T-٣٤".encode(),
    "\u202e\u2066\ufeff".encode(),
    "👩‍👧".encode() * 50,
    b"//evil.example",
    b"only-",
    b"ask-operator",
    b"ticket:" + b"1" * 100,
]


@pytest.fixture
def scene(cast: Cast, settings: Any, tmp_path: Path) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    settings.DEMO = True
    settings.MAIL_FOLDER = tmp_path / "mail"
    settings.ACCOUNT_RATE_LIMITS = {}
    return Scene(cast)


class Thrower:
    """Browsers of a scene that throw things at it; what they change is undone at once."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.browsers = {
            role: Browser(scene.cast.everybody.get(role), raise_request_exception=False)
            for role in ("seller", "lead", "stranger")
        }
        self.broken: dict[str, str] = {}
        """What broke → the first request that broke it."""

    def throw(self, name: str, method: str, **request: Any) -> None:
        """Ask for an address by all who get past its door."""
        path = request.pop("path", None) or self.scene.path(name)
        for role, browser in self.browsers.items():
            rule = WHO_MAY[name]
            if role not in rule.roles and not (role == "stranger" and rule.public):
                continue
            sessions = browser.cookies.copy()
            with transaction.atomic():
                answer = browser.generic(method, path, **request)
                if answer.streaming:
                    list(answer)
                transaction.set_rollback(True)
            browser.cookies = sessions
            if answer.status_code >= 500:
                told = f"{role} {method} {path} {request!r:.500}"
                self.broken.setdefault(repr(answer.exc_info[1])[:300], told)


@pytest.fixture
def thrower(scene: Scene) -> Iterator[Thrower]:
    thrower = Thrower(scene)
    yield thrower
    assert thrower.broken == {}


def pages() -> Iterator[tuple[str, str]]:
    for name, rule in WHO_MAY.items():
        if not name.startswith("api:") and name not in ("live", "mails"):
            for method in rule.methods.split():
                yield name, method


def form(fields: dict[str, bytes]) -> str:
    return "&".join(f"{quote(name)}={quote_from_bytes(value)}" for name, value in fields.items())


def multipart(fields: dict[str, bytes]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + value
        + b"\r\n"
        for name, value in fields.items()
    ]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def test_every_address_takes_every_junk_in_every_field(thrower: Thrower) -> None:
    for turn, (name, method) in enumerate(pages()):
        for step in range(0, len(JUNK), 11):
            # Each field gets another piece in each round; all pieces come to all addresses.
            fields = {
                field: JUNK[(turn + 3 * n + step) % len(JUNK)] for n, field in enumerate(FIELDS)
            }
            if method == "GET":
                thrower.throw(name, method, QUERY_STRING=form(_short(fields)))
            elif step % 2:
                thrower.throw(
                    name,
                    method,
                    data=form(fields),
                    content_type="application/x-www-form-urlencoded",
                )
            else:
                thrower.throw(name, method, data=multipart(fields), content_type=MULTIPART_CONTENT)


def _short(fields: dict[str, bytes]) -> dict[str, bytes]:
    return {name: value[:2000] for name, value in fields.items()}


ANYTHING = st.one_of(
    st.sampled_from(JUNK),
    st.binary(max_size=40),
    st.text(max_size=40).map(lambda text: text.encode()),
    st.integers().map(lambda number: str(number).encode()),
    st.datetimes().map(lambda moment: moment.isoformat().encode()),
    st.uuids().map(lambda key: str(key).encode()),
)


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(
    at=st.sampled_from(list(pages())),
    fields=st.dictionaries(st.sampled_from(FIELDS), ANYTHING, min_size=1, max_size=8),
    scripts=st.booleans(),
)
def test_no_mixture_breaks_a_page(
    thrower: Thrower, at: tuple[str, str], fields: dict[str, bytes], scripts: bool
) -> None:
    name, method = at
    more: dict[str, Any] = dict(HTMX) if scripts else {}
    if method == "GET":
        thrower.throw(name, method, QUERY_STRING=form(_short(fields)), **more)
    else:
        body = multipart(fields)
        thrower.throw(name, method, data=body, content_type=MULTIPART_CONTENT, **more)


BODIES = [
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    (f"multipart/form-data; boundary={'x' * 500}", b"--x"),
    (MULTIPART_CONTENT, b""),
    (MULTIPART_CONTENT, f"--{BOUNDARY}\r\n".encode()),
    (MULTIPART_CONTENT, f"--{BOUNDARY}\r\n\r\nx\r\n--{BOUNDARY}--".encode()),
    (
        MULTIPART_CONTENT,
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename=""\r\n'
        f"\r\nx\r\n--{BOUNDARY}--\r\n".encode(),
    ),
    (
        MULTIPART_CONTENT,
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="\0/../x"\r\n'
        f"Content-Type: text/html; charset=klingon\r\nContent-Transfer-Encoding: base64\r\n"
        f"\r\n!!!\r\n--{BOUNDARY}--\r\n".encode(),
    ),
    (
        MULTIPART_CONTENT,
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=file; filename*=klingon''%FF\r\n"
        f"\r\nx\r\n--{BOUNDARY}--\r\n".encode(),
    ),
    ("application/x-www-form-urlencoded; charset=klingon", b"text=x"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"text=x"),
    ("application/x-www-form-urlencoded", b"&".join(b"text=%d" % n for n in range(600))),
    ("application/x-www-form-urlencoded", b"text=" + b"x" * 2_600_000),
    ("application/json", b'{"text": "\\ud800"}'),
    ("application/json", b"{"),
    ("text/plain", b"text=x"),
    ("\x00", b"x"),
    ("", b"x"),
    ("multipart/form-data; charset=klingon; boundary=x", b"--x\r\n\r\n--x--"),
]


READ_FILES = {"uploads", "portal:new_ticket", "portal:replies", "portal:escalation"}


def test_no_body_breaks_a_page(thrower: Thrower) -> None:
    for turn, (name, method) in enumerate(page for page in pages() if page[1] == "POST"):
        for n, (kind, body) in enumerate(BODIES):
            # All of them to those that read files; to the others, each time two of them.
            if name in READ_FILES or (turn + n) % (len(BODIES) // 2) == 0:
                thrower.throw(name, method, data=body, content_type=kind)


HEADERS: list[dict[str, str]] = [
    {"HTTP_ACCEPT_LANGUAGE": "\xff, ru;q=x, " + "a-" * 300},
    {"HTTP_ACCEPT_LANGUAGE": "../../etc/passwd;q=1"},
    {"HTTP_COOKIE": "parley_session=\x00; parley_csrf=\xff"},
    {"HTTP_COOKIE": "parley_session=" + "x" * 3000},
    {"HTTP_COOKIE": '=;;;,"parley_session'},
    {"HTTP_COOKIE": "messages=junk"},
    {"HTTP_ACCEPT": "application/json", "HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
    {"HTTP_X_FORWARDED_FOR": "\x00, nonsense", "HTTP_X_FORWARDED_PROTO": "gopher"},
    {"HTTP_REFERER": "\xff\x00", "HTTP_ORIGIN": "null"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://[", "HTTP_HX_TRIGGER": "\xff"},
    {"HTTP_IF_NONE_MATCH": '"\xff', "HTTP_RANGE": "bytes=9-1", "HTTP_IF_MODIFIED_SINCE": "soon"},
]


READ_HEADERS = {"home", "portal:tickets", "account_login", "account_logout", "attachment", "theme"}


def test_no_header_breaks_a_page(thrower: Thrower) -> None:
    for turn, (name, method) in enumerate(pages()):
        for n, headers in enumerate(HEADERS):
            if name in READ_HEADERS or n == turn % len(HEADERS):
                thrower.throw(name, method, **headers)


PATHS = [
    "9" * 30,
    "9" * 19,
    "0",
    "-1",
    "%D9%A3",
    "%00",
    "%ff",
    "00000000-0000-0000-0000-000000000000",
    "a-b-c",
    "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz-x-y",
    "1-",
    "x" * 3000,
    "x:y:z",
]


def test_no_path_breaks_a_page(thrower: Thrower) -> None:
    patterns = addresses()
    for name, method in pages():
        pattern = patterns[name]
        for word in PATHS if "<" in pattern else []:
            path = re.sub("<[^>]*>", word, pattern)
            thrower.throw(name, method, path=path, **HTMX)


def test_a_draft_keeps_what_can_be_kept(cast: Cast) -> None:
    fields = json.dumps({"title": "ok \ud800\x00", "bad\x00": "x", "n": 1, "deep": {"a": 1}})
    browser = Browser(cast.seller)
    browser.post("/drafts/", {"place": "new-ticket", "text": "a\x00b", "fields": fields})
    draft = Draft.objects.get()
    assert draft.text == "ab"
    assert draft.fields["title"] == "ok "
    assert browser.see("/tickets/new/").form("").fields["title"] == ["ok "]
