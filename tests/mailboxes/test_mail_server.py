"""A real mail server passes its mail on to our door: while the door is shut, it keeps it and comes again."""

from __future__ import annotations

import smtplib
import time
from typing import Any

import pytest

from mailboxes.servers import EXIM, exim, free_port, mail
from mailboxes.test_listening import DESK, SENDER, door
from parley.mailboxes import listening
from parley.mailboxes.models import Mailbox, RawMail, Way
from parley.mailboxes.storing import bytes_of

pytestmark = [
    pytest.mark.usefixtures("transactional_db"),
    pytest.mark.skipif(not EXIM, reason="exim is not installed: bin/_mailservers gets it"),
]


def until_kept(count: int) -> None:
    end = time.monotonic() + 40
    while RawMail.objects.count() < count:
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)


def send(port: int, *mails: bytes, to: tuple[str, ...] = (DESK,)) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        for one in mails:
            client.sendmail(SENDER, list(to), one)


def test_mail_passes_through_a_mail_server_once(transactional_db: None) -> None:
    Mailbox.objects.create(address=DESK)
    with door("lmtp") as lmtp, exim(lmtp) as port:
        send(port, *(mail(number) for number in range(10)))
        send(port, mail(10), to=(DESK, "support+r1.x@market.example"))
        until_kept(11)
    assert RawMail.objects.count() == 11
    last = RawMail.objects.latest("pk")
    assert (last.way, last.envelope_from) == (Way.LMTP, SENDER)
    assert bytes_of(last).endswith(b"Where is my parcel?\r\n")
    assert b"Received: " in bytes_of(last)


def test_what_comes_while_the_door_is_shut_comes_later(
    transactional_db: None, monkeypatch: Any
) -> None:
    Mailbox.objects.create(address=DESK)
    shut = free_port()
    kept: list[int] = []

    def fails_first(*args: Any, **about: Any) -> Any:
        kept.append(1)
        if len(kept) < 4:
            raise OSError(28, "No space left on device")
        return store(*args, **about)

    store = listening.store
    monkeypatch.setattr(listening, "store", fails_first)
    with exim(shut) as port:
        send(port, mail(1), mail(2), mail(3))
        time.sleep(1.5)
        with door("lmtp", shut):
            until_kept(3)
    subjects = {bytes_of(one).partition(b"Subject: ")[2][:7] for one in RawMail.objects.all()}
    assert subjects == {b"Order 1", b"Order 2", b"Order 3"}
    assert RawMail.objects.count() == 3
    assert len(kept) >= 6
