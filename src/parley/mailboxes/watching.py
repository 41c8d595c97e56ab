"""Watching mailboxes: connected to each that is active, told by its server of new mail (RFC 2177).

Each has a thread. One connection in the house watches a mailbox, however many machines there are. After
a trouble it is connected to again, ever later; the trouble stands on the mailbox until then.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import psycopg
from django.db import Error as DatabaseError
from django.db import connection

from parley.journal.moment import now
from parley.mailboxes.connecting import IdleRefused, imap_server, imap_under_way
from parley.mailboxes.fetching import Opened, Tries
from parley.mailboxes.imap import Stopped, open_mailbox, take_all, take_new
from parley.mailboxes.ledger import NotThatMailbox
from parley.mailboxes.models import Mailbox
from parley.mailboxes.tokens import REFUSALS
from parley.postgres.holding import Holdings
from parley.transfer.troubles import PlaceTrouble, Step

SECONDS_BETWEEN_LOOKS = 3.0
"""At the list of mailboxes: one that was set up, changed or paused a moment ago."""
SECONDS_OF_IDLING = 9 * 60.0
"""A server may end an IDLE after half an hour (RFC 2177), and a router's table far earlier."""
SECONDS_OF_POLLING = 30.0
"""Between two looks, where a server has no IDLE."""
SECONDS_BETWEEN_COMPARISONS = 3600.0
SECONDS_UNTIL_STEADY = 60.0
"""A connection that lasted for so long was a good one. Others are made again ever later: a server that
lets in and breaks off would be signed in to each second, and lock the account."""
TICK = 1.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0
FIRST_WAIT_REFUSED, LONGEST_WAIT_REFUSED = 60.0, 900.0
"""Seconds until the next try; of one that was not let in, longer: providers lock accounts."""

OURS = {"step": "", "trouble": "", "detail": "", "fingerprint": ""}
"""A trouble that is none of the server's."""

log = logging.getLogger(__name__)


class Watchers:
    """Sees to it that each active mailbox has a thread that watches it; `run` is to be a thread's."""

    def __init__(self) -> None:
        self._holdings = Holdings()
        self._threads: dict[int, _Watcher] = {}

    def run(self, stopping: threading.Event) -> None:
        """Look after the mailboxes until `stopping` is set."""
        while not stopping.is_set():
            try:
                self.look_after()
            except (DatabaseError, psycopg.Error) as error:
                log.warning("Mailboxes wait for the database: %s", str(error).strip())
            except Exception:
                log.exception("Mailboxes can't be looked after")
            finally:
                connection.close()
            stopping.wait(SECONDS_BETWEEN_LOOKS)
        self.stop()

    def look_after(self) -> None:
        """Start and stop watching, as the mailboxes are set up now."""
        if not self._holdings.still_hold():
            for watcher in self._threads.values():
                watcher.stop()
        wanted = {mailbox.pk: _setup(mailbox) for mailbox in watched()}
        for key, watcher in list(self._threads.items()):
            if wanted.get(key) != watcher.setup:
                watcher.stop()
            if not watcher.is_alive():
                del self._threads[key]
                self._holdings.let_go(_about(key))
        for key, setup in wanted.items():
            if key not in self._threads and self._holdings.hold(_about(key)):
                self._threads[key] = _Watcher(key, setup)
                self._threads[key].start()

    def stop(self) -> None:
        """Stop watching; gives the threads a moment to end."""
        for watcher in self._threads.values():
            watcher.stop()
        end = time.monotonic() + 5
        for watcher in self._threads.values():
            watcher.join(max(end - time.monotonic(), 0.01))
        self._holdings.close()


class _Watcher(threading.Thread):
    def __init__(self, key: int, setup: tuple[object, ...]) -> None:
        super().__init__(name=f"mailbox {key}", daemon=True)
        self.key, self.setup = key, setup
        self.stopping = threading.Event()

    def run(self) -> None:
        watch(self.key, self.stopping)

    def stop(self) -> None:
        self.stopping.set()


def watched() -> list[Mailbox]:
    """The mailboxes that are to be watched now."""
    return list(Mailbox.objects.filter(active=True).exclude(imap_host=""))


def watch(mailbox_id: int, stopping: threading.Event) -> None:
    """Watch one mailbox until `stopping` is set, or it is watched no more."""
    tries = Tries()
    while not stopping.is_set():
        try:
            mailbox = next((one for one in watched() if one.pk == mailbox_id), None)
            if mailbox is None:
                return
            wait = (mailbox.try_at - now()).total_seconds()
            if wait <= 0:
                watch_once(mailbox, tries, stopping)
                wait = 0.1
        except DatabaseError as error:
            log.warning("Mailbox %s waits for the database: %s", mailbox_id, str(error).strip())
            wait = LONGEST_WAIT
        finally:
            connection.close()
        stopping.wait(min(wait, SECONDS_BETWEEN_LOOKS))


