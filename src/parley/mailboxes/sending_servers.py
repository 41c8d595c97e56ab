"""The server that mails of a mailbox go out through, as an administrator has set it up."""

from __future__ import annotations

from django.core.mail.backends.smtp import EmailBackend

from parley.mailboxes.connecting import Server, open_smtp, sign_in_smtp, smtp_server
from parley.mailboxes.models import Mailbox

TIMEOUT = 30.0
"""Seconds to wait for any one answer of the server."""


def sending_mailbox() -> Mailbox | None:
    """The mailbox that the desk's mails go out from; None: there is none."""
    return Mailbox.objects.filter(sends=True, active=True).first()


def server_of(mailbox: Mailbox) -> Server | None:
    """The mailbox's own server; None if it has none, and its mails go the way of the site's."""
    return smtp_server(mailbox) if mailbox.smtp_host else None


class MailboxConnection(EmailBackend):
    """A connection to the server of a mailbox, not opened yet."""

    def __init__(self, server: Server) -> None:
        super().__init__(host=server.host, port=server.port, timeout=int(TIMEOUT))
        self.server = server

    def open(self) -> bool:
        """Connect and sign in; gives whether that was new. Raises PlaceTrouble."""
        if self.connection is not None:
            return False
        client = open_smtp(self.server)
        try:
            sign_in_smtp(client, self.server)
        except BaseException:
            client.close()
            raise
        self.connection = client
        return True
