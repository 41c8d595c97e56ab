"""Finding out that a mail is one of ours that did not arrive: whose, why, and whether for good.

Servers that follow RFC 3464 say so in a part of its own. Of the others, a mail counts as a bounce
only when its sender is a server and it speaks as servers do; a person who writes that a parcel
could not be delivered, or forwards a server's mail, has written to us.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from parley.mail_parsing.addresses import addresses_in
from parley.mail_parsing.automatic import is_away, is_server
from parley.mail_parsing.bounce_addresses import named_in
from parley.mail_parsing.bounce_causes import CAUSES
from parley.mail_parsing.bounce_words import DELAYS, FAILURES, SERVERS_BEGIN, SUBJECTS
from parley.mail_parsing.delivery_status import STATUS, Recipient, recipients_of
from parley.mail_parsing.headers import Headers
from parley.mail_parsing.parts import Mail, Part, parse
from parley.mail_parsing.returned import Returned, divide_report, in_part_header, returned_of
from parley.mail_parsing.understood import Bounce

REPORT = 8_000
"""Characters of what a server says that are read."""
ENCLOSED = 200_000
"""Bytes of a report within a report that are read."""
WORDS = 500
"""Characters of it that are kept."""

_STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
_RETURNED_TYPES = {
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "text/rfc822-header",
    "message/rfc822-headers",
    "message/partial",
    "message/global-headers",
}
_REPLY_CODE = re.compile(
    r"(?<![\w.:/@(-])([45])[0-5]\d(?=[ :>)\]#-]|$)(?![ -]\d{3,4}[- ]|\s?(?:kb|mb|bytes|x ?\d))",
    re.IGNORECASE | re.MULTILINE,
)
_SERVERS_TALK = re.compile(
    r"\bsmtp\b|\brcpt to\b|\bmta\b|\b([45])\d\d[ -]#?\1\.[0-7]\.\d", re.IGNORECASE
)
_STATUS_FIELD = re.compile(
    r"^[ \t]{0,8}status[ \t]*:[ \t]*([45]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE
)
_TAG = re.compile(r"<(?:/?[a-z!][^<>@]*|a\s[^<>]*|/a)>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]*>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(style|script|head)\b.{0,20000}?</\1\s*>", re.IGNORECASE | re.DOTALL)


def bounce_of(mail: Mail) -> Bounce | None:
    """What came back, and why; None: this mail is none of ours that came back.

    One that is only late counts, as not permanent; one that did arrive after all does not.
    """
    report = _Report(mail)
    if report.is_formal and report.told:
        return _formal(report)
    if report.is_from_server and report.enclosed:
        report = _Report(report.enclosed)
        return _formal(report) if report.told else None
    if not report.is_credible:
        return None
    if report.told:
        return _formal(report)
    return _informal(report)


@dataclass(frozen=True, eq=False)
class _Report:
    """A mail, read as a server's report."""

    mail: Mail

    @property
    def headers(self) -> Headers:
        return self.mail.headers

    @cached_property
    def subject(self) -> str:
        return " ".join(self.headers.first("subject")[:500].split())

    @cached_property
    def enclosed(self) -> Mail | None:
        """The report that this mail only passes on, as scanners of mail do."""
        for part in self.mail.parts[:5]:
            if (
                part.media_type == "message/rfc822"
                and b"multipart/report" in part.body[:8_000].lower()
            ):
                return parse(part.content[:ENCLOSED])
        return None

    @cached_property
    def told(self) -> list[Recipient]:
        """What the parts for machines say, or the same fields among the words for people."""
        for part in self.mail.parts:
            if part.media_type in _STATUS_TYPES or _looks_like_status(part):
                found = recipients_of(part.text()[: REPORT * 10])
                if found:
                    return found
        return recipients_of(self.words[self._status_at :]) if self._status_at >= 0 else []

    @cached_property
    def _status_at(self) -> int:
        found = re.search(
            r"^[ \t]{0,8}final-recipient[ \t]*:", self.words, re.IGNORECASE | re.MULTILINE
        )
        return found.start() if found else -1

    @cached_property
    def is_formal(self) -> bool:
        """It is built as a report is, whoever it is from (a forwarded report is within a mail)."""
        root = self.mail.root
        if root.media_type in _STATUS_TYPES:
            return True
        if root.media_type != "multipart/report":
            return False
        kind = root.parameters.get("report-type", "").lower()
        return kind in {"", "delivery-status", "global-delivery-status"} or any(
            part.media_type in _STATUS_TYPES for part in root.children
        )

    @cached_property
    def _is_daemon(self) -> bool:
        sender = "".join(self.headers.unfolded("from")[:1])
        return "daemon" in sender.lower() or _is_nobody(sender)

    @cached_property
    def is_from_server(self) -> bool:
        for value in self.headers.unfolded("from")[:1]:
            if "mailer-daemon" in value.lower() or _is_nobody(value):
                return True
            sender = addresses_in(value)
            if sender and is_server(sender[0].address, sender[0].name):
                return True
            return bool(is_server("", value.strip(' "<>')))
        return False

    @cached_property
    def is_from_nobody(self) -> bool:
        return any(path.replace(" ", "") == "<>" for path in self.headers.all("return-path")[:1])

    @cached_property
    def is_credible(self) -> bool:
        """It is a server's, and says that something did not arrive."""
        if self.headers.first("x-failed-recipients"):
            return True
        if self.is_formal:
            return bool(FAILURES.search(self.words) or SUBJECTS.search(self.subject))
        if is_away(self.headers):
            return False
        by_subject = bool(SUBJECTS.search(self.subject))
        if not (by_subject or self.is_from_server or self.is_from_nobody):
            return False
        by_words = bool(FAILURES.search(self.words) or DELAYS.search(self.words))
        if self.is_from_server:
            return by_subject or (
                by_words
                and (self._is_daemon or self._speaks_smtp or bool(self.returned or self._opening))
            )
        if self.is_from_nobody:
            return by_words and (by_subject or bool(_SERVERS_TALK.search(self.words)))
        if not (by_subject and by_words) or self.headers.first("in-reply-to"):
            return False
        return bool(_SERVERS_TALK.search(self.words)) or any(
            rank == 0 for _, rank in named_in(self._opening)
        )

    @cached_property
    def _opening(self) -> str:
        """Beneath words that servers alone begin with: an address there is the one it is about."""
        found = SERVERS_BEGIN.search(self.words[:600])
        return self.words[found.end() : found.end() + 300] if found else ""

    @cached_property
    def _speaks_smtp(self) -> bool:
        return bool(STATUS.search(self.words) or _REPLY_CODE.search(self.words))

    @cached_property
    def _divided(self) -> tuple[str, str]:
        """What the server says, and the beginning of the mail that it gives back in the same text."""
        said, given_back, html_said = "", "", ""
        for part in self.mail.parts:
            if part.media_type == "text/plain" and not given_back and len(said) < REPORT:
                words, given_back = divide_report(part.text()[: REPORT * 4])
                said += words + "\n"
            elif part.media_type == "text/html" and not html_said:
                html_said = _plain(part.text())
        if html_said and len(said.strip()) < 40:
            words, more = divide_report(html_said)
            return (said + words)[:REPORT], given_back or more
        return said[:REPORT], given_back

    @property
    def words(self) -> str:
        """What the server says to people."""
        return self._divided[0]

    @cached_property
    def returned(self) -> Returned:
        """The mail it gives back."""
        for part in self.mail.parts:
            if part.media_type in _RETURNED_TYPES:
                found = returned_of(_beginning(part))
                if found:
                    return found
        for part in self.mail.parts[1:]:
            found = returned_of(_beginning(part)) if _looks_returned(part) else Returned()
            if found:
                return found
        without_a_line_between = (in_part_header(part) for part in self.mail.parts[1:])
        return next((one for one in without_a_line_between if one), returned_of(self._divided[1]))

    @cached_property
    def about(self) -> str:
        """The Message-ID of what did not arrive: of the mail given back, or of what this answers."""
        if self.returned.about:
            return f"<{self.returned.about}>"
        for name in ("x-original-message-id", "original-message-id", "in-reply-to", "references"):
            ids = re.findall(r"<[^<>\s]{1,990}>", self.headers.first(name)[:20_000])
            if ids:
                return str(ids[-1])
        return ""

    @cached_property
    def strangers(self) -> set[str]:
        """Addresses that no mail of ours goes to: those of the server, and of whoever wrote it."""
        names = ("from", "to", "sender", "reply-to", "errors-to")
        own = {
            one.address.lower()
            for name in names
            for value in self.headers.unfolded(name)[:3]
            for one in addresses_in(value[:5_000])
        }
        return own | set(self.returned.senders)


