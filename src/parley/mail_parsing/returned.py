"""Where a server's report ends and the mail that it gives back begins, and what that mail was."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parley.mail_parsing.addresses import addresses_in
from parley.mail_parsing.parts import Part

HEADER = 64_000
"""Characters of a returned mail that are looked at for its header."""

_MARKER = re.compile(
    r"^[ \t>*#=_-]{0,80}(?:"
    r"below (?:this|the next) line is a copy of the message"
    r"|below is (?:a copy of )?your (?:original )?message"
    r"|(?:this is|here is|a|the) (?:a )?copy of (?:the|your) (?:original )?(?:message|mail)"
    r"|(?:the )?(?:original|returned|undelivered|unsent|unsendbare|rejected) (?:message|mail|nachricht)"
    r"(?: (?:follows|headers?|text|body|below|attached))?"
    r"|unsent message (?:below|follows)|message (?:headers?|text) follows?"
    r"|(?:the )?(?:header|headers|text|body|start|beginning) of"
    r" (?:the |your )?(?:original |returned |undelivered )?(?:message|mail)"
    r"|the following is a copy of|your original (?:message|mail)"
    r"|transcript of (?:the )?(?:message|mail) follows|message contents? follows?"
    r"|here are your message headers|included is a copy of the message header"
    r"|original message (?:header|follows)|nachrichtenkopf|originalnachricht|исходное сообщение"
    r"|(?:оригинал|копия|заголовки?) (?:исходного )?(?:письма|сообщения)|message original|mensaje original"
    r")[^\n]{0,80}$",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD = re.compile(r"^[ >|]{0,8}([A-Za-z][A-Za-z0-9-]{1,60}):(?:[ \t]|$)")
_SURELY_MAIL = {"received", "message-id", "return-path", "mime-version", "dkim-signature"}
_MESSAGE_ID = re.compile(
    r"^[ \t>|]{0,8}(?:x-)?(?:original[- ])?message-id[ \t]*[:：][ \t]*"
    r"(?:\r?\n[ \t>|]{1,8})?<([^<>\s]{1,990})>",
    re.IGNORECASE | re.MULTILINE,
)
_RECIPIENT = re.compile(
    r"^[ \t>|]{0,8}(?:to|x-(?:original|envelope)-to)[ \t]*:"
    r"([^\n]{1,2000}(?:\n[ \t][^\n]{1,2000}){0,5})",
    re.IGNORECASE | re.MULTILINE,
)
_SENDER = re.compile(
    r"^[ \t>|]{0,8}(?:from|return-path)[ \t]*:([^\n]{1,2000})", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True)
class Returned:
    """What is known of the mail that came back: `about` is its Message-ID without angle brackets."""

    about: str = ""
    recipients: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.about or self.recipients or self.senders)


def returned_of(header: str) -> Returned:
    """What the header of a returned mail says; quoted and indented ones as well."""
    header = header[:HEADER].replace("\0", "")
    named = _MESSAGE_ID.search(header)
    end = header.find("\n\n", named.end() if named else 0)
    header = header[: end if end > 0 else None]
    return Returned(
        about=named[1] if named else "",
        recipients=_addresses(_RECIPIENT, header),
        senders=_addresses(_SENDER, header),
    )


def _addresses(rule: re.Pattern[str], header: str) -> tuple[str, ...]:
    lines = [
        found[1].replace("\n", " ")
        for _, found in zip(range(5), rule.finditer(header), strict=False)
    ]
    return tuple(
        one.address.lower() for line in lines for one in addresses_in(line) if "@" in one.address
    )


def in_part_header(part: Part) -> Returned:
    """A mail given back without the empty line before it: its header is taken for the part's."""
    header = part.headers
    if "message-id" not in header or "from" not in header:
        return Returned()
    senders, recipients = (
        tuple(
            one.address.lower()
            for value in header.unfolded(name)[:1]
            for one in addresses_in(value[:5_000])
        )
        for name in ("from", "to")
    )
    return Returned(header.first("message-id").strip("<> "), recipients, senders)


def divide_report(text: str) -> tuple[str, str]:
    """What the server says, and the mail it gives back beneath; empty where there is none."""
    at = _where_header_begins(text)
    marker = _MARKER.search(text)
    if marker and text[: marker.start()].strip() and (at is None or marker.start() < at):
        at = marker.start()
    if at is None:
        return text, ""
    return text[:at], text[at:]


def _where_header_begins(text: str) -> int | None:
    """Where three fields in a row stand of which one is of mails alone."""
    begin, seen, at = None, set[str](), 0
    for line in text.splitlines(keepends=True):
        field = _FIELD.match(line)
        if field:
            begin = at if begin is None else begin
            seen.add(field[1].lower())
            if len(seen) > 2 and seen & _SURELY_MAIL:
                return begin
        elif begin is None or line[:1] not in " \t" or not line.strip():
            begin, seen = None, set()
        at += len(line)
    return None
