"""Reading the folder of mails, for the demo's page of mails."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.message import EmailMessage
from pathlib import Path

import nh3
from django.conf import settings

from parley.notifications.folder import KEPT

MOST_BYTES = 1_000_000
_NEVER_SHOWN = {"script", "style", "title"}


@dataclass(frozen=True)
class MailInFolder:
    """A mail as it would have arrived. `at` is when it was written; `html` is safe on any page.

    `answers_to` is where an answer goes (Reply-To), empty for where it came from.
    """

    name: str
    sender: str
    to: str
    answers_to: str
    subject: str
    at: datetime
    text: str
    html: str


def mails_in_folder(limit: int = 100) -> list[MailInFolder]:
    """The latest mails, newest first; at most as many as are kept."""
    names = sorted(Path(settings.MAIL_FOLDER).glob("[!.]*.eml"), reverse=True)
    read = (_read(path) for path in names[: min(limit, KEPT)])
    return [mail for mail in read if mail is not None]


def _read(path: Path) -> MailInFolder | None:
    """The mail in a file; None when it is gone, too big, or none."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return MailInFolder(
            name=path.stem,
            sender=str(message["From"] or ""),
            to=str(message["To"] or ""),
            answers_to=str(message["Reply-To"] or ""),
            subject=str(message["Subject"] or ""),
            at=_moment(path),
            text=_body(message, "plain"),
            html=nh3.clean(_body(message, "html"), clean_content_tags=_NEVER_SHOWN),
        )
    except (OSError, ValueError, LookupError, MessageError):
        return None


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""


def _moment(path: Path) -> datetime:
    stamp = path.stem.split("-")[0]
    return datetime.strptime(stamp, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
