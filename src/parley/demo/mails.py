"""Composing the mails of the demo as mail programs and servers would send them: bytes, and no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from html import escape

from parley.demo.drawing import Drawn


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The mail that is answered: from whom it was, when, what it said, and its Message-ID."""

    by: tuple[str, str]
    at: datetime
    text: str
    message_id: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail to be composed. `client` is the program it is written with: it quotes in its own way."""

    sender: tuple[str, str]
    to: str
    subject: str
    at: datetime
    message_id: str
    text: str
    signature: str = ""
    client: str = ""
    charset: str = "utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Drawn, ...] = ()
    answered: Answered | None = None


def composed(letter: Letter) -> bytes:
    """The letter as it goes over the wire (RFC 5322)."""
    made = EmailMessage(policy=SMTP)
    made["From"] = formataddr(letter.sender)
    made["To"] = letter.to
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(letter.at)
    made["Message-ID"] = letter.message_id
    for name, value in letter.headers.items():
        made[name] = value
    if letter.answered is not None:
        made["In-Reply-To"] = made["References"] = letter.answered.message_id
    made.set_content(_plain(letter), charset=letter.charset)
    if letter.client == "outlook" and letter.answered is not None:
        made.add_alternative(_as_outlook(letter, letter.answered), subtype="html")
    for file in letter.files:
        kind, _slash, subtype = (
            "image/jpeg" if file.name.endswith(".jpg") else "application/pdf"
        ).partition("/")
        made.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
    return made.as_bytes()


def bounced(*, of: tuple[str, str], to: str, address: str, at: datetime, about: str) -> bytes:
    """What a server writes when nobody has the `address` (RFC 3464); `about`: our mail's Message-ID."""
    _name, server = of
    host = server.partition("@")[2]
    boundary = "=_of-the-mail-server"
    said = "550 5.1.1 User unknown in virtual mailbox table"
    return "\r\n".join(
        (
            f"From: {formataddr(of)}",
            f"To: {to}",
            "Subject: Undelivered Mail Returned to Sender",
            f"Date: {format_datetime(at)}",
            f"Message-ID: <{at:%Y%m%d%H%M%S}.0F3A@{host}>",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"',
            "",
            f"--{boundary}",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            f"This is the mail system at host {host}.",
            "",
            "Your message could not be delivered to one or more recipients.",
            "",
            f"<{address}>: host {host} said: {said} (in reply to RCPT TO command)",
            "",
            f"--{boundary}",
            "Content-Type: message/delivery-status",
            "",
            f"Reporting-MTA: dns; {host}",
            f"Arrival-Date: {format_datetime(at)}",
            "",
            f"Final-Recipient: rfc822; {address}",
            "Action: failed",
            "Status: 5.1.1",
            f"Diagnostic-Code: smtp; {said}",
            "",
            f"--{boundary}",
            "Content-Type: text/rfc822-headers",
            "",
            f"From: {to}",
            f"To: {address}",
            "Subject: New reply",
            f"Message-ID: {about}",
            "",
            f"--{boundary}--",
            "",
        )
    ).encode()


def _plain(letter: Letter) -> str:
    written = "\n\n".join(part for part in (letter.text.strip("\n"), letter.signature) if part)
    if letter.answered is None or not letter.client:
        return f"{written}\n"
    return f"{written}\n\n{_QUOTED[letter.client](letter.answered)}\n"


def _as_apple(of: Answered) -> str:
    name, address = of.by
    begun = f"> On {of.at.day} {of.at:%b %Y}, at {of.at:%H:%M}, {name} <{address}> wrote:"
    return "\n".join((begun, "> ", *(f"> {line}".rstrip() for line in of.text.splitlines())))


def _as_mail_ru(of: Answered) -> str:
    name, address = of.by
    begun = f"{of.at:%d.%m.%Y, %H:%M} от {name} <{address}>:"
    return "\n".join((begun, "", *(f"> {line}".rstrip() for line in of.text.splitlines())))


def _as_outlook_plain(of: Answered) -> str:
    name, address = of.by
    begun = (
        "-----Original Message-----",
        f"From: {name} <{address}>",
        f"Sent: {of.at:%d %B %Y %H:%M}",
        "Subject: New reply",
        "",
    )
    return "\n".join((*begun, of.text))


def _as_outlook(letter: Letter, of: Answered) -> str:
    name, address = of.by
    paragraphs = [*letter.text.strip("\n").split("\n\n"), *letter.signature.splitlines()]
    written = "".join(f'<p class="MsoNormal">{escape(one)}</p>' for one in paragraphs if one)
    begun = f"<b>From:</b> {escape(name)} &lt;{escape(address)}&gt;<br><b>Sent:</b> {of.at:%d %B %Y %H:%M}"
    quoted = "".join(f"<p>{escape(line)}</p>" for line in of.text.split("\n\n"))
    return (
        f'<html><body><div class="WordSection1">{written}<div><div style="border:none;border-top:'
        f'solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{begun}</p></div></div>'
        f"{quoted}</div></body></html>"
    )


_QUOTED = {"apple": _as_apple, "mailru": _as_mail_ru, "outlook": _as_outlook_plain}
