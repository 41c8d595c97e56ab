"""What is typed of signing in by OAuth: put into a mailbox, and what is wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from parley.mailboxes.connecting import TENANT, grant_of, imap_server, smtp_server
from parley.mailboxes.models import Mailbox, SignIn

if TYPE_CHECKING:
    from parley.mailboxes.keeping import MailboxTyped

_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")


def fill_sign_in(mailbox: Mailbox, typed: MailboxTyped, problems: dict[str, Any]) -> None:
    """Put into the row how its servers are signed in to; what is wrong goes into `problems`, by field."""
    if typed.sign_in not in SignIn.values:
        problems["sign_in"] = _("Pick one from the list.")
        return
    mailbox.sign_in = typed.sign_in
    mailbox.token_url = mailbox.tenant = mailbox.client_id = mailbox.scope = ""
    if typed.sign_in != SignIn.OAUTH:
        return
    mailbox.token_url, mailbox.tenant = typed.token_url.strip(), typed.tenant.strip()
    mailbox.client_id, mailbox.scope = typed.client_id.strip(), " ".join(typed.scope.split())
    if not _is_token_url(mailbox.token_url):
        problems["token_url"] = _("Write an address that begins with https://.")
    if TENANT in mailbox.token_url and not _TENANT.fullmatch(mailbox.tenant):
        problems["tenant"] = _("Write the tenant's ID, or its domain such as example.com.")
    if not mailbox.client_id or not mailbox.client_id.isprintable():
        problems["client_id"] = _("Write the client's ID.")
    for side in ("imap", "smtp"):
        if not getattr(mailbox, f"{side}_user").isascii():
            problems[f"{side}_user"] = _("Write the name of the user.")


def _is_token_url(typed: str) -> bool:
    """Whether a secret may be sent there: encrypted, or to this very machine (RFC 6749, 3.2)."""
    try:
        parts = urlsplit(typed.replace(TENANT, "tenant"))
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or parts.fragment:
        return False
    if not typed.isascii() or not typed.isprintable() or " " in typed:
        return False
    here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return parts.scheme == "https" or (parts.scheme == "http" and here)


def fill_client_secret(
    mailbox: Mailbox, typed: MailboxTyped, before: Mailbox | None, problems: dict[str, Any]
) -> None:
    """The secret typed now, or the one kept, as long as it and its tokens go where they went."""
    kept = before.secrets.get("client_secret", "") if before else ""
    secret = typed.client_secret.strip()
    if not secret and before and kept and _told(mailbox) <= _told(before):
        secret = kept
    if not secret or not secret.isascii() or not secret.isprintable():
        again = _("Write the secret again: it, or what it gets, is for another server now.")
        problems["client_secret"] = again if kept and not secret else _("Write the secret.")
    mailbox.secrets = {"client_secret": secret}


def _told(mailbox: Mailbox) -> set[tuple[object, ...]]:
    """Whom a client's secret is told to, and whom the tokens that it gets."""
    grant = grant_of(mailbox)
    servers = [server for server in (imap_server(mailbox), smtp_server(mailbox)) if server.host]
    whom: set[tuple[object, ...]] = {(server.host, server.port) for server in servers}
    return whom | {(grant.url, grant.client)} if grant else whom
