"""Connecting to the servers of a mailbox: IMAP to read it, SMTP to write from it.

Administrators type these addresses, and a mail server often stands next door, or on this very machine:
private networks and this machine are reached. What a machine is managed by is not (`transfer.hosts`).
Everything that goes wrong is a PlaceTrouble, which says at which step, and in words.
"""

from __future__ import annotations

import imaplib
import re
import smtplib
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from django.conf import settings
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from parley.mailboxes.bearing import bear_to_imap, bear_to_smtp
from parley.mailboxes.models import Mailbox, Security, SignIn
from parley.mailboxes.tokens import Grant
from parley.transfer.reaching import connected, trouble_of
from parley.transfer.troubles import PlaceTrouble, Step, Trouble

SECONDS_TO_ANSWER = 60.0
"""How long a server may say nothing, in the middle of something."""
TENANT = "{tenant}"
"""Stands in the address of a token server for whose it is, at Microsoft."""
_SIGNED_IN = 235
_MORE = 1_000_000
_ALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 20, "TCP_KEEPCNT": 3}


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server that is signed in to; without a `user` nobody signs in. `timeout` is in seconds.

    With a `grant`, that is done with a token, and the password does not count.
    """

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)
    grant: Grant | None = None
    timeout: float = SECONDS_TO_ANSWER


def imap_server(mailbox: Mailbox) -> Server:
    """Where a mailbox is read."""
    return Server(
        host=mailbox.imap_host,
        port=mailbox.imap_port,
        security=mailbox.imap_security,
        user=mailbox.imap_user,
        password=mailbox.secrets.get("imap_password", ""),
        grant=grant_of(mailbox),
    )


def smtp_server(mailbox: Mailbox) -> Server:
    """Where mails from a mailbox are handed over."""
    return Server(
        host=mailbox.smtp_host,
        port=mailbox.smtp_port,
        security=mailbox.smtp_security,
        user=mailbox.smtp_user,
        password=mailbox.secrets.get("smtp_password", ""),
        grant=grant_of(mailbox),
    )


def grant_of(mailbox: Mailbox) -> Grant | None:
    """What a mailbox that is signed in to by OAuth asks for a token with; None for any other."""
    if mailbox.sign_in != SignIn.OAUTH:
        return None
    return Grant(
        url=mailbox.token_url.replace(TENANT, mailbox.tenant),
        client=mailbox.client_id,
        secret=mailbox.secrets.get("client_secret", ""),
        scope=mailbox.scope,
    )


class IdleRefused(Exception):
    """The server offers IDLE, and does not do it."""


class Imap(IMAPClient):  # type: ignore[misc]  # it has no types
    """A connection to an IMAP server. Raises PlaceTrouble where there is none to be had."""

    def __init__(self, server: Server) -> None:
        self.server = server
        super().__init__(
            server.host,
            server.port,
            ssl=server.security == Security.TLS,
            ssl_context=tls(),
            timeout=server.timeout,
        )
        self.normalise_times = False  # times with their zone, as the server said them

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - the library's name
        return _Imap4(self.server)

    def idle(self) -> None:
        """Ask to be told of new mail (RFC 2177); what the server says before it agrees is kept.

        Raises IdleRefused.
        """
        self._idle_tag = self._imap._command("IDLE")  # noqa: SLF001
        while self._imap._get_response() is not None:  # noqa: SLF001
            if self._imap.tagged_commands[self._idle_tag]:
                del self._imap.tagged_commands[self._idle_tag]
                raise IdleRefused

    def sign_in(self) -> None:
        """Sign in as the server's user, with letters of any kind in the name and the password.

        LOGIN is for ASCII; where that is not enough, or not allowed, the same is said in UTF-8 by
        AUTHENTICATE PLAIN (RFC 4616). With a grant it is done with a token. Raises LoginError,
        PlaceTrouble, and `imaplib.IMAP4.abort` where the server broke off.
        """
        if self._imap.state == "AUTH":  # it knows us already (PREAUTH)
            return
        if grant := self.server.grant:
            bear_to_imap(self._imap, self.server.user, grant)
        else:
            self._sign_in_by_password()
        # What it can do it may say only to those it knows.
        self._cached_capabilities = self._do_capabilites()

    def _sign_in_by_password(self) -> None:
        user, password = self.server.user, self.server.password
        plain = self.has_capability("AUTH=PLAIN")
        ascii_alone = (user + password).isascii()
        try:
            if plain and (not ascii_alone or self.has_capability("LOGINDISABLED")):
                told = f"\0{user}\0{password}".encode()
                self._imap.authenticate("PLAIN", lambda _challenge: told)
            else:
                self._imap.login(user, password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise LoginError(_said(error)) from error

    def told_of_new(self) -> bool:
        """Whether the server has spoken of new mail since this was last asked, beside its answers."""
        return bool(self._imap.response("EXISTS")[1] != [None])

    def has_more(self) -> bool:
        """Whether something is read already of what the server says while it waits.

        Polling the socket, as `idle_check` does, would not find it.
        """
        if buffered := getattr(self._imap, "_readbuf", None):  # from Python 3.14 on
            return bool(buffered)
        sock = self.socket()
        sock.setblocking(False)
        try:
            return bool(self._imap.file.peek(1))
        except OSError:
            return False
        finally:
            sock.settimeout(self.server.timeout)


class _Imap4(imaplib.IMAP4):
    def __init__(self, server: Server) -> None:
        self.server = server
        super().__init__(server.host, server.port)

    def read(self, size: int) -> bytes:
        """So many bytes of a mail; where a server said less before, not any number of them."""
        if size > 2 * settings.MAIL_LIMIT + _MORE:
            raise self.abort(f"It sends {size} bytes at once")
        return super().read(size)

    def login(self, user: str, password: str) -> tuple[Literal["OK"], list[bytes]]:
        """With quotes around both, and UTF-8 in them where a server has no other way."""
        words = [self._quote(one).encode() for one in (user, password)]
        typ, told = self._simple_command("LOGIN", *words)
        if typ != "OK":
            raise self.error(told[-1])
        self.state = "AUTH"
        return "OK", told

    def _create_socket(self, timeout: float | None) -> socket.socket:
        sock = connected(self.host, self.port, self.server.timeout, this_machine=True)
        try:
            _keep_alive(sock)
            return _in_tls(sock, self.server)
        except BaseException:
            sock.close()
            raise


def open_imap(server: Server) -> Imap:
    """A connection that is secured as asked, and signed in to nothing yet. Raises PlaceTrouble."""
    with imap_at(Step.CONNECTION):
        client = Imap(server)
    try:
        if server.security == Security.STARTTLS:
            with imap_at(Step.CERTIFICATE):
                if not client.has_capability("STARTTLS"):
                    raise PlaceTrouble(Step.CERTIFICATE, Trouble.NO_TLS)
                client.starttls(tls())
    except BaseException:
        close_imap(client)
        raise
    return client


def sign_in(client: Imap) -> None:
    """Sign in as the server's user. Raises PlaceTrouble.

    A server that is in trouble itself says so (RFC 5530), or breaks off: the password is not to blame.
    """
    with imap_under_way(), imap_at(Step.SIGN_IN):
        try:
            client.sign_in()
        except imaplib.IMAP4.abort as error:
            raise PlaceTrouble(Step.CONNECTION, Trouble.CONNECTION_LOST, _said(error)) from error
        except LoginError as error:
            if is_for_now(error):
                raise PlaceTrouble(Step.CONNECTION, Trouble.REFUSED, _said(error)) from error
            raise


def close_imap(client: Imap) -> None:
    """End a connection, whatever state it is in."""
    with suppress(Exception):
        client.shutdown()


@contextmanager
def imap_at(step: Step) -> Iterator[None]:
    """Everything that goes wrong with an IMAP server in the block is a PlaceTrouble at this step."""
    try:
        yield
    except PlaceTrouble:
        raise
    except LoginError as error:
        raise PlaceTrouble(step, Trouble.SIGN_IN_REFUSED, _said(error)) from error
    except ssl.SSLError as error:
        raise _of_tls(error) from error
    except OSError as error:
        raise PlaceTrouble(step, trouble_of(error)) from error
    except imaplib.IMAP4.abort as error:
        lost = Trouble.OTHER_LANGUAGE if step == Step.CONNECTION else Trouble.CONNECTION_LOST
        raise PlaceTrouble(step, lost, _said(error)) from error
    except (IMAPClientError, imaplib.IMAP4.error, ValueError) as error:
        told = {Step.CONNECTION: Trouble.OTHER_LANGUAGE, Step.FOLDER: Trouble.FOLDER_MISSING}
        raise PlaceTrouble(step, told.get(step, Trouble.REFUSED), _said(error)) from error


@contextmanager
def imap_under_way() -> Iterator[None]:
    """Everything that goes wrong once an IMAP server has shown that it is one is a PlaceTrouble."""
    try:
        with imap_at(Step.CONNECTION):
            yield
    except PlaceTrouble as trouble:
        if trouble.trouble != Trouble.OTHER_LANGUAGE:
            raise
        lost = isinstance(trouble.__cause__, imaplib.IMAP4.abort)
        what = Trouble.CONNECTION_LOST if lost else Trouble.REFUSED
        raise PlaceTrouble(trouble.step, what, trouble.detail) from trouble.__cause__


def is_for_now(error: Exception) -> bool:
    """Whether a server says that it can't at the moment (RFC 5530), whatever it was asked."""
    return bool(_FOR_NOW.search(str(error)))


