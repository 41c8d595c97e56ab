"""Servers on a bad day: what one mail, one refusal or one odd word of theirs must not do to the others."""

from __future__ import annotations

import base64
import imaplib
import socket
import threading
from datetime import timedelta
from typing import Any

import pytest

from mailboxes.conftest import in_ledger, mailbox_on, subjects
from mailboxes.odd_servers import OddServer, odd_server
from mailboxes.servers import MailServer, mail
from parley.journal.moment import at, now
from parley.mailboxes import imap
from parley.mailboxes.connecting import Server, open_smtp, sign_in_smtp
from parley.mailboxes.fetching import MOST_TRIES, Tries
from parley.mailboxes.imap import open_mailbox, take_all
from parley.mailboxes.ledger import NotThatMailbox
from parley.mailboxes.models import Arrival, Mailbox, RawMail
from parley.mailboxes.reconciling import compare
from parley.transfer.troubles import PlaceTrouble, Step, Trouble

pytestmark = pytest.mark.django_db


def odd_mailbox(server: OddServer, **about: Any) -> Mailbox:
    kept = MailServer(server.port, user=server.user, password=server.password)
    return mailbox_on(kept, **about)


def look(mailbox: Mailbox, tries: Tries | None = None) -> int:
    opened = open_mailbox(Mailbox.objects.get(pk=mailbox.pk), tries)
    try:
        return take_all(opened)[0]
    finally:
        opened.close()


def mails(count: int) -> dict[int, bytes]:
    return {uid: mail(uid) for uid in range(1, count + 1)}


def refusing(uid: int, item: str, how: str = "NO [SERVERBUG] Internal error") -> Any:
    """Refuses every FETCH of that which has this mail in it."""

    def odd(command: str, rest: str) -> str | None:
        if command != "UID FETCH" or item not in rest:
            return None
        numbers = rest.split(" ", maxsplit=1)[0].split(",")
        spans = [one.partition(":") for one in numbers]
        has_it = any(int(first) <= uid <= int(last or first) for first, _, last in spans)
        return how if has_it else None

    return odd


def test_a_mail_that_is_refused_keeps_nobody_waiting() -> None:
    with odd_server(mails=mails(5), odd=refusing(3, "BODY.PEEK[]")) as server:
        mailbox = odd_mailbox(server)
        assert look(mailbox) == 4
    assert subjects() == ["Order 1", "Order 2", "Order 4", "Order 5"]


def test_a_mail_whose_size_is_refused_keeps_nobody_waiting() -> None:
    with odd_server(mails=mails(5), odd=refusing(3, "RFC822.SIZE")) as server:
        mailbox, tries = odd_mailbox(server), Tries()
        assert look(mailbox, tries) == 4
        for _ in range(4):
            look(mailbox, tries)
        assert compare(mailbox.pk).skipped == {"unreadable": 1}
    assert subjects() == ["Order 1", "Order 2", "Order 4", "Order 5"]


def test_a_mail_at_whose_size_the_connection_breaks_keeps_nobody_waiting() -> None:
    with odd_server(mails=mails(5), odd=refusing(3, "RFC822.SIZE", "")) as server:
        mailbox, tries = odd_mailbox(server), Tries()
        for _ in range(MOST_TRIES):
            with pytest.raises(PlaceTrouble) as broken:
                look(mailbox, tries)
            tries.lost()
            assert broken.value.trouble == Trouble.CONNECTION_LOST
        assert look(mailbox, tries) == 0
    assert sorted(subjects()) == ["Order 1", "Order 2", "Order 4", "Order 5"]


def test_a_mail_without_a_body_keeps_nobody_waiting() -> None:
    there = mails(3) | {2: b""}
    unasked = "* 2 FETCH (FLAGS (\\Seen))\r\n* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n* 4 EXPUNGE\r\n"
    with odd_server(mails=there, unsolicited=unasked) as server:
        assert look(odd_mailbox(server)) == 2
    assert subjects() == ["Order 1", "Order 3"]


