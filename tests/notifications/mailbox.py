"""A real SMTP server on loopback, and what it was sent."""

from __future__ import annotations

import email
import email.policy
import threading
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class _AnyPort(Controller):
    """On a port that is free, which is known only once it listens."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Mailbox:
    """What an SMTP server received, in order. It can be told to be difficult."""

    def __init__(self, **about: Any) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refuses: set[str] = set()
        """Addresses that nobody has, and nobody will."""
        self.puts_off: set[str] = set()
        """Addresses that take nothing at the moment."""
        self.drops_after: int | None = None
        """Break the connection off at the mail after so many."""
        self.connections = 0
        self._lock = threading.Lock()
        self._controller = _AnyPort(self, hostname="127.0.0.1", port=0, **about)

    @property
    def port(self) -> int:
        """Where it answers."""
        return int(self._controller.port)

    def start(self) -> int:
        """Start answering; gives the port."""
        self._controller.start()
        return self.port

    def stop(self) -> None:
        """Stop answering; a second time does nothing."""
        if not self._controller.loop.is_closed():
            self._controller.stop(no_assert=True)

    def to(self, person: Any) -> list[EmailMessage]:
        """The mails that a person (or a membership's person) got."""
        address = getattr(person, "person", person).email
        both = zip(self.mails, self.recipients, strict=True)
        return [mail for mail, recipient in both if recipient == address]

    # --- what aiosmtpd calls ---

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 5.1.1 No such person here"
        if address in self.puts_off:
            return "450 4.2.1 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.drops_after is not None and len(self.mails) >= self.drops_after:
            self.drops_after = None
            server.transport.abort()
            return "421 Bye"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        with self._lock:
            self.mails.append(message)
            self.recipients.extend(envelope.rcpt_tos)
        return "250 OK"


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    return _body(mail, "plain")


def html_of(mail: EmailMessage) -> str:
    """The HTML of a mail."""
    return _body(mail, "html")


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())