def watch_once(mailbox: Mailbox, tries: Tries, stopping: threading.Event) -> None:
    """Watch it on one connection, until that ends or `stopping` is set; notes what went wrong.

    Raises django.db.Error.
    """
    try:
        opened = open_mailbox(mailbox, tries, over=stopping.is_set)
        try:
            _watch(opened, stopping)
        finally:
            opened.close()
    except PlaceTrouble as trouble:
        tries.lost()
        refused = trouble.step == Step.SIGN_IN or trouble.trouble in REFUSALS
        note_trouble(mailbox, trouble.kept(), refused=refused)
    except (Stopped, NotThatMailbox):
        return
    except DatabaseError:
        raise
    except Exception:
        log.exception("Mailbox %s can't be read", mailbox.pk)
        note_trouble(mailbox, dict(OURS))


def _watch(opened: Opened, stopping: threading.Event) -> None:
    _note_connected(opened)
    with imap_under_way():
        waiting = _Waiting(stopping, idles=opened.client.has_capability("IDLE"))
    _taken, seen = take_all(opened)
    _note(opened, looked_at=now(), seen_uid=seen, trouble={}, trouble_at=None)
    began = compared = time.monotonic()
    steady = False
    while not stopping.is_set():
        seen = _take_until_quiet(opened, seen)
        connection.close()  # waiting takes long, and needs no database
        waiting.wait(opened)
        if not steady and time.monotonic() - began > SECONDS_UNTIL_STEADY:
            steady = True
            _note(opened, attempts=0)
        if opened.tries.failed or time.monotonic() - compared > SECONDS_BETWEEN_COMPARISONS:
            _taken, seen = take_all(opened)
            compared = time.monotonic()


def _take_until_quiet(opened: Opened, seen: int) -> int:
    """Take in what came after `seen`, until the server has told of nothing more meanwhile.

    What it tells of beside an answer, it does not tell of again once it idles.
    """
    while True:
        opened.client.told_of_new()
        taken, last = take_new(opened, seen)
        quiet = not opened.client.told_of_new()
        if taken or last != seen or quiet:
            _note(opened, looked_at=now(), seen_uid=last)
        seen = last
        if quiet:
            return seen


class _Waiting:
    """Waiting for new mail: told of it by the server, or looking now and then."""

    def __init__(self, stopping: threading.Event, *, idles: bool) -> None:
        self.stopping, self.idles = stopping, idles

    def wait(self, opened: Opened) -> None:
        """Wait until there may be news, or it is time to look, or to stop. Raises PlaceTrouble."""
        if self.idles:
            try:
                self._idle(opened)
            except IdleRefused:
                self.idles = False
            return
        _until(time.monotonic() + SECONDS_OF_POLLING, lambda: self.stopping.wait(TICK))
        with imap_under_way():
            opened.client.noop()

    def _idle(self, opened: Opened) -> None:
        with imap_under_way():
            opened.client.idle()
            if not opened.client.told_of_new() and not opened.client.has_more():
                end = time.monotonic() + SECONDS_OF_IDLING
                _until(end, lambda: self.stopping.is_set() or _is_news(opened))
            opened.client.idle_done()


def _until(end: float, over: Callable[[], bool]) -> None:
    while time.monotonic() < end and not over():
        pass


def _is_news(opened: Opened) -> bool:
    """Wait a moment for the server; whether it spoke of new mail, or the connection has ended."""
    began = time.monotonic()
    told = opened.client.idle_check(timeout=TICK)
    if not told:
        return time.monotonic() - began < TICK / 2  # an end looks like something to be read
    return any((len(one) > 1 and one[1] == b"EXISTS") or one[0] == b"BYE" for one in told)


def note_trouble(mailbox: Mailbox, trouble: dict[str, str], *, refused: bool = False) -> None:
    """Keep what went wrong, and when the mailbox is next connected to."""
    attempts = Mailbox.objects.filter(pk=mailbox.pk).values_list("attempts", flat=True).first() or 0
    first, longest = (
        (FIRST_WAIT_REFUSED, LONGEST_WAIT_REFUSED) if refused else (FIRST_WAIT, LONGEST_WAIT)
    )
    wait = min(first * 2 ** min(attempts, 12), longest) * random.uniform(0.8, 1.0)  # noqa: S311
    # One that was changed meanwhile is to be tried at once, and not when this one would be.
    Mailbox.objects.filter(pk=mailbox.pk, try_at=mailbox.try_at).update(
        trouble=trouble,
        trouble_at=now(),
        attempts=attempts + 1,
        connected_at=None,
        try_at=now() + timedelta(seconds=wait),
    )


def _note_connected(opened: Opened) -> None:
    """What is known of other numbers than these holds no longer."""
    known = opened.mailbox.uidvalidity == opened.uidvalidity
    _note(opened, connected_at=now(), **({} if known else {"seen_uid": 0, "looked_at": None}))


def _note(opened: Opened, **fields: object) -> None:
    of_the_same = Mailbox.objects.filter(pk=opened.mailbox.pk, try_at=opened.mailbox.try_at)
    of_the_same.update(uidvalidity=opened.uidvalidity, **fields)


def _about(key: int) -> str:
    return f"watching mailbox {key}"


def _setup(mailbox: Mailbox) -> tuple[object, ...]:
    """What a watcher has to begin anew for when it changes."""
    return (imap_server(mailbox), mailbox.folder, mailbox.since)
