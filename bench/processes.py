"""Starting servers, and telling how much CPU time their processes have used."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

SECONDS_TO_START = 60


@contextmanager
def serving(
    module: str, environment: Mapping[str, str], port: int, log: Path
) -> Iterator[psutil.Process]:
    """Run `python -m module` until the end of the block; it answers on `port` when this begins."""
    with log.open("ab") as out:
        child = subprocess.Popen(
            [sys.executable, "-m", module],
            env={**os.environ, **environment},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        _wait_for(port, child, log)
        yield psutil.Process(child.pid)
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cpu_seconds(root: psutil.Process) -> dict[int, float]:
    """The CPU seconds used so far by a process and all below it, by process number."""
    used = {}
    for process in (root, *root.children(recursive=True)):
        try:
            used[process.pid] = _of_one(process)
        except (psutil.Error, OSError):
            continue
    return used


def cpu_between(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """The CPU seconds used between two answers of `cpu_seconds`; a new process counts whole."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def _of_one(process: psutil.Process) -> float:
    if sys.platform == "linux":
        # The process's own clock, in nanoseconds; psutil knows hundredths of a second.
        return time.clock_gettime((~process.pid << 3) | 2)
    times = process.cpu_times()
    return float(times.user + times.system)


def _wait_for(port: int, child: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        if child.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"bench: the server does not start:\n{log.read_text()[-3000:]}")