_FOR_NOW = re.compile(
    r"\[(UNAVAILABLE|INUSE|LIMIT|OVERQUOTA|THROTTLED|CONTACTADMIN)\b", re.IGNORECASE
)


def open_smtp(server: Server) -> smtplib.SMTP:
    """A connection that is secured as asked, and signed in to nothing yet. Raises PlaceTrouble."""
    with smtp_at(Step.CONNECTION):
        client = _Smtp(server)
    try:
        with smtp_at(Step.CONNECTION):
            client.ehlo()
        if server.security == Security.STARTTLS:
            with smtp_at(Step.CERTIFICATE):
                if not client.has_extn("starttls"):
                    raise PlaceTrouble(Step.CERTIFICATE, Trouble.NO_TLS)
                client.starttls(context=tls())
                client.ehlo()
    except BaseException:
        client.close()
        raise
    return client


def sign_in_smtp(client: smtplib.SMTP, server: Server) -> None:
    """Sign in, where the server has a user. Raises PlaceTrouble."""
    if not server.user:
        return
    with smtp_at(Step.SIGN_IN):
        if server.grant:
            bear_to_smtp(client, server.user, server.grant)
            return
        if (server.user + server.password).isascii():
            client.login(server.user, server.password)
            return
        # The library knows ASCII alone; PLAIN is UTF-8 (RFC 4616).
        told = b64encode(f"\0{server.user}\0{server.password}".encode()).decode()
        code, said = client.docmd("AUTH", f"PLAIN {told}")
        if code != _SIGNED_IN:
            raise smtplib.SMTPAuthenticationError(code, said)


