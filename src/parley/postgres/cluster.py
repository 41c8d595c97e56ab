"""The embedded PostgreSQL server of one data folder: started, found again, stopped.

The server outlives whoever started it: a killed parent leaves it running, and the next adopts it.
Those who use it hold a shared lock; the last one to leave stops it. Starting and stopping happen
under a second lock, so that any number of processes may come and go at once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from parley.postgres import account, making, places, reaching
from parley.postgres.account import Account
from parley.postgres.locking import FileLock, owned
from parley.postgres.trouble import PostgresTrouble, unusable

START_SECONDS = 60
STOP_SECONDS = 60
READY = "ready"
_STATUS_LINE = 7

# The servers this process started. They are meant to outlive the `Cluster` that started them.
_launched: list[subprocess.Popen[bytes]] = []


class Cluster:
    """The embedded server in the folder `data`."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        """Say where; nothing is made or started yet. `durable` False is for throw-away servers."""
        self.data = data.absolute()
        self.durable = durable
        self.folder = places.cluster_folder(self.data)
        self.socket = places.socket_folder(self.data)
        self.log = places.log_folder(self.data) / "postgres.log"
        self.opened: list[Path] = []
        self._child: subprocess.Popen[bytes] | None = None

    @contextmanager
    def held(self) -> Iterator[Cluster]:
        """Have the server running for the block; whoever leaves last stops it.

        Raises `PostgresTrouble` if it can't be started.
        """
        try:
            self._prepare()
            users = FileLock(places.run_folder(self.data) / "postgres.users.lock")
        except OSError as error:
            raise unusable(self.data, error) from None
        try:
            with self._changing():
                self._ensure_running()
                users.share()
            yield self
        finally:
            self._leave(users)

    def restart_if_dead(self) -> bool:
        """Start the server again if it died under us; says whether it had to."""
        if self.pid() is not None:
            return False
        with self._changing():
            self._ensure_running()
        return True

    def stop(self) -> None:
        """Stop the server, whoever uses it: open transactions are rolled back, nothing is lost."""
        with self._changing():
            self._stop()

    def pid(self) -> int | None:
        """The process number of the running server, or None."""
        lines = self._pid_file()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        return pid if self._is_ours(pid) else None

    def database_settings(self) -> dict[str, Any]:
        """The server's database as an entry of Django's DATABASES (name, user and host)."""
        return {"NAME": places.DATABASE, "USER": places.USER, "HOST": str(self.socket)}

    def url(self) -> str:
        """The server's database as a DATABASE_URL."""
        return f"postgresql://{places.USER}@/{places.DATABASE}?host={self.socket}"

    def _changing(self) -> Any:
        return owned(places.run_folder(self.data) / "postgres.lock")

    def _leave(self, users: FileLock) -> None:
        with self._changing():
            if users.try_to_own():
                self._stop()
            users.close()

    def _prepare(self) -> None:
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        places.run_folder(self.data).mkdir(mode=0o700, exist_ok=True)
        places.log_folder(self.data).mkdir(mode=0o700, exist_ok=True)

    def _ensure_running(self) -> None:
        if self._child is not None and self._child.poll() is not None:
            self._child = None
        if self.pid() is not None and self._wait_until_ready() and self._lives():
            return
        try:
            self._start()
        except OSError as error:
            raise unusable(self.data, error) from None
        self._ensure_database()

    def _start(self) -> None:
        runner = account.account_for(self.folder)
        self._note_opened(making.open_binaries(runner))
        self._note_opened(account.open_the_way(self.folder, runner))
        if not (self.folder / "PG_VERSION").exists():
            making.make(self.folder, runner, durable=self.durable)
        making.check_room(self.data, making.ROOM_TO_START_MB)
        self._make_socket_folder(runner)
        self._clear_remains()
        self._launch(runner)
        if not self._wait_until_ready():
            raise PostgresTrouble(self._why_it_failed())

    def _make_socket_folder(self, runner: Account | None) -> None:
        self.socket.mkdir(mode=0o700, exist_ok=True)
        about = self.socket.lstat()
        ours = {os.geteuid(), runner.uid if runner else os.geteuid()}
        if self.socket.is_symlink() or about.st_uid not in ours:
            raise PostgresTrouble(f"The folder {self.socket} belongs to somebody else; remove it.")
        account.give(self.socket, runner)
        self._note_opened(account.open_the_way(self.socket, runner))

    def _note_opened(self, folders: list[Path]) -> None:
        """Remember what was opened of other people's; the data folder is ours anyway."""
        self.opened += [folder for folder in folders if not folder.is_relative_to(self.data)]

    def _launch(self, runner: Account | None) -> None:
        command = [
            making.binary("postgres"),
            "-D",
            str(self.folder),
            "-c",
            "listen_addresses=",  # no TCP, ever
            "-c",
            f"unix_socket_directories={self.socket}",
            "-c",
            f"port={places.PORT}",
        ]
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                command,
                env=making.bare_environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us, we stop it in good order
                **(runner.for_processes() if runner else {}),
            )
        _launched.append(self._child)

    def _wait_until_ready(self) -> bool:
        """Wait for a server that is starting; False if it is gone, or takes more than a minute."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self._child is not None and self._child.poll() is not None:
                return False
            lines = self._pid_file()
            if len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == READY:
                return self._child is None or lines[0].strip() == str(self._child.pid)
            if self._child is None and self.pid() is None:
                return False
            time.sleep(0.01)
        return False

    def _lives(self) -> bool:
        """Whether a server that looks ready answers; one killed just now still looks ready."""
        end = time.monotonic() + 2
        while self.pid() is not None:
            try:
                reaching.connect(self.database_settings()).close()
            except PostgresTrouble:
                if time.monotonic() > end:
                    return True  # it is there, whatever keeps it from answering
                time.sleep(0.02)
            else:
                return True
        return False

    def _ensure_database(self) -> None:
        """Make the database, on the first start (or the first that gets this far)."""
        where = self.database_settings()
        try:
            reaching.connect(where).close()
        except PostgresTrouble:
            with reaching.connect({**where, "NAME": "postgres"}) as connection:
                connection.execute(f"CREATE DATABASE {places.DATABASE}")
            with reaching.connect(where) as connection:
                reaching.add_extensions(connection)

    def _clear_remains(self) -> None:
        """Sweep up after a server that was killed: its orphaned children, its lock files."""
        socket = self.socket / places.socket_name()
        remains = [
            self.folder / "postmaster.pid",
            socket,
            socket.with_name(f"{socket.name}.lock"),
        ]
        if not any(path.exists() for path in remains):
            return
        orphans = [process for process in psutil.process_iter() if self._is_ours(process.pid)]
        for orphan in orphans:
            _signal(orphan.pid, signal.SIGQUIT)
        _gone, alive = psutil.wait_procs(orphans, timeout=5)
        for orphan in alive:
            _signal(orphan.pid, signal.SIGKILL)
        psutil.wait_procs(alive, timeout=5)
        for path in remains:
            path.unlink(missing_ok=True)

    def _stop(self) -> None:
        pid = self.pid()
        if pid is None:
            return
        _signal(pid, signal.SIGINT)
        if not self._wait_until_gone(pid, STOP_SECONDS):
            _signal(pid, signal.SIGQUIT)
            self._wait_until_gone(pid, 10)

    def _wait_until_gone(self, pid: int, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            _reap()
            if not self._is_ours(pid):
                return True
            time.sleep(0.01)
        return False

    def _pid_file(self) -> list[str]:
        try:
            return (self.folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    def _is_ours(self, pid: int) -> bool:
        """Whether `pid` is a living process of this very server (they all work in its folder)."""
        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE or process.name() != "postgres":
                return False
            return Path(process.cwd()) == self.folder.resolve()
        except (psutil.Error, OSError):
            return False

    def _why_it_failed(self) -> str:
        """One sentence from the end of the server's log."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(self.log.stat().st_size - 4000, 0))
                tail = log.read().decode(errors="replace")
        except OSError:
            tail = ""
        if "No space left on device" in tail:
            return f"The disk of the data folder {self.data} is full; PostgreSQL can't start."
        reasons = [
            line.split("FATAL:")[1].strip() for line in tail.splitlines() if "FATAL:" in line
        ]
        reason = f": {reasons[-1].rstrip('.')}" if reasons else ""
        return f"PostgreSQL does not start{reason} (its log is {self.log})."


def _reap() -> None:
    """Ask after the servers this process started: a dead one stays a zombie until somebody does."""
    _launched[:] = [child for child in _launched if child.poll() is None]


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