@pytest.mark.parametrize("words", ["[UNAVAILABLE] later", "[OVERQUOTA] Account exceeded limits"])
def test_a_server_that_gives_nothing_for_now_makes_no_mail_unreadable(words: str) -> None:
    bad = {"day": True}

    def odd(command: str, rest: str) -> str | None:
        return f"NO {words}" if bad["day"] and command == "UID FETCH" and "BODY" in rest else None

    with odd_server(mails=mails(30), odd=odd) as server:
        mailbox, tries = odd_mailbox(server), Tries()
        for _ in range(MOST_TRIES):
            with pytest.raises(PlaceTrouble) as refused:
                look(mailbox, tries)
            tries.lost()
        assert (refused.value.trouble, refused.value.detail) == (Trouble.REFUSED, words)
        bad["day"] = False
        assert (in_ledger(), look(mailbox, tries)) == (0, 30)


def test_while_a_server_gives_no_mail_at_all_none_is_given_up() -> None:
    bad = {"day": True}

    def odd(command: str, rest: str) -> str | None:
        return "NO what" if bad["day"] and command == "UID FETCH" and "BODY" in rest else None

    with odd_server(mails=mails(12), odd=odd) as server:
        mailbox, tries = odd_mailbox(server), Tries()
        for _ in range(MOST_TRIES):
            with pytest.raises(PlaceTrouble) as refused:
                look(mailbox, tries)
            tries.lost()
        assert (refused.value.trouble, refused.value.detail) == (Trouble.REFUSED, "what")
        bad["day"] = False
        assert (in_ledger(), look(mailbox, tries)) == (0, 12)


def test_a_mail_far_larger_than_was_said_is_not_read(settings: Any) -> None:
    settings.MAIL_LIMIT = 10_000
    there = mails(3) | {2: mail(2, size=1_100_000)}
    with odd_server(mails=there, sizes={2: 100}) as server:
        mailbox, tries = odd_mailbox(server), Tries()
        for _ in range(MOST_TRIES):
            with pytest.raises(PlaceTrouble):
                look(mailbox, tries)
            tries.lost()
        assert look(mailbox, tries) == 0
    assert sorted(subjects()) == ["Order 1", "Order 3"]


def test_what_was_given_up_is_asked_for_again_the_next_day() -> None:
    with odd_server(mails=mails(2)) as server:
        mailbox = odd_mailbox(server)
        Arrival.objects.create(mailbox=mailbox, uidvalidity=7, uid=1, skipped="unreadable")
        assert look(mailbox) == 1
        with at(now() + timedelta(days=1, minutes=1)):
            assert look(mailbox) == 1
    assert subjects() == ["Order 2", "Order 1"]


def test_numbers_that_are_given_a_second_time_name_other_mails() -> None:
    """A mailbox that was restored from a backup, with its numbers, and has had mail since."""
    with odd_server(mails=mails(6)) as server:
        mailbox = odd_mailbox(server)
        assert look(mailbox) == 6
        server.mails = mails(3)
        assert look(mailbox) == 0
        server.mails |= {4: mail(44)}
        assert look(mailbox) == 1
    assert subjects()[6:] == ["Order 44"]


def test_a_wrong_next_number_means_nothing() -> None:
    with odd_server(mails=mails(6), uidnext=2) as server:
        mailbox = odd_mailbox(server)
        assert [look(mailbox), look(mailbox)] == [6, 0]


def test_what_comes_after_the_first_look_is_new_whatever_the_servers_clock_says() -> None:
    long_ago = "01-Jan-2020 10:00:00 +0300"
    with odd_server(mails=mails(2), times=dict.fromkeys(range(9), long_ago)) as server:
        mailbox = odd_mailbox(server, since=now())
        assert look(mailbox) == 0
        Mailbox.objects.update(uidvalidity=7, looked_at=now(), seen_uid=2)
        server.mails |= {3: mail(3)}
        assert compare(mailbox.pk).missing == 1
        assert look(mailbox) == 1
    assert subjects() == ["Order 3"]


def test_many_mails_since_it_was_set_up_are_no_line_too_long(monkeypatch: Any) -> None:
    count = 3_000
    taken: list[int] = []

    def group(opened: Any, some: Any) -> int:
        taken.extend(about.uid for about in some)
        return len(some)

    monkeypatch.setattr(imap, "_take_group", group)
    monkeypatch.setattr(imaplib, "_MAXLINE", 20_000)
    monkeypatch.setattr(imap, "WINDOW", 1_500)
    base = 10_000_000
    there = dict.fromkeys(range(base, base + count), b"x")
    with odd_server(mails=there) as server:
        since = now().replace(year=2026, month=1, day=1)
        assert look(odd_mailbox(server, since=since)) == count
    assert len(set(taken)) == count


