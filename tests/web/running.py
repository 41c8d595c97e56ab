"""The real web server on the test's database, and clients that see every byte and how late it came."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from django.db import connection
from django.test import Client

from parley.parties.models import Membership

SECONDS = 15
SECONDS_TO_START = 180


@dataclass
class Site:
    """A running web server."""

    port: int
    data: Path
    process: subprocess.Popen[bytes]
    temporary: Path

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def get(
        self, path: str, *, cookie: str = "", method: str = "GET", body: bytes = b"", **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        client.request(method, path, body, {"Cookie": cookie, **named} if cookie else named)
        response = client.getresponse()
        data = response.read()
        client.close()
        return response, data

    def processes(self) -> list[psutil.Process]:
        """The web processes, without the one that watches over them."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if "resource_tracker" not in " ".join(child.cmdline())]


@contextmanager
def running(data: Path, *, processes: int = 1) -> Iterator[Site]:
    """Have the site running on the database of this test, until the block ends."""
    port, temporary = _free_port(), data / "tmp"
    temporary.mkdir(parents=True)
    environ = os.environ | {
        "PARLEY_DATA": str(data),
        "PARLEY_PORT": str(port),
        "PARLEY_WEB_PROCESSES": str(processes),
        "PARLEY_LOG_FORMAT": "json",
        "PARLEY_ALLOW_LOCAL_HOSTS": "yes",
        "DATABASE_URL": _database_url(),
        "TMPDIR": str(temporary),
    }
    with (data / "web.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "parley.site.serving"], env=environ, stdout=log, stderr=log
        )
    site = Site(port, data, process, temporary)
    try:
        wait_until(lambda: _answers(site), SECONDS_TO_START)
        yield site
    finally:
        process.terminate()
        process.wait(20)


def _database_url() -> str:
    """The address of the database of this test, which has a name of its own."""
    server = urlsplit(os.environ["DATABASE_URL"])
    return f"{server.scheme}://{server.netloc}/{connection.settings_dict['NAME']}?{server.query}"


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _answers(site: Site) -> bool:
    assert site.process.poll() is None, (site.data / "web.log").read_text()
    with contextlib.suppress(OSError, http.client.HTTPException):
        return site.get("/readyz")[0].status == 200
    return False


def wait_until(true: Any, seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def signed_in(who: Membership) -> str:
    """The cookie of a session of `who`, as a browser would send it."""
    client = Client()
    client.force_login(who.person)
    return f"parley_session={client.cookies['parley_session'].value}"


@dataclass
class Listener:
    """A browser's end of a stream: what came, as (event, data, id)."""

    events: list[tuple[str, str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)

    @property
    def told(self) -> list[str]:
        """The topics told."""
        return [data for name, data, _ in self.events if name == "changed"]

    @property
    def last_id(self) -> str:
        return self.events[-1][2]

    def forget(self) -> None:
        self.events.clear()


@contextmanager
def listening(
    site: Site,
    cookie: str,
    query: str = "",
    *,
    path: str = "/live",
    settled: bool = True,
    **headers: str,
) -> Iterator[Listener]:
    """Have a stream open. `settled` waits until what it had missed is told, and forgets it."""
    client = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    client.request("GET", f"{path}{query}", headers={"Cookie": cookie, **named})
    response = client.getresponse()
    heard = Listener(status=response.status, headers=dict(response.getheaders()))
    reader = threading.Thread(target=_read, args=(response, heard), daemon=True)
    reader.start()
    if heard.status == 200:
        wait_until(lambda: heard.events)
        if settled:
            time.sleep(0.3)
            heard.forget()
    try:
        yield heard
    finally:
        if client.sock:
            client.sock.shutdown(socket.SHUT_RDWR)
        reader.join(5)
        client.close()


def _read(response: http.client.HTTPResponse, heard: Listener) -> None:
    about: dict[str, str] = {}
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError, AttributeError):
        while line := response.readline():
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                about[name] = value
            elif "event" in about:
                heard.events.append((about["event"], about["data"], about["id"]))
                about = {}
            else:
                about = {}
    heard.is_over.set()