@contextmanager
def smtp_at(step: Step) -> Iterator[None]:
    """Everything that goes wrong with an SMTP server in the block is a PlaceTrouble at this step."""
    try:
        yield
    except PlaceTrouble:
        raise
    except smtplib.SMTPAuthenticationError as error:
        said = error.smtp_error
        words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise PlaceTrouble(step, Trouble.SIGN_IN_REFUSED, words) from error
    except smtplib.SMTPServerDisconnected as error:
        lost = Trouble.OTHER_LANGUAGE if step == Step.CONNECTION else Trouble.CONNECTION_LOST
        raise PlaceTrouble(step, lost) from error
    except smtplib.SMTPException as error:
        strange = Trouble.OTHER_LANGUAGE if step == Step.CONNECTION else Trouble.REFUSED
        raise PlaceTrouble(step, strange, str(error)) from error
    except ssl.SSLError as error:
        raise _of_tls(error) from error
    except OSError as error:
        raise PlaceTrouble(step, trouble_of(error)) from error


class _Smtp(smtplib.SMTP):
    def __init__(self, server: Server) -> None:
        self.server = server
        super().__init__(server.host, server.port, timeout=server.timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        sock = connected(host, port, timeout, this_machine=True)
        try:
            return _in_tls(sock, self.server)
        except BaseException:
            sock.close()
            raise


@cache
def tls() -> ssl.SSLContext:
    """Certificates are checked; SSL_CERT_FILE names those of one's own authority."""
    return ssl.create_default_context()


def _in_tls(sock: socket.socket, server: Server) -> socket.socket:
    if server.security != Security.TLS:
        return sock
    try:
        return tls().wrap_socket(sock, server_hostname=server.host)
    except TimeoutError as error:
        raise PlaceTrouble(Step.CERTIFICATE, Trouble.TIMED_OUT) from error
    except ssl.SSLError as error:
        raise _of_tls(error) from error
    except OSError as error:
        raise PlaceTrouble(Step.CERTIFICATE, trouble_of(error)) from error


def _of_tls(error: ssl.SSLError) -> PlaceTrouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        said = error.verify_message
        return PlaceTrouble(Step.CERTIFICATE, Trouble.CERTIFICATE_UNTRUSTED, said)
    reason = error.reason or ""  # of OpenSSL; this one says no more than the words do
    return PlaceTrouble(
        Step.CERTIFICATE, Trouble.NO_TLS, "" if reason == "WRONG_VERSION_NUMBER" else reason
    )


def _keep_alive(sock: socket.socket) -> None:
    """A server that went without a word is found out in two minutes, also while nothing is said."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _ALIVE.items():
        if option := getattr(socket, name, None):
            sock.setsockopt(socket.IPPROTO_TCP, option, value)


def _said(error: Exception) -> str:
    """The server's words, without the library's before and around them."""
    told = error.args[0] if error.args else ""
    words = told.decode(errors="replace") if isinstance(told, bytes) else str(told)
    if "socket error" in words or words.startswith("command: "):  # it said nothing
        return ""
    found = _BAD.match(words)
    return found[1] if found else _BEFORE.sub("", words).strip("'\" ")


_BEFORE = re.compile(r"^\w+ failed: |^.*server responded: ")
_BAD = re.compile(r"^.*command error: BAD \[b['\"](.*)['\"]\]$")


def seconds_left(end: float) -> float:
    """How long there is until `end` (of `time.monotonic`); never nothing, as that would be for ever."""
    return max(end - time.monotonic(), 0.1)
