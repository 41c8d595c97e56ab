"""Reading a mailbox by IMAP (RFC 9051): what is new in it is kept, and nothing in it is changed.

It is opened for reading alone (EXAMINE) and fetched with PEEK. What was taken in stands in the ledger,
each mail in the transaction that keeps it, so a connection may break and a process be killed anywhere:
the next one compares what the mailbox holds with the ledger, and goes on. One mail that can't be had
holds nobody up: after a few tries it is listed, and left.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings

from parley.journal.moment import now
from parley.mailboxes.connecting import (
    Imap,
    Server,
    close_imap,
    imap_at,
    imap_server,
    imap_under_way,
    open_imap,
    sign_in,
)
from parley.mailboxes.fetching import About, Opened, Tries, abouts, bodies
from parley.mailboxes.ledger import (
    BEFORE,
    UNREADABLE,
    entered,
    forget_from,
    leave_alone,
    look_again,
)
from parley.mailboxes.models import Mailbox, Way
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
REFUSED_FOR = timedelta(days=1)
"""After that, what was left because it could not be had is asked for again."""
OLD = timedelta(hours=1)
"""Mail that has been in the mailbox for longer is taken in after newer mail."""
_ALL, _HEADER = b"BODY[]", b"BODY[HEADER]"

log = logging.getLogger(__name__)


class Stopped(Exception):
    """Whoever wanted the mails wants no more of them: the mailbox is paused, say, or all of it ends."""


@dataclass(frozen=True)
class _Folder:
    uidvalidity: int
    uidnext: int
    count: int


def open_mailbox(
    mailbox: Mailbox,
    tries: Tries | None = None,
    *,
    server: Server | None = None,
    over: Callable[[], bool] = lambda: False,
) -> Opened:
    """Connect, sign in and open the folder, for reading alone. Raises PlaceTrouble.

    `over` is asked between mails, by what raises Stopped.
    """
    client = open_imap(server or imap_server(mailbox))
    try:
        sign_in(client)
        folder = _examined(client, mailbox.folder)
        known = (tries or Tries()).of(folder.uidvalidity)
        return Opened(mailbox, client, folder.uidvalidity, tries=known, over=over)
    except BaseException:
        close_imap(client)
        raise


def _examined(client: Imap, folder: str) -> _Folder:
    """Open the folder for reading alone."""
    with imap_at(Step.FOLDER):
        told = client.select_folder(folder, readonly=True)
    validity, following = told.get(b"UIDVALIDITY"), told.get(b"UIDNEXT")
    if not isinstance(validity, int):
        raise PlaceTrouble(Step.FOLDER, Trouble.OTHER_LANGUAGE)
    uidnext = following if isinstance(following, int) else 0
    return _Folder(validity, uidnext, int(told.get(b"EXISTS", 0)))


def take_all(opened: Opened) -> tuple[int, int]:
    """Take in all that the mailbox holds and the ledger has not; what comes meanwhile goes before the rest.

    Gives how many mails were kept, and the last UID now.
    Raises PlaceTrouble, Stopped and NotThatMailbox; what was kept by then is kept.
    """
    held = uids_in(opened)
    last = max(held, default=0)
    _forget_what_is_numbered_anew(opened, last)
    look_again(opened.mailbox.pk, before=now() - REFUSED_FOR)
    new = held - entered(opened.mailbox.pk, opened.uidvalidity)
    wanted, taken = _wanted(opened, new), 0
    for some in _asked_together(opened.tries, wanted):
        taken += _take_some(opened, some)
        more, last = take_new(opened, last)
        taken += more
    return taken, last


def take_new(opened: Opened, after: int) -> tuple[int, int]:
    """Take in what came after the UID `after`; gives how many mails were kept, and the last UID now.

    Raises as `take_all`.
    """
    with imap_under_way():
        # `n:*` names the last mail even where it is before n (RFC 9051, 9, seq-range).
        found = {uid for uid in opened.client.search(f"UID {after + 1}:*") if uid > after}
    new = found - entered(opened.mailbox.pk, opened.uidvalidity, found)
    return take(opened, sorted(new)), max(found, default=after)


def uids_in(opened: Opened) -> set[int]:
    """The UIDs of all that the mailbox holds now. Raises PlaceTrouble."""
    held: set[int] = set()
    folder = _examined(opened.client, opened.mailbox.folder)
    if folder.uidvalidity != opened.uidvalidity:  # it was made anew meanwhile: so is the connection
        raise PlaceTrouble(Step.FOLDER, Trouble.CONNECTION_LOST)
    opened.uidnext = folder.uidnext
    with imap_under_way():
        for first in range(1, folder.count + 1, WINDOW):
            begin, end = max(first - OVERLAP, 1), min(first + WINDOW - 1, folder.count)
            held.update(opened.client.search(f"{begin}:{end}"))
        # What came since, or moved up while others were deleted.
        last = max(held, default=0)
        held.update(opened.client.search(f"UID {last + 1}:*"))
    opened.new_from = min(opened.new_from, _new_from(opened, max(held, default=0)))
    return held


def _new_from(opened: Opened, last: int) -> int:
    """From which UID on mails are newer than the setting up: since the last whole look, or since now."""
    mailbox = opened.mailbox
    looked = mailbox.looked_at is not None and mailbox.uidvalidity == opened.uidvalidity
    if looked and mailbox.seen_uid < max(last + 1, opened.uidnext):
        return mailbox.seen_uid + 1
    return max(last + 1, opened.uidnext)


def _forget_what_is_numbered_anew(opened: Opened, last: int) -> None:
    """Numbers that the server is yet to give stand for no mail that was taken in.

    They do where a mailbox was put back from a backup, UIDVALIDITY and all: what comes now would be
    taken for what came then. A server whose word of the next number can't be right is not believed.
    """
    if last < opened.uidnext:
        gone = forget_from(opened.mailbox.pk, opened.uidvalidity, opened.uidnext)
        if gone:
            log.warning("Mailbox %s numbers %s mails anew", opened.mailbox.pk, gone)


def take(opened: Opened, uids: Iterable[int]) -> int:
    """Take in the mails of these UIDs; those that came before the mailbox was set up are left alone.

    What could not be had before comes last. Gives how many were kept. Raises as `take_all`.
    """
    wanted = _wanted(opened, uids)
    return sum(_take_some(opened, some) for some in _asked_together(opened.tries, wanted))


def _wanted(opened: Opened, uids: Iterable[int]) -> list[int]:
    """Those that are not given up, nor known to be from before, in the order they are asked for in."""
    given_up = opened.tries.hopeless(uids)
    if given_up:
        log.warning("Mailbox %s does not give out %s mails", opened.mailbox.pk, len(given_up))
        leave_alone(opened.mailbox, opened.uidvalidity, given_up, UNREADABLE)
        for uid in given_up:
            opened.tries.forget(uid)
    wanted = _not_long_before(opened, sorted(set(uids) - set(given_up)))
    return sorted(wanted, key=lambda uid: opened.tries.failed[uid])


def _asked_together(tries: Tries, uids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Many at once; those that failed before each alone."""
    good = [uid for uid in uids if not tries.failed[uid]]
    for first in range(0, len(good), SIZES_AT_ONCE):
        yield good[first : first + SIZES_AT_ONCE]
    for uid in uids:
        if tries.failed[uid]:
            yield [uid]


