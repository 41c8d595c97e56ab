"""What a mail means: from its bytes to its writer, its words and its files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from parley.mail_parsing import limits
from parley.mail_parsing.addresses import addresses_in
from parley.mail_parsing.automatic import automatic_of
from parley.mail_parsing.bounces import bounce_of
from parley.mail_parsing.dates import moment_of
from parley.mail_parsing.headers import Headers
from parley.mail_parsing.parts import Mail, parse
from parley.mail_parsing.understood import Address, Understood
from parley.mail_parsing.words import words_of

_IDS = re.compile(r"<[^<>]{1,900}>")
_LONGEST_ID = 900
_A_NAME = 120
_OF_SOMEBODY = re.compile(r"\bfrom\b[^<>]*$", re.IGNORECASE)
"""What stands before an address: “Message from Anna <anna@shop.example> of Monday <1@shop.example>”."""
_BARE_ID = re.compile(r"[^\s<>,;]{1,900}@[^\s<>,;]{1,900}")
_DELIVERED = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-forwarded-to",
)
Found = TypeVar("Found")


def understand(raw: bytes) -> Understood:
    """What this mail means. Pure; never raises: what cannot be read is named in `troubles`.

    Takes time and memory in proportion to the size of the mail.
    """
    troubles: list[str] = []
    mail = _attempt(lambda: parse(raw), troubles)
    if mail is None:
        return Understood(sender=None, troubles=tuple(troubles))
    understood = _attempt(lambda: _from_headers(mail), troubles) or Understood(sender=None)
    words = _attempt(lambda: words_of(mail), troubles)
    bounce = _attempt(lambda: bounce_of(mail), troubles)
    automatic = _attempt(lambda: automatic_of(mail.headers, bounce=bounce), troubles)
    if words:
        understood = replace(
            understood,
            text=words.text,
            folded=words.folded,
            signature=words.signature,
            files=words.files,
        )
    return replace(
        understood,
        automatic=automatic,
        bounce=bounce,
        troubles=(*mail.troubles, *troubles),
    )


def _attempt(reading: Callable[[], Found], troubles: list[str]) -> Found | None:
    """What is found; where a mail is broken in a way that nobody thought of, that it is."""
    try:
        return reading()
    except Exception as trouble:  # noqa: BLE001  # whatever one mail does, the rest of it must count
        troubles.append(f"could not be read ({type(trouble).__name__})")
        return None


def _from_headers(mail: Mail) -> Understood:
    headers = mail.headers
    delivered = [
        one.address
        for name in _DELIVERED
        for one in _addresses(headers, name)
        if "@" in one.address
    ]
    return Understood(
        sender=_sender(headers),
        to=_addresses(headers, "to"),
        cc=_addresses(headers, "cc"),
        reply_to=_addresses(headers, "reply-to"),
        delivered_to=tuple(dict.fromkeys(delivered)),
        subject=headers.first("subject")[: limits.SUBJECT],
        message_id=_id_of(headers),
        in_reply_to=ids_in(headers, "in-reply-to"),
        references=ids_in(headers, "references"),
        date=moment_of(headers.first("date")),
        authentication=tuple(headers.all("authentication-results")),
        own_mark=headers.first("x-parley"),
    )


def _addresses(headers: Headers, name: str) -> tuple[Address, ...]:
    return tuple(
        one for value in headers.unfolded(name) for one in addresses_in(value, headers.hint)
    )


def _sender(headers: Headers) -> Address | None:
    """Who wrote it, by From; where that says nothing, by what else there is."""
    for name in ("from", "x-from", "sender", "return-path"):
        for one in _addresses(headers, name):
            if one.address:
                return one
    return None


def _id_of(headers: Headers) -> str:
    """Its own Message-ID in angle brackets; one that is malformed as it is, if it is one word."""
    ids = ids_in(headers, "message-id")
    if ids:
        return ids[0]
    told = headers.first("message-id").strip("<> ")
    return (
        f"<{told}>" if told and len(told) <= _LONGEST_ID and not re.search(r"[\s<>]", told) else ""
    )


def ids_in(headers: Headers, name: str) -> tuple[str, ...]:
    """The Message-IDs in a field, each once, in angle brackets, in order."""
    found: dict[str, None] = {}
    for whole in headers.all(name):
        value = whole[: limits.PARAMETERS]
        # A fold may stand within an id.
        ids = [
            "".join(one[0].split())
            for one in _IDS.finditer(value)
            if not _OF_SOMEBODY.search(value[max(one.start() - _A_NAME, 0) : one.start()])
        ] or [f"<{one}>" for one in _BARE_ID.findall(value)]
        found.update(dict.fromkeys(ids))
    return tuple(found)
