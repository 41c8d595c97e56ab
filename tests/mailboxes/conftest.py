"""A mailbox on a real mail server, and the desk that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mailboxes.servers import DOVECOT, FOLDER, MailServer, Wire, dovecot, pymap
from parley.mailboxes.models import Arrival, Mailbox, RawMail, Security

KINDS = {"dovecot": dovecot, "pymap": pymap}


@pytest.fixture(params=KINDS)
def mail_server(request: Any) -> Iterator[MailServer]:
    """Each of the servers in turn."""
    if request.param == "dovecot" and not DOVECOT:
        pytest.skip("dovecot is not installed: bin/_mailservers gets it")
    with KINDS[request.param]() as server:
        yield server


@pytest.fixture
def big_server() -> Iterator[MailServer]:
    """Dovecot alone: it stays while it is stopped and started."""
    if not DOVECOT:
        pytest.skip("dovecot is not installed: bin/_mailservers gets it")
    with dovecot() as server:
        yield server


@pytest.fixture
def wires() -> Iterator[list[Wire]]:
    """What is put here is cut at the end."""
    made: list[Wire] = []
    yield made
    for wire in made:
        wire.close()


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    """Where mails are kept."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def mailbox_on(server: MailServer, **about: Any) -> Mailbox:
    """The desk's mailbox, which is on that server; all that lies in it is wanted."""
    given = {
        "address": "support@market.example",
        "imap_host": "127.0.0.1",
        "imap_port": server.port,
        "imap_security": Security.NONE,
        "imap_user": server.user,
        "folder": FOLDER,
        "secrets": {"imap_password": server.password},
        "since": None,
    }
    return Mailbox.objects.create(**{**given, **about})


def subjects() -> list[str]:
    """Of the mails that are kept, by when they were."""
    from parley.mailboxes.storing import bytes_of

    found = []
    for kept in RawMail.objects.order_by("pk"):
        lines = bytes_of(kept).decode().split("\r\n")
        found.append(next(line[9:] for line in lines if line.startswith("Subject: ")))
    return found


def in_ledger() -> int:
    return Arrival.objects.count()
