"""What the addresses of the mail that came in can name: mails, and an address nothing arrives at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cast import Cast
from parley.conversations.models import Message
from parley.mailboxes.models import MailedMessage, Outcome, RawMail, Way
from parley.mailboxes.reasons import UNPROVEN, reason
from parley.notifications.models import Undeliverable
from parley.parties.models import Membership

FORGED = (
    b"From: Anna Bright <anna@bright.example>\r\nTo: support@market.example\r\n"
    b"Subject: Where is my parcel?\r\nMessage-ID: <1@bright.example>\r\n"
    b"Date: Tue, 17 Nov 2026 10:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"It was due on Tuesday.\r\n\r\n-- \r\nAnna\r\n"
)


def bounced(who: Membership) -> bytes:
    """What a server says of a mail to somebody whom nobody there is (RFC 3464)."""
    return (
        "From: Mail Delivery System <mailer-daemon@mx.example>\r\nTo: support@market.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <back-1@mx.example>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n'
        "\r\n--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {who.person.email}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    ).encode()


def came_in(raw: bytes = FORGED, **fields: Any) -> RawMail:
    """A mail as it came, and what became of it: without more, one that waits for review."""
    given: dict[str, Any] = {
        "way": Way.SMTP,
        "sha256": hashlib.sha256(raw).hexdigest(),
        "size": len(raw),
        "stored_as": default_storage.save("mail/one", ContentFile(raw)),
        "outcome": Outcome.REVIEW,
        "reason": reason(UNPROVEN),
        "sender": "anna@bright.example",
        "subject": "Where is my parcel?",
    }
    return RawMail.objects.create(**(given | fields))


def nothing_arrives(cast: Cast) -> Undeliverable:
    """The seller's address, from which mails come back."""
    return Undeliverable.objects.create(
        person=cast.seller.person, address=cast.seller.person.email, status="5.1.1", words="No user"
    )


def mailed(cast: Cast) -> dict[str, Callable[[str], str]]:
    """The words of those addresses, and what stands for each."""
    first = Message.objects.earliest("id")
    MailedMessage.objects.create(message=first, folded="> what was quoted")
    return {
        "<int:mail>": lambda name: str(came_in().pk),
        "<int:message>": lambda name: str(first.pk),
    }
