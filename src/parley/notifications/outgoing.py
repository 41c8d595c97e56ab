"""By which way mails leave: every mail of this site goes through here, letters about accounts too.

Through the server of the mailbox that sends, if an administrator has set one up; otherwise by the
way that the environment names (`settings.MAIL_BACKEND`: a server, a provider, or a folder). What is
sent for a mailbox is from its address: servers take no other, and answers and bounces come back there.
Each bears our mark, by which a desk that gets it knows that no mail client wrote it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from email.utils import formataddr, parseaddr
from smtplib import (
    SMTPDataError,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from parley.mailboxes.message_ids import marked, own_mark
from parley.mailboxes.sending_servers import MailboxConnection, sending_mailbox, server_of
from parley.notifications import pooling

_KEEP_OUR_ID = {"X-PM-KeepID": "true"}
"""Without it, Postmark would give each mail a Message-ID of its own."""
_REFUSALS = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError)
"""After these the connection is as good as before: smtplib has said RSET."""
GOING_AWAY = 421


class OutgoingBackend(BaseEmailBackend):
    """Opened and closed any number of times; SMTP connections are kept for the next (`pooling`)."""

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently, **kwargs)
        self._line: pooling.Line | None = None
        self._other: BaseEmailBackend | None = None
        self._from = ""

    def open(self) -> bool:
        """Connect, if there is something to connect to; gives whether that was new.

        Raises what connecting does.
        """
        if self._line is None and self._other is None:
            self._choose()
        if self._line is not None:
            return bool(self._line.backend.open())
        return False

    def close(self) -> None:
        """Part with the connection: it is kept for whoever comes next."""
        line, self._line = self._line, None
        other, self._other = self._other, None
        if line is not None:
            pooling.give_back(line)
        if other is not None:
            other.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Hand them over, one after the other; gives how many. Raises what that raises."""
        was_closed = self._line is None and self._other is None
        self.open()
        try:
            return sum(self._send(mail) for mail in email_messages)
        finally:
            if was_closed:
                self.close()

    def _choose(self) -> None:
        mailbox = sending_mailbox()
        self._from = mailbox.address if mailbox else ""
        server = server_of(mailbox) if mailbox else None
        if server is not None:
            self._line = pooling.take(server, lambda: MailboxConnection(server))
            return
        site = get_connection(settings.MAIL_BACKEND)
        if isinstance(site, EmailBackend):
            key = (site.host, site.port, site.username, site.password, site.use_ssl, site.use_tls)
            self._line = pooling.take(key, lambda: site)
        else:
            self._other = site

    def _send(self, mail: EmailMessage) -> int:
        mail.extra_headers.setdefault("X-Parley", own_mark())
        _name, to = parseaddr(mail.to[0] if mail.to else "")
        mail.extra_headers.setdefault("Message-ID", marked(f"letter-{uuid.uuid4().hex}", to))
        if "postmark" in settings.MAIL_BACKEND:
            mail.extra_headers.update(_KEEP_OUR_ID)
        if self._from:
            name, _address = parseaddr(mail.from_email)
            mail.from_email = formataddr((name, self._from))
        if self._line is None:
            return self._other.send_messages([mail]) or 0 if self._other else 0
        try:
            sent = self._line.backend.send_messages([mail]) or 0
        except _REFUSALS as refusal:
            if isinstance(refusal, SMTPResponseException) and refusal.smtp_code == GOING_AWAY:
                self._hang_up()
            raise
        except (OSError, SMTPHeloError):
            self._hang_up()
            raise
        self._line.mails += sent
        return sent

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.hang_up()
