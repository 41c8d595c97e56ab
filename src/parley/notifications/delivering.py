"""Handing mails over to the mail server, and saying in words what went wrong."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
from collections.abc import Iterator
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from anymail.exceptions import AnymailError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from parley.transfer.troubles import PlaceTrouble

NO_SUCH_MAILBOX = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""What a server says of an address that there is none, or none any more (RFC 3463)."""
GOING_AWAY = 421
_REFUSALS = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError)


class Undelivered(Exception):
    """The mail was not taken; `words` say why.

    `server_is_gone`: it was not about this mail, and there is no use in trying another now. `is_for_now`:
    the server asks to be tried again, as many do of whoever writes to them for the first time.
    `no_such_mailbox` is the status by which the server says that nobody is at the address, and nobody
    will be; empty: it says nothing of the kind.
    """

    def __init__(self, error: Exception) -> None:
        self.words = trouble_in_words(error)
        self.server_is_gone = _is_going(error) or not isinstance(
            error,
            SMTPRecipientsRefused | SMTPSenderRefused | SMTPDataError | ValueError | AnymailError,
        )
        self.is_for_now = isinstance(error, _REFUSALS) and _said(error).startswith("4")
        self.no_such_mailbox = _no_such_mailbox(error)
        super().__init__(self.words)


@contextlib.contextmanager
def connected() -> Iterator[BaseEmailBackend]:
    """A connection for any number of mails; it is opened by the first of them."""
    connection = get_connection()
    try:
        yield connection
    finally:
        # What was sent is sent: a server that is rude at parting changes nothing.
        with contextlib.suppress(OSError):
            connection.close()


def deliver(mail: EmailMessage, connection: BaseEmailBackend) -> None:
    """Hand `mail` over. Raises Undelivered.

    A connection that the server has closed since the last mail is opened again, once.
    """
    try:
        is_new = connection.open()
        try:
            connection.send_messages([mail])
        except (SMTPServerDisconnected, SMTPSenderRefused) as error:
            if is_new or not _is_going(error):
                raise
            connection.close()
            connection.open()
            connection.send_messages([mail])
    except (OSError, ValueError, AnymailError, PlaceTrouble) as error:  # smtplib's are OSErrors
        raise Undelivered(error) from error


def _is_going(error: Exception) -> bool:
    """Whether the server has hung up, or is about to (RFC 5321, 3.8)."""
    if isinstance(error, SMTPResponseException):
        return error.smtp_code == GOING_AWAY
    return isinstance(error, SMTPServerDisconnected)


def _no_such_mailbox(error: Exception) -> str:
    if not isinstance(error, SMTPRecipientsRefused | SMTPDataError):
        return ""
    found = _STATUS.match(_said(error))
    return found[1] if found and found[1] in NO_SUCH_MAILBOX else ""


def trouble_in_words(error: Exception) -> str:
    """What went wrong, for whoever runs the place."""
    if isinstance(error, PlaceTrouble):
        return error.words
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words.format(_said(error))
    return f"The mail could not be handed over: {error}"


_STATUS = re.compile(r"5\d\d[ -](\d\.\d{1,3}\.\d{1,3})\b")
_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (SMTPRecipientsRefused, "The mail server refused the address: {}"),
    (SMTPAuthenticationError, "The mail server refused our user name or password: {}"),
    (SMTPSenderRefused, "The mail server refused us as the sender: {}"),
    (SMTPResponseException, "The mail server refused the mail: {}"),
    (SMTPServerDisconnected, "The mail server closed the connection."),
    (SMTPException, "The mail server did not do as asked: {}"),
    (ssl.SSLError, "No safe connection to the mail server: {}"),
    (socket.gaierror, "The mail server's name is not known."),
    (ConnectionRefusedError, "No mail server answers at the address."),
    (TimeoutError, "The mail server did not answer in time."),
)


def _said(error: Exception) -> str:
    """What the server said, as one line."""
    if isinstance(error, SMTPRecipientsRefused):
        return _reply(*next(iter(error.recipients.values()), (0, b"")))
    if isinstance(error, SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    return str(error)


def _reply(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"
