"""The door for mail servers: kept before it is acknowledged, for mailboxes of ours and nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mailboxes.servers import free_port, mail
from parley.mailboxes import listening
from parley.mailboxes.listening import Room, listen, stop_listening
from parley.mailboxes.models import Mailbox, RawMail, Way
from parley.mailboxes.storing import bytes_of

pytestmark = pytest.mark.usefixtures("transactional_db", "desk")
SENDER = "ann@shop.example"
DESK = "support@market.example"


@pytest.fixture
def desk(transactional_db: None) -> None:
    Mailbox.objects.create(address=DESK)
    Mailbox.objects.create(address="paused@market.example", active=False)


@contextmanager
def door(scheme: str, port: int = 0) -> Iterator[int]:
    """Listening, in a thread of its own; gives the port."""
    port, loop, room = port or free_port(), asyncio.new_event_loop(), Room()
    server = loop.run_until_complete(listen(f"{scheme}://127.0.0.1:{port}", room))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield port
    finally:
        asyncio.run_coroutine_threadsafe(stop_listening([server], room), loop).result(10)
        left = asyncio.run_coroutine_threadsafe(_rest(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        assert not left
        assert (room.connections, room.bytes) == (0, 0)


async def _rest() -> list[str]:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others, timeout=5)
    return [repr(one) for one in others if not one.done()]


@contextmanager
def smtp() -> Iterator[smtplib.SMTP]:
    with door("smtp") as port, smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        yield client


@contextmanager
def lmtp() -> Iterator[smtplib.LMTP]:
    with door("lmtp") as port, smtplib.LMTP("127.0.0.1", port, timeout=20) as client:
        yield client


def test_a_mail_is_kept_as_it_came() -> None:
    raw = mail(1) + b"\r\n.\r\n..dots\r\n" + "Привет".encode("koi8-r") + b"\r\nbare\nline\r\n"
    with smtp() as client:
        client.sendmail(SENDER, [DESK], raw)
    kept = RawMail.objects.get()
    assert bytes_of(kept) == raw
    assert (kept.way, kept.envelope_from, kept.envelope_to) == (Way.SMTP, SENDER, [DESK])
    assert kept.mailbox is not None
    assert kept.mailbox.address == DESK


def test_lines_of_any_length_are_taken() -> None:
    raw = mail(1) + b"y" * 300_000 + b"\r\n"
    with smtp() as client:
        client.sendmail(SENDER, [DESK], raw)
    assert bytes_of(RawMail.objects.get()) == raw


def test_nobody_elses_mail_is_taken() -> None:
    with smtp() as client:
        client.ehlo("test")
        client.mail(SENDER)
        for other in ("ann@elsewhere.example", "nobody@market.example"):
            assert client.rcpt(other)[0] == 550
        assert client.rcpt("support+r17.abc@market.example")[0] == 250
        assert client.rcpt("Support@Market.Example")[0] == 250
    assert not RawMail.objects.exists()


def test_mail_to_a_paused_mailbox_is_to_come_again() -> None:
    with smtp() as client:
        client.ehlo("test")
        client.mail(SENDER)
        assert client.rcpt("paused@market.example")[0] == 450
        assert client.rcpt("paused+r1.x@market.example")[0] == 450


def test_a_sender_of_strange_letters_is_no_reason_to_turn_a_mail_away() -> None:
    with door("smtp") as port, socket.create_connection(("127.0.0.1", port), 20) as raw:
        said = raw.makefile("rb")
        said.readline()
        for line in (b"HELO a", b"MAIL FROM:<Jos\xe9@b.example>", f"RCPT TO:<{DESK}>".encode()):
            raw.sendall(line + b"\r\n")
            assert said.readline().startswith(b"250")
        raw.sendall(b"RCPT TO:<Jos\xe9@market.example>\r\n")
        assert said.readline().startswith(b"550")
        raw.sendall(b"DATA\r\n")
        assert said.readline().startswith(b"354")
        raw.sendall(b"Subject: a\r\n\r\nb\r\n.\r\n")
        assert said.readline().startswith(b"250")
    assert RawMail.objects.get().envelope_from == "Jos?@b.example"


def test_a_mail_that_names_no_sender_is_taken() -> None:
    with smtp() as client:
        client.sendmail("", [DESK], mail(1))
    assert RawMail.objects.get().envelope_from == "<>"


def test_lmtp_answers_once_for_each_recipient() -> None:
    with lmtp() as client:
        client.ehlo("test")
        client.mail(SENDER)
        assert client.rcpt(DESK)[0] == 250
        assert client.rcpt("support+b@market.example")[0] == 250
        assert client.rcpt("nobody@market.example")[0] == 550
        assert client.data(mail(1))[0] == 250  # the answer for the first
        assert client.getreply()[0] == 250  # and for the second
        assert client.noop()[0] == 250
    assert RawMail.objects.get().way == Way.LMTP


def test_while_it_can_not_be_kept_it_is_to_come_again(monkeypatch: Any) -> None:
    def full(*_args: Any, **_about: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(listening, "store", full)
    with smtp() as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail(SENDER, [DESK], mail(1))
    assert refused.value.smtp_code == 451
    assert b"space" not in bytes(refused.value.smtp_error)


def test_too_large_a_mail_is_refused_and_the_next_is_taken(settings: Any) -> None:
    settings.MAIL_LIMIT = 10_000
    with smtp() as client:
        client.ehlo("test")
        client.esmtp_features.pop("size")  # a client that does not say how much it brings
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail(SENDER, [DESK], mail(1, size=30_000))
        assert refused.value.smtp_code == 552
        client.sendmail(SENDER, [DESK], mail(2))
    assert b"Order 2" in bytes_of(RawMail.objects.get())


def test_one_that_says_it_is_too_large_is_refused_before(settings: Any) -> None:
    settings.MAIL_LIMIT = 10_000
    with smtp() as client:
        client.ehlo("test")
        assert client.mail(SENDER, ["size=30000"])[0] == 552


def test_a_connection_that_ends_in_the_middle_leaves_nothing() -> None:
    with door("smtp") as port:
        client = smtplib.SMTP("127.0.0.1", port, timeout=20)
        client.ehlo("test")
        client.mail(SENDER)
        client.rcpt(DESK)
        client.docmd("DATA")
        client.send(mail(1))
        client.close()
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as again:
            again.sendmail(SENDER, [DESK], mail(1))
    assert RawMail.objects.count() == 1


def test_only_a_whole_end_ends_a_mail() -> None:
    """Smuggling: a dot between bare line feeds begins no second mail."""
    with door("smtp") as port, socket.create_connection(("127.0.0.1", port), 20) as raw:
        said = raw.makefile("rb")
        said.readline()
        for line in (b"HELO a", b"MAIL FROM:<a@b.example>", f"RCPT TO:<{DESK}>".encode(), b"DATA"):
            raw.sendall(line + b"\r\n")
            said.readline()
        raw.sendall(b"Subject: a\r\n\r\nx\n.\nMAIL FROM:<c@d.example>\r\n.\r\n")
        assert said.readline().startswith(b"250")
        raw.sendall(b"QUIT\r\n")
        assert said.readline().startswith(b"221")
    assert bytes_of(RawMail.objects.get()).endswith(b"x\n.\nMAIL FROM:<c@d.example>\r\n")


def test_no_more_connections_than_it_can_serve(monkeypatch: Any) -> None:
    monkeypatch.setattr(listening, "MOST_CONNECTIONS", 3)
    with door("smtp") as port, contextlib.ExitStack() as open_ones:
        for _ in range(3):
            open_ones.enter_context(smtplib.SMTP("127.0.0.1", port, timeout=20))
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP("127.0.0.1", port, timeout=20)
        assert refused.value.smtp_code == 421


def test_one_address_leaves_room_for_others(monkeypatch: Any) -> None:
    monkeypatch.setattr(listening, "MOST_FROM_ONE", 2)
    for scheme, most in (("smtp", 2), ("lmtp", 5)):
        with door(scheme) as port, contextlib.ExitStack() as open_ones:
            greeted = 0
            for _ in range(5):
                wire = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), 20))
                greeted += wire.makefile("rb").readline().startswith(b"220")
            assert greeted == most


def test_whoever_guesses_at_recipients_is_sent_away(monkeypatch: Any) -> None:
    monkeypatch.setattr(listening, "MOST_UNKNOWN", 2)
    with smtp() as client:
        client.ehlo("test")
        client.mail(SENDER)
        codes = [client.rcpt(f"a{number}@market.example")[0] for number in range(3)]
        assert codes == [550, 550, 421]
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.noop()


def test_who_brings_no_mail_is_sent_away(monkeypatch: Any) -> None:
    monkeypatch.setattr(listening, "SECONDS_WITHOUT_MAIL", 0.5)
    with door("smtp") as port:
        client, end = smtplib.SMTP("127.0.0.1", port, timeout=20), time.monotonic() + 20
        with contextlib.suppress(smtplib.SMTPServerDisconnected):
            while client.noop():
                assert time.monotonic() < end, "it is there still"
                time.sleep(0.05)
        client.close()


def test_when_too_much_is_under_way_it_is_to_come_again(monkeypatch: Any) -> None:
    monkeypatch.setattr(listening, "BYTES_AT_ONCE", -1)
    with smtp() as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail(SENDER, [DESK], mail(1))
    assert refused.value.smtp_code == 452
