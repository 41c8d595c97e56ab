"""Mails go out through a server that is signed in to with a token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from django.core.mail import EmailMessage

from mailboxes.token_server import CLIENT, SECRET, TokenServer, token_server
from notifications.mailbox import Mailbox as Server
from parley.mailboxes.bearing import EARLIER, STANDARD
from parley.mailboxes.connecting import smtp_server
from parley.mailboxes.models import Mailbox, Security, SignIn
from parley.mailboxes.trying import try_smtp
from parley.notifications import pooling
from parley.notifications.delivering import Undelivered, connected, deliver
from parley.transfer.troubles import Trouble

FIRST_WORDS = {
    EARLIER: "user=support@market.example\x01auth=Bearer {}\x01\x01",
    STANDARD: "n,a=support@market.example,\x01auth=Bearer {}\x01\x01",
}
ACKNOWLEDGED = {EARLIER: b"", STANDARD: b"\x01"}


class Guarded(Server):
    """Takes mails from whoever shows a token that the token server knows, by one mechanism."""

    def __init__(self, sso: TokenServer, mechanism: str) -> None:
        super().__init__(auth_require_tls=False, auth_exclude_mechanism=["LOGIN", "PLAIN"])
        self.sso, self.refused, self.away = sso, 0, False
        setattr(self, f"auth_{mechanism}", self._auth)
        self.mechanism = mechanism

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if not session.authenticated:
            return "530 5.7.57 Sign in first"
        envelope.mail_from = address
        return "250 OK"

    async def _auth(self, server: Any, args: list[str]) -> AuthResult:
        assert len(args) == 1, "a token does not fit into the line of the command"
        if self.away:
            return AuthResult(
                success=False, handled=False, message="454 4.7.0 Temporary authentication failure"
            )
        said = (await server.challenge_auth("")).decode()
        if said in {FIRST_WORDS[self.mechanism].format(token) for token in self.sso.known}:
            return AuthResult(success=True)
        self.refused += 1
        assert await server.challenge_auth('{"status":"401"}') == ACKNOWLEDGED[self.mechanism]
        return AuthResult(
            success=False, handled=False, message="535 5.7.3 Authentication unsuccessful"
        )


@pytest.fixture(autouse=True)
def no_connections_kept() -> Iterator[None]:
    pooling.hang_up_idle()
    yield
    pooling.hang_up_idle()


@pytest.fixture
def sso() -> Iterator[TokenServer]:
    with token_server() as running:
        yield running


@pytest.fixture(params=[EARLIER, STANDARD])
def guarded(request: Any, sso: TokenServer, settings: Any, db: None) -> Iterator[Guarded]:
    settings.EMAIL_BACKEND = "parley.notifications.outgoing.OutgoingBackend"
    server = Guarded(sso, request.param)
    server.start()
    Mailbox.objects.create(
        address="support@market.example",
        sends=True,
        smtp_host="127.0.0.1",
        smtp_port=server.port,
        smtp_security=Security.NONE,
        smtp_user="support@market.example",
        sign_in=SignIn.OAUTH,
        token_url=sso.url,
        client_id=CLIENT,
        secrets={"client_secret": SECRET},
    )
    yield server
    pooling.hang_up_idle()
    server.stop()


def send() -> None:
    with connected() as connection:
        deliver(EmailMessage("Hello", "…", to=["anna@shop.example"]), connection)


def test_a_mail_goes_out_and_its_connection_is_kept(guarded: Guarded, sso: TokenServer) -> None:
    send()
    send()
    assert len(guarded.mails) == 2
    assert (guarded.connections, len(sso.asked)) == (1, 1)


def test_a_kept_token_that_is_refused_is_asked_for_anew(guarded: Guarded, sso: TokenServer) -> None:
    send()
    pooling.hang_up_idle()
    sso.revoke()
    send()
    assert len(guarded.mails) == 2
    assert (guarded.refused, len(sso.asked)) == (1, 2)


def test_what_keeps_a_mail_from_going_out_is_said(guarded: Guarded, sso: TokenServer) -> None:
    sso.stop()
    with pytest.raises(Undelivered, match="token to sign in with could not be had") as raised:
        send()
    assert raised.value.server_is_gone
    sso.start()
    send()
    assert len(guarded.mails) == 1


def test_a_token_that_is_not_let_in_is_no_wrong_password(
    guarded: Guarded, sso: TokenServer
) -> None:
    mailbox = Mailbox.objects.get()
    mailbox.smtp_user = "somebody@market.example"
    *_before, last = try_smtp(smtp_server(mailbox), end=float("inf"))
    assert (last.name, last.words_code) == ("smtp_sign_in", Trouble.NOT_LET_IN)
    assert last.value == "5.7.3 Authentication unsuccessful"
    guarded.away = True
    *_before, last = try_smtp(smtp_server(mailbox), end=float("inf"))
    assert (last.name, last.words_code) == ("smtp_sign_in", Trouble.REFUSED)
