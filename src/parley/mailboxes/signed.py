"""Checking a mail's signatures by its domain's key (DKIM, RFC 6376; RFC 8301 for what is too weak).

The library does the cryptography. What reaches it is bounded and prepared here, since a stranger
wrote it: a mail can be made so that canonicalising it takes hours.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

import dkim

from parley.mail_parsing.headers import Headers
from parley.mailboxes.looking_up import CannotLookUp, txt_of

TRIED = 3
"""So many signatures of one mail are checked."""
HEADER = 256_000
"""Bytes of a header that are checked, and in how many lines."""
LINES = 4_000
KEY_BITS = 1024
"""RFC 8301 section 3.2: shorter keys prove nothing."""

SIGNED = ("to", "cc", "subject", "date")
"""Fields that have to be signed where a mail has them: to whom it is, about what, and when."""
ONCE = ("message-id", "in-reply-to", "references", "content-type", "content-transfer-encoding")
"""Fields that not everybody signs, and that no mail has twice (RFC 5322 section 3.6)."""

_TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=(.*)", re.DOTALL)
_DOMAIN = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,10}")
_SILENT = logging.getLogger("parley.mailboxes.signed")
_SILENT.setLevel(logging.CRITICAL + 1)  # what is wrong with strangers' signatures is no news
_BLANKS = re.compile(rb"[\t ]+")


@dataclass(frozen=True)
class Signature:
    """A signature as its header describes it, not yet checked. `place` counts them from the top.

    `has_loose` tells of a field that could be put in, or another put in its place, without breaking it.
    """

    place: int
    domain: str
    tags: dict[str, str]
    has_loose: bool = False

    @property
    def covers_all(self) -> bool:
        """It covers the whole text and what a mail is taken in by: nobody can have added to either.

        A signed mail stays signed when who got it sends it on: to us, and about another ticket.
        """
        return "from" in _named(self.tags) and "l" not in self.tags and not self.has_loose

    @property
    def is_weak(self) -> bool:
        """Of a kind that can be forged (RFC 8301 section 3.1)."""
        return self.tags.get("a", "").lower() == "rsa-sha1"


def signatures_in(headers: Headers) -> list[Signature]:
    """The signatures that a mail bears, topmost first; unreadable ones are left out."""
    found = []
    for place, raw in enumerate(headers.raw("dkim-signature")[:20]):
        tags: dict[str, str] = {}
        for piece in raw[:16_000].decode("ascii", "replace").split(";"):
            tag = _TAG.match(piece)
            if tag:
                tags.setdefault(tag[1].lower(), "".join(tag[2].split()))
        domain = tags.get("d", "").lower().strip(".")
        if _DOMAIN.fullmatch(domain):
            found.append(Signature(place, domain, tags, _has_loose(headers, tags)))
    return found


def _named(tags: dict[str, str]) -> list[str]:
    return [name.strip().lower() for name in tags.get("h", "").split(":")]


def _has_loose(headers: Headers, tags: dict[str, str]) -> bool:
    """Whether there are more of a field than are signed (RFC 6376 section 5.4.2: from below)."""
    named = _named(tags)
    return any(len(headers.raw(one)) > named.count(one) for one in SIGNED) or any(
        len(headers.raw(one)) > max(1, named.count(one)) for one in ONCE
    )


def why_not_signed_by(signatures: list[Signature], raw: bytes, body: int) -> str:
    """Why none of these signatures proves the mail; empty: one does.

    `part_signed`, `weak`, `no_key`, `changed` (something is other than it was signed), `too_large`,
    `dns` (the key can't be looked up now). `raw` is the mail, `body` where its body begins.
    """
    head = raw[:body]
    if len(head) > HEADER or head.count(b"\n") > LINES:
        return "too_large"
    whole = [one for one in signatures if one.covers_all]
    if not whole:
        return "part_signed"
    strong = [one for one in whole if not one.is_weak]
    if not strong:
        return "weak"
    whys = []
    for one in strong[:TRIED]:
        why = _why_not(one, head, raw[body:])
        if not why:
            return ""
        whys.append(why)
    return "dns" if "dns" in whys else whys[0]


def _why_not(signature: Signature, head: bytes, body: bytes) -> str:
    lacking: list[str] = []

    def key(name: bytes, timeout: int = 5) -> bytes | None:
        record = txt_of(name.decode("ascii", "replace"))
        if record is None or re.search(rb"(?:^|;)\s*p=\s*(?:;|$)", record):
            lacking.append("no_key")
            return None
        if re.search(rb"(?:^|;)\s*t=[^;]*\by\b", record):
            lacking.append("weak")
            return None
        return record

    try:
        checked = dkim.DKIM(head, logger=_SILENT, minkey=KEY_BITS)
        checked.body = _prepared(body, signature.tags.get("c", ""))
        if checked.verify(signature.place, dnsfunc=key):
            return ""
    except CannotLookUp:
        return "dns"
    except dkim.KeyFormatError:
        return "weak"
    except Exception:  # noqa: BLE001  # a stranger's signature; whatever it does to the library, it proves nothing
        return "changed"
    return lacking[0] if lacking else "changed"


def _prepared(body: bytes, canonicalization: str) -> bytes:
    """The body with the line ends it was signed with; for `relaxed`, with its blanks already so.

    The library's own search for blanks at the ends of lines takes time by the square of their number.
    """
    body = body.replace(b"\r\n", b"\n")
    if canonicalization.lower().partition("/")[2] == "relaxed":
        body = b"\n".join(line.rstrip(b" ") for line in _BLANKS.sub(b" ", body).split(b"\n"))
    return body.replace(b"\n", b"\r\n")
