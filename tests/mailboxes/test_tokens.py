"""Tokens to sign in to mail servers with: asked for of a real server, kept, renewed; each fault in words."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailboxes.servers import free_port
from mailboxes.token_server import CLIENT, SCOPE, SECRET, TokenServer, token_server
from parley.journal.moment import at
from parley.mailboxes.tokens import Grant, forget, new_token, token_of
from parley.transfer.troubles import PlaceTrouble, Step, Trouble
from servers import certificate

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
JSON = "application/json"


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with token_server() as running:
        yield running


def grant_at(server: TokenServer, secret: str = SECRET) -> Grant:
    return Grant(url=server.url, client=CLIENT, secret=secret, scope=SCOPE)


def trouble_with(grant: Grant, *, seconds: float = 5) -> PlaceTrouble:
    with pytest.raises(PlaceTrouble) as raised:
        token_of(grant, seconds=seconds)
    assert raised.value.step == Step.GRANT
    assert SECRET not in raised.value.words
    return raised.value


def test_a_token_is_asked_for_once_and_renewed_before_it_ends(server: TokenServer) -> None:
    grant = grant_at(server)
    with at(NOON):
        first = token_of(grant)
        again = token_of(grant)
    assert (first.text, first.is_new, again.is_new) == (again.text, True, False)
    [asked] = server.asked
    assert (asked["grant_type"], asked["scope"]) == ("client_credentials", SCOPE)
    with at(NOON + timedelta(minutes=57)):
        assert token_of(grant).text == first.text
    with at(NOON + timedelta(minutes=59)):
        assert token_of(grant).text != first.text


@pytest.mark.parametrize(
    ("lasts", "used"),
    [
        (60, 45),
        ("60", 45),
        (60.0, 45),
        (None, 225),
        ("soon", 225),
        (-5, 225),
        (1e400, 225),
        (10**9, 86_280),
    ],
)
def test_a_token_is_used_for_as_long_as_its_server_says(
    server: TokenServer, lasts: object, used: int
) -> None:
    server.lasts = lasts
    with at(NOON):
        assert token_of(grant_at(server)).until == NOON + timedelta(seconds=used)


def test_one_that_was_refused_is_kept_no_longer_and_another_is(server: TokenServer) -> None:
    grant = grant_at(server)
    first = token_of(grant)
    forget(grant, first)
    second = token_of(grant)
    assert second.is_new
    forget(grant, first)  # by somebody who was slower
    assert token_of(grant).text == second.text


def test_a_new_secret_gets_a_token_of_its_own(server: TokenServer) -> None:
    token_of(grant_at(server))
    server.secret = "another"
    assert token_of(grant_at(server, "another")).is_new
    assert trouble_with(grant_at(server, "a third")).trouble == Trouble.CLIENT_REFUSED


def test_a_server_that_wants_the_secret_in_the_header_has_it_there(server: TokenServer) -> None:
    server.in_header_alone, server.secret = True, "a:b+c/ü d"
    assert token_of(grant_at(server, server.secret)).is_new
    assert ["client_secret" in form for form in server.asked] == [True, False]


@pytest.mark.parametrize(
    ("error", "description", "trouble"),
    [
        ("unauthorized_client", "AADSTS700016: Application was not found", Trouble.CLIENT_UNKNOWN),
        ("invalid_request", "AADSTS90002: Tenant not found", Trouble.CLIENT_UNKNOWN),
        ("invalid_client", "AADSTS7000215: Invalid client secret", Trouble.CLIENT_REFUSED),
        ("invalid_client", "AADSTS7000222: The keys are expired", Trouble.CLIENT_REFUSED),
        ("invalid_client", "AADSTS9999999: of another year", Trouble.CLIENT_REFUSED),
        ("invalid_client", "", Trouble.CLIENT_REFUSED),
        ("invalid_client", f"Not known: {SECRET}", Trouble.CLIENT_REFUSED),
        ("unauthorized_client", "Invalid client secret", Trouble.CLIENT_REFUSED),
        ("unauthorized_client", "Not enabled to retrieve a service account", Trouble.GRANT_REFUSED),
        ("unsupported_grant_type", "", Trouble.GRANT_REFUSED),
        ("invalid_scope", "", Trouble.SCOPE_REFUSED),
        ("invalid_request", "AADSTS1002012: /.default is needed", Trouble.SCOPE_REFUSED),
        ("temporarily_unavailable", "", Trouble.NOT_NOW),
        ("something_else", "", Trouble.REFUSED),
        (["a", {"list": 1}], None, Trouble.REFUSED),
    ],
)
def test_what_the_server_refuses_is_said(
    server: TokenServer, error: object, description: object, trouble: Trouble
) -> None:
    told = {"error": error, "error_description": description}
    server.answer = 400, JSON, json.dumps(told).encode()
    found = trouble_with(grant_at(server))
    assert found.trouble == trouble
    assert found.detail in found.words
    assert found.detail.startswith(str(description or error)[:10])


@pytest.mark.parametrize(
    ("answer", "trouble", "detail"),
    [
        ((200, "text/html; charset=utf-8", b"<p>Welcome"), Trouble.NOTHING_GRANTED, "text/html"),
        ((200, JSON, b"[]"), Trouble.NOTHING_GRANTED, "HTTP 200"),
        ((200, JSON, b"[" * 100_000), Trouble.NOTHING_GRANTED, "HTTP 200"),
        ((200, JSON, b'{"access_token": 5}'), Trouble.NOTHING_GRANTED, "HTTP 200"),
        ((200, JSON, b'{"access_token": "a\\u0001b"}'), Trouble.NOTHING_GRANTED, "HTTP 200"),
        ((200, JSON, b'{"access_token": "a", "token_type": "mac"}'), Trouble.NOTHING_GRANTED, ""),
        ((200, JSON, b'{"access_token": "' + b"a" * 300_000), Trouble.NOTHING_GRANTED, ""),
        ((302, JSON, b'{"access_token": "a"}'), Trouble.NOTHING_GRANTED, "HTTP 302"),
        ((404, "text/plain", b"no"), Trouble.NOTHING_GRANTED, "HTTP 404"),
        ((429, JSON, b'{"error": "slow_down"}'), Trouble.NOT_NOW, "HTTP 429"),
        ((503, "text/html", b""), Trouble.NOT_NOW, "HTTP 503"),
    ],
)
def test_an_answer_that_is_no_token_is_none(
    server: TokenServer, answer: tuple[int, str, bytes], trouble: Trouble, detail: str
) -> None:
    server.answer = answer
    found = trouble_with(grant_at(server))
    assert found.trouble == trouble
    assert detail in found.detail
    assert len(server.asked) == 1, "a redirect is not followed"


def test_a_server_that_can_not_be_reached_is_said() -> None:
    def at_url(url: str) -> Grant:
        return Grant(url=url, client=CLIENT, secret=SECRET)

    found = trouble_with(at_url(f"http://127.0.0.1:{free_port()}/token"))
    assert found.trouble == Trouble.CONNECTION_REFUSED
    assert found.words.startswith("The token to sign in with could not be had. The machine")
    assert trouble_with(at_url("https://sso.invalid/token")).trouble == Trouble.NAME_UNKNOWN
    assert trouble_with(at_url("http://169.254.169.254/token")).trouble == Trouble.HOST_REFUSED


def test_a_server_without_encryption_is_sent_no_secret(server: TokenServer) -> None:
    grant = Grant(url=server.url.replace("http:", "https:"), client=CLIENT, secret=SECRET)
    assert trouble_with(grant).trouble in {Trouble.NO_TLS, Trouble.CONNECTION_LOST}
    assert not server.asked


def test_a_certificate_is_checked_and_may_be_of_ones_own_authority(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = certificate(tmp_path)
    with token_server(shown) as server:
        found = trouble_with(grant_at(server))
        assert found.trouble == Trouble.CERTIFICATE_UNTRUSTED
        assert not server.asked
        monkeypatch.setenv("SSL_CERT_FILE", str(shown))
        assert token_of(grant_at(server)).is_new


def test_a_server_that_answers_byte_by_byte_takes_no_longer_than_said() -> None:
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:

        def drip() -> None:
            line, _from = door.accept()
            with line:
                line.sendall(b"HTTP/1.1 200 OK\r\nX-")
                while not over.wait(0.05):
                    try:
                        line.sendall(b"a")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        url = f"http://127.0.0.1:{door.getsockname()[1]}/token"
        try:
            found = trouble_with(Grant(url=url, client=CLIENT, secret=SECRET), seconds=0.5)
        finally:
            over.set()
            thread.join(10)
    assert found.trouble == Trouble.TIMED_OUT


def test_tokens_and_secrets_are_not_shown_by_accident(server: TokenServer) -> None:
    grant = grant_at(server)
    token = new_token(grant)
    assert SECRET not in repr(grant)
    assert token.text not in repr(token)
