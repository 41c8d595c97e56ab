"""The whole site: killed piece by piece, it comes back; told to stop, it goes."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from parley.postgres.cluster import Cluster
from parley.site import supervising

pytestmark = pytest.mark.slow


class Site:
    """`parley serve` on a data folder of its own."""

    def __init__(self, data: Path) -> None:
        self.cluster = Cluster(data)
        with socket.socket() as lent:
            lent.bind(("127.0.0.1", 0))
            self.port = lent.getsockname()[1]
        self.environment = {
            **{name: value for name, value in os.environ.items() if "PARLEY_" not in name},
            "DATABASE_URL": "",
            "PARLEY_MODE": "production",
            "PARLEY_SECRET_KEY": secrets.token_urlsafe(50),
            "PARLEY_ALLOWED_HOSTS": "localhost",
            "PARLEY_DATA": str(data),
            "PARLEY_PORT": str(self.port),
        }
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "parley.site.cli", "serve", "--only-web", "--migrate"],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "Parley is ready at https://localhost\n"

    def parts(self, module: str = "parley.site.") -> list[psutil.Process]:
        assert self.process is not None
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if module in command_of(child)]

    def answers(self) -> bool:
        return supervising.answers("127.0.0.1", self.port)

    def end(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        with self.process:
            return self.process.wait(20)


def command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it has just died
        return ""


@pytest.fixture
def site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="parley-site-") as folder:
        site = Site(Path(folder) / "data")
        yield site
        if site.process is not None and site.process.poll() is None:
            site.end(signal.SIGKILL)
        site.cluster.stop()


def wait_for(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end, "it never came to be so"
        time.sleep(0.05)


def test_a_site_survives_the_death_of_each_part_and_ends_when_told(site: Site) -> None:
    site.start()
    old = site.parts()
    old[0].kill()
    wait_for(lambda: site.parts() and old[0] not in site.parts())
    wait_for(site.answers)

    server = site.cluster.pid()
    assert server is not None
    os.kill(server, signal.SIGKILL)
    wait_for(lambda: site.cluster.pid() not in {None, server})
    wait_for(site.answers)

    parts = site.parts()
    site.end(signal.SIGKILL)
    assert psutil.wait_procs(parts, timeout=10)[1] == []
    assert site.cluster.pid() is not None

    site.start()
    assert site.answers()
    parts = site.parts()
    assert site.end(signal.SIGTERM) == 0
    assert psutil.wait_procs(parts, timeout=10)[1] == []
    assert site.cluster.pid() is None
