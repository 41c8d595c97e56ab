"""Watching a mailbox on a real server: told of new mail, and nothing lost whatever breaks or is killed."""

from __future__ import annotations

import os
import re
import signal
import smtplib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from mailboxes.conftest import mailbox_on
from mailboxes.odd_servers import OddServer, odd_server
from mailboxes.servers import MailServer, Wire, free_port, mail, wait_for
from parley.journal.moment import now
from parley.mailboxes import imap, watching
from parley.mailboxes.models import Arrival, Mailbox, RawMail
from parley.mailboxes.watching import Watchers, note_trouble, watch
from parley.transfer.troubles import Trouble

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture(autouse=True)
def hurry(monkeypatch: Any) -> None:
    monkeypatch.setattr(watching, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(watching, "LONGEST_WAIT", 0.2)
    monkeypatch.setattr(watching, "SECONDS_BETWEEN_LOOKS", 0.1)
    monkeypatch.setattr(watching, "TICK", 0.3)


@contextmanager
def watched(mailbox: Mailbox) -> Iterator[None]:
    stopping = threading.Event()
    thread = threading.Thread(target=watch, args=(mailbox.pk, stopping))
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(20)
        assert not thread.is_alive()


def until(holds: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)


def on_odd(server: OddServer) -> Mailbox:
    return mailbox_on(MailServer(server.port, user=server.user, password=server.password))


def kept() -> int:
    return RawMail.objects.values("sha256").distinct().count()


def is_watched(mailbox: Mailbox) -> bool:
    mailbox.refresh_from_db()
    return mailbox.looked_at is not None and mailbox.connected_at is not None


def test_new_mail_is_told_of_at_once(mail_server: MailServer) -> None:
    mail_server.put(mail(1))
    mailbox = mailbox_on(mail_server)
    with watched(mailbox):
        until(lambda: kept() == 1 and is_watched(mailbox))
        mail_server.put(mail(2))
        until(lambda: kept() == 2)
    mailbox.refresh_from_db()
    assert (mailbox.trouble, mailbox.attempts) == ({}, 0)


def test_of_mails_that_come_one_upon_the_other_none_is_overlooked(big_server: MailServer) -> None:
    mailbox = mailbox_on(big_server, folder="INBOX")
    with watched(mailbox):
        until(lambda: is_watched(mailbox))
        for number in range(60):
            big_server.deliver(mail(number))
        until(lambda: kept() == 60)
    assert RawMail.objects.count() == 60


def test_it_goes_on_when_the_server_was_away(big_server: MailServer) -> None:
    mailbox = mailbox_on(big_server)
    big_server.put(mail(1))
    with watched(mailbox):
        until(lambda: kept() == 1 and is_watched(mailbox))
        big_server.stop()
        until(lambda: not is_watched(mailbox))
        assert mailbox.trouble["trouble"] in {
            Trouble.CONNECTION_LOST,
            Trouble.CONNECTION_REFUSED,
            Trouble.OTHER_LANGUAGE,
        }
        big_server.start()
        big_server.put(mail(2))
        until(lambda: kept() == 2 and is_watched(mailbox))
    assert RawMail.objects.count() == 2


def test_it_goes_on_when_the_wire_is_cut(big_server: MailServer, wires: list[Wire]) -> None:
    wires.append(Wire(big_server.port, 700, 3_000, 9_000))
    big_server.put(*(mail(number, size=900) for number in range(20)))
    mailbox = mailbox_on(big_server, imap_port=wires[0].port)
    with watched(mailbox):
        until(lambda: kept() == 20 and is_watched(mailbox))
        wires[0].cut()
        big_server.put(mail(21))
        until(lambda: kept() == 21)
    assert (RawMail.objects.count(), wires[0].connections >= 5) == (21, True)


def test_a_mailbox_that_is_made_anew_under_way_is_taken_in_anew(big_server: MailServer) -> None:
    big_server.put(mail(1))
    mailbox = mailbox_on(big_server)
    with watched(mailbox):
        until(lambda: kept() == 1 and is_watched(mailbox))
        big_server.make_anew(mail(1), mail(2))
        until(lambda: kept() == 2)
    assert Arrival.objects.values("uidvalidity").distinct().count() == 2


def test_a_wrong_password_is_tried_ever_later(mail_server: MailServer) -> None:
    mailbox = mailbox_on(mail_server, secrets={"imap_password": "another"})
    with watched(mailbox):
        until(lambda: bool(Mailbox.objects.get().trouble))
    mailbox.refresh_from_db()
    assert mailbox.trouble["trouble"] == Trouble.SIGN_IN_REFUSED
    assert mailbox.try_at > now() + timedelta(seconds=30)
    waits = []
    for _ in range(12):
        note_trouble(mailbox, {"trouble": "timed_out"}, refused=True)
        mailbox.refresh_from_db()
        waits.append((mailbox.try_at - now()).total_seconds())
    assert waits[0] < waits[3] <= 900
    assert max(waits) <= watching.LONGEST_WAIT_REFUSED


def test_one_alone_watches_a_mailbox(big_server: MailServer) -> None:
    mailbox = mailbox_on(big_server)
    first, second = Watchers(), Watchers()
    try:
        first.look_after()
        second.look_after()
        assert (list(first._threads), list(second._threads)) == ([mailbox.pk], [])
        first.stop()
        second.look_after()
        assert list(second._threads) == [mailbox.pk]
    finally:
        first.stop()
        second.stop()


def test_a_paused_mailbox_is_watched_no_more(big_server: MailServer) -> None:
    mailbox, watchers = mailbox_on(big_server), Watchers()
    try:
        watchers.look_after()
        Mailbox.objects.update(active=False)
        until(lambda: not (watchers.look_after() or watchers._threads))
        Mailbox.objects.filter(pk=mailbox.pk).update(active=True)
        watchers.look_after()
        assert watchers._threads
    finally:
        watchers.stop()


def test_a_server_that_breaks_off_again_and_again_is_connected_to_ever_later() -> None:
    def odd(command: str, rest: str) -> str | None:
        return "" if command == "IDLE" else None

    with odd_server(mails={1: mail(1)}, odd=odd) as server:
        mailbox = on_odd(server)
        with watched(mailbox):
            until(lambda: Mailbox.objects.get().attempts >= 3)
    assert kept() == 1


def test_where_idle_is_offered_and_refused_it_is_looked_now_and_then(monkeypatch: Any) -> None:
    monkeypatch.setattr(watching, "SECONDS_OF_POLLING", 0.2)

    def odd(command: str, rest: str) -> str | None:
        return "NO not today" if command == "IDLE" else None

    with odd_server(mails={1: mail(1)}, odd=odd) as server:
        mailbox = on_odd(server)
        with watched(mailbox):
            until(lambda: kept() == 1 and is_watched(mailbox))
            server.mails |= {2: mail(2)}
            until(lambda: kept() == 2)
        assert (server.connections, len(server.commands("IDLE"))) == (1, 1)


def test_a_mailbox_is_paused_in_the_middle_of_much_mail(monkeypatch: Any) -> None:
    monkeypatch.setattr(imap, "MAILS_AT_ONCE", 1)
    there = {uid: mail(uid) for uid in range(1, 3000)}
    with odd_server(mails=there) as server:
        mailbox, watchers = on_odd(server), Watchers()
        try:
            watchers.look_after()
            until(lambda: kept() > 2)
            Mailbox.objects.filter(pk=mailbox.pk).update(active=False)
            until(lambda: not (watchers.look_after() or watchers._threads), seconds=15)
        finally:
            watchers.stop()
    assert kept() < len(there)


@pytest.mark.slow
def test_the_mail_room_is_killed_again_and_again(
    big_server: MailServer, settings: Any, tmp_path: Path
) -> None:
    mailbox = mailbox_on(big_server, folder="INBOX")
    for number in range(30):
        big_server.deliver(mail(number, size=3000))
    come = 30
    for _ in range(3):
        room = _mail_room(tmp_path)
        try:
            seen = kept()
            until(lambda before=seen, all_of_it=come: kept() > before or kept() == all_of_it)
            room.send_signal(signal.SIGKILL)
        finally:
            room.kill()
            room.wait()
        for _more in range(5):
            big_server.deliver(mail(come))
            come += 1
    port = free_port()
    room = _mail_room(tmp_path, PARLEY_MAIL_LISTEN=f"lmtp://127.0.0.1:{port}")
    try:
        until(lambda: kept() == come and is_watched(mailbox))
        wait_for(port, room)
        with smtplib.LMTP("127.0.0.1", port, timeout=20) as client:
            client.sendmail("ann@shop.example", [mailbox.address], mail(come))
        come += 1
        room.terminate()
        assert room.wait(15) == 0
    finally:
        room.kill()
        room.wait()
    assert (kept(), RawMail.objects.count(), Arrival.objects.count()) == (46, 46, 45)


def _mail_room(data: Path, **settings: str) -> subprocess.Popen[bytes]:
    name = connection.settings_dict["NAME"]
    database = re.sub(r"@/[^?]*", f"@/{name}", os.environ["DATABASE_URL"], count=1)
    return subprocess.Popen(
        [sys.executable, "-m", "parley.site.mailroom"],
        env={**os.environ, "DATABASE_URL": database, "PARLEY_DATA": str(data), **settings},
        start_new_session=True,
    )