def _is_nobody(sender: str) -> bool:
    """Whether a From is as empty as the envelope of a server's report: `<>`."""
    return sender.replace('"', "").strip() == "<>"


def _looks_like_status(part: Part) -> bool:
    if part.main_type not in ("text", "application") or part.media_type == "text/html":
        return False
    start = part.body[:3_000].lower()
    return b"reporting-mta:" in start and (b"final-recipient:" in start or b"action:" in start)


def _looks_returned(part: Part) -> bool:
    return part.main_type in ("text", "message", "application") and bool(
        re.search(rb"^message-id[ \t]*:", part.body[:32_000], re.IGNORECASE | re.MULTILINE)
    )


def _beginning(part: Part) -> str:
    encoding = part.headers.first("content-transfer-encoding").strip().lower()
    raw = part.content if encoding in ("base64", "quoted-printable") else part.body
    return raw[:64_000].decode("utf-8", "replace").replace("\r\n", "\n")


def _plain(page: str) -> str:
    page = _UNSEEN.sub(" ", page[: REPORT * 6])
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", page)))


def _formal(report: _Report) -> Bounce | None:
    one = _worst(report.told)
    if one is None:
        return None
    said = one.diagnostic or _said(report.words)
    status = _precise(one.status, one.diagnostic)
    if not status:
        status = _status_in(one.diagnostic or report.words, "4" if one.delayed else "")
    return Bounce(
        address=_whose(report, one),
        status=status,
        permanent=one.failed and not status.startswith("4"),
        about=report.about,
        words=_short(said),
    )


