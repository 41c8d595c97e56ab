"""Asking an IMAP server for mails by their UIDs, and keeping in mind which of them it does not give.

One mail that can't be had holds nobody up: what is refused together is asked for in halves, what a
connection broke at comes last and alone, and after a few tries it is left.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import Any

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from parley.mailboxes.connecting import Imap, close_imap, imap_under_way, is_for_now
from parley.mailboxes.models import Mailbox

MOST_TRIES = 9
"""How often a connection may break over a mail before it is left; one that the server refuses is left
after a third of that."""
_REFUSED = 3
MOST_REFUSED = 10
"""Mails that a server refuses one after the other, before that is a trouble of its own."""
_SIZE, _DATE = b"RFC822.SIZE", b"INTERNALDATE"

log = logging.getLogger(__name__)


@dataclass
class Tries:
    """How often mails could not be had, by UID, over several connections. `suspects`: asked for just now.

    `given`: how many were had at all, and `given_at` the number of these when one failed first.
    """

    failed: Counter[int] = field(default_factory=Counter)
    suspects: tuple[int, ...] = ()
    given: int = 0
    in_a_row: int = 0
    given_at: dict[int, int] = field(default_factory=dict)
    uidvalidity: int | None = None

    def of(self, uidvalidity: int) -> Tries:
        """These, if the numbers mean the same still; else none."""
        if self.uidvalidity != uidvalidity:
            self.uidvalidity, self.suspects = uidvalidity, ()
            self.failed.clear()
            self.given_at.clear()
        return self

    def lost(self) -> None:
        """The connection broke: what was being asked for may be why."""
        self._failed(self.suspects, 1)
        self.suspects = ()

    def refused(self, uids: Iterable[int]) -> None:
        """The server has them, and does not give them."""
        for uid in uids:
            self._failed([uid], _REFUSED)
            self.in_a_row += 1

    def is_the_server(self) -> bool:
        """Whether so many were refused one after the other that it is not the mails; asked once each time."""
        many = self.in_a_row >= MOST_REFUSED
        if many:
            self.in_a_row = 0
        return many

    def had(self, uid: int) -> None:
        """It was given, and is kept."""
        self.given, self.in_a_row = self.given + 1, 0
        self.forget(uid)

    def forget(self, uid: int) -> None:
        """Begin anew with it."""
        self.failed.pop(uid, None)
        self.given_at.pop(uid, None)

    def hopeless(self, uids: Iterable[int]) -> list[int]:
        """Those that failed too often while others were given: before that it may be the server."""
        return [
            uid
            for uid in uids
            if self.failed[uid] >= MOST_TRIES and self.given > self.given_at.get(uid, 0)
        ]

    def _failed(self, uids: Iterable[int], times: int) -> None:
        for uid in uids:
            self.failed[uid] += times
            self.given_at.setdefault(uid, self.given)


@dataclass
class Opened:
    """A mailbox that is open: its connection, and how its mails are numbered.

    `uidnext`: the next number, as the server says (0: it does not). From `new_from` on mails came after
    the mailbox was set up, whatever the server's clock says. `over` tells whether to stop.
    """

    mailbox: Mailbox
    client: Imap
    uidvalidity: int
    uidnext: int = 0
    new_from: float = inf
    tries: Tries = field(default_factory=Tries)
    over: Callable[[], bool] = field(default=lambda: False)

    def close(self) -> None:
        """End the connection."""
        close_imap(self.client)


@dataclass(frozen=True)
class About:
    """A mail before it is fetched: its size in bytes, and when it came into the mailbox."""

    uid: int
    size: int
    at: datetime | None


def abouts(opened: Opened, uids: Sequence[int]) -> list[About]:
    """Size and time of mails; those that are gone by now, or refused, are left out. Raises PlaceTrouble."""
    told = fetched(opened, tuple(uids), [_SIZE, _DATE])
    return [
        About(uid, told[uid].get(_SIZE) or 0, told[uid].get(_DATE)) for uid in uids if uid in told
    ]


def bodies(opened: Opened, uids: tuple[int, ...], item: str, key: bytes) -> dict[int, bytes]:
    """The bytes of mails, by UID; those that the server has and does not give are noted."""
    told = fetched(opened, uids, [item])
    found = {uid: told[uid][key] for uid in uids if isinstance(told.get(uid, {}).get(key), bytes)}
    opened.tries.refused([uid for uid in uids if uid in told and uid not in found])
    return found


def fetched(opened: Opened, uids: tuple[int, ...], items: list[Any]) -> dict[int, dict[Any, Any]]:
    """What the server tells of mails, by UID; of those that it refuses, nothing, and it is noted.

    One refusal is of all that was asked for, and one mail may be why: so each half is asked for again.
    Raises PlaceTrouble.
    """
    opened.tries.suspects = uids
    with imap_under_way():
        try:
            told: dict[int, dict[Any, Any]] = opened.client.fetch(uids, items)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            if is_for_now(error):
                opened.tries.suspects = ()
                raise
            log.info("Mailbox %s refuses mails %s: %s", opened.mailbox.pk, uids[:5], error)
            if len(uids) > 1:
                told = _halves(opened, uids, items)
            else:
                told = {}
                opened.tries.refused(uids)
                if opened.tries.is_the_server():
                    opened.tries.suspects = ()
                    raise
    opened.tries.suspects = ()
    return told


def _halves(opened: Opened, uids: tuple[int, ...], items: list[Any]) -> dict[int, dict[Any, Any]]:
    middle = len(uids) // 2
    return fetched(opened, uids[:middle], items) | fetched(opened, uids[middle:], items)
