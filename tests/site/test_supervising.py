"""Processes that are kept alive, and end together."""

from __future__ import annotations

import http.server
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from parley.postgres.locking import owned_at_once
from parley.site import supervising
from parley.site.supervising import CannotRun, Part, Supervisor

STEADY = """
import argparse, os, pathlib, time
from parley.site import lifeline
parser = argparse.ArgumentParser()
parser.add_argument("--lifeline", type=int)
lifeline.end_with(parser.parse_args().lifeline)
with open({births!r}, "a") as births:
    births.write(f"{{os.getpid()}}\\n")
time.sleep(60)
"""

SUPERVISOR = """
from parley.site.supervising import Part, Supervisor
Supervisor([Part("steady", "steady_part")]).run(lambda: True, lambda: print("ready", flush=True))
"""


@pytest.fixture
def births(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with the process numbers of the module `steady_part`, which runs until stopped."""
    path = tmp_path / "births"
    (tmp_path / "steady_part.py").write_text(STEADY.format(births=str(path)))
    (tmp_path / "broken_part.py").write_text("raise SystemExit('it is broken')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return path


@pytest.fixture
def supervisor(births: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process:
        assert process.stdout.readline() == "ready\n"
        wait_for(lambda: len(numbers(births)) == 1)
        yield process
        process.kill()


def numbers(births: Path) -> list[int]:
    return [int(line) for line in births.read_text().split()] if births.exists() else []


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end, "it never came to be so"
        time.sleep(0.02)


def test_what_dies_is_started_again(supervisor: subprocess.Popen[str], births: Path) -> None:
    os.kill(numbers(births)[0], signal.SIGKILL)
    wait_for(lambda: len(numbers(births)) == 2)
    assert lives(numbers(births)[1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_all_of_it(
    supervisor: subprocess.Popen[str], births: Path, number: signal.Signals
) -> None:
    supervisor.send_signal(number)
    assert supervisor.wait(10) == 0
    assert not lives(numbers(births)[0])


def test_nothing_outlives_a_killed_supervisor(
    supervisor: subprocess.Popen[str], births: Path
) -> None:
    supervisor.kill()
    wait_for(lambda: not lives(numbers(births)[0]))


def test_a_part_that_never_starts_is_said_in_a_sentence(births: Path, tmp_path: Path) -> None:
    part = Part("web server", "broken_part", tmp_path / "log")
    with pytest.raises(CannotRun) as refused:
        Supervisor([part]).run(ready=lambda: False, announce=lambda: None)
    said = str(refused.value)
    assert said.startswith("The web server does not start. Its last words were “it is broken”")


def test_two_sites_on_one_folder_are_one_too_many(tmp_path: Path) -> None:
    with supervising.the_only_one(tmp_path, 8010):
        assert supervising.port_of_the_running(tmp_path) == 8010
        with (
            pytest.raises(CannotRun, match=rf"already running .* \(process {os.getpid()}\)\.$"),
            supervising.the_only_one(tmp_path, 8011),
        ):
            pass
    assert supervising.port_of_the_running(tmp_path) is None
    with supervising.the_only_one(tmp_path, 8011):
        pass


def test_a_lock_left_behind_by_the_dead_is_free(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("12345")
    with owned_at_once(tmp_path / "lock"):
        pass


def test_a_taken_port_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotRun, match=f"^Port {port} is taken by another program; "):
            supervising.check_port("127.0.0.1", port, patience=0)


def test_a_free_port_is_fine() -> None:
    with socket.socket() as lent:
        lent.bind(("127.0.0.1", 0))
        port = lent.getsockname()[1]
    supervising.check_port("127.0.0.1", port, patience=0)


@pytest.mark.parametrize(
    ("status", "is_fine"), [(200, True), (302, True), (404, True), (500, False)]
)
def test_an_error_page_is_no_answer(status: int, is_fine: bool) -> None:
    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    with http.server.HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        assert supervising.answers("127.0.0.1", server.server_port) is is_fine
    assert not supervising.answers("127.0.0.1", server.server_port)