def _worst(told: Iterable[Recipient]) -> Recipient | None:
    """Who it did not reach: for good before those that are late. None: it reached them all."""
    told = list(told)
    failed = next((one for one in told if one.failed), None)
    if failed or any(one.delayed for one in told):
        return failed or next(one for one in told if one.delayed)
    unclear = [one for one in told if one.action not in ("delivered", "relayed", "expanded")]
    return next((one for one in unclear if one.status[:1] in ("4", "5")), None)


def _whose(report: _Report, one: Recipient) -> str:
    """The address as we wrote to it: behind it the mail may have gone on to another."""
    known = [address for address in (one.original, one.final) if address]
    for address in known:
        if address.lower() in report.returned.recipients:
            return address
    return known[0] if known else _address_in_words(report)


def _precise(status: str, diagnostic: str) -> str:
    """`5.0.0` says no more than that it failed; what the server answered may say why."""
    if not status or not status.endswith(".0.0"):
        return status
    found = STATUS.search(diagnostic)
    return found[0] if found and found[1] == status[0] else status


def _informal(report: _Report) -> Bounce | None:
    address = _address_in_words(report)
    words = report.words
    late = _is_late(report)
    status = _status_in(words, "4" if late else "")
    if not (address or report.about or status):
        return None
    return Bounce(
        address=address,
        status=status,
        permanent=not late and not status.startswith("4"),
        about=report.about,
        words=_short(_said(words)),
    )


def _is_late(report: _Report) -> bool:
    """Whether the server still tries. What it says first counts: it may quote others beneath."""
    return bool(DELAYS.search(report.subject) or DELAYS.search(report.words[:1_500]))


def _status_in(words: str, kind: str) -> str:
    """The code that the words tell, or that they mean; `kind` is its first digit where that is known."""
    field = _STATUS_FIELD.search(words)
    if field:
        return field[1]
    codes = [found for found in STATUS.finditer(words) if found[1] in (kind or "45")]
    telling = [found[0] for found in codes if not found[0].endswith(".0.0")]
    if telling:
        return telling[0]
    reply = _REPLY_CODE.search(words)
    kind = kind or (codes[0][1] if codes else reply[1] if reply else "5")
    for detail, rule in CAUSES:
        if rule.search(words):
            return f"{kind}.{detail}"
    return codes[0][0] if codes else f"{kind}.0.0"


def _address_in_words(report: _Report) -> str:
    """Whose address the report is about: named in its header, or in the words, or by the mail itself."""
    for value in report.headers.unfolded("x-failed-recipients"):
        for one in addresses_in(value[:5_000]):
            if one.address:
                return one.address
    named = named_in(report.words)
    sent_to = report.returned.recipients
    for address, rank in named:
        if rank < 4 and address.lower() in sent_to and address.lower() not in report.strangers:
            return address
    likely = [(address, rank) for address, rank in named if address.lower() not in report.strangers]
    if likely:
        return min(likely, key=lambda one: one[1])[0]
    if len(sent_to) == 1:
        return sent_to[0]
    in_subject = next(iter(named_in(report.subject)), None)
    if in_subject:
        return in_subject[0]
    address, rank = min(named, key=lambda one: one[1], default=("", 9))
    return address if rank < 9 else ""


def _said(words: str) -> str:
    """The line that says what went wrong, with the code it has; or the first that says it failed."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    for rule in (STATUS, _REPLY_CODE, FAILURES):
        for line in lines:
            if rule.search(line):
                return line
    return lines[0] if lines else ""


def _short(words: str) -> str:
    return " ".join(words.split())[:WORDS]
