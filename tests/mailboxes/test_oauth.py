"""A mailbox that is signed in to by OAuth: a real mail server, and a real token server beside it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cast import Cast
from mailboxes.conftest import mailbox_on, subjects
from mailboxes.servers import DOVECOT, FOLDER, MailServer, dovecot, mail
from mailboxes.test_watching import hurry, is_watched, kept, until, watched  # noqa: F401
from mailboxes.token_server import CLIENT, SCOPE, SECRET, TokenServer, token_server
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.mailboxes import bearing, tokens
from parley.mailboxes.connecting import TENANT, imap_server
from parley.mailboxes.imap import open_mailbox, take_all
from parley.mailboxes.keeping import MailboxRefused, MailboxTyped, save_mailbox, typed_of
from parley.mailboxes.keeping import test_connection as connection_tried
from parley.mailboxes.models import Mailbox, SignIn
from parley.transfer.troubles import PlaceTrouble, Step, Trouble

NOT_KNOWN = (200, "application/json", b'{"active": false}')
pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def sso() -> Iterator[TokenServer]:
    with token_server() as running:
        yield running


@pytest.fixture
def letting_in(sso: TokenServer) -> Iterator[MailServer]:
    """A mail server that lets in whom the token server knows."""
    if not DOVECOT:
        pytest.skip("dovecot is not installed: bin/_mailservers gets it")
    with dovecot(sso.introspection) as server:
        yield server


def by_oauth(server: MailServer, sso: TokenServer, **about: Any) -> Mailbox:
    given = {
        "sign_in": SignIn.OAUTH,
        "token_url": sso.url,
        "client_id": CLIENT,
        "scope": SCOPE,
        "secrets": {"client_secret": SECRET},
    }
    return mailbox_on(server, **{**given, **about})


@pytest.mark.parametrize("mechanism", [bearing.STANDARD, bearing.EARLIER])
def test_it_is_signed_in_to_and_read(
    letting_in: MailServer,
    sso: TokenServer,
    mechanism: str,
    monkeypatch: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(bearing, "mechanism_of", lambda offered: mechanism)
    letting_in.put(mail(1))
    with caplog.at_level(logging.DEBUG):
        opened = open_mailbox(by_oauth(letting_in, sso))
        assert opened.client.has_capability("IDLE")
        take_all(opened)
        opened.close()
    assert subjects() == ["Order 1"]
    for secret in (SECRET, *sso.known):
        assert secret not in caplog.text


def test_a_kept_token_that_is_refused_is_asked_for_anew(
    letting_in: MailServer, sso: TokenServer
) -> None:
    letting_in.put(mail(1))
    mailbox = by_oauth(letting_in, sso)
    open_mailbox(mailbox).close()
    open_mailbox(mailbox).close()
    assert len(sso.asked) == 1
    sso.revoke()
    open_mailbox(mailbox).close()
    assert len(sso.asked) == 2


@pytest.mark.parametrize("mechanism", [bearing.STANDARD, bearing.EARLIER])
def test_a_new_token_that_is_refused_is_no_wrong_password(
    letting_in: MailServer, sso: TokenServer, mechanism: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr(bearing, "mechanism_of", lambda offered: mechanism)
    monkeypatch.setattr(sso, "introspect", lambda form: NOT_KNOWN)
    with pytest.raises(PlaceTrouble) as raised:
        open_mailbox(by_oauth(letting_in, sso))
    assert (raised.value.step, raised.value.trouble) == (Step.SIGN_IN, Trouble.NOT_LET_IN)
    assert "AUTHENTICATIONFAILED" in raised.value.detail
    assert len(sso.asked) == 1
    assert not tokens._kept


def test_a_server_that_can_not_look_into_a_token_now_has_not_refused_it(
    letting_in: MailServer, sso: TokenServer, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sso, "introspect", lambda form: (500, "text/plain", b""))
    with pytest.raises(PlaceTrouble) as raised:
        open_mailbox(by_oauth(letting_in, sso))
    assert raised.value.trouble == Trouble.REFUSED
    assert len(tokens._kept) == 1


def test_a_server_that_knows_no_tokens_says_so(big_server: MailServer, sso: TokenServer) -> None:
    with pytest.raises(PlaceTrouble) as raised:
        open_mailbox(by_oauth(big_server, sso))
    assert raised.value.trouble == Trouble.NO_OAUTH
    assert not sso.asked


def test_it_goes_on_when_the_token_server_was_away(
    letting_in: MailServer, sso: TokenServer
) -> None:
    letting_in.put(mail(1))
    mailbox = by_oauth(letting_in, sso)
    sso.stop()
    with watched(mailbox):
        until(lambda: bool(Mailbox.objects.get().trouble))
        mailbox.refresh_from_db()
        assert mailbox.trouble["step"] == Step.GRANT
        assert mailbox.trouble["trouble"] == Trouble.CONNECTION_REFUSED
        sso.start()
        until(lambda: kept() == 1 and is_watched(mailbox))
    mailbox.refresh_from_db()
    assert mailbox.trouble == {}


def test_a_wrong_secret_waits_long_until_it_is_changed_on_the_page(
    letting_in: MailServer, sso: TokenServer, cast: Cast
) -> None:
    letting_in.put(mail(1))
    mailbox = by_oauth(letting_in, sso, secrets={"client_secret": "run-out"})
    with watched(mailbox):
        until(lambda: bool(Mailbox.objects.get().trouble))
        mailbox.refresh_from_db()
        assert mailbox.trouble["trouble"] == Trouble.CLIENT_REFUSED
        assert mailbox.try_at > now() + timedelta(seconds=30)
        typed = replace(typed_of(mailbox), client_secret=SECRET)
        save_mailbox(typed, by=cast.admin, mailbox_id=mailbox.pk)
        until(lambda: kept() == 1 and is_watched(mailbox))
    told = str([entry.data for entry in Entry.objects.all()])
    assert "'passwords': 'changed'" in told
    assert SECRET not in told
    assert "run-out" not in told


# --- typing it ---


def typed_for(server: MailServer, sso: TokenServer, **about: Any) -> MailboxTyped:
    given = MailboxTyped(
        address="support@market.example",
        imap_host="127.0.0.1",
        imap_port=str(server.port),
        imap_security="none",
        imap_user=server.user,
        folder=FOLDER,
        sign_in=SignIn.OAUTH,
        token_url=sso.url,
        client_id=CLIENT,
        client_secret=f"{SECRET}\n",
        scope=f" {SCOPE} ",
    )
    return replace(given, **about)


def steps(typed: MailboxTyped) -> list[tuple[str, bool, str]]:
    return [(step.name, step.ok, step.words_code) for step in connection_tried(typed)]


def test_trying_it_out_has_the_token_as_a_step(letting_in: MailServer, sso: TokenServer) -> None:
    letting_in.put(mail(1))
    typed = typed_for(letting_in, sso)
    assert [name for name, ok, _code in steps(typed) if ok] == [
        "token", "imap_connection", "imap_tls", "imap_sign_in", "imap_folder", "imap_idle",
    ]  # fmt: skip
    assert len(sso.asked) == 1
    assert steps(replace(typed, client_secret="another")) == [
        ("token", False, Trouble.CLIENT_REFUSED)
    ]
    sso.known.clear()
    sso.introspect = lambda form: NOT_KNOWN  # type: ignore[method-assign]
    assert steps(typed)[-1] == ("imap_sign_in", False, Trouble.NOT_LET_IN)


FOR_NOBODY = MailServer(993)


def refused(typed: MailboxTyped, cast: Cast, **about: Any) -> set[str]:
    with pytest.raises(MailboxRefused) as raised:
        save_mailbox(typed, by=cast.admin, **about)
    return set(raised.value.problems)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"sign_in": "by hand", "imap_password": "x"}, "sign_in"),
        ({"token_url": ""}, "token_url"),
        ({"token_url": "http://sso.market.example/token"}, "token_url"),
        ({"token_url": "https://me:secret@sso.market.example/token"}, "token_url"),
        ({"token_url": "https://sso.market.example:port/token"}, "token_url"),
        ({"token_url": "https://sso.market.example/to ken"}, "token_url"),
        ({"token_url": "file:///etc/passwd"}, "token_url"),
        ({"token_url": f"https://login.example/{TENANT}/token"}, "tenant"),
        ({"token_url": f"https://login.example/{TENANT}/t", "tenant": "a/../b"}, "tenant"),
        ({"client_id": " "}, "client_id"),
        ({"client_id": "a\x01b"}, "client_id"),
        ({"client_secret": ""}, "client_secret"),
        ({"client_secret": "a\r\nb"}, "client_secret"),
        ({"client_secret": "a" * 2001}, "client_secret"),
        ({"imap_user": "поддержка"}, "imap_user"),
    ],
)
def test_what_signs_nobody_in_is_said_by_field(
    cast: Cast, typed: dict[str, Any], field: str
) -> None:
    sso = TokenServer(port=1)
    assert refused(typed_for(FOR_NOBODY, sso, **typed), cast) == {field}


def test_the_tenant_stands_in_the_address(cast: Cast) -> None:
    url = f"https://login.example/{TENANT}/token"
    typed = typed_for(FOR_NOBODY, TokenServer(port=1), token_url=url, tenant="market.example")
    made = save_mailbox(typed, by=cast.admin)
    grant = imap_server(made).grant
    assert grant is not None
    assert grant.url == "https://login.example/market.example/token"
    assert (grant.secret, grant.scope) == (SECRET, SCOPE)
    assert typed_of(made).token_url == url
    assert typed_of(made).client_secret == ""


def test_a_kept_secret_and_its_tokens_are_told_to_no_other_server(cast: Cast) -> None:
    made = save_mailbox(typed_for(FOR_NOBODY, TokenServer(port=1)), by=cast.admin)
    kept = typed_of(made)
    again = save_mailbox(replace(kept, name="Desk"), by=cast.admin, mailbox_id=made.pk)
    assert again.secrets == {"client_secret": SECRET}
    for elsewhere in (
        {"token_url": "https://sso.thief.example/token"},
        {"client_id": "somebody-else"},
        {"imap_host": "imap.thief.example"},
        {"smtp_host": "smtp.thief.example"},
    ):
        typed = replace(kept, **elsewhere)
        assert refused(typed, cast, mailbox_id=made.pk) == {"client_secret"}


def test_going_back_to_a_password_forgets_the_secret(cast: Cast) -> None:
    made = save_mailbox(typed_for(FOR_NOBODY, TokenServer(port=1)), by=cast.admin)
    typed = replace(typed_of(made), sign_in=SignIn.PASSWORD)
    assert refused(typed, cast, mailbox_id=made.pk) == {"imap_password"}
    typed = replace(typed, imap_password="open-sesame")
    after = save_mailbox(typed, by=cast.admin, mailbox_id=made.pk)
    assert after.secrets == {"imap_password": "open-sesame"}
    assert (after.token_url, after.client_id) == ("", "")
    assert imap_server(after).grant is None