def _take_some(opened: Opened, uids: Sequence[int]) -> int:
    if opened.over():
        raise Stopped
    mails = abouts(opened, uids)
    before = [about.uid for about in mails if is_before(opened, about)]
    leave_alone(opened.mailbox, opened.uidvalidity, before, BEFORE)
    taken = 0
    for group in groups(opened.tries, [one for one in mails if not is_before(opened, one)]):
        if opened.over():
            raise Stopped
        taken += _take_group(opened, group)
    return taken


def is_before(opened: Opened, about: About) -> bool:
    """Whether a mail lay in the mailbox before it was set up, and is left alone."""
    since = opened.mailbox.since
    if since is None or about.at is None or about.uid >= opened.new_from:
        return False
    # Times of mailboxes are in whole seconds.
    return about.at < since.replace(microsecond=0)


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


def _not_long_before(opened: Opened, uids: list[int]) -> list[int]:
    """`uids` without those of days long before the mailbox was set up, which are entered as such.

    A search goes by days, and by which zone's is not said, so the last two are looked at one by one.
    """
    since = opened.mailbox.since
    if since is None or len(uids) <= SIZES_AT_ONCE:
        return uids
    day = (since - timedelta(days=2)).date()
    wanted = {uid for uid in uids if uid >= opened.new_from}
    for first in range(0, len(uids), WINDOW):
        some = uids[first : first + WINDOW]
        with imap_under_way():
            found = opened.client.search(["UID", f"{some[0]}:{some[-1]}", "SINCE", day])
        wanted.update(set(some).intersection(found))
    before = [uid for uid in uids if uid not in wanted]
    leave_alone(opened.mailbox, opened.uidvalidity, before, BEFORE)
    return sorted(wanted)


def _take_group(opened: Opened, group: list[About]) -> int:
    large = [about for about in group if about.size > settings.MAIL_LIMIT]
    small = [about for about in group if about.size <= settings.MAIL_LIMIT]
    taken = sum(_take_headers(opened, about) for about in large)
    if not small:
        return taken
    fetched = bodies(opened, tuple(about.uid for about in small), "BODY.PEEK[]", _ALL)
    for about in small:
        raw = fetched.pop(about.uid, None)
        if raw is not None and len(raw) > settings.MAIL_LIMIT:
            taken += _take_headers(opened, About(about.uid, len(raw), about.at))
        elif raw is not None:
            taken += _keep(opened, about, raw)
    return taken


def _take_headers(opened: Opened, about: About) -> int:
    """Of a mail that is too large, keep its headers, and have it listed with the reason."""
    fetched = bodies(opened, (about.uid,), "BODY.PEEK[HEADER]", _HEADER)
    raw = fetched.get(about.uid)
    if raw is None:
        return 0
    why = reason(TOO_LARGE, size=about.size, limit=settings.MAIL_LIMIT)
    _store(opened, about.uid, raw[: min(settings.MAIL_LIMIT, BYTES_AT_ONCE)], set_aside=why)
    return 1


def _keep(opened: Opened, about: About, raw: bytes) -> int:
    old = about.at is not None and about.at < now() - OLD
    try:
        _store(opened, about.uid, raw, old=old)
    except MailTooLarge:  # the limit was lowered a moment ago: the next look lists it
        return 0
    return 1


def _store(opened: Opened, uid: int, raw: bytes, **about: Any) -> None:
    store(
        raw,
        way=Way.IMAP,
        mailbox=opened.mailbox,
        arrival=(opened.uidvalidity, uid),
        **about,
    )
    opened.tries.had(uid)