def test_new_mail_does_not_wait_behind_old_mail(monkeypatch: Any) -> None:
    monkeypatch.setattr(imap, "SIZES_AT_ONCE", 10)
    there = mails(50)

    def odd(command: str, rest: str) -> str | None:
        if command == "UID FETCH" and "BODY" in rest:
            there[51] = mail(51)
        return None

    with odd_server(mails=there, odd=odd) as server:
        assert look(odd_mailbox(server)) == 51
    assert subjects().index("Order 51") == 10


def test_the_numbers_of_another_folder_are_not_entered() -> None:
    """Whoever reads the old one still, while it is set up anew, enters nothing of it."""
    with odd_server(mails=mails(3)) as server:
        opened = open_mailbox(odd_mailbox(server))
        Mailbox.objects.update(folder="Other")
        with pytest.raises(NotThatMailbox):
            take_all(opened)
        opened.close()
    assert (in_ledger(), RawMail.objects.count()) == (0, 0)


def test_a_password_of_any_letters_is_told_to_the_server_that_sends_too() -> None:
    told: list[bytes] = []

    def serve(door: socket.socket) -> None:
        with door.accept()[0] as wire, wire.makefile("rb") as lines:
            wire.sendall(b"220 ready\r\n")
            for said in (b"250-here\r\n250 AUTH PLAIN\r\n", b"235 in\r\n"):
                told.append(lines.readline())
                wire.sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=serve, args=(door,))
        thread.start()
        port = int(door.getsockname()[1])
        server = Server(host="127.0.0.1", port=port, security="none", user="ann", password="пароль")
        client = open_smtp(server)
        sign_in_smtp(client, server)
        client.close()
        thread.join(20)
    said = told[1].removeprefix(b"AUTH PLAIN ")
    assert base64.b64decode(said).decode() == "\x00ann\x00пароль"


def test_nobody_signs_in_who_is_in_already() -> None:
    with odd_server(mails=mails(1), greeting="* PREAUTH welcome", before="IMAP4rev1") as server:
        assert look(odd_mailbox(server)) == 1
        assert server.commands("LOGIN") == []


def test_a_password_may_have_any_letters() -> None:
    with odd_server(mails=mails(1), user="Ännchen", password='пароль "1\\') as server:
        assert look(odd_mailbox(server)) == 1
        said = next(line for line in server.heard if line.endswith("="))
    assert base64.b64decode(said).decode() == '\x00Ännchen\x00пароль "1\\'


def test_a_user_may_have_blanks() -> None:
    with odd_server(mails=mails(1), user="Sup port", password='a "b\\') as server:
        assert look(odd_mailbox(server)) == 1
        assert server.commands("LOGIN") == ['LOGIN "Sup port" "a \\"b\\\\"']


def test_where_plain_login_is_off_the_other_way_is_gone() -> None:
    with odd_server(mails=mails(1), before="IMAP4rev1 LOGINDISABLED AUTH=PLAIN") as server:
        assert look(odd_mailbox(server)) == 1
        assert server.commands("LOGIN") == []


@pytest.mark.parametrize(
    ("end", "trouble"),
    [
        ("NO [AUTHENTICATIONFAILED] wrong", (Step.SIGN_IN, Trouble.SIGN_IN_REFUSED)),
        ("NO [UNAVAILABLE] Temporary failure", (Step.CONNECTION, Trouble.REFUSED)),
        ("BAD [LIMIT] Too many connections", (Step.CONNECTION, Trouble.REFUSED)),
        ("", (Step.CONNECTION, Trouble.CONNECTION_LOST)),
    ],
)
def test_a_server_in_trouble_is_not_a_wrong_password(
    end: str, trouble: tuple[Step, Trouble]
) -> None:
    def odd(command: str, rest: str) -> str | None:
        return end if command == "LOGIN" else None

    with odd_server(odd=odd) as server, pytest.raises(PlaceTrouble) as raised:
        open_mailbox(odd_mailbox(server))
    assert (raised.value.step, raised.value.trouble) == trouble
    assert "b'" not in raised.value.detail
