"""Connecting to the servers of a mailbox: IMAP to read it, SMTP to write from it.

Administrators type these addresses, and a mail server often stands next door, or on this very machine:
private networks and this machine are reached. What a machine is managed by is not (`transfer.hosts`).
Everything that goes wrong is a PlaceTrouble, which says at which step, and in words.
"""

from __future__ import annotations

import imaplib
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache

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
        """Ask to be told of new mail (RFC 2177); what the server says before it agrees is kept."""
        self._idle_tag = self._imap._command("IDLE")  # noqa: SLF001
        while self._imap._get_response() is not None:  # noqa: SLF001
            if self._imap.tagged_commands[self._idle_tag]:
                raise IMAPClientError("The server does not wait")

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
    """Sign in as the server's user. Raises PlaceTrouble."""
    server = client.server
    with imap_at(Step.SIGN_IN):
        if server.grant:
            bear_to_imap(client._imap, server.user, server.grant)  # noqa: SLF001
        else:
            client.login(server.user, server.password)


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
        raise PlaceTrouble(step, Trouble.SIGN_IN_REFUSED, str(error)) from error
    except ssl.SSLError as error:
        raise _of_tls(error) from error
    except OSError as error:
        raise PlaceTrouble(step, trouble_of(error)) from error
    except imaplib.IMAP4.abort as error:
        lost = Trouble.OTHER_LANGUAGE if step == Step.CONNECTION else Trouble.CONNECTION_LOST
        raise PlaceTrouble(step, lost, str(error)) from error
    except (IMAPClientError, imaplib.IMAP4.error, ValueError) as error:
        told = {Step.CONNECTION: Trouble.OTHER_LANGUAGE, Step.FOLDER: Trouble.FOLDER_MISSING}
        raise PlaceTrouble(step, told.get(step, Trouble.REFUSED), _said(error)) from error


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
        else:
            client.login(server.user, server.password)


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
    return PlaceTrouble(Step.CERTIFICATE, Trouble.NO_TLS, error.reason or "")


def _keep_alive(sock: socket.socket) -> None:
    """A server that went without a word is found out in two minutes, also while nothing is said."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _ALIVE.items():
        if option := getattr(socket, name, None):
            sock.setsockopt(socket.IPPROTO_TCP, option, value)


def _said(error: Exception) -> str:
    """The server's words, without the library's before them."""
    words = str(error)
    return words.partition("server responded: ")[2].strip("'\" ") or words


def seconds_left(end: float) -> float:
    """How long there is until `end` (of `time.monotonic`); never nothing, as that would be for ever."""
    return max(end - time.monotonic(), 0.1)
