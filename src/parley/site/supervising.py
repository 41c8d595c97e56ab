"""Keeping the processes of a site alive: started together, started again when dead, stopped."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from parley.postgres import places
from parley.postgres.locking import Taken, owned_at_once
from parley.postgres.trouble import unusable
from parley.site.last_words import last_words

SECONDS_TO_STOP = 10
SECONDS_TO_ANSWER = 90
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60
TRIES_BEFORE_THE_FIRST_ANSWER = 3


class CannotRun(Exception):
    """The site can't be run; the text is one sentence for the person who started it."""


@contextmanager
def the_only_one(data: Path, port: int) -> Iterator[None]:
    """Have the data folder to oneself for the block; raises `CannotRun` if a site runs on it."""
    run = places.run_folder(data)
    try:
        data.mkdir(parents=True, mode=0o700, exist_ok=True)
        run.mkdir(exist_ok=True)
        with owned_at_once(run / "site.lock", str(port)):
            yield
    except Taken as taken:
        process = taken.holder.partition(" ")[0]
        holder = f" (process {process})" if process else ""
        raise CannotRun(f"Parley is already running on the data folder {data}{holder}.") from None
    except OSError as error:
        raise unusable(data, error) from None


def port_of_the_running(data: Path) -> int | None:
    """The port of the site that runs on the data folder now; None if there is none."""
    lock = places.run_folder(data) / "site.lock"
    if not lock.exists():
        return None
    try:
        with owned_at_once(lock):
            return None
    except Taken as taken:
        port = taken.holder.partition(" ")[2]
        return int(port) if port.isdigit() else None


def check_port(address: str, port: int, *, patience: float = 1.5) -> None:
    """Raise `CannotRun` if `port` can't be listened on.

    Waits up to `patience` seconds for the last remains of a site that was killed a moment ago.
    """
    end = time.monotonic() + patience
    while True:
        try:
            _listen_once(address, port)
        except PermissionError:
            raise CannotRun(
                f"Only root may listen on port {port}; choose one above 1023."
            ) from None
        except socket.gaierror:
            raise CannotRun(f"PARLEY_BIND is {address}, which is no address of ours.") from None
        except OSError as error:
            if time.monotonic() > end:
                raise CannotRun(_taken(port, error)) from None
            time.sleep(0.1)
        else:
            return


def _taken(port: int, error: OSError) -> str:
    if "in use" in str(error):
        return f"Port {port} is taken by another program; choose another one with --port."
    return f"Port {port} can't be listened on: {error.strerror}."


def _listen_once(address: str, port: int) -> None:
    family, kind, _, _, where = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(where)
        trial.listen(1)


def workers(logs: Path | None = None) -> list[Part]:
    """The processes behind the pages.

    One runs the jobs of the assistant's answers, one every other job, and one takes mail in.
    """
    return [
        Part("worker", "parley.site.working", logs / "worker.log" if logs else None),
        Part("assistant", "parley.site.answering", logs / "assistant.log" if logs else None),
        Part("mail room", "parley.site.mailroom", logs / "mailroom.log" if logs else None),
    ]


@dataclass
class Part:
    """One process to keep alive: a module that takes `--lifeline`, and where its output goes."""

    name: str
    module: str
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    deaths: int = field(default=0, init=False)
    born: float = field(default=0.0, init=False)
    due: float = field(default=0.0, init=False)

    def start(self, pipe: int) -> None:
        """Start the process in a group of its own, tied to the lifeline `pipe`."""
        command = [sys.executable, "-m", self.module, "--lifeline", str(pipe)]
        output = self.log.open("ab") if self.log else None
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[pipe],
                start_new_session=True,
            )
        finally:
            if output:
                output.close()
        self.born = time.monotonic()

    def died(self) -> bool:
        """Whether the process has ended since it was last started. Sweeps up what it left."""
        if self.process is None or self.process.poll() is None:
            return False
        self.kill()
        if time.monotonic() - self.born > STEADY_SECONDS:
            self.deaths = 0
        self.deaths += 1
        self.due = time.monotonic() + min(0.2 * 2**self.deaths, LONGEST_PAUSE)
        self.process = None
        return True

    def ask_to_stop(self) -> None:
        """Ask the process to finish what it is doing."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, seconds: float) -> None:
        """Give the process that long to end, then end it."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(seconds, 0.01))
        self.kill()
        self.process.wait()
        self.process = None

    def kill(self) -> None:
        """End the process and every process it made, at once."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    """Runs `parts` until a signal says stop."""

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        tend: Callable[[], object] = lambda: None,
        changed: Callable[[], bool] = lambda: False,
    ) -> None:
        """Say what to run; `run` runs it.

        `tend` is called often, to look after what isn't a part (the database); `changed` says
        whether all parts should be started anew (because the code was edited).
        """
        self.parts = parts
        self.tend = tend
        self.changed = changed
        self._stop = threading.Event()
        self._answered = threading.Event()
        self._pipe, self._lifeline = os.pipe()

    def run(self, ready: Callable[[], bool], announce: Callable[[], None]) -> None:
        """Start all parts; once `ready` says so `announce`; keep them alive until told to stop.

        Raises `CannotRun` if a part dies again and again before the site was ever ready.
        """
        before = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        try:
            self.parts[0].start(self._pipe)  # the others, when it answers: it needs the processor
            threading.Thread(target=self._wait_for, args=(ready, announce), daemon=True).start()
            self._keep_alive()
        finally:
            self._stop_all()
            os.close(self._lifeline)
            os.close(self._pipe)
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, *_: object) -> None:
        self._stop.set()

    def _wait_for(self, ready: Callable[[], bool], announce: Callable[[], None]) -> None:
        pause = 0.05
        while not self._stop.wait(pause):
            if ready():
                self._answered.set()
                announce()
                return
            pause = min(pause * 1.1, 1.0)  # a site with an error writes it down each time

    def _keep_alive(self) -> None:
        started = time.monotonic()
        while not self._stop.wait(0.2):
            self.tend()
            if self.changed():
                self._stop_all()
            for part in self.parts:
                self._look_after(part)
            if not self._answered.is_set() and time.monotonic() - started > SECONDS_TO_ANSWER:
                raise CannotRun(f"The site does not answer.{_see(self.parts[0])}")

    def _look_after(self, part: Part) -> None:
        hopeless = part.died() and part.deaths >= TRIES_BEFORE_THE_FIRST_ANSWER
        if hopeless and not self._answered.is_set():
            raise CannotRun(f"The {part.name} does not start.{_see(part)}")
        may_start = self._answered.is_set() or part is self.parts[0]
        if part.process is None and may_start and time.monotonic() >= part.due:
            part.start(self._pipe)

    def _stop_all(self) -> None:
        end = time.monotonic() + SECONDS_TO_STOP
        for part in self.parts:
            part.ask_to_stop()
        for part in self.parts:
            part.wait(end - time.monotonic())


EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104  (what operators may write in PARLEY_BIND)
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def _see(part: Part) -> str:
    if part.log is None:
        return ""
    return f" Its last words were “{last_words(part.log)}”; see {part.log}."


def answers(address: str, port: int) -> bool:
    """Whether the site answers a request now (with anything but an error of its own)."""
    host = "127.0.0.1" if address in EVERY_ADDRESS else address
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
