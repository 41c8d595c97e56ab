"""Reading a mailbox by IMAP (RFC 9051): what is new in it is kept, and nothing in it is changed.

It is opened for reading alone (EXAMINE) and fetched with PEEK. What was taken in stands in the ledger,
each mail in the transaction that keeps it, so a connection may break and a process be killed anywhere:
the next one compares what the mailbox holds with the ledger, and goes on. One mail that can't be had
holds nobody up: after a few tries it is listed, and left.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from parley.mailboxes.connecting import (
    Imap,
    Server,
    close_imap,
    imap_at,
    imap_server,
    open_imap,
    sign_in,
)
from parley.mailboxes.ledger import BEFORE, UNREADABLE, entered, leave_alone
from parley.mailboxes.models import Mailbox, RawMail, Way
from parley.mailboxes.reasons import TOO_LARGE, reason
from parley.mailboxes.storing import MailTooLarge, store
from parley.transfer.troubles import PlaceTrouble, Step, Trouble

WINDOW = 20_000
"""Mails that are asked about in one search: the answer is one line, and lines have a limit."""
OVERLAP = 500
"""Mails that neighbouring windows share, since those before may be deleted between two searches."""
SIZES_AT_ONCE = 500
MAILS_AT_ONCE = 20
BYTES_AT_ONCE = 1_000_000
MOST_TRIES = 9
"""How often a connection may break over a mail before it is left; one that the server refuses is left
after a third of that."""
_REFUSED = 3
_SIZE, _DATE, _ALL, _HEADER = b"RFC822.SIZE", b"INTERNALDATE", b"BODY[]", b"BODY[HEADER]"

log = logging.getLogger(__name__)


@dataclass
class Tries:
    """How often mails could not be had, by UID, over several connections. `suspects`: fetched just now."""

    failed: Counter[int] = field(default_factory=Counter)
    suspects: tuple[int, ...] = ()

    def lost(self) -> None:
        """The connection broke: what was being fetched may be why."""
        self.failed.update(self.suspects)
        self.suspects = ()

    def refused(self, uids: Iterable[int]) -> None:
        """The server has them, and does not give them."""
        self.failed.update(dict.fromkeys(uids, _REFUSED))


@dataclass(frozen=True)
class Opened:
    """A mailbox that is open: its connection, and how its mails are numbered."""

    mailbox: Mailbox
    client: Imap
    uidvalidity: int
    tries: Tries = field(default_factory=Tries)

    def close(self) -> None:
        """End the connection."""
        close_imap(self.client)


@dataclass(frozen=True)
class About:
    """A mail before it is fetched: its size in bytes, and when it came into the mailbox."""

    uid: int
    size: int
    at: datetime | None


def open_mailbox(
    mailbox: Mailbox, tries: Tries | None = None, *, server: Server | None = None
) -> Opened:
    """Connect, sign in and open the folder, for reading alone. Raises PlaceTrouble."""
    client = open_imap(server or imap_server(mailbox))
    try:
        sign_in(client)
        validity, _count = _examined(client, mailbox.folder)
        return Opened(mailbox, client, validity, tries or Tries())
    except BaseException:
        close_imap(client)
        raise


def _examined(client: Imap, folder: str) -> tuple[int, int]:
    """Open the folder for reading alone; gives its UIDVALIDITY and how many mails it holds."""
    with imap_at(Step.FOLDER):
        told = client.select_folder(folder, readonly=True)
    validity = told.get(b"UIDVALIDITY")
    if not isinstance(validity, int):
        raise PlaceTrouble(Step.FOLDER, Trouble.OTHER_LANGUAGE)
    return validity, int(told.get(b"EXISTS", 0))


def take_all(opened: Opened) -> tuple[int, int]:
    """Take in all that the mailbox holds and the ledger has not.

    Gives how many mails were kept, and the last UID now.
    Raises PlaceTrouble; what was kept by then is kept.
    """
    held = uids_in(opened)
    new = held - entered(opened.mailbox.pk, opened.uidvalidity)
    return take(opened, sorted(new)), max(held, default=0)


def take_new(opened: Opened, after: int) -> tuple[int, int]:
    """Take in what came after the UID `after`; gives how many mails were kept, and the last UID now.

    Raises PlaceTrouble.
    """
    with imap_at(Step.CONNECTION):
        # `n:*` names the last mail even where it is before n (RFC 9051, 9, seq-range).
        found = {uid for uid in opened.client.search(f"UID {after + 1}:*") if uid > after}
    new = found - entered(opened.mailbox.pk, opened.uidvalidity, found)
    return take(opened, sorted(new)), max(found, default=after)


def uids_in(opened: Opened) -> set[int]:
    """The UIDs of all that the mailbox holds now. Raises PlaceTrouble."""
    held: set[int] = set()
    validity, count = _examined(opened.client, opened.mailbox.folder)
    if validity != opened.uidvalidity:  # it was made anew meanwhile: so is the connection
        raise PlaceTrouble(Step.FOLDER, Trouble.CONNECTION_LOST)
    with imap_at(Step.CONNECTION):
        for first in range(1, count + 1, WINDOW):
            begin, end = max(first - OVERLAP, 1), min(first + WINDOW - 1, count)
            held.update(opened.client.search(f"{begin}:{end}"))
        # What came since, or moved up while others were deleted.
        held.update(opened.client.search(f"UID {max(held, default=0) + 1}:*"))
    return held


def take(opened: Opened, uids: Sequence[int]) -> int:
    """Take in the mails of these UIDs; those that came before the mailbox was set up are left alone.

    What could not be had before comes last. Gives how many were kept. Raises PlaceTrouble.
    """
    given_up = [uid for uid in uids if opened.tries.failed[uid] >= MOST_TRIES]
    if given_up:
        log.warning("Mailbox %s does not give out %s mails", opened.mailbox.pk, len(given_up))
        leave_alone(opened.mailbox, opened.uidvalidity, given_up, UNREADABLE)
        for uid in given_up:
            del opened.tries.failed[uid]
    wanted = _not_before(opened, sorted(set(uids) - set(given_up)))
    wanted.sort(key=lambda uid: opened.tries.failed[uid])
    taken = 0
    for first in range(0, len(wanted), SIZES_AT_ONCE):
        for group in groups(opened.tries, abouts(opened, wanted[first : first + SIZES_AT_ONCE])):
            taken += _take_group(opened, group)
    return taken


def abouts(opened: Opened, uids: Sequence[int]) -> list[About]:
    """Size and time of mails; those that are gone by now are left out. Raises PlaceTrouble."""
    with imap_at(Step.CONNECTION):
        told = opened.client.fetch(uids, [_SIZE, _DATE])
    return [
        About(uid, told[uid].get(_SIZE, 0), told[uid].get(_DATE)) for uid in uids if uid in told
    ]


def is_before(mailbox: Mailbox, about: About) -> bool:
    """Whether a mail lay in the mailbox before it was set up, and is left alone."""
    if mailbox.since is None or about.at is None:
        return False
    # Times of mailboxes are in whole seconds.
    return about.at < mailbox.since.replace(microsecond=0)


def groups(tries: Tries, mails: Iterable[About]) -> Iterator[list[About]]:
    """What is fetched together: a few small ones; large ones, and suspects, each alone."""
    group: list[About] = []
    size = 0
    for about in mails:
        alone = tries.failed[about.uid] > 0
        full = len(group) >= MAILS_AT_ONCE or size + about.size > BYTES_AT_ONCE
        if group and (full or alone):
            yield group
            group, size = [], 0
        if alone:
            yield [about]
            continue
        group.append(about)
        size += about.size
    if group:
        yield group


def _not_before(opened: Opened, uids: list[int]) -> list[int]:
    """Those of `uids` that are wanted; the others are entered as left alone.

    A search goes by days, and by which zone's is not said, so the last two are looked at one by one.
    """
    since = opened.mailbox.since
    if since is None or not uids:
        return uids
    wanted = set(uids)
    if len(uids) > SIZES_AT_ONCE:
        with imap_at(Step.CONNECTION):
            day = (since - timedelta(days=2)).date()
            wanted &= set(opened.client.search(["SINCE", day]))
    for first in range(0, len(some := sorted(wanted)), SIZES_AT_ONCE):
        for about in abouts(opened, some[first : first + SIZES_AT_ONCE]):
            if is_before(opened.mailbox, about):
                wanted.discard(about.uid)
    before = sorted(set(uids) - wanted)
    leave_alone(opened.mailbox, opened.uidvalidity, before, BEFORE)
    return sorted(wanted)


def _take_group(opened: Opened, group: list[About]) -> int:
    large = [about for about in group if about.size > settings.MAIL_LIMIT]
    small = [about for about in group if about.size <= settings.MAIL_LIMIT]
    taken = sum(_take_headers(opened, about) for about in large)
    if not small:
        return taken
    opened.tries.suspects = tuple(about.uid for about in small)
    fetched = _fetched(opened, opened.tries.suspects, "BODY.PEEK[]", _ALL)
    for about in small:
        raw = fetched.pop(about.uid, None)
        if raw is not None and len(raw) > settings.MAIL_LIMIT:
            taken += _take_headers(opened, About(about.uid, len(raw), about.at))
        elif raw is not None:
            taken += _keep(opened, about.uid, raw)
    opened.tries.suspects = ()
    return taken


def _take_headers(opened: Opened, about: About) -> int:
    """Of a mail that is too large, keep its headers, and have it listed with the reason."""
    fetched = _fetched(opened, (about.uid,), "BODY.PEEK[HEADER]", _HEADER)
    raw = fetched.get(about.uid)
    if raw is None:
        return 0
    why = reason(TOO_LARGE, size=about.size, limit=settings.MAIL_LIMIT)
    _store(opened, about.uid, raw[: min(settings.MAIL_LIMIT, BYTES_AT_ONCE)], set_aside=why)
    return 1


def _fetched(opened: Opened, uids: tuple[int, ...], item: str, key: bytes) -> dict[int, bytes]:
    """The bytes of mails, by UID; of those that the server refuses, nothing, and it is noted."""
    with imap_at(Step.CONNECTION):
        try:
            told = opened.client.fetch(uids, [item])
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            log.info("Mailbox %s refuses mails %s: %s", opened.mailbox.pk, uids, error)
            opened.tries.refused(uids)
            return {}
    found = {uid: told[uid][key] for uid in uids if isinstance(told.get(uid, {}).get(key), bytes)}
    there_without = [uid for uid in uids if uid in told and uid not in found]
    opened.tries.refused(there_without)
    return found


def _keep(opened: Opened, uid: int, raw: bytes) -> int:
    try:
        _store(opened, uid, raw)
    except MailTooLarge:  # the limit was lowered a moment ago: the next look lists it
        return 0
    opened.tries.failed.pop(uid, None)
    return 1


def _store(
    opened: Opened, uid: int, raw: bytes, *, set_aside: dict[str, object] | None = None
) -> RawMail:
    return store(
        raw,
        way=Way.IMAP,
        mailbox=opened.mailbox,
        arrival=(opened.uidvalidity, uid),
        set_aside=set_aside,
    )
