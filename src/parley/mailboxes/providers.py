"""What a mail provider brings by webhook: mail that came in, and word of mail that did not arrive."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from parley.journal.recording import record
from parley.mailboxes.models import RawMail, Way
from parley.mailboxes.reasons import TOO_LARGE, reason
from parley.mailboxes.recipients import first_mailbox
from parley.mailboxes.storing import store
from parley.mailboxes.telling import came_back

NO_MAIL = 0
"""In place of the mail that said so: a provider's word comes without one."""
LONGEST_HEADERS = 1_000_000
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_NOBODY_THERE = frozenset({"invalid", "bounced"})
"""Why an address is refused for good, as django-anymail calls it."""


def keep(raw: bytes, *, sender: str, recipients: Iterable[str]) -> RawMail:
    """Keep a mail that a provider brings: once this returns, it may be told so.

    Of none of our mailboxes, it is kept all the same: the provider was set up to bring it. Of one that
    is too large the headers are kept, and it is listed: refused, it would be brought again and again,
    together with what else the provider brings at once.
    """
    to = [one for one in recipients if one]
    size, limit, why = len(raw), settings.MAIL_LIMIT, None
    if size > limit:
        why = reason(TOO_LARGE, size=size, limit=limit)
        raw = raw[: min(limit, LONGEST_HEADERS)].partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    return store(
        raw,
        way=Way.WEBHOOK,
        mailbox=first_mailbox(to),
        envelope_from=sender,
        envelope_to=to,
        set_aside=why,
    )


def note_not_delivered(*, recipient: str, about: str, why: str, words: str) -> None:
    """Take note that a mail of ours did not arrive.

    `about` is its Message-ID, `why` django-anymail's reason (`invalid`, `bounced`, `spam`, …), and
    `words` what the server said.
    """
    found = _STATUS.search(words)
    status = found[1] if found else "5.1.1" if why == "invalid" else ""
    permanent = not status.startswith("4.") and (why in _NOBODY_THERE or status.startswith("5."))
    event = came_back(
        mail=NO_MAIL,
        address=recipient[:320],
        status=status,
        permanent=permanent,
        about=about,
        words=words,
        proven=True,
    )
    with transaction.atomic():
        record(event, by=None)
