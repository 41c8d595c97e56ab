"""Mails as people's programs write them, and the shortest ways to have them taken in."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime
from unittest import mock

from parley.journal.moment import now
from parley.mailboxes import taking
from parley.mailboxes.models import Mailbox, RawMail, ReplyAddress, Way
from parley.mailboxes.reply_addresses import mail_address
from parley.mailboxes.storing import store
from parley.mailboxes.trusting import Proof
from parley.parties.models import Membership

DESK = "support@market.example"
_numbers = itertools.count(1)


def desk() -> Mailbox:
    """The desk's mailbox."""
    found = Mailbox.objects.filter(address=DESK).first()
    return found or Mailbox.objects.create(address=DESK, since=None)


def letter(
    sender: Membership | str,
    text: str = "The parcel has come. Thank you.",
    *,
    to: ReplyAddress | str = DESK,
    subject: str = "About the parcel",
    files: dict[str, bytes] | None = None,
    **headers: str,
) -> bytes:
    """A mail; `headers` have _ for -, and an empty one is left out."""
    made = EmailMessage()
    named = sender if isinstance(sender, str) else f"{sender.person.name} <{_mailbox(sender)}>"
    said = {
        "From": named,
        "To": mail_address(to) if isinstance(to, ReplyAddress) else to,
        "Subject": subject,
        "Date": format_datetime(now()),
        "Message-ID": f"<letter-{next(_numbers)}@mail.client.example>",
    }
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in said.items():
        if value:
            made[name] = value
    made.set_content(text)
    for name, content in (files or {}).items():
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def _mailbox(sender: Membership) -> str:
    return sender.person.mailbox


def kept(raw: bytes, *, envelope_from: str = "") -> RawMail:
    """A mail that has come and waits."""
    return store(raw, way=Way.LMTP, mailbox=desk(), envelope_from=envelope_from)


def taken(raw: bytes, *, envelope_from: str = "") -> RawMail:
    """A mail that has come and was taken in."""
    mail = kept(raw, envelope_from=envelope_from)
    taking.take(mail.pk)
    return RawMail.objects.get(pk=mail.pk)


@contextmanager
def proven(method: str = "dkim", *, why: str = "", temporary: bool = False) -> Iterator[None]:
    """Every mail is from where it says; or, without a `method`, nothing shows that it is."""
    proof = Proof(method, why, temporary)
    with mock.patch.object(taking, "proof_of", return_value=proof):
        yield
