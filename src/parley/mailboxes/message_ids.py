"""The Message-IDs of our own mails: whose they are, and which ticket they are about.

A mail of ours is `<notice-17.ticket-5.r9.k3…@desk.example>`: what it was sent for, what it is about,
and the token of the address that answers it (`reply_addresses`). Those sent before there were tokens
have none, and thread all the same. All mails about one thing refer to one root, `<ticket-5@…>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_ID = re.compile(r"<?([^<>@\s]{1,300})@([^<>@\s]{1,255})>?", re.ASCII)
_TICKET = re.compile(r"(?:^|\.)ticket-([0-9]{1,18})(?:\.|$)", re.ASCII)


def mail_host() -> str:
    """The host in our Message-IDs."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def name_of(message_id: str) -> str:
    """What stands before the host, for a Message-ID of this site (RFC 5322, 3.6.4); empty for others."""
    found = _ID.fullmatch(message_id.strip())
    if found is None or found[2].lower() != mail_host().lower():
        return ""
    return found[1]


def is_ours(message_id: str) -> bool:
    """Whether this site (or somebody who writes what it does) made the Message-ID."""
    return bool(name_of(message_id))


def own_mark() -> str:
    """What stands in `X-Parley` of every mail of ours: by it we know our own, and other desks ours."""
    return mail_host()


def marked(name: str, to: str) -> str:
    """A Message-ID of this name, of a mail to this address, that nobody else can make.

    `<letter-7.m3f…@desk.example>`.
    """
    return f"<{name}.{_mark(name, to)}@{mail_host()}>"


def is_marked(message_id: str, to: str) -> bool:
    """Whether we made the Message-ID, by `marked`, and for a mail to this address.

    Whoever got a mail of ours knows its Message-ID, and no more than their own.
    """
    name, _dot, mark = name_of(message_id).rpartition(".")
    return bool(name) and constant_time_compare(mark, _mark(name, to))


def thread_root(key: str) -> str:
    """What all mails about a thing (`ticket-17`) refer to."""
    return f"<{key}@{mail_host()}>"


def tickets_named(message_ids: Iterable[str]) -> list[int]:
    """The tickets that our Message-IDs among these are about, by primary key, each once, in order.

    It proves nothing: anybody can write such a line.
    """
    found = (_TICKET.search(name_of(one)) for one in message_ids)
    return list(dict.fromkeys(int(one[1]) for one in found if one))


def _mark(name: str, to: str) -> str:
    said = f"{name}:{to.strip().lower()}"
    made = salted_hmac("parley.mailboxes.message_ids", said, algorithm="sha256").hexdigest()
    return f"m{made[:24]}"
