"""Keys are looked up by DNS; a DNS that is out of order is no reason to turn anybody away."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import dns.message
import dns.rcode
import dns.rrset
import pytest

from parley.mailboxes import looking_up
from parley.mailboxes.looking_up import CannotLookUp, txt_of

RECORDS = {"s1._domainkey.shop.example.": '"v=DKIM1; p=" "AAAA"'}


@pytest.fixture
def server(settings: Any) -> Iterator[None]:
    """A name server on loopback that knows RECORDS, and fails for what begins with `broken`."""
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=_serve, args=(door,), daemon=True)
    thread.start()
    settings.MAIL_DNS = f"127.0.0.1:{door.getsockname()[1]}"
    yield
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
        last.sendto(b"", door.getsockname())
    thread.join()
    door.close()


def _serve(door: socket.socket) -> None:
    while True:
        asked, whom = door.recvfrom(4096)
        if not asked:
            return
        question = dns.message.from_wire(asked)
        name = question.question[0].name.to_text()
        answer = dns.message.make_response(question)
        if name in RECORDS:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", RECORDS[name]))
        else:
            broken = name.startswith("broken")
            answer.set_rcode(dns.rcode.SERVFAIL if broken else dns.rcode.NXDOMAIN)
        door.sendto(answer.to_wire(), whom)


@pytest.mark.usefixtures("server")
def test_a_record_is_read_whole_and_a_missing_one_is_none() -> None:
    assert txt_of("s1._domainkey.shop.example.") == b"v=DKIM1; p=AAAA"
    assert txt_of("s2._domainkey.shop.example.") is None
    assert txt_of(f"{'x' * 80}._domainkey.shop.example.") is None


@pytest.mark.usefixtures("server")
def test_a_server_that_fails_can_be_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking_up, "SECONDS", 1)
    with pytest.raises(CannotLookUp):
        txt_of("broken._domainkey.shop.example.")
