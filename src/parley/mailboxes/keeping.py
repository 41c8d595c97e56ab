"""Setting a mailbox up, changing it, pausing it, removing it. The operator's administrators do that."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.journal.recording import record
from parley.mailboxes.connecting import Server, grant_of, imap_server, smtp_server
from parley.mailboxes.events import MailboxChanged, MailboxRemoved
from parley.mailboxes.ledger import BEFORE, SOURCE
from parley.mailboxes.models import Arrival, Mailbox, Security, SignIn
from parley.mailboxes.trying import SECONDS_FOR_ALL, Step, try_imap, try_smtp, try_token
from parley.mailboxes.typed_oauth import fill_client_secret, fill_sign_in
from parley.parties.models import Membership, Role
from parley.parties.settling import NotAdministrators
from parley.tickets.models import Topic

__all__ = [
    "MailboxRefused",
    "MailboxTyped",
    "Step",
    "remove_mailbox",
    "save_mailbox",
    "switch",
    "test_connection",
    "typed_of",
]

FROM_NOW, EVERYTHING = "now", "all"
_LONGEST = {
    "address": 254, "name": 100, "imap_host": 253, "imap_user": 200, "folder": 200,
    "smtp_host": 253, "smtp_user": 200, "authserv": 300, "imap_password": 1000,
    "smtp_password": 1000, "token_url": 500, "tenant": 100, "client_id": 300, "scope": 500,
    "client_secret": 2000,
}  # fmt: skip
_SHOWN = (
    "address", "name", "active", "topic_id", "imap_host", "imap_port", "imap_security",
    "imap_user", "folder", "smtp_host", "smtp_port", "smtp_security", "smtp_user", "sends",
    "tagged", "authserv", "sign_in", "token_url", "tenant", "client_id", "scope",
)  # fmt: skip


class MailboxRefused(ValueError):
    """What was typed makes no mailbox; `problems` says what is wrong, by field."""

    def __init__(self, problems: dict[str, Any]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class MailboxTyped:
    """A mailbox as a person has typed it: text, as it came. An empty password means the one kept.

    So does an empty `client_secret`. `since`: `now` leaves alone what lies in it, `all` takes
    everything in. `authserv`: names with blanks between them.
    """

    address: str = ""
    name: str = ""
    active: bool = True
    topic: str = ""
    imap_host: str = ""
    imap_port: str = "993"
    imap_security: str = Security.TLS
    imap_user: str = ""
    imap_password: str = field(default="", repr=False)
    folder: str = "INBOX"
    since: str = FROM_NOW
    smtp_host: str = ""
    smtp_port: str = "587"
    smtp_security: str = Security.STARTTLS
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    sends: bool = False
    tagged: bool = True
    authserv: str = ""
    sign_in: str = SignIn.PASSWORD
    token_url: str = ""
    tenant: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    scope: str = ""


def typed_of(mailbox: Mailbox) -> MailboxTyped:
    """A mailbox as its form shows it: without its passwords."""
    return MailboxTyped(
        address=mailbox.address,
        name=mailbox.name,
        active=mailbox.active,
        topic=str(mailbox.topic_id or ""),
        imap_host=mailbox.imap_host,
        imap_port=str(mailbox.imap_port),
        imap_security=mailbox.imap_security,
        imap_user=mailbox.imap_user,
        folder=mailbox.folder,
        since=FROM_NOW if mailbox.since else EVERYTHING,
        smtp_host=mailbox.smtp_host,
        smtp_port=str(mailbox.smtp_port),
        smtp_security=mailbox.smtp_security,
        smtp_user=mailbox.smtp_user,
        sends=mailbox.sends,
        tagged=mailbox.tagged,
        authserv=mailbox.authserv,
        sign_in=mailbox.sign_in,
        token_url=mailbox.token_url,
        tenant=mailbox.tenant,
        client_id=mailbox.client_id,
        scope=mailbox.scope,
    )


def save_mailbox(typed: MailboxTyped, *, by: Membership, mailbox_id: int | None = None) -> Mailbox:
    """Set a mailbox up, or change the one of this id; it is connected to at once.

    Where another one sent the desk's mails so far and this one is to, that one sends no more.
    Raises MailboxRefused and then nothing has changed; NotAdministrators; Mailbox.DoesNotExist.
    """
    if by.role != Role.ADMIN:
        raise NotAdministrators
    try:
        with transaction.atomic():
            return _saved(typed, by, mailbox_id)
    except IntegrityError:
        raise MailboxRefused(
            {"address": _("There is a mailbox of this address already.")}
        ) from None


def switch(mailbox_id: int, *, active: bool, by: Membership) -> None:
    """Let a mailbox be read, or pause it; what came meanwhile is taken in when it goes on.

    Raises NotAdministrators and Mailbox.DoesNotExist.
    """
    if by.role != Role.ADMIN:
        raise NotAdministrators
    with transaction.atomic():
        mailbox = Mailbox.objects.select_for_update().get(pk=mailbox_id)
        if mailbox.active == active:
            return
        was = _shown(mailbox)
        mailbox.active, mailbox.try_at, mailbox.attempts = active, now(), 0
        mailbox.save(update_fields=["active", "try_at", "attempts"])
        record(MailboxChanged(mailbox=mailbox.pk, before=was, after=_shown(mailbox)), by=by)


def remove_mailbox(mailbox_id: int, *, by: Membership) -> None:
    """Forget a mailbox; the mails that came from it stay. Raises NotAdministrators."""
    if by.role != Role.ADMIN:
        raise NotAdministrators
    with transaction.atomic():
        mailbox = Mailbox.objects.select_for_update().filter(pk=mailbox_id).first()
        if mailbox is None:
            return
        record(MailboxRemoved(mailbox=mailbox.pk, address=mailbox.address), by=by)
        mailbox.delete()


def test_connection(
    typed: MailboxTyped,
    *,
    before: Mailbox | None = None,  # noqa: PT028
) -> Iterator[Step]:
    """Try the servers out as typed, with the passwords of `before` where none were typed.

    Gives each step as soon as it is known, all of them within 25 seconds; nothing is saved, sent or
    marked. Raises MailboxRefused, before the first step.
    """
    mailbox = Mailbox()
    if problems := _fill(mailbox, typed, before):
        raise MailboxRefused(problems)
    return _tried(mailbox)


def _tried(mailbox: Mailbox) -> Iterator[Step]:
    end = time.monotonic() + SECONDS_FOR_ALL
    if (grant := grant_of(mailbox)) and (mailbox.imap_host or mailbox.smtp_host):
        step = try_token(grant, end=end)
        yield step
        if not step.ok:
            return
    if mailbox.imap_host:
        yield from try_imap(imap_server(mailbox), mailbox.folder, end=end)
    if mailbox.smtp_host:
        yield from try_smtp(smtp_server(mailbox), end=end)


def _saved(typed: MailboxTyped, by: Membership, mailbox_id: int | None) -> Mailbox:
    before = Mailbox.objects.select_for_update().get(pk=mailbox_id) if mailbox_id else None
    mailbox = Mailbox.objects.get(pk=mailbox_id) if mailbox_id else Mailbox()
    if problems := _fill(mailbox, typed, before):
        raise MailboxRefused(problems)
    if mailbox.sends:
        Mailbox.objects.filter(sends=True).exclude(pk=mailbox.pk).update(sends=False)
    mailbox.try_at, mailbox.attempts = now(), 0
    if before is None or _source(before) != _source(mailbox):
        mailbox.uidvalidity, mailbox.seen_uid, mailbox.looked_at = None, 0, None
        mailbox.trouble, mailbox.trouble_at, mailbox.connected_at = {}, None, None
        mailbox.held, mailbox.held_at = {}, None
        Arrival.objects.filter(mailbox_id=mailbox.pk).delete()
    elif before.since and not mailbox.since:
        Arrival.objects.filter(mailbox_id=mailbox.pk, skipped=BEFORE).delete()
    mailbox.save()
    was, is_now = _shown(before), _shown(mailbox)
    if before and before.secrets != mailbox.secrets:
        was["passwords"], is_now["passwords"] = "", "changed"
    if was != is_now:
        record(MailboxChanged(mailbox=mailbox.pk, before=was, after=is_now), by=by)
    return mailbox


def _shown(mailbox: Mailbox | None) -> dict[str, str]:
    if mailbox is None:
        return {}
    shown = {name.removesuffix("_id"): str(getattr(mailbox, name) or "") for name in _SHOWN}
    return shown | {"since": FROM_NOW if mailbox.since else EVERYTHING}


def _source(mailbox: Mailbox) -> tuple[object, ...]:
    return tuple(getattr(mailbox, name) for name in SOURCE)


def _fill(mailbox: Mailbox, typed: MailboxTyped, before: Mailbox | None) -> dict[str, Any]:
    """Put what was typed into the row; gives what is wrong with it, by field."""
    problems: dict[str, Any] = {
        name: _("This is too long.") for name, most in _LONGEST.items() if len(getattr(typed, name)) > most
    }  # fmt: skip
    _fill_itself(mailbox, typed, problems)
    for side in ("imap", "smtp"):
        _fill_server(mailbox, typed, side, problems)
    mailbox.folder = typed.folder.strip() or "INBOX"
    if any(ord(letter) < 32 for letter in mailbox.folder):
        problems["folder"] = _("Write the folder on one line.")
    _fill_since(mailbox, typed, before, problems)
    fill_sign_in(mailbox, typed, problems)
    if mailbox.sign_in == SignIn.OAUTH:
        fill_client_secret(mailbox, typed, before, problems)
    else:
        _fill_secrets(mailbox, typed, before, problems)
    if typed.sends and not typed.smtp_host.strip():
        problems["smtp_host"] = _("Write the server that mails are sent through.")
    return problems


def _fill_itself(mailbox: Mailbox, typed: MailboxTyped, problems: dict[str, Any]) -> None:
    mailbox.address = typed.address.strip().lower()
    try:
        validate_email(mailbox.address)
    except ValidationError:
        problems["address"] = _("Write an e-mail address such as support@example.com.")
    mailbox.name, mailbox.active = " ".join(typed.name.split()), typed.active
    mailbox.sends, mailbox.tagged = typed.sends, typed.tagged
    mailbox.authserv = " ".join(typed.authserv.lower().split())
    mailbox.topic = None
    if typed.topic:
        known = typed.topic.isascii() and typed.topic.isdigit() and len(typed.topic) < 10
        mailbox.topic = Topic.objects.filter(pk=typed.topic).first() if known else None
        if mailbox.topic is None:
            problems["topic"] = _("Pick one from the list.")


def _fill_server(
    mailbox: Mailbox, typed: MailboxTyped, side: str, problems: dict[str, Any]
) -> None:
    host = getattr(typed, f"{side}_host").strip().lower()
    port, security = getattr(typed, f"{side}_port").strip(), getattr(typed, f"{side}_security")
    user = getattr(typed, f"{side}_user").strip()
    setattr(mailbox, f"{side}_host", host)
    setattr(mailbox, f"{side}_user", user)
    if any(letter.isspace() or letter in "/@:" for letter in host):
        problems[f"{side}_host"] = _("Write the server's name alone, such as mail.example.com.")
    if security in Security.values:
        setattr(mailbox, f"{side}_security", security)
    else:
        problems[f"{side}_security"] = _("Pick one from the list.")
    if port.isascii() and port.isdigit() and len(port) < 6 and 1 <= int(port) <= 65535:
        setattr(mailbox, f"{side}_port", int(port))
    elif host:
        problems[f"{side}_port"] = _("Write a whole number from 1 to 65535.")
    if side == "imap" and host and not user:
        problems["imap_user"] = _("Write the name of the user.")
    if any(ord(letter) < 32 for letter in user):
        problems[f"{side}_user"] = _("Write the name of the user.")


def _fill_since(
    mailbox: Mailbox, typed: MailboxTyped, before: Mailbox | None, problems: dict[str, Any]
) -> None:
    if typed.since not in {FROM_NOW, EVERYTHING}:
        problems["since"] = _("Pick one from the list.")
    kept = before.since if before else None
    mailbox.since = (kept or now()) if typed.since == FROM_NOW else None


def _fill_secrets(
    mailbox: Mailbox, typed: MailboxTyped, before: Mailbox | None, problems: dict[str, Any]
) -> None:
    """The passwords typed now, or those kept before, as long as they go to the same server."""
    secrets: dict[str, Any] = {}
    for side, server_of in (("imap", imap_server), ("smtp", smtp_server)):
        key = f"{side}_password"
        server = server_of(mailbox)
        if not server.host or not server.user:
            continue
        kept = before.secrets.get(key, "") if before else ""
        if password := getattr(typed, key):
            secrets[key] = password
        elif before and kept and _goes_to(server_of(before)) == _goes_to(server):
            secrets[key] = kept
        elif side == "smtp" and typed.imap_password and _is_the_same(mailbox):
            secrets[key] = typed.imap_password
        else:
            again = _("Write the password again: it is for another server now.")
            problems[key] = again if kept else _("Write the password.")
        if any(ord(letter) < 32 for letter in secrets.get(key, "")):
            problems[key] = _("Write the password.")  # a line of it would be a command
    mailbox.secrets = secrets


def _is_the_same(mailbox: Mailbox) -> bool:
    """Whether both servers are one provider's and know one user: then one password is for both."""
    of_imap, of_smtp = (host.split(".")[-2:] for host in (mailbox.imap_host, mailbox.smtp_host))
    return mailbox.imap_user == mailbox.smtp_user and of_imap == of_smtp


def _goes_to(server: Server) -> tuple[object, ...]:
    """Whom a password is told to."""
    return (server.host, server.port, server.user)
